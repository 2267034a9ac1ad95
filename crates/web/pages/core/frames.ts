// What is said on a link, as far as pages read it. /api/asyncapi.json is the whole.

export interface Reason { number: number; slug: string }
export interface Actor { kind: string; id: string; version?: number }
export interface Personal { text?: string; masked?: boolean; erased?: boolean; unreadable?: boolean }
export interface PersonalObject { values?: Record<string, unknown>; masked?: boolean; erased?: boolean; unreadable?: boolean }

export interface Welcome { t: "welcome"; id: string | null; session: string; seq: number; resumed: boolean; lease_ms: number; heartbeat_ms: number }
export interface Snapshot { t: "snapshot"; seq: number; agent: AgentRow | null; contacts: ContactRow[]; messages?: Message[] }
export interface Ack { t: "ack"; id: string; seq: number }
export interface Nack { t: "nack"; id: string | null; code: string; message: string; retryable: boolean; place?: string }
export interface Ev { t: "ev"; seq: number; prev: number; at: string; ev: string; actor: Actor; reason?: Reason; topic?: string; data: Record<string, any> }
export interface Pong { t: "pong"; id?: string; at: string }
export interface FloorSnapshot { t: "floor_snapshot"; seq: number; part: number; parts: number; agents: AgentRow[]; queues: any[]; contacts: ContactRow[] }
export interface FloorDelta { t: "floor_delta"; seq: number; prev: number; agents: AgentRow[]; queues: any[]; contacts: ContactRow[]; gone: string[] }
// Of other frames only the name is known here; who asked for them knows the rest.
export interface OtherFrame { t: string; [field: string]: any }

export type HandState = "reserved" | "connected" | "held" | "wrap_up";
export type Role = "owner" | "consulted" | "conferenced" | "listening" | "whispering" | "barged";

export interface Hand {
  contact: string; role: Role; state: HandState; since: string; queue: string | null; offer: string | null; answer_by: string | null; ends_at: string | null;
  muted?: boolean;
}

export interface AgentRow {
  agent: string; active: boolean; team: string | null; queues: string[]; state: "signed_out" | "not_ready" | "ready"; reason: Reason | null; since: string;
  allowed_until: string | null; seat: string | null; reachable: boolean; sign_out_at: string | null; next: { state: string; reason: Reason | null } | null;
  resting_until: string | null; resting_reason: Reason | null; missed: number; break_request: Reason | null; break_asked_at: string | null; hand_raised: boolean;
  idle_since: string; contacts: Hand[]; activity: string; activity_since: string; seq: number; skills?: Record<string, number>;
}

export interface Participant { agent: string; role: Role; since: string; muted?: boolean }

export interface ContactRow {
  contact: string; channel: string; from: Personal | null; attributes: PersonalObject | null; arrived_at: string; state: string; since: string; queue: string | null;
  queued_at: string | null; order?: string | null; waited_ms: number | null; priority: number; owner: string | null; participants: Participant[]; held_since: string | null;
  consult: string | null; end: string | null; stage: string | null; callback: { state: string; dial_by: string | null } | null; seq: number;
  offer?: Offer | string | null; hand?: HandState[]; [field: string]: any;
}

export interface Offer {
  offer: string; contact: string; queue: string | null; agent: string; purpose: string; answer_by: string; channel?: string; direction?: string; from?: Personal | null;
  attributes?: PersonalObject | null; priority?: number; waited_ms?: number; ring_all?: boolean; callback?: boolean; skills?: Record<string, number>; actions?: string[];
}

export interface Message { message: string; at: string; actor: Actor; team: string | null; text: Personal | string; acknowledge: boolean }
