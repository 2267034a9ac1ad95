// What the leader's side of the workforce desk is drawn from: asked for while somebody looks, by the part that she looks at.
import { batch, computed, signal } from "@preact/signals";
import { session } from "../core/session.ts";
import { civilOf } from "../core/spans.ts";
import { now, nowMs } from "../core/ticks.ts";
import { query, readIfThere } from "../shifts/ask.ts";
import { plus } from "../shifts/days.ts";
import type { AdherenceAlert, Attendance, AttendanceAlert, Exception, Handover, Leave, Overtime, Shift, Stance, Staying, Swap, Terms, TimeOff } from "../shifts/shapes.ts";

export const part = signal("adherence");
export const isMissing = signal(false);

// Of both, undefined is not told yet, and null that this server does not have it.
export const stances = signal<Stance[] | null | undefined>(undefined);
// What leaders were told of those who are not where the plan has them, once for each episode; the newest first.
export const adherenceAlerts = signal<AdherenceAlert[]>([]);
export const leaves = signal<Leave[]>([]);
export const swaps = signal<Swap[]>([]);
export const overtime = signal<Overtime[]>([]);
export const timeOff = signal<TimeOff[]>([]);
// Who stays on after her shift for want of relief.
export const staying = signal<Staying[]>([]);
export const terms = signal<Terms | null>(null);
export const shifts = signal<Shift[]>([]);
export const handovers = signal<Handover[]>([]);
export const month = signal("");
export const attendance = signal<Attendance[] | null | undefined>(undefined);
export const exceptions = signal<Exception[]>([]);
export const alerts = signal<AttendanceAlert[]>([]);

const has = (...roles: string[]): boolean => (session.value?.roles ?? []).some((role) => roles.includes(role));
export const may = { decide: computed(() => has("team_leader", "shift_leader", "director")), mark: computed(() => has("team_leader", "shift_leader", "director")) };

export const today = (): string => civilOf(nowMs()).slice(0, 10);
export const monthShown = computed(() => month.value || civilOf(now.value).slice(0, 7));

const list = <K extends string, T>(key: K, path: string): Promise<T[] | null> => readIfThere<Record<K, T[]>>(path).then((told) => told?.[key] ?? null);

// What waits is asked for whatever is looked at, for its number stands at the tab.
async function loadRequests(): Promise<void> {
  const [asked, swapped, more, less] = await Promise.all([list<"leaves", Leave>("leaves", "/leaves"), list<"swaps", Swap>("swaps", "/swaps"), readIfThere<{ overtime: Overtime[]; staying?: Staying[] }>("/overtime"), list<"time_off", TimeOff>("time_off", "/time-off")]);
  batch(() => {
    isMissing.value = asked === null && swapped === null;
    leaves.value = asked ?? [];
    swaps.value = swapped ?? [];
    overtime.value = more?.overtime ?? [];
    staying.value = more?.staying ?? [];
    timeOff.value = less ?? [];
  });
}

// The board asks for itself, and more often. Of a server that could not be reached the last word stands; the line says that it is old.
export async function load(): Promise<void> {
  const looked = part.peek();
  if (!terms.peek()) void readIfThere<{ terms: Terms }>("/terms").then((told) => (terms.value = told?.terms ?? null), () => undefined);
  await Promise.allSettled([
    loadRequests(),
    looked === "muster" || looked === "relief" || looked === "attendance" ? loadShifts() : null,
    looked === "relief" ? list<"handovers", Handover>("handovers", "/handovers").then((told) => (handovers.value = told ?? [])) : null,
    looked === "attendance" ? loadAttendance() : null,
  ]);
}

// Answers are taken in the order of their questions: one that was overtaken is old.
function inTurn(): () => () => boolean {
  let [asked, taken] = [0, 0];
  return () => {
    const own = (asked += 1);
    return () => {
      if (own < taken) return false;
      taken = own;
      return true;
    };
  };
}
const turns = { board: inTurn(), shifts: inTurn(), attendance: inTurn() };

export async function loadBoard(): Promise<void> {
  const isNewest = turns.board();
  const told = await readIfThere<{ rows: Stance[]; alerts?: AdherenceAlert[] }>("/adherence");
  if (!isNewest()) return;
  batch(() => {
    stances.value = told?.rows ?? null;
    adherenceAlerts.value = told?.alerts ?? [];
  });
}

async function loadShifts(): Promise<void> {
  const isNewest = turns.shifts();
  const told = await readIfThere<{ shifts: Shift[] }>(`/schedule${query({ from: plus(today(), -1), days: 3 })}`);
  if (!isNewest()) return;
  shifts.value = [...(told?.shifts ?? [])].sort((a, b) => a.from.localeCompare(b.from) || a.agent.localeCompare(b.agent));
}

async function loadAttendance(): Promise<void> {
  const isNewest = turns.attendance();
  const asked = monthShown.peek();
  const told = await readIfThere<{ people: Attendance[]; exceptions: Exception[]; alerts: AttendanceAlert[] }>(`/attendance${query({ month: asked })}`);
  if (!isNewest() || asked !== monthShown.peek()) return;
  batch(() => {
    attendance.value = told?.people ?? null;
    exceptions.value = told?.exceptions ?? [];
    alerts.value = told?.alerts ?? [];
  });
}

export const leavesToDecide = computed(() => leaves.value.filter((leave) => leave.state === "requested"));
export const swapsToDecide = computed(() => swaps.value.filter((swap) => swap.state === "agreed"));
export const papersToJudge = computed(() => leaves.value.filter((leave) => (leave.papers === "pending" || leave.papers === "overdue") && (leave.brought?.length ?? 0) > 0));
export const toDecide = computed(() => leavesToDecide.value.length + swapsToDecide.value.length + papersToJudge.value.length);
