// The desk's state: the link, her own work folded from it, what she can ask for, and what the server offers beside it.
import { batch, computed, effect, signal } from "@preact/signals";
import { get, getIfThere } from "../core/api.ts";
import type { Ev, Snapshot } from "../core/frames.ts";
import { keep, recall } from "../core/keep.ts";
import { openLink } from "../core/live.ts";
import type { Outcome, Pending } from "../core/link.ts";
import { nameOf, reasonName } from "../core/names.ts";
import { session } from "../core/session.ts";
import { clockOf } from "../core/spans.ts";
import { nowMs } from "../core/ticks.ts";
import { of, t, titleOf, type Title } from "../core/words.ts";
import { toast } from "../ui/toast.tsx";
import { EMPTY, fold, fromSnapshot, type Card, type Desk, type Missed, type Notice } from "./desk.ts";

export const me = session.peek()?.agent ?? "";
export const link = openLink("agent");
// What was missed in this shift outlives a reload.
export const desk = signal<Desk>({ ...EMPTY, missed: recall<Missed[]>(`missed.${me}`, "sessionStorage") ?? [] });
export const agent = computed(() => desk.value.agent);
export const hasSnapshot = signal(false);
export const offers = computed(() => desk.value.cards.filter((card) => card.state === "reserved"));
export const hands = computed(() => desk.value.cards.filter((card) => card.state !== "reserved"));
// The card that she looks at: the one that she chose, while it is there, else the first.
export const chosen = signal<string | null>(null);
export const current = computed<Card | null>(() => hands.value.find((card) => card.id === chosen.value) ?? hands.value[0] ?? null);
export const talking = computed<Card | null>(() => {
  const live = hands.value.filter((card) => card.state !== "wrap_up");
  return live.find((card) => card.id === current.value?.id) ?? live[0] ?? null;
});
export const wrapping = computed<Card | null>(() => {
  const done = hands.value.filter((card) => card.state === "wrap_up");
  return done.find((card) => card.id === current.value?.id) ?? (current.value?.state === "wrap_up" || hands.value.length === done.length ? (done[0] ?? null) : null);
});

export interface ReasonRow { slug: string; number: number; active: boolean; is_break: boolean; allowance_ms: number | null; name: Title; for: string }
export const reasons = signal<ReasonRow[]>([]);
const isBreak = (slug: string): boolean => reasons.peek().some((reason) => reason.slug === slug && reason.is_break);

// Commands and reads that this server does not know: that part of the desk is left out.
export const missing = signal<ReadonlySet<string>>(new Set());
export const lacks = (what: string): boolean => missing.value.has(what);
export const lack = (what: string): void => void (missing.value = new Set([...missing.peek(), what]));

// Commands of this page that have not been answered, by what they are about.
const doing = signal<ReadonlySet<string>>(new Set());
export const isDoing = (cmd: string): boolean => [...doing.value].some((key) => key.startsWith(`${cmd} `));

export async function act(cmd: string, args: Record<string, unknown> = {}): Promise<boolean> {
  const key = `${cmd} ${JSON.stringify(args)}`;
  if (doing.peek().has(key)) return false;
  doing.value = new Set([...doing.peek(), key]);
  if (link.phase.peek() !== "live") toast(t("will-be-sent", { act: of("cmd-", cmd.replace(".", "-")) }));
  const outcome = await link.command(cmd, args);
  doing.value = new Set([...doing.peek()].filter((other) => other !== key));
  if (!outcome.done) refuse(cmd, outcome);
  return outcome.done;
}

function refuse(cmd: string, outcome: Outcome & { done: false }): void {
  if (outcome.code === "unknown_command") lack(cmd);
  toast(t("not-done", { act: of("cmd-", cmd.replace(".", "-")), why: refusal(outcome) }), "bad");
}

export function refusal({ code, message }: { code: string; message: string }): string {
  const said = of("refusal-", code);
  return said === code ? message || code : said;
}

// What the page did before it was loaded anew is told, too.
link.onOrphan((command: Pending, outcome: Outcome) => {
  const what = of("cmd-", command.cmd.replace(".", "-"));
  if (outcome.done) toast(t("orphan-done", { act: what }), "good");
  else refuse(command.cmd, outcome);
});

