// What the server tells of rosters, made into what the grid is drawn from: places of a day by number, people and days by name. Pure.
import { plus } from "./days.ts";
import type { Away, Broken, Fairness, Judgement, Range, Roster, RosterRow, Shift, Sketch, Uncovered } from "./shapes.ts";
import { apart, cellsOf, keyOf, sketchOf } from "./grid.ts";

export interface ToldRow { roster: string; name: string; from: string; days: number; people: number; state: "draft" | "published"; drafted: number | null }
interface ToldRange { least: number; most: number }
export interface ToldJudgement {
  broken: Broken[]; unplaced?: { agent: string; day: string; why: string }[]; uncovered: { day: string; interval: string; missing: number }[]; cost: number;
  fairness?: Record<keyof Fairness, ToldRange>;
}
type ToldShift = Sketch & { shift: string | null; away?: Away[] };
export interface ToldRoster extends ToldRow { class: string[]; slot_minutes: number; need?: number[][]; shifts: ToldShift[]; overtime?: ToldShift[]; judgement: ToldJudgement }

const MINUTE_MS = 60_000;
// The place of a clock within a day of slots: 10:30 is the 21st of half hours. After midnight of a shift's night it goes on beyond 24:00.
const placeOf = (clock: string, slotMinutes: number): number => {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  return Math.round((hours * 60 + minutes) / slotMinutes);
};
const rangeOf = ({ least, most }: ToldRange): Range => [least, most];

export function judgementOf(told: ToldJudgement, slotMinutes: number): Judgement {
  const unplaced = (told.unplaced ?? []).map(({ agent, day, why }): Broken => ({ rule: `unplaced_${why}`, agent, day }));
  const uncovered = told.uncovered.map(({ day, interval, missing }): Uncovered => ({ day, interval: placeOf(interval, slotMinutes), missing }));
  const { fairness } = told;
  const spread = fairness && { weekends: rangeOf(fairness.weekends), shifts: rangeOf(fairness.shifts), minutes: rangeOf(fairness.minutes), wishes_refused: rangeOf(fairness.wishes_refused) };
  return { broken: [...told.broken, ...unplaced], uncovered, cost: told.cost, ...(spread ? { fairness: spread } : {}) };
}

export const rowOf = ({ roster, name, from, days, people, state }: ToldRow): RosterRow => ({ roster, name, from, days, headcount: people, draft: state === "draft" });

export function rosterOf(told: ToldRoster): Roster {
  const required = (told.need ?? []).map((heads, at) => ({ day: plus(told.from, at), heads }));
  const held = (shift: ToldShift): Shift => ({ ...shift, shift: shift.shift ?? null });
  return {
    ...rowOf(told), people: told.class, slot_ms: told.slot_minutes * MINUTE_MS, shifts: told.shifts.map(held), overtime: (told.overtime ?? []).map(held),
    required, judgement: judgementOf(told.judgement, told.slot_minutes),
  };
}

// What a grid that was changed is asked about, and kept by: each cell that is another now, whole, and those that are empty now.
export function revision(before: readonly Shift[], after: readonly Shift[]): { shifts: Sketch[]; off: { agent: string; day: string }[] } {
  const touched = new Set([...apart(before, after), ...apart(after, before)].map(({ agent, day }) => keyOf(agent, day)));
  const cells = (of: readonly Shift[]) => cellsOf(of.filter(({ agent, day }) => touched.has(keyOf(agent, day))));
  const [was, is] = [cells(before), cells(after)];
  const text = (cell: Shift[] | undefined) => JSON.stringify((cell ?? []).map(sketchOf));
  const shifts: Sketch[] = [];
  const off: { agent: string; day: string }[] = [];
  for (const [key, cell] of is) if (text(cell) !== text(was.get(key))) shifts.push(...cell.map(sketchOf));
  for (const [key, [shift]] of was) if (!is.has(key) && shift) off.push({ agent: shift.agent, day: shift.day });
  return { shifts, off };
}
