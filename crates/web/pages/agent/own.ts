// Her own schedule, as the desk keeps it: asked for at sign-in and again whenever the link tells that something of it changed.
import { computed, signal } from "@preact/signals";
import { civilOf } from "../core/spans.ts";
import { now, nowMs } from "../core/ticks.ts";
import { of } from "../core/words.ts";
import type { Ev } from "../core/frames.ts";
import { toast } from "../ui/toast.tsx";
import { query, readIfThere } from "../shifts/ask.ts";
import { mondayOf, plus } from "../shifts/days.ts";
import type { Handover, Overtime, Schedule, Shift, Swap, Terms, TimeOff } from "../shifts/shapes.ts";
import { link, me } from "./state.ts";

// Beyond what can be asked for in a month's notice.
const DAYS = 45;
const SOON_MS = 150;
const AGAIN_MS = 300_000;

export const schedule = signal<Schedule | null>(null);
export const terms = signal<Terms | null>(null);
// Whether the middle of the desk shows it, and which part.
export const isOpen = signal(false);
export const part = signal("week");
export const today = (): string => civilOf(nowMs()).slice(0, 10);
export const week = signal("");
let asked = 0;

export async function loadSchedule(): Promise<void> {
  if (!me) return;
  const own = ++asked;
  const from = plus(mondayOf(today()), -7);
  const told = await readIfThere<Schedule>(`/schedule${query({ agent: me, from, days: DAYS })}`).catch(() => undefined);
  if (own !== asked || told === undefined) return;
  schedule.value = told;
  if (told && terms.peek() === null) terms.value = (await readIfThere<{ terms: Terms }>("/terms").catch(() => null))?.terms ?? null;
}

let timer: ReturnType<typeof setTimeout> | undefined;
const soon = () => {
  clearTimeout(timer);
  timer = setTimeout(() => void loadSchedule(), SOON_MS);
};

const TOLD = /^(roster|shift|leave|swap|overtime|time_off|handover|in_lieu|relief|sign_out|absence|exception|muster)\./;
// What she did herself was answered already; these are others' doing.
const SAID = new Set(["leave.approved", "leave.refused", "swap.requested", "swap.agreed", "swap.declined", "swap.approved", "swap.refused", "overtime.listed", "time_off.offered", "handover.listed", "shift.changed", "shift.withdrawn", "relief.missing", "sign_out.overridden"]);

export function followSchedule(): void {
  link.on("welcome", soon);
  // What a hidden tab may have missed, and what no event about her tells: days that come into sight.
  document.addEventListener("visibilitychange", () => !document.hidden && soon());
  setInterval(() => { if (!document.hidden) soon(); }, AGAIN_MS);
  link.on("ev", (ev: Ev) => {
    if (ev.topic !== undefined || !TOLD.test(ev.ev)) return;
    soon();
    const byHer = ev.actor.kind === "agent" && ev.actor.id === me;
    if (SAID.has(ev.ev) && !byHer) toast(of("shift-told-", ev.ev.replaceAll(/[._]/g, "-"), { id: String(ev.data["leave"] ?? ev.data["swap"] ?? ev.data["shift"] ?? "") }), /refused|declined|withdrawn|missing/.test(ev.ev) ? "bad" : "plain");
  });
  soon();
}

export const shifts = computed<Shift[]>(() => [...(schedule.value?.shifts ?? [])].sort((a, b) => a.from.localeCompare(b.from)));
export const coming = computed(() => shifts.value.filter((shift) => Date.parse(shift.from) > now.value));
// The one that goes on, else the next.
export const current = computed<Shift | null>(() => shifts.value.find((shift) => Date.parse(shift.until) > now.value) ?? null);

export interface Next { what: string; at: number }
// What comes next in the shift at hand: its begin, a part, the work after it, its end.
export const next = computed<Next | null>(() => {
  const shift = current.value;
  if (!shift) return null;
  const moments: Next[] = [
    { what: "begin", at: Date.parse(shift.from) },
    ...shift.parts.flatMap((part) => [{ what: part.activity, at: Date.parse(part.from) }, { what: "work", at: Date.parse(part.until) }]),
    { what: "end", at: Date.parse(shift.until) },
  ];
  return moments.find((moment) => moment.at > now.value) ?? null;
});

// ---- what waits for her

export const swapsToAnswer = computed<Swap[]>(() => (schedule.value?.swaps ?? []).filter((swap) => swap.with === me && swap.state === "requested"));
export const overtimeToAnswer = computed<Overtime[]>(() => (schedule.value?.overtime ?? []).filter((one) => one.agents.includes(me) && !one.answers.some(({ agent }) => agent === me) && Date.parse(one.from) > now.value));
export const timeOffToTake = computed<TimeOff[]>(() => (schedule.value?.time_off ?? []).filter((one) => one.agents.includes(me) && !one.taken.includes(me) && one.taken.length < one.heads && Date.parse(one.until) > now.value));
export const handoversToAccept = computed<Handover[]>(() => (schedule.value?.handovers ?? []).filter((one) => one.to === me && one.accepted_at === null));
export const waiting = computed(() => ({ requests: swapsToAnswer.value.length, offers: overtimeToAnswer.value.length + timeOffToTake.value.length, handover: handoversToAccept.value.length }));
export const waitingAll = computed(() => waiting.value.requests + waiting.value.offers + waiting.value.handover);

export const openPart = (which: string): void => {
  part.value = which;
  isOpen.value = true;
};
export const weekShown = computed(() => week.value || mondayOf(civilOf(now.value).slice(0, 10)));
