// Her own evaluations and lines of the ledger: read when the desk opens, and again when the link says that something about her happened.
import { batch, computed, effect, signal } from "@preact/signals";
import type { Ev } from "../core/frames.ts";
import { keep, recall } from "../core/keep.ts";
import { session } from "../core/session.ts";
import { civilOf, isoOf } from "../core/spans.ts";
import { nowMs } from "../core/ticks.ts";
import { of, t } from "../core/words.ts";
import { PAGE_MAX, query, read, readIfThere } from "../marks/ask.ts";
import type { MonthRow, PostTable } from "../marks/months.tsx";
import type { Entry, EvaluationRow, Told } from "../marks/shapes.ts";
import { toast } from "../ui/toast.tsx";
import { link, me, offers } from "./state.ts";

// What was looked at on this machine is not counted any more; the oldest are forgotten.
const SEEN_MAX = 400;
const AGAIN_AFTER_MS = 300;

export const evaluations = signal<EvaluationRow[]>([]);
export const entries = signal<Entry[]>([]);
// How her month stands: what the ledger takes off it, and the mean of her marks with its interval and of how many.
export interface Mean { mean: number | null; n: number; interval: [number, number] | null }
export const monthPoints = signal<number | null>(null);
export const monthMean = signal<Mean | null>(null);
// Her months that were approved, the newest first.
export interface OwnMonth { assessment: string; month: string; post: string; people: number; row: MonthRow; table: PostTable | null }
export const months = signal<OwnMonth[]>([]);
// Whether the server has them at all.
export const isThere = signal(false);
export const isOpen = signal(false);
// The line that she reads: an evaluation's or an entry's id.
export const chosen = signal<string | null>(null);
export const shown = signal<Told | null>(null);
// What she writes is kept while a contact comes in between.
export const drafts = signal<Record<string, string>>({});
const seen = signal<string[]>(recall<string[]>(`inbox.${me}`) ?? []);

const keyOf = (item: EvaluationRow | Entry): string => ("evaluation" in item ? `${item.evaluation} ${item.step}` : `${item.entry} ${item.standing}`);
export const isNew = (item: EvaluationRow | Entry): boolean => !seen.value.includes(keyOf(item));
// What waits for her: an evaluation that she has not answered, and whatever she has not looked at.
export const waiting = computed(() => evaluations.value.filter((row) => row.step === "published" || isNew(row)).length + entries.value.filter(isNew).length);

export function noteSeen(item: EvaluationRow | Entry): void {
  if (!isNew(item)) return;
  seen.value = [...seen.peek(), keyOf(item)].slice(-SEEN_MAX);
  keep(`inbox.${me}`, seen.peek());
}

export async function loadInbox(): Promise<void> {
  if (!me || !session.peek()) return;
  const month = civilOf(nowMs()).slice(0, 7);
  const [own, lines, ledger, scores, approved] = await Promise.all([
    readIfThere<{ evaluations: EvaluationRow[] }>(`/evaluations${query({ agent: me, limit: PAGE_MAX })}`).catch(() => undefined),
    readIfThere<{ entries: Entry[] }>(`/ledger${query({ agent: me, limit: PAGE_MAX })}`).catch(() => undefined),
    readIfThere<{ total: number }>(`/ledger${query({ agent: me, month, limit: 1 })}`).catch(() => undefined),
    readIfThere<{ agents: (Mean & { agent: string })[] }>(`/scores${query({ agent: me, from: isoOf(`${month}-01T00:00:00`) })}`).catch(() => undefined),
    readIfThere<{ months: OwnMonth[] }>("/assessments/own").catch(() => undefined),
  ]);
  batch(() => {
    if (own) evaluations.value = own.evaluations.filter((row) => row.agent === me).sort((a, b) => b.since.localeCompare(a.since));
    // What is only proposed is not said yet, and what was dismissed never was.
    if (lines) entries.value = lines.entries.filter((line) => line.agent === me && line.standing !== "proposed" && line.standing !== "dismissed");
    if (ledger) monthPoints.value = ledger.total;
    if (scores) monthMean.value = scores.agents.find(({ agent }) => agent === me) ?? { mean: null, n: 0, interval: null };
    if (approved) months.value = approved.months;
    isThere.value = isThere.peek() || Boolean(own ?? lines);
  });
}

export async function show(id: string | null): Promise<void> {
  // Of the same line what is there stays until it is read anew: she may be writing about it.
  if (chosen.peek() !== id) shown.value = null;
  chosen.value = id;
  const row = evaluations.peek().find(({ evaluation }) => evaluation === id) ?? entries.peek().find(({ entry }) => entry === id);
  if (row) noteSeen(row);
  if (!id?.startsWith("e-")) return;
  const told = await read<Told>(`/evaluations/${id}`).catch(() => null);
  if (told && chosen.peek() === id) shown.value = told;
}

const ABOUT_HER = ["evaluation.published", "evaluation.reviewed", "evaluation.closed", "deduction.confirmed", "deduction.decided", "deduction.revoked"];
let timer: ReturnType<typeof setTimeout> | undefined;
// Which lines were spoken of since the lists were read.
const named = new Set<string>();

async function readAgain(): Promise<void> {
  const ids = [...named];
  named.clear();
  await loadInbox();
  const id = chosen.peek();
  if (isOpen.peek() && id && ids.includes(id)) await show(id);
}

export function followInbox(): void {
  link.on("welcome", () => void loadInbox());
  link.on("ev", (ev: Ev) => {
    if (ev.topic !== undefined || !ABOUT_HER.includes(ev.ev)) return;
    const id = String(ev.data["evaluation"] ?? ev.data["entry"] ?? "");
    named.add(id);
    clearTimeout(timer);
    // The lists are read from what follows the log: a moment later they have it.
    timer = setTimeout(() => void readAgain(), AGAIN_AFTER_MS);
    if (ev.ev !== "evaluation.closed") toast(of("inbox-", ev.ev.replaceAll(".", "-"), { what: id || t("inbox") }));
  });
  // What rings comes first.
  effect(() => { if (offers.value.length > 0) isOpen.value = false; });
}
