// What the planner stands on: what is looked at, what was forecast and required, and the roster at hand while it is changed.
import { computed, signal } from "@preact/signals";
import { getIfThere, Problem } from "../core/api.ts";
import { beginClock } from "../core/hour.ts";
import { keep, recall } from "../core/keep.ts";
import { session, toSignIn } from "../core/session.ts";
import { civilOf } from "../core/spans.ts";
import { nowMs } from "../core/ticks.ts";
import { once, query, read, readIfThere, refusalText } from "../shifts/ask.ts";
import { nextMonth } from "../shifts/days.ts";
import { changedIn, overlaid, put, sketchOf } from "../shifts/grid.ts";
import { judgementOf, revision, rosterOf, rowOf, type ToldJudgement, type ToldRoster, type ToldRow } from "../shifts/told.ts";
import type { Accuracy, ForecastDay, Judgement, QueueForecast, RequirementDay, Roster, RosterRow, Shift, ShiftRules } from "../shifts/shapes.ts";

// Who plans, and who lets a plan hold. The server decides; this only leaves out what it would refuse.
const has = (...roles: string[]): boolean => (session.value?.roles ?? []).some((role) => roles.includes(role));
export const may = { plan: computed(() => has("planner", "director")), publish: computed(() => has("director", "manager")) };

// The site's day by the engine's clock.
export const today = (): string => civilOf(nowMs()).slice(0, 10);
export const queues = signal<string[]>([]);
export const looked = signal({ part: "outlook", queue: "", from: "", days: 1, interval: 0 });
export const look = (part: Partial<typeof looked.value>): void => void (looked.value = { ...looked.peek(), ...part });
export const fault = signal("");

// ---- what comes in, and whom it takes

export const forecasts = signal<ForecastDay[] | null>(null);
export const accuracy = signal<Accuracy | null>(null);
export const requirements = signal<RequirementDay[] | null>(null);
// What this server does not have.
export const isMissing = signal(false);
let turn = 0;

export async function loadOutlook(): Promise<void> {
  const own = ++turn;
  const { queue, from } = looked.peek();
  if (!queue || !from) return;
  const asked = query({ queue, from, days: 28 });
  try {
    const [told, needed] = await Promise.all([readIfThere<{ queues: QueueForecast[] }>(`/forecasts${asked}`), readIfThere<{ requirements: RequirementDay[] }>(`/requirements${asked}`)]);
    if (own !== turn) return;
    isMissing.value = told === null && needed === null;
    const ofQueue = told?.queues.find((one) => one.queue === queue);
    forecasts.value = ofQueue?.days ?? [];
    accuracy.value = ofQueue?.accuracy ?? null;
    requirements.value = needed?.requirements ?? [];
    fault.value = "";
  } catch (why) {
    if (own === turn) failed(why);
  }
}

function failed(why: unknown): void {
  if (why instanceof Problem && why.status === 401) return toSignIn("no-token");
  fault.value = refusalText(why);
}

// ---- rosters

// Undefined is not told yet, and null that this server does not have them.
export const rosters = signal<RosterRow[] | null | undefined>(undefined);
export const rules = signal<ShiftRules | null>(null);
export const roster = signal<Roster | null>(null);
// The grid as it is now, and what was undone can be seen by: earlier ones.
export const shifts = signal<readonly Shift[]>([]);
const earlier = signal<(readonly Shift[])[]>([]);
const UNDO_MAX = 100;
export const canUndo = computed(() => earlier.value.length > 0);
export const judgement = signal<Judgement | null>(null);
export const isJudging = signal(false);
export const canKeep = signal(true);
export const changes = computed(() => changedIn(roster.value?.shifts ?? [], shifts.value));
export const isChanged = computed(() => changes.value.changed.length + changes.value.added.length + changes.value.gone.length > 0);
export const codes = computed(() => {
  const known = Object.keys(rules.value?.rules.shifts ?? {});
  return [...new Set([...known, ...shifts.value.map((shift) => shift.code).sort()])];
});

// What there is. One is opened where it is named, or none is at hand: what somebody changes on the grid is hers until she keeps it or lets it go.
export async function loadRosters(which?: string): Promise<void> {
  try {
    const [listed, told] = await Promise.all([readIfThere<{ rosters: ToldRow[] }>("/rosters"), readIfThere<ShiftRules>("/shift-rules")]);
    rosters.value = listed?.rosters.map(rowOf) ?? null;
    rules.value = told;
    const known = (id: string | undefined) => (listed?.rosters.some((one) => one.roster === id) ? id : undefined);
    const isAtHand = isChanged.peek() || known(roster.peek()?.roster) !== undefined;
    const wanted = known(which) ?? (isAtHand ? undefined : listed?.rosters[0]?.roster);
    if (wanted) await openRoster(wanted);
  } catch (why) {
    failed(why);
  }
}

let opening = 0;

export async function openRoster(id: string): Promise<boolean> {
  const own = ++opening;
  try {
    const told = rosterOf(await read<ToldRoster>(`/rosters/${id}`));
    // Another one was asked for since.
    if (own !== opening) return false;
    noJudge();
    roster.value = told;
    shifts.value = told.shifts;
    earlier.value = [];
    judgement.value = told.judgement;
    return true;
  } catch (why) {
    if (own === opening) failed(why);
    return false;
  }
}

