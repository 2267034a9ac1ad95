// What the quality desk stands on: who looks and what she may do, where she is, and what was read of samples, evaluations and forms.
import { computed, signal } from "@preact/signals";
import { getIfThere, Problem } from "../core/api.ts";
import { desksOf, session, toSignIn } from "../core/session.ts";
import { setZone } from "../core/spans.ts";
import { PAGE_MAX, query, readIfThere, whyNot } from "../marks/ask.ts";
import type { EvaluationRow, Form } from "../marks/shapes.ts";

// ---- Who looks, and what she may do. The server decides; this only leaves out what it would refuse.

const has = (...roles: string[]): boolean => (session.value?.roles ?? []).some((role) => roles.includes(role));
export const account = computed(() => session.value?.account ?? "");
export const may = {
  evaluate: computed(() => has("qa", "team_leader", "shift_leader")),
  draw: computed(() => has("qa")),
  calibrate: computed(() => has("qa")),
  markMystery: computed(() => has("qa")),
  review: computed(() => has("director")),
  // Whoever takes contacts marks herself.
  evaluateHerself: computed(() => (session.value?.agent ?? null) !== null),
  lookAround: computed(() => session.value !== null && desksOf(session.value).includes("quality")),
};
export const herself = computed(() => session.value?.agent ?? null);

// ---- Where she is: a part of the desk, an evaluation, or a contact that is only looked at. The address says it.

export const PARTS = ["picks", "evaluations", "calibration", "figures"] as const;
export type Part = (typeof PARTS)[number];
// Who is here for her own evaluations alone sees no other part.
export const partsShown = (): readonly Part[] => (may.lookAround.peek() ? PARTS : ["evaluations"]);
export type Place = { part: Part } | { evaluation: string } | { contact: string };

function placeOf(hash: string): Place {
  const name = hash.slice(1);
  if (/^e-\d+$/.test(name)) return { evaluation: name };
  if (/^c-\d+$/.test(name)) return { contact: name };
  return { part: partsShown().find((part) => part === name) ?? partsShown()[0]! };
}

export const place = signal<Place>(placeOf(location.hash));
window.addEventListener("hashchange", () => (place.value = placeOf(location.hash)));
export const isAtPart = computed(() => "part" in place.value);
export const go = (to: string): void => void (location.hash = to);

// ---- What was read.

// One look at what was drawn: the first, or the second, which is blind.
export interface PickRow {
  sample: string; contact: string; agent: string; queue: string | null; channel: string | null; at: string | null; talk_ms: number | null; why: "representative" | { risk: string };
  standing: string; evaluation: string | null; evaluator: string | null; second: boolean;
}
export interface Coverage {
  candidates: number; used: number; too_short: number; other_channel: number; eligible: number; representative: number; risky: number; risk_drawn: number; unassigned: number; twice: number;
  agents: { agent: string; eligible: number; quota: number; drawn: number }[];
  strata?: { stratum: Stand[]; eligible: number; drawn: number }[];
}
// Where a contact stands in one dimension: a queue, a channel, a band that counts from 0, a code.
export type Stand = { queue: string | null } | { channel: string } | { tenure: number } | { length: number } | { outcome: string | null };
export interface Plan { strata?: string[]; length_bands_ms?: number[]; tenure_bands_days?: number[]; quota: number; quota_new: number; new_until_days: number; second_percent?: number; risk_max?: number }
export interface Sample { sample: string; from: string; until: string; seed: number | string; count: number; coverage: Coverage; plan?: Plan; by?: string; at?: string }

export const picks = signal<PickRow[] | null>(null);
export const samples = signal<Sample[] | null>(null);
// The plan by which is drawn where nobody says otherwise.
export const plan = signal<Plan | null>(null);
export const evaluations = signal<EvaluationRow[] | null>(null);
export const forms = signal<Form[]>([]);
// Parts that this server does not have.
export const lacking = signal<ReadonlySet<string>>(new Set());
// What could not be read, by which list it was of: another that came says nothing about it.
const faults = signal<ReadonlyMap<string, string>>(new Map());
export const fault = computed(() => [...new Set(faults.value.values())].join(" "));
// Whoever marks sees her own first.
export const isMine = signal(may.evaluate.peek());
// Which evaluations are asked for, and whether there are older ones than a page holds.
export const asked = signal({ step: may.review.peek() && !may.evaluate.peek() ? "appealed" : "", agent: "", mine: false });
export const hasOlder = signal(false);
export const appeals = signal(0);

export function refused(name: string, why: unknown): void {
  if (why instanceof Problem && why.status === 401) return toSignIn("no-token");
  faults.value = new Map([...faults.peek(), [name, whyNot(why)]]);
}

export function came(name: string): void {
  if (faults.peek().has(name)) faults.value = new Map([...faults.peek()].filter(([other]) => other !== name));
}

// An answer that comes after a later question was put is not its answer.
const turns = new Map<string, number>();

async function into<T>(name: string, path: string, take: (told: T) => void): Promise<void> {
  const own = (turns.get(name) ?? 0) + 1;
  turns.set(name, own);
  const isLate = () => turns.get(name) !== own;
  try {
    const told = await readIfThere<T>(path);
    if (isLate()) return;
    if (told) take(told);
    const without = new Set(lacking.peek());
    if (told ? without.delete(name) : !without.has(name) && without.add(name)) lacking.value = without;
    came(name);
  } catch (why) {
    if (!isLate()) refused(name, why);
  }
}

export const loadPicks = (): Promise<void> => into<{ picks: PickRow[] }>("picks", `/picks${query({ mine: isMine.peek(), limit: PAGE_MAX })}`, (told) => (picks.value = told.picks));
export const loadSamples = (): Promise<void> => into<{ samples: Sample[]; plan?: Plan }>("samples", "/samples", (told) => { samples.value = told.samples; plan.value = told.plan ?? null; });
export const loadEvaluations = (): Promise<void> =>
  into<{ evaluations: EvaluationRow[]; next?: string | null }>("evaluations", `/evaluations${query({ ...asked.peek(), limit: PAGE_MAX })}`, (told) => {
    evaluations.value = told.evaluations;
    hasOlder.value = Boolean(told.next);
  });
export const loadAppeals = (): Promise<void> =>
  into<{ evaluations: EvaluationRow[] }>("appeals", `/evaluations${query({ step: "appealed", limit: PAGE_MAX })}`, (told) => (appeals.value = told.evaluations.length));
export const loadForms = (): Promise<void> => into<{ forms: Form[] }>("forms", "/forms", (told) => (forms.value = told.forms));

export async function loadTerms(): Promise<void> {
  const terms = await getIfThere<{ zone?: string }>("/api/v1/page-settings").catch(() => null);
  if (terms?.zone) setZone(terms.zone);
}

// One form in one version: an evaluation brings its own; this is for others.
export const formName = (id: string): Form | undefined => forms.value.find(({ form }) => form === id);
