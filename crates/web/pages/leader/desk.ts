// What the leader desk stands on: the link, the floor as it is and as it was, who looks at it and what she may do, and what is open.
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { get, getIfThere } from "../core/api.ts";
import { Floor, type QueueRow } from "../core/floor.ts";
import type { AgentRow, ContactRow } from "../core/frames.ts";
import { openLink } from "../core/live.ts";
import type { Rows } from "../core/rows.ts";
import { session, type Session } from "../core/session.ts";
import { now } from "../core/ticks.ts";

// The board shows, and changes nothing.
export const isBoard = location.pathname === "/board";

export const link = openLink(isBoard ? "board" : "leader");
export const floor = new Floor(link);

export interface View { agents: Rows<AgentRow>; queues: Rows<QueueRow>; contacts: Rows<ContactRow>; isWhole: ReadonlySignal<boolean> }

// The floor as it was, while somebody looks back; `at` is its time.
export interface Past extends View { at: ReadonlySignal<number>; seq: ReadonlySignal<number> }
export const past = signal<Past | null>(null);
export const view = computed<View>(() => past.value ?? floor);
// The time of what is shown.
export const shownNow = computed(() => past.value?.at.value ?? now.value);

// ---- Who looks, and what she may do. The server decides; this only leaves out what it would refuse.

const LEADS_AGENTS = ["team_leader", "shift_leader", "director"];
const MOVES_DOORS = ["shift_leader", "director", "manager", "admin"];
const SPEAKS = ["team_leader", "shift_leader", "director", "manager", "coordinator"];
const CONFIRM = ["team_leader", "shift_leader"];
const PROPOSE = [...CONFIRM, "qa"];
const SEE_LEDGER = [...PROPOSE, "director", "manager", "inspector"];
const SEE_CREW = ["team_leader", "shift_leader", "director", "manager", "planner", "inspector"];
const has = (roles: readonly string[]): boolean => !isBoard && (session.value?.roles ?? []).some((role) => roles.includes(role));

export const may = {
  lead: computed(() => has(LEADS_AGENTS)),
  signOut: computed(() => has([...LEADS_AGENTS, "admin"])),
  doors: computed(() => has(MOVES_DOORS)),
  speak: computed(() => has(SPEAKS)),
  ledger: computed(() => has(SEE_LEDGER)),
  crew: computed(() => has(SEE_CREW)),
  propose: computed(() => has(PROPOSE)),
  confirm: computed(() => has(CONFIRM)),
  decide: computed(() => has(["director"])),
  approve: computed(() => has(["manager"])),
};
// In the past nothing can be done.
export const isLive = computed(() => past.value === null);

// ---- Which part of the desk is looked at. The address says it: `/leader#ledger`.

export const PARTS = ["floor", "ledger", "crew"] as const;
export type Part = (typeof PARTS)[number];
const partOf = (hash: string): Part => PARTS.find((part) => `#${part}` === hash) ?? "floor";
export const parts = computed<readonly Part[]>(() => PARTS.filter((part) => part === "floor" || may[part].value));
const asked = signal<Part>(partOf(location.hash));
window.addEventListener("hashchange", () => (asked.value = partOf(location.hash)));
export const part = computed<Part>(() => (parts.value.includes(asked.value) ? asked.value : "floor"));
export function go(to: Part): void {
  asked.value = to;
  location.hash = to;
}
// There, or back to the floor.
export const toggle = (to: Part): void => go(part.peek() === to ? "floor" : to);

// A token in the fragment opens the board; it is taken out of the address and remembered nowhere.
export async function takeToken(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!token) return;
  history.replaceState(null, "", location.pathname + location.search);
  session.value = { token, account: "", roles: [], agent: null, teams: [], queues: [] };
  const me = await get<Omit<Session, "token">>("/api/v1/me").catch(() => null);
  if (me) session.value = { ...me, token };
}

// ---- How pages behave.

