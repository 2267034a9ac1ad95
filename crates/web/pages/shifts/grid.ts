// A roster as a grid of people and days, while somebody changes it: a shift moved keeps its clocks, two cells change places, the judge's
// word finds its cells. Pure; `checks/shifts.test.ts` holds it.
import { civilOf, instantOf, isoOf } from "../core/spans.ts";
import { between, plus } from "./days.ts";
import type { Broken, Judgement, Part, Shift, Sketch, Uncovered } from "./shapes.ts";

export const keyOf = (agent: string, day: string): string => `${agent} ${day}`;

// A shift of each person and day; a second one of a day stays behind the first.
export function cellsOf(shifts: readonly Shift[]): Map<string, Shift[]> {
  const cells = new Map<string, Shift[]>();
  for (const shift of shifts) {
    const key = keyOf(shift.agent, shift.day);
    cells.set(key, [...(cells.get(key) ?? []), shift].sort((a, b) => a.from.localeCompare(b.from)));
  }
  return cells;
}

// The same clocks on another day: on nights on which clocks change it is longer or shorter.
export function atDay(instant: string, days: number): string {
  if (days === 0) return instant;
  const civil = civilOf(Date.parse(instant));
  return isoOf(`${plus(civil.slice(0, 10), days)}${civil.slice(10)}`);
}

export function moved<T extends Sketch>(shift: T, agent: string, day: string): T {
  const days = between(shift.day, day);
  const parts = shift.parts.map((part) => ({ ...part, from: atDay(part.from, days), until: atDay(part.until, days) }));
  // What she is spared of is hers and of its day.
  const spared = "away" in shift && (days !== 0 || agent !== shift.agent) ? { away: [] } : {};
  return { ...shift, ...spared, agent, day, from: atDay(shift.from, days), until: atDay(shift.until, days), parts };
}

// Puts a shift onto another cell; what lies there comes back in its place.
export function put(shifts: readonly Shift[], from: Shift, agent: string, day: string): Shift[] {
  if (from.agent === agent && from.day === day) return [...shifts];
  const there = shifts.find((shift) => shift.agent === agent && shift.day === day);
  return shifts.map((shift) => (shift === from ? moved(shift, agent, day) : shift === there ? moved(shift, from.agent, from.day) : shift));
}

// A shift of other clocks: its parts keep their distance from the begin, as far as they still lie within it.
export function retimed(shift: Shift, code: string, from: string, until: string): Shift {
  const by = Date.parse(from) - Date.parse(shift.from);
  const later = (instant: string) => new Date(Date.parse(instant) + by).toISOString();
  const parts = shift.parts.map((part) => ({ ...part, from: later(part.from), until: later(part.until) }))
    .filter((part) => Date.parse(part.from) >= Date.parse(from) && Date.parse(part.until) <= Date.parse(until));
  return { ...shift, code, from, until, parts };
}

// Clocks on a day as instants: what ends at or before it begins ends on the next day.
export function spanOf(day: string, from: string, until: string): { from: string; until: string } | null {
  if (!/^\d\d:\d\d$/.test(from) || !/^\d\d:\d\d$/.test(until)) return null;
  const [begin, end] = [instantOf(`${day}T${from}:00`), instantOf(`${until <= from ? plus(day, 1) : day}T${until}:00`)];
  return Number.isFinite(begin) && Number.isFinite(end) && end > begin ? { from: new Date(begin).toISOString(), until: new Date(end).toISOString() } : null;
}

export const clockAt = (instant: string): string => civilOf(Date.parse(instant)).slice(11, 16);

export const sketchOf = ({ agent, day, code, from, until, parts, relief }: Shift): Sketch => ({ agent, day, code, from, until, parts, relief });

// Those of a grid that the other does not hold as they are. A change leaves all others alone, so most are the very same.
export function apart(one: readonly Shift[], other: readonly Shift[]): Shift[] {
  const there = new Set(other);
  return one.filter((shift) => !there.has(shift));
}

// What differs from what was: shifts that are another now, new ones and those that are gone.
export function changedIn(wholeBefore: readonly Shift[], wholeNow: readonly Shift[]): { changed: Shift[]; added: Shift[]; gone: Shift[] } {
  const [before, after] = [apart(wholeBefore, wholeNow), apart(wholeNow, wholeBefore)];
  const text = (shift: Shift) => JSON.stringify(sketchOf(shift));
  const was = new Map(before.map((shift, at) => [shift.shift ?? `draft ${at} ${text(shift)}`, text(shift)]));
  const known = new Set(after.map((shift) => shift.shift).filter(Boolean));
  const changed = after.filter((shift) => shift.shift !== null && was.has(shift.shift) && was.get(shift.shift) !== text(shift));
  const texts = new Set(before.filter((shift) => shift.shift === null).map(text));
  const added = after.filter((shift) => shift.shift === null && !texts.has(text(shift)));
  const now = new Set(after.filter((shift) => shift.shift === null).map(text));
  const gone = before.filter((shift) => (shift.shift === null ? !now.has(text(shift)) : !known.has(shift.shift)));
  return { changed, added, gone };
}

