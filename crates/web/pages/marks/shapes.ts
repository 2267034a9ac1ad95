// What the quality desk tells over HTTP, as far as pages read it: forms and answers, evaluations, the ledger, a replay. Marks are whole
// numbers of hundredths, instants RFC 3339, sealed words `{ text, masked }`.
import type { Said } from "../core/said.ts";

export interface Words { zh: string; en: string }

// ---- forms and answers

export type Worth = { points: number } | { deduct: number } | { bonus: number } | "unscored";
export type Scope = "question" | "section" | "form";
export interface Choice { id: string; text: Words; points: number; fatal: Scope | null; note: boolean }
export type Kind = "yes_no" | "number" | "text" | { choice: Choice[] };
export interface Question {
  id: string; text: Words; guidance: Words; kind: Kind; worth: Worth; weight: number; na: boolean; critical: "none" | "customer" | "business" | "compliance";
  fatal: Scope | null; note: "never" | "when_lost" | "always"; only_if: { question: string; is: string[] } | null; suggested_by: string | null; source: string;
}
export interface Section { id: string; title: Words; weight: number; questions: Question[] }
export interface Form { form: string; version: number; title: Words; channels: string[]; method: string; sections: Section[]; bands: { id: string; title: Words; from_points: number }[] }

// A choice, or points, or neither: then words, which stand in the note.
export interface Answer { question: string; choice: string | null; value: number | null; note: Said | null; at_ms: number | null; suggested: boolean }
export interface Item {
  question: string; standing: "answered" | "not_applicable" | "not_asked"; earned: number; most: number; weight_ppm: number; deducted: number; bonus: number;
  fatal: Scope | null; mistake: string | null;
}
export interface Scored {
  form: string; version: number; mark: number | null; band: string | null; failed: boolean; deducted: number; bonus: number;
  sections: { section: string; mark: number | null; failed: boolean }[]; items: Item[];
}
export interface Suggestion { question: string; choice?: string | null; value?: number | null; fact: string; evidence: number[] }

// ---- evaluations

export type Step = "drafted" | "discarded" | "submitted" | "published" | "acknowledged" | "appealed" | "reviewed" | "closed";
export type Outcome = "upheld" | "changed" | "void";
export interface EvaluationRow {
  evaluation: string; contact: string; agent: string; form: string; version: number; rater: string; evaluator: string; step: Step; since: string; until: string | null;
  overdue: boolean; outcome: Outcome | null; mark: number | null; band?: string | null; failed?: boolean | null; opened?: boolean; checks?: string | null; round?: string | null;
}
export interface Evaluation extends Omit<EvaluationRow, "mark"> { mark?: number | null; submitted: Scored | null; answers: Answer[] | null; changed: Scored | null }
// A step that somebody took, with what was said to it: an appeal names questions, a review the answers that hold from then on.
export interface Taken { seq: number; at: string; ev: string; by: { kind: string; id: string } | null; text: Said | null; why?: string | null; questions?: string[] | null; answers?: Answer[] | null }
// Her part in the contact: when it ended, in which queue, how long.
export interface Part { channel: string; queue: string | null; ended_at: string | null; talk_ms: number; hold_ms: number }
export interface Told { evaluation: Evaluation; form: Form; part?: Part | null; suggestions?: Suggestion[]; story?: Taken[]; seq: number }

// ---- the points ledger

export type Standing = "proposed" | "confirmed" | "dismissed" | "appealed" | "upheld" | "struck" | "revoked";
export interface Entry {
  entry: string; rule: string; version: number; rule_text: Words; agent: string; month: string; points: number; points_max?: number | null; standing: Standing;
  from: string; until: string; measured: number; allowed: number; evidence: number[]; by: string | null; note: Said | null; appeal_by: string | null; appeal: Said | null; counted?: number; unit?: "ms" | "count"; story?: Taken[];
  grave?: boolean; leader?: string | null; rule_grave?: "never" | "when_severe" | "always";
}
export interface Rule { id: string; version: number; item: string; source: string; text: Words; points: number; points_max: number | null; grave: "never" | "when_severe" | "always"; found: string }

// ---- a replay

export interface Leg {
  kind: string; agent: string | null; role: string | null; queue: string | null; offer: string | null; code: string | null; from: string; to: string | null; outcome: string | null;
  reason: { slug: string } | null;
}
export interface ReplayEvent { seq: number; at: string; ev: string; actor?: { kind: string; id: string } | null; reason?: { slug: string } | null; data: Record<string, any> }
export interface AgentState { agent: string; state: string; reason: string | null; from: string; until: string | null; seq: number }
export interface OfferTold { offer: string; agent: string; queue: string | null; at: string; seq: number }
export interface Replay {
  contact: string; from: string; until: string; legs: Leg[]; offers: OfferTold[]; states: AgentState[];
  events: ReplayEvent[]; evaluations: string[]; recording: string | null; mystery?: boolean; survey?: Survey | null; seq: number;
}
// What its caller said of it, if she was asked.
export interface Survey { offered_at: string; answered: boolean; scores: { question: string; score: number }[]; comment: Said | null }
