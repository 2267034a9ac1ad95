// Spans and instants as people read them. Pure; it knows no language beyond what Intl is told.

const two = (n: number): string => String(n).padStart(2, "0");

// 0:05, 12:34, 1:02:03. A span that has run out is 0:00, unless it is to be counted on with a minus.
export function clockOf(ms: number, signed = false): string {
  const minus = signed && ms <= -1000 ? "−" : "";
  const s = Math.max(0, Math.floor((minus ? -ms : ms) / 1000));
  const rest = `${two(s % 60)}`;
  return minus + (s < 3600 ? `${Math.floor(s / 60)}:${rest}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${rest}`);
}

// What is left until an instant: a second is counted to its end, so that 20 s begin with 0:20.
export function leftOf(ms: number): string {
  return clockOf(Math.ceil(Math.max(0, ms) / 1000) * 1000);
}

// A share as a whole percentage; nothing below the line has no value.
export function percentOf(part: number, whole: number): string {
  return whole ? `${Math.round((100 * part) / whole)}%` : "–";
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: string, kind: "time" | "day" | "moment"): Intl.DateTimeFormat {
  const key = `${language} ${kind}`;
  let made = formats.get(key);
  if (!made) {
    const time = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
    const day = { month: "2-digit", day: "2-digit" } as const;
    const options = kind === "time" ? time : kind === "day" ? { ...day, year: "numeric" as const } : { ...day, hour: "2-digit" as const, minute: "2-digit" as const, hourCycle: "h23" as const };
    made = new Intl.DateTimeFormat(language, options);
    formats.set(key, made);
  }
  return made;
}

export const timeOf = (at: number | string, language: string): string => format(language, "time").format(new Date(at));
export const dayOf = (at: number | string, language: string): string => format(language, "day").format(new Date(at));
export const momentOf = (at: number | string, language: string): string => format(language, "moment").format(new Date(at));
export const numberOf = (n: number, language: string, digits = 0): string =>
  n.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