// What is still to be done to shifts that hold, laid over them as they are now; what is there no more is left out.
export function overlaid(held: readonly Shift[], { changed, gone }: { changed: readonly Shift[]; gone: readonly Shift[] }): Shift[] {
  const names = new Set(gone.map((shift) => shift.shift));
  const others = new Map(changed.map((shift) => [shift.shift, shift]));
  return held.filter((shift) => shift.shift === null || !names.has(shift.shift)).map((shift) => (shift.shift !== null && others.get(shift.shift)) || shift);
}

// ---- the judge's word

export interface Faults { cells: Map<string, Broken[]>; people: Map<string, Broken[]>; days: Map<string, Broken[]>; whole: Broken[] }

export function faultsOf(judgement: Judgement | null): Faults {
  const faults: Faults = { cells: new Map(), people: new Map(), days: new Map(), whole: [] };
  const add = (map: Map<string, Broken[]>, key: string, broken: Broken) => map.set(key, [...(map.get(key) ?? []), broken]);
  for (const broken of judgement?.broken ?? []) {
    if (broken.agent && broken.day) add(faults.cells, keyOf(broken.agent, broken.day), broken);
    else if (broken.agent) add(faults.people, broken.agent, broken);
    else if (broken.day) add(faults.days, broken.day, broken);
    else faults.whole.push(broken);
  }
  return faults;
}

export interface Deficit { intervals: number; most: number; missing: number }
export function deficitsOf(uncovered: readonly Uncovered[]): Map<string, Deficit> {
  const by = new Map<string, Deficit>();
  for (const { day, missing } of uncovered) {
    const had = by.get(day) ?? { intervals: 0, most: 0, missing: 0 };
    by.set(day, { intervals: had.intervals + 1, most: Math.max(had.most, missing), missing: had.missing + missing });
  }
  return by;
}

// Intervals that follow one another and miss as many, as one stretch: `to` is the first that is not of it.
export interface Stretch { from: number; to: number; missing: number }
export function stretchesOf(uncovered: readonly Uncovered[], day: string): Stretch[] {
  const stretches: Stretch[] = [];
  for (const { interval, missing } of uncovered.filter((one) => one.day === day).sort((a, b) => a.interval - b.interval)) {
    const last = stretches.at(-1);
    if (last && last.to === interval && last.missing === missing) last.to = interval + 1;
    else stretches.push({ from: interval, to: interval + 1, missing });
  }
  return stretches;
}

// ---- a day, by half hours

export interface Bar { activity: Part["activity"] | "away"; from: number; until: number }
// What a shift does within a span, as shares of it from 0 to 1, without gaps.
export function barsOf(shift: Shift, from: number, until: number): Bar[] {
  const share = (instant: string) => Math.min(1, Math.max(0, (Date.parse(instant) - from) / (until - from)));
  const bars: Bar[] = [];
  let at = share(shift.from);
  const cuts = [...shift.parts.map((part) => ({ ...part })), ...(shift.away ?? []).map((away) => ({ activity: "away" as const, from: away.from, until: away.until }))]
    .sort((a, b) => a.from.localeCompare(b.from));
  for (const cut of cuts) {
    const [begin, end] = [Math.max(at, share(cut.from)), share(cut.until)];
    if (begin > at) bars.push({ activity: "work", from: at, until: begin });
    if (end > begin) bars.push({ activity: cut.activity, from: begin, until: end });
    at = Math.max(at, end);
  }
  const end = share(shift.until);
  if (end > at) bars.push({ activity: "work", from: at, until: end });
  return bars;
}

// How many are there in each interval of a day, as the judge counts: who works in its middle. A short break counts as worked.
export function headsOf(shifts: readonly Shift[], from: number, intervalMs: number, count: number): number[] {
  const heads = new Array<number>(count).fill(0);
  for (const shift of shifts) {
    for (const bar of barsOf(shift, from, from + count * intervalMs)) {
      if (bar.activity !== "work" && bar.activity !== "break") continue;
      for (let at = Math.max(0, Math.ceil(bar.from * count - 0.5)); at < count && at + 0.5 < bar.until * count; at += 1) heads[at] = (heads[at] ?? 0) + 1;
    }
  }
  return heads;
}

// ---- how a code looks: a sign, a letter and a colour of its own, the same wherever it stands

export const LOOKS = 8;
export const lookOf = (code: string, codes: readonly string[]): number => {
  const at = codes.indexOf(code);
  return (at < 0 ? [...code].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) >>> 0 : at) % LOOKS;
};
// As few letters as tell it from the others.
export function letterOf(code: string, codes: readonly string[]): string {
  const letters = [...code];
  for (let n = 1; n < letters.length && n < 3; n += 1) {
    const short = letters.slice(0, n).join("").toUpperCase();
    if (!codes.some((other) => other !== code && other.toUpperCase().startsWith(short))) return short;
  }
  return letters.slice(0, 3).join("").toUpperCase();
}