// It is none any more: nothing is at hand.
export function forgetRoster(): void {
  opening += 1;
  noJudge();
  roster.value = null;
  shifts.value = [];
  earlier.value = [];
  judgement.value = null;
}

// Another grid; the judge is asked at once.
export function change(next: readonly Shift[]): void {
  earlier.value = [...earlier.peek(), shifts.peek()].slice(-UNDO_MAX);
  shifts.value = next;
  soonJudge();
}

export function undo(): void {
  const before = earlier.peek().at(-1);
  if (!before) return;
  earlier.value = earlier.peek().slice(0, -1);
  shifts.value = before;
  soonJudge();
}

export const move = (shift: Shift, agent: string, day: string): void => change(put(shifts.peek(), shift, agent, day));

const JUDGE_AFTER_MS = 200;
let judging: ReturnType<typeof setTimeout> | undefined;
let asked = 0;
function soonJudge(): void {
  clearTimeout(judging);
  isJudging.value = true;
  judging = setTimeout(() => void judge(), JUDGE_AFTER_MS);
}

// What the judge was asked about is no longer at hand: his word would be about something else.
function noJudge(): void {
  clearTimeout(judging);
  asked += 1;
  isJudging.value = false;
}

async function judge(): Promise<void> {
  const own = ++asked;
  const it = roster.peek();
  if (!it) return;
  try {
    const told = await once<ToldJudgement>(`/rosters/${it.roster}/judge`, revision(it.shifts, shifts.peek()));
    if (own === asked) judgement.value = judgementOf(told, it.slot_ms / 60_000);
  } catch (why) {
    if (own === asked && !(why instanceof Problem && why.isMissing)) failed(why);
  } finally {
    if (own === asked) isJudging.value = false;
  }
}

// A draft is kept whole; shifts that hold already are changed one by one.
export async function keepChanges(): Promise<void> {
  const now = roster.peek();
  if (!now) return;
  if (now.draft) {
    const said = shifts.peek();
    try {
      const kept = await once<{ roster?: string }>(`/rosters/${now.roster}/revise`, revision(now.shifts, said));
      const more = shifts.peek();
      // It is another draft from now on, as far from the bound as its judge says; the one before is gone.
      await loadRosters(kept.roster);
      // What was changed while it was kept is still to be kept.
      if (more !== said && roster.peek()?.roster === kept.roster) change(more);
    } catch (why) {
      if (why instanceof Problem && why.isMissing) canKeep.value = false;
      throw why;
    }
    return;
  }
  const { changed, gone } = changes.peek();
  const acts = [
    ...gone.flatMap((shift) => (shift.shift ? [{ shift, act: () => once(`/shifts/${shift.shift}/withdraw`, { why: "correction" }) }] : [])),
    ...changed.map((shift) => ({ shift, act: () => once(`/shifts/${shift.shift}/change`, { sketch: sketchOf(shift) }) })),
  ];
  const carriedOut = new Set<Shift>();
  let refusal: Problem | null = null;
  try {
    for (const { shift, act } of acts) {
      try {
        await act();
        carriedOut.add(shift);
      } catch (why) {
        // One that is refused says nothing about the others; a server that is not reached or knows nobody does.
        if (!(why instanceof Problem) || why.status < 400 || why.status === 401 || why.status >= 500) throw why;
        refusal ??= why;
      }
    }
    if (refusal) throw refusal;
  } finally {
    // What was not carried out stays on the grid, over what holds now.
    const { changed, gone } = changes.peek();
    const isLeft = (shift: Shift) => !carriedOut.has(shift);
    const left = { changed: changed.filter(isLeft), gone: gone.filter(isLeft) };
    const isOpen = await openRoster(now.roster);
    if (isOpen && left.changed.length + left.gone.length > 0) change(overlaid(shifts.peek(), left));
  }
}

export async function loadQueues(): Promise<void> {
  await beginClock();
  const told = await getIfThere<{ queues: { queue: string; active: boolean }[] }>("/api/v1/queues").catch(() => null);
  queues.value = (told?.queues ?? []).filter((row) => row.active).map((row) => row.queue);
  const from = looked.peek().from || today();
  look({ queue: looked.peek().queue || (queues.peek()[0] ?? ""), from });
}

// How far a roster that was solved is from the bound at most. The server says so when it is made, and it holds until somebody changes it.
const gaps = signal<Record<string, number>>(recall<Record<string, number>>("gaps", "sessionStorage") ?? {});
export const gap = computed(() => gaps.value[roster.value?.roster ?? ""]);
export function noteGap(id: string, share: number | null | undefined): void {
  if (typeof share !== "number") return;
  gaps.value = { ...gaps.peek(), [id]: share };
  keep("gaps", gaps.peek(), "sessionStorage");
}

export const proposedMonth = (): { from: string; days: number } => {
  const from = nextMonth(today());
  return { from, days: Math.round((Date.parse(nextMonth(from)) - Date.parse(from)) / 86_400_000) };
};