export interface Lasting { amber_ms: number; red_ms: number }
export interface Wall { wall: string; name: Record<string, string>; queues: string[]; tiles: unknown[] }
export interface PageSettings {
  thresholds: { waiting_ms: Record<string, { amber: number; red: number }>; state: Record<string, Lasting> };
  walls: Wall[]; stale_ms: { banner: number; grey: number }; service_level: string; zone: string;
}

// What holds where the server tells nothing.
const SHIPPED: PageSettings = { thresholds: { waiting_ms: {}, state: {} }, walls: [], stale_ms: { banner: 5_000, grey: 15_000 }, service_level: "sl.offered", zone: "" };
const WAITING = { amber: 20_000, red: 60_000 };
export const settings = signal<PageSettings>(SHIPPED);

// ---- Reasons: for being not ready, and for what a leader does.

export interface ReasonRow { slug: string; number: number; active: boolean; is_break: boolean; purpose?: string; for?: string }
export const notReadyReasons = signal<ReasonRow[]>([]);
export const actReasons = signal<string[]>([]);

export async function loadTerms(): Promise<void> {
  const [told, listed] = await Promise.all([
    getIfThere<PageSettings>("/api/v1/page-settings").catch(() => null),
    getIfThere<{ reasons: ReasonRow[] }>("/api/v1/reasons").catch(() => null),
  ]);
  if (told) settings.value = { ...SHIPPED, ...told };
  const reasons = (listed?.reasons ?? []).filter((reason) => reason.active);
  const purposeOf = (reason: ReasonRow) => reason.purpose ?? reason.for ?? "not_ready";
  notReadyReasons.value = reasons.filter((reason) => purposeOf(reason) === "not_ready");
  actReasons.value = reasons.filter((reason) => purposeOf(reason) === "act").map((reason) => reason.slug);
}

// ---- How urgent something is.

export type Level = "" | "amber" | "red";

export function levelOf(row: AgentRow, at: number): Level {
  const state = settings.value.thresholds.state;
  const limits = (row.reason && state[`not_ready:${row.reason.slug}`]) || state[row.activity];
  if (!limits) return "";
  const lasted = at - Date.parse(row.activity_since);
  return lasted >= limits.red_ms ? "red" : lasted >= limits.amber_ms ? "amber" : "";
}

export function waitLevel(queue: string | null, since: string | null | undefined, at: number): Level {
  if (!since) return "";
  const limits = settings.value.thresholds.waiting_ms[queue ?? ""] ?? WAITING;
  const lasted = at - Date.parse(since);
  return lasted >= limits.red ? "red" : lasted >= limits.amber ? "amber" : "";
}

// ---- What is open over the desk.

export type Open =
  | { what: "agent"; id: string; act?: string }
  | { what: "queue"; id: string; act?: string }
  | { what: "contact"; id: string; act?: string }
  | { what: "explain"; id: string; at?: string }
  | { what: "alerts" } | { what: "messages" } | { what: "walls" };

export const opened = signal<Open | null>(null);
export const open = (next: Open | null): void => void (opened.value = next);

// `/leader#explain=o-12` opens what another page asks about.
export function askedFor(): void {
  const id = new URLSearchParams(location.hash.slice(1)).get("explain");
  if (id && /^[oc]-\d+$/.test(id)) open({ what: "explain", id });
}

// How old what is shown is, in ms; counted by this machine's clock, because the line is what is asked about.
export const age = signal(0);
const PROBE_AFTER_MS = 2_500;
export function watchAge(): void {
  setInterval(() => {
    const silence = link.phase.peek() === "idle" ? 0 : link.silence();
    // A quiet floor says nothing: then it is asked whether it is still there.
    if (link.phase.peek() === "live" && silence > PROBE_AFTER_MS) link.probe();
    age.value = silence > settings.peek().stale_ms.banner ? Math.floor(silence / 1000) * 1000 : 0;
  }, 1_000);
}
