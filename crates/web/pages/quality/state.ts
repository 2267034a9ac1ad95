// The evaluation that is open: its form, its suggestions, the answers while they are given, the running mark, and the play-head over the
// contact's story.
import { computed, signal } from "@preact/signals";
import { keep, recall } from "../core/keep.ts";
import { readIfThere, once, read, whyNot } from "../marks/ask.ts";
import { givenOf, isAsked, leftOver, offeredOf, questionsOf, sentOf, taken, withMoment, type Given, type Givens } from "../marks/answers.ts";
import { lineOf } from "../marks/bands.ts";
import { Player } from "../marks/player.ts";
import type { Question, Replay, Scored, Suggestion, Told } from "../marks/shapes.ts";
import { account, may } from "./desk.ts";

// The server is asked for the running mark when the hand rests.
const SCORE_AFTER_MS = 250;

export const told = signal<Told | null>(null);
export const replay = signal<Replay | null>(null);
export const isReplayMissing = signal(false);
export const fault = signal("");
export const given = signal<Givens>({});
// The question that the number keys answer.
export const current = signal("");
export const running = signal<Scored | null>(null);
export const player = new Player(() => performance.now(), (ms, what) => setInterval(what, ms), (timer) => clearInterval(timer as ReturnType<typeof setInterval>));

export const evaluation = computed(() => told.value?.evaluation ?? null);
export const line = computed(() => (replay.value ? lineOf(replay.value, evaluation.value?.agent ?? "") : null));
// She marks a draft of her own; or she reviews what another marked.
export const isMarking = computed(() => evaluation.value?.step === "drafted" && evaluation.value.evaluator === account.value);
export const isReviewing = computed(() => evaluation.value?.step === "appealed" && may.review.value && evaluation.value.evaluator !== account.value);
// Whether other answers are given in the review.
export const isChanging = signal(false);
export const isAnswering = computed(() => isMarking.value || (isReviewing.value && isChanging.value));

export const asked = computed<Question[]>(() => {
  const form = told.value?.form;
  return form ? questionsOf(form).filter((question) => isAsked(form, question, given.value)) : [];
});
export const left = computed(() => (told.value ? leftOver(told.value.form, given.value) : { unanswered: [], unnoted: [] }));
export const suggestionFor = (question: string): Suggestion | undefined => told.value?.suggestions?.find((one) => one.question === question);

const draftOf = (id: string): Givens | null => recall<Givens>(`evaluation.${id}`, "sessionStorage");
let turn = 0;

export async function openEvaluation(id: string): Promise<void> {
  const own = ++turn;
  clear();
  try {
    const answer = await read<Told>(`/evaluations/${id}`);
    if (own !== turn) return;
    told.value = answer;
    // Answers are kept while they are given: a reload loses none.
    given.value = draftOf(id) ?? (answer.evaluation.step === "appealed" ? givenOf(answer.evaluation.answers ?? []) : {});
    current.value = asked.peek().find(({ id: question }) => !given.peek()[question])?.id ?? asked.peek()[0]?.id ?? "";
    if (isAnswering.peek()) score();
    await openReplay(answer.evaluation.contact);
  } catch (why) {
    if (own === turn) fault.value = whyNot(why);
  }
}

export async function openContact(contact: string): Promise<void> {
  turn += 1;
  clear();
  await openReplay(contact).catch((why: unknown) => void (fault.value = whyNot(why)));
}

async function openReplay(contact: string): Promise<void> {
  const own = turn;
  const answer = await readIfThere<Replay>(`/replay/${contact}`);
  if (own !== turn) return;
  replay.value = answer;
  isReplayMissing.value = answer === null;
  if (line.peek()) player.span(line.peek()!.from, line.peek()!.until);
}

export function clear(): void {
  player.pause();
  clearTimeout(timer);
  [told.value, replay.value, running.value] = [null, null, null];
  [fault.value, current.value] = ["", ""];
  [isReplayMissing.value, isChanging.value] = [false, false];
  given.value = {};
}

// ---- answering

function set(question: string, next: Given): void {
  given.value = { ...given.peek(), [question]: next };
  keep(`evaluation.${evaluation.peek()?.evaluation}`, given.peek(), "sessionStorage");
  score();
}

const blank: Given = { text: "" };

export function choose(question: string, choice: string): void {
  const { value: _, suggested: __, ...before } = given.peek()[question] ?? blank;
  set(question, { ...before, choice });
}

export function enter(question: string, value: number | undefined): void {
  const { choice: _, value: __, suggested: ___, ...before } = given.peek()[question] ?? blank;
  set(question, { ...before, ...(value !== undefined && Number.isFinite(value) ? { value } : {}) });
}

export const write = (question: string, text: string): void => set(question, { ...(given.peek()[question] ?? blank), text });

export function take(suggestion: Suggestion): void {
  set(suggestion.question, taken(suggestion, given.peek()[suggestion.question]));
  current.value = suggestion.question;
}

// The moment of the play-head, into the note.
export function noteMoment(question: string): void {
  const before = given.peek()[question] ?? blank;
  const at = player.at.peek();
  set(question, { ...before, text: withMoment(before.text, at), ...(before.at_ms === undefined && at >= 0 ? { at_ms: Math.round(at) } : {}) });
}

// The nth answer of the question at hand; then the next one.
export function chooseNth(n: number): void {
  const question = asked.peek().find(({ id }) => id === current.peek());
  const offered = question && offeredOf(question)[n - 1];
  if (!question || !offered) return;
  choose(question.id, offered.id);
  step(1);
}

export function step(by: 1 | -1): void {
  const list = asked.peek();
  const at = list.findIndex(({ id }) => id === current.peek());
  const next = list[Math.min(list.length - 1, Math.max(0, at + by))];
  if (next) current.value = next.id;
}

let timer: ReturnType<typeof setTimeout> | undefined;

function score(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void ask(), SCORE_AFTER_MS);
}

async function ask(): Promise<void> {
  const [own, form] = [turn, told.peek()?.form];
  if (!form) return;
  const answers = sentOf(form, given.peek());
  const answer = await once<{ scored: Scored | null }>("/score", { form: form.form, version: form.version, answers, so_far: true }).catch(() => null);
  // What cannot be marked yet has no running mark.
  if (own === turn) running.value = answer?.scored ?? null;
}

export const answersSent = () => (told.peek() ? sentOf(told.peek()!.form, given.peek()) : []);
export const forgetDraft = (): void => keep(`evaluation.${evaluation.peek()?.evaluation}`, null, "sessionStorage");