let wasLost = 0;
link.on("welcome", ({ resumed }) => {
  if (wasLost && hasSnapshot.peek()) {
    const span = clockOf(nowMs() - wasLost);
    toast(resumed ? t("resumed", { span }) : t("fetched-anew", { span }), "good");
  }
  wasLost = 0;
});
effect(() => {
  if (link.phase.value === "lost" && link.lostAt !== null && !wasLost) wasLost = link.lostAt;
});

link.on("snapshot", (snapshot: Snapshot) => {
  const first = !hasSnapshot.peek();
  batch(() => {
    desk.value = fromSnapshot(snapshot, desk.peek());
    hasSnapshot.value = true;
  });
  const inHand = desk.peek().cards.filter((card) => card.state !== "reserved").length;
  if (first && inHand && isReload()) toast(t("reloaded-in-call", { n: inHand }), "good");
});
link.on("ev", (ev: Ev) => {
  if (ev.topic !== undefined) return;
  desk.value = fold(desk.peek(), ev, isBreak);
});

function isReload(): boolean {
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return entry?.type === "reload";
}

// What others did to her is said once.
let told = 0;
effect(() => {
  for (const notice of desk.value.notices) {
    if (notice.seq <= told) continue;
    told = notice.seq;
    const text = noticeText(notice);
    toast(text, /refused|forced|overran|system|signed-out-by|timed-out|failed/.test(notice.what) ? "bad" : "plain");
  }
});
effect(() => keep(`missed.${me}`, desk.value.missed.length ? desk.value.missed : null, "sessionStorage"));

export function noticeText({ what, args }: Notice): string {
  return of("notice-", what, { agent: args["agent"] ?? "", code: nameOf("codes", args["code"]), reason: reasonName(args["reason"]) });
}

// Each way of missing an offer has words of its own, by how it ended and why.
export function missedText({ how, reason }: Missed): string {
  const exact = `${how}-${reason}`;
  const said = of("missed-", exact);
  return said === exact ? of("missed-", how, { reason: reasonName(reason) }) : said;
}

export function clearMissed(): void {
  desk.value = { ...desk.peek(), missed: [] };
}

export function dropMessage(message: string): void {
  desk.value = { ...desk.peek(), messages: desk.peek().messages.filter((other) => other.message !== message) };
}

export async function loadReasons(): Promise<void> {
  const told = await get<{ reasons: Record<string, any>[] }>("/api/v1/reasons").catch(() => null);
  reasons.value = (told?.reasons ?? []).map((row) => ({
    slug: row["slug"] ?? row["reason"], number: row["number"], active: row["active"] ?? true, is_break: row["is_break"] ?? row["break"] ?? false,
    allowance_ms: row["allowance_ms"] ?? null, name: row["name"] ?? null, for: row["for"] ?? "not_ready",
  }));
}

export const reasonLabel = ({ name, slug }: ReasonRow): string => titleOf(name, "") || reasonName(slug);

// Notes are kept while they are written, by contact: a reload loses none.
export const draftOf = (contact: string): { note: string; code: string } => recall(`draft.${contact}`, "sessionStorage") ?? { note: "", code: "" };
export const keepDraft = (contact: string, draft: { note: string; code: string } | null): void => keep(`draft.${contact}`, draft && (draft.note || draft.code) ? draft : null, "sessionStorage");

// A read that is asked for again at times, while somebody looks; null where the server has it not.
export function polled<T>(path: () => string | null, everyMs: number): { value: { value: T | null }; again: () => void } {
  const value = signal<T | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const again = () => {
    clearTimeout(timer);
    const asked = path();
    if (asked === null || session.peek() === null) return;
    void getIfThere<T>(asked).then(
      (told) => {
        value.value = told;
        // What is not there now will not be there in a minute.
        if (told !== null) timer = setTimeout(() => !document.hidden && again(), everyMs);
      },
      () => (timer = setTimeout(again, everyMs)),
    );
  };
  document.addEventListener("visibilitychange", () => !document.hidden && value.peek() !== null && again());
  return { value, again };
}
