// Civil days, as `2026-11-27`: reckoned without any zone, for a day is a name and no stretch of time.

const DAY_MS = 86_400_000;
const noon = (day: string): number => Date.parse(`${day}T12:00:00Z`);

export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && Number.isFinite(noon(text));
export const plus = (day: string, days: number): string => new Date(noon(day) + days * DAY_MS).toISOString().slice(0, 10);
export const between = (from: string, to: string): number => Math.round((noon(to) - noon(from)) / DAY_MS);
export const daysFrom = (from: string, days: number): string[] => Array.from({ length: Math.max(0, days) }, (_, at) => plus(from, at));

// 0 is Monday.
export const weekdayOf = (day: string): number => (new Date(noon(day)).getUTCDay() + 6) % 7;
export const isWeekend = (day: string): boolean => weekdayOf(day) >= 5;
export const mondayOf = (day: string): string => plus(day, -weekdayOf(day));
export const monthOf = (day: string): string => day.slice(0, 7);
export const monthStart = (day: string): string => `${monthOf(day)}-01`;
export const nextMonth = (day: string): string => monthStart(plus(monthStart(day), 31));
export const daysOfMonth = (day: string): number => between(monthStart(day), nextMonth(day));

const formats = new Map<string, Intl.DateTimeFormat>();
function format(language: string, kind: "short" | "weekday" | "whole"): Intl.DateTimeFormat {
  const key = `${language} ${kind}`;
  let made = formats.get(key);
  if (!made) {
    const options = kind === "weekday" ? { weekday: "short" as const }
      : kind === "short" ? { month: "numeric" as const, day: "numeric" as const } : { month: "2-digit" as const, day: "2-digit" as const, weekday: "short" as const };
    made = new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" });
    formats.set(key, made);
  }
  return made;
}
export const shortOf = (day: string, language: string): string => format(language, "short").format(noon(day));
export const weekdayName = (day: string, language: string): string => format(language, "weekday").format(noon(day));
export const wholeOf = (day: string, language: string): string => format(language, "whole").format(noon(day));
