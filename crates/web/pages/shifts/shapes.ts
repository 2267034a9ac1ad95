// What the workforce desk tells over HTTP, as far as pages read it. Days are civil (`2026-11-27`), instants RFC 3339, sealed words
// `{ text, masked }`.
import type { Said } from "../core/said.ts";

// ---- what comes in, and whom it takes

export interface Expected { at: string; volume: number; low: number | null; high: number | null; aht_ms: number; came: number | null }
export interface ForecastDay { forecast: string; day: string; from: string; interval_ms: number; method: string; intervals: Expected[] }
export interface Covered { within: number; of: number }
export interface Accuracy { wape: number | null; noise_floor: number | null; covered_80?: Covered; covered_95?: Covered; [more: string]: unknown }
export interface QueueForecast { queue: string; accuracy: Accuracy | null; days: ForecastDay[] }
export interface RequirementDay { requirement: string; queue: string; day: string; from: string; interval_ms: number; heads: number[]; rostered?: number[] }
export type JobState = "running" | "done" | "failed" | "cancelled";
export interface Job { job: string; kind?: string; state: JobState; progress: number; roster?: string | null; gap?: number | null; code?: string; why?: string }
export interface Made { job?: string; roster?: string; forecasts?: string[]; requirements?: string[]; seq: number }

// ---- rosters and shifts

export type Activity = "work" | "break" | "meal" | "training" | "meeting" | "excepted";
export interface Part { activity: Activity; from: string; until: string }
export interface Sketch { agent: string; day: string; code: string; from: string; until: string; parts: Part[]; relief: boolean }
export interface Away { from: string; until: string; why: string }
export type Relief = "open" | "missing" | "accepted" | "overridden";
export interface Shift extends Sketch { shift: string | null; away?: Away[]; mustered?: boolean | null; roster?: string | null; overtime?: string | null; relieved?: Relief; left_unrelieved?: string | null; is_away?: boolean }
export interface RosterRow { roster: string; name: string; from: string; days: number; headcount: number; draft: boolean }
// Numbers beside a rule differ from rule to rule.
export interface Broken { rule: string; agent?: string; day?: string; [number: string]: unknown }
export interface Uncovered { day: string; interval: number; missing: number }
export type Range = [number, number];
export interface Fairness { weekends: Range; shifts: Range; minutes: Range; wishes_refused: Range }
export interface Judgement { broken: Broken[]; uncovered: Uncovered[]; cost: number; fairness?: Fairness }
export interface Roster extends RosterRow { people: string[]; shifts: Shift[]; overtime: Shift[]; slot_ms: number; required: { day: string; heads: number[] }[]; judgement: Judgement }
export interface ShiftKind { from: string; minutes: number; relief?: boolean; [more: string]: unknown }
export interface ShiftRules { rules: { slot_minutes: number; shifts: Record<string, ShiftKind>; classes?: Record<string, { agents: string[]; rest_days?: number | null }> }; people: { agent: string; team?: string | null; skills?: string[] }[] }

// ---- what is asked for

export type LeaveKind = "sick" | "personal" | "annual" | "marriage" | "maternity";
export type Approver = "shift_leader" | "director";
export const PAPERS = ["certificate", "medical_record", "prescription", "receipt", "form"] as const;
export type Papers = "not_wanted" | "pending" | "overdue" | "borne_out" | "untrue";
export interface Leave {
  leave: string; agent: string; kind: LeaveKind; from: string; until: string; day: string; days: number; special?: boolean; approver: Approver; state: string;
  text?: Said | null; papers?: Papers; brought?: string[]; papers_due?: string | null;
}
export type Side = Pick<Sketch, "day" | "code" | "from" | "until">;
export interface Swap {
  swap: string; agent: string; shift: string; with: string; other: string; mine?: Side | null; theirs?: Side | null; state: string; exceptional: boolean; until: string;
  text?: Said | null;
}
export interface Overtime { overtime: string; day?: string; from: string; until: string; queue?: string | null; heads: number; agents: string[]; answers: { agent: string; accepts: boolean }[]; coming: number }
export interface Staying { shift: string; agent: string; since: string; free_at: string }
export interface TimeOff { offer: string; from: string; until: string; heads: number; agents: string[]; taken: string[] }
export interface Handover {
  handover: string; place: number; outgoing: string; from: string; incoming: string; to: string; seat: string | null; checks: { check: string; in_order: boolean }[];
  accepted_at: string | null; relieved?: Relief | null;
}
export interface Schedule {
  agent?: string; shifts: Shift[]; leaves: Leave[]; swaps: Swap[]; overtime: Overtime[]; time_off: TimeOff[]; handovers: Handover[]; counters?: { month: string; swaps_had: number; in_lieu_left: number; in_lieu: { granted: number; taken: number } } | null;
}
export interface Terms {
  attendance: { muster_before_ms: number; post_before_ms: number; [more: string]: number };
  leave: { same_day_notice_ms: number; personal_notice_ms: number; long_notice_months: number; leader_days_max: number; papers_after_ms: number; papers_early_days: number };
  swaps: { per_month: number; rest_ms_min: number };
  in_lieu: { per_month: number };
  handover: { sign_out: string; checks: string[]; [more: string]: unknown };
}

// ---- whether people came, and did what was planned

export interface Counters { lates_of_month: number; year: { lates: number; absences: number; excused: number } }
export interface Finding {
  shift: string; day: string; from: string; until: string; finding: "in_time" | "on_leave" | "late" | "absent"; detail: { case?: string; muster_ms?: number; post_ms?: number };
  excused_by: string | null; counts: boolean; open: boolean; evidence: number[];
}
export interface AttendanceAlert { agent: string; kind: string | { warning: string }; at: string; shift: string }
export interface Attendance { agent: string; findings: Finding[]; counters: Counters; counters_without_exceptions: Counters }
export interface Exception { exception: string; shift: string; agent: string; from: string; until: string; why: string; by: string }
export interface AdherenceAlert { agent: string; shift: string; planned: Activity; since: string; at: string; alert: "away" | "severe" }
export interface Episode { span: { from: string; to: string }; planned: Activity; forgiven: boolean }
export interface DayOfAdherence { agent: string; adherence: number | null; conformance: number | null; episodes: Episode[]; shifts: { shift: string; stale: boolean }[] }
export interface Stance {
  agent: string; scheduled: Activity | "off"; actual: string; reason: string | null; in_adherence: boolean; since: string | null; out_since: string | null; held_by_contact: boolean;
  late_ms: number; shift: string | null; adherence_today: number | null; conformance_today: number | null;
}
