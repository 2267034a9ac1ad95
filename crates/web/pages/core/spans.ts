// Spans and instants as people read them: by the site's clocks, wherever the desk stands. It knows no language beyond what Intl is told.
import { signal } from "@preact/signals";

// The site's zone; the desk's own until it is told.
const zone = signal<string | undefined>(undefined);

export function setZone(name: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    zone.value = name;
  } catch {
    // A zone that this browser does not know: the desk's own is better than none.
  }
}

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
  const key = `${language} ${kind} ${zone.value}`;
  let made = formats.get(key);
  if (!made) {
    const time = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
    const day = { month: "2-digit", day: "2-digit" } as const;
    const options = kind === "time" ? time : kind === "day" ? { ...day, year: "numeric" as const } : { ...day, hour: "2-digit" as const, minute: "2-digit" as const, hourCycle: "h23" as const };
    made = new Intl.DateTimeFormat(language, { ...options, timeZone: zone.value });
    formats.set(key, made);
  }
  return made;
}

export const timeOf = (at: number | string, language: string): string => format(language, "time").format(new Date(at));
export const dayOf = (at: number | string, language: string): string => format(language, "day").format(new Date(at));
export const momentOf = (at: number | string, language: string): string => format(language, "moment").format(new Date(at));

// An instant by the site's clocks, as <input type="datetime-local"> has it: 2026-11-27T21:00:05.
export function civilOf(at: number): string {
  const options = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: zone.value } as const;
  const parts = new Map(new Intl.DateTimeFormat("en", options).formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
  const [year, month, day, hour, minute, second] = ["year", "month", "day", "hour", "minute", "second"].map((part) => parts.get(part as Intl.DateTimeFormatPartTypes));
  return `${year}-${month}-${day}T${hour}:${minute}:${second}`;
}

// And back. Of a time that a change of clocks left out or gave twice, one that lies beside it; NaN of what is none.
export function instantOf(civil: string): number {
  const wanted = Date.parse(`${civil}Z`);
  const shift = (at: number) => Date.parse(`${civilOf(at)}Z`) - Math.floor(at / 1000) * 1000;
  if (!Number.isFinite(wanted)) return NaN;
  const near = wanted - shift(wanted);
  return wanted - shift(near);
}

// The same as the server takes it; of what is no time it throws.
export const isoOf = (civil: string): string => new Date(instantOf(civil)).toISOString();

export const dayStartOf = (at: number): number => instantOf(`${civilOf(at).slice(0, 10)}T00:00:00`);

export const numberOf = (n: number, language: string, digits = 0): string =>
  n.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
