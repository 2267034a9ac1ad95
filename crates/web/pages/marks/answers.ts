// Answers while they are given: which questions are asked, which need a note, what a note says of its moment. The mark itself is the
// server's business. Pure; `checks/quality.test.ts` holds it.
import type { Answer, Choice, EvaluationRow, Form, Question, Suggestion } from "./shapes.ts";

export const NA = "na";
// As it is being given; `text` is the note, or the words that were asked for.
export interface Given { choice?: string; value?: number; text: string; at_ms?: number; suggested?: boolean }
export type Givens = Readonly<Record<string, Given>>;

export const questionsOf = (form: Form): Question[] => form.sections.flatMap((section) => section.questions);

// Asked unless it depends on an earlier answer that is another, or on a question that is itself not asked.
export function isAsked(form: Form, question: Question, given: Givens): boolean {
  if (!question.only_if) return true;
  const before = questionsOf(form).find(({ id }) => id === question.only_if!.question);
  const choice = given[question.only_if.question]?.choice;
  return before !== undefined && choice !== undefined && question.only_if.is.includes(choice) && isAsked(form, before, given);
}

export interface Offered { id: string; points: number; fatal: Choice["fatal"]; needsNote: boolean; words: Choice["text"] | null }

export const mostOf = ({ worth }: Pick<Question, "worth">): number =>
  worth === "unscored" ? 0 : "points" in worth ? worth.points : "deduct" in worth ? worth.deduct : worth.bonus;

// The answers to choose from, in the order of the number keys; what does not apply comes last.
export function offeredOf(question: Question): Offered[] {
  const most = mostOf(question);
  const own: Offered[] = question.kind === "yes_no"
    ? [{ id: "yes", points: most, fatal: null, needsNote: false, words: null }, { id: "no", points: 0, fatal: question.fatal, needsNote: false, words: null }]
    : typeof question.kind === "object"
      ? question.kind.choice.map(({ id, points, fatal, note, text }) => ({ id, points, fatal: fatal ?? (points === 0 ? question.fatal : null), needsNote: note, words: text }))
      : [];
  return question.na ? [...own, { id: NA, points: 0, fatal: null, needsNote: false, words: null }] : own;
}

export function isAnswered(question: Question, given: Given | undefined): boolean {
  if (!given) return false;
  if (given.choice === NA) return question.na;
  if (question.kind === "text") return given.text.trim() !== "";
  if (question.kind === "number") return given.value !== undefined && Number.isInteger(given.value) && given.value >= 0 && given.value <= mostOf(question);
  return given.choice !== undefined;
}

// Whether it still needs a note: always, when anything was lost, or when its choice says so.
export function lacksNote(question: Question, given: Given | undefined): boolean {
  if (!given || question.kind === "text" || !isAnswered(question, given) || given.text.trim() !== "") return false;
  if (given.choice === NA) return false;
  const chosen = offeredOf(question).find(({ id }) => id === given.choice);
  const earned = question.kind === "number" ? (given.value ?? 0) : (chosen?.points ?? 0);
  const isLost = mostOf(question) > earned && !(question.worth !== "unscored" && "bonus" in question.worth);
  return question.note === "always" || (question.note === "when_lost" && isLost) || (chosen?.needsNote ?? false);
}

export interface Left { unanswered: string[]; unnoted: string[] }

export function leftOver(form: Form, given: Givens): Left {
  const asked = questionsOf(form).filter((question) => isAsked(form, question, given));
  return {
    unanswered: asked.filter((question) => !isAnswered(question, given[question.id])).map(({ id }) => id),
    unnoted: asked.filter((question) => lacksNote(question, given[question.id])).map(({ id }) => id),
  };
}

export interface Sent { question: string; choice?: string; value?: number; note?: string; at_ms?: number; suggested?: boolean }

// What is sent: only what was asked and answered.
export function sentOf(form: Form, given: Givens): Sent[] {
  return questionsOf(form).filter((question) => isAsked(form, question, given) && isAnswered(question, given[question.id])).map((question) => {
    const { choice, value, text, at_ms, suggested } = given[question.id]!;
    const note = text.trim();
    return {
      question: question.id, ...(choice !== undefined ? { choice } : question.kind === "number" && value !== undefined ? { value } : {}), ...(note ? { note } : {}),
      ...(at_ms !== undefined ? { at_ms } : {}), ...(suggested ? { suggested } : {}),
    };
  });
}

// Answers that were given before, as a beginning: for a review.
export function givenOf(answers: readonly Answer[]): Givens {
  return Object.fromEntries(answers.map(({ question, choice, value, note, at_ms }) =>
    [question, { ...(choice !== null ? { choice } : value !== null ? { value } : {}), text: note?.text ?? "", ...(at_ms !== null ? { at_ms } : {}) }]));
}

// A suggestion, taken with one click; her own note stays.
export const taken = ({ choice, value }: Suggestion, before: Given | undefined): Given => ({
  ...(choice ? { choice } : typeof value === "number" ? { value } : {}), text: before?.text ?? "", ...(before?.at_ms !== undefined ? { at_ms: before.at_ms } : {}), suggested: true,
});

export const isTakenOver = (suggestion: Suggestion, given: Given | undefined): boolean =>
  given !== undefined && given.choice === (suggestion.choice ?? undefined) && given.value === (suggestion.value ?? undefined);

const two = (n: number): string => String(n).padStart(2, "0");

// A moment as a note says it: 02:05; before the agent came onto it −00:35.
export function momentText(ms: number): string {
  const s = Math.floor(Math.abs(ms) / 1000);
  return `${ms < 0 && s > 0 ? "−" : ""}${two(Math.floor(s / 60))}:${two(s % 60)}`;
}

// The moment is put before what is said of it; on a new line if there are words already.
export const withMoment = (text: string, ms: number): string => `${text.trimEnd()}${text.trim() ? "\n" : ""}${momentText(ms)} `;

// Calibration and second looks are for the evaluators alone.
export const isForAgents = ({ rater }: Pick<EvaluationRow, "rater">): boolean => rater !== "calibration" && rater !== "second";
// Before its time somebody closes it once everything has been said; what is for the evaluators alone once it is marked.
export const canBeClosed = (is: Pick<EvaluationRow, "rater" | "step">): boolean => is.step === "acknowledged" || is.step === "reviewed" || (is.step === "submitted" && !isForAgents(is));
