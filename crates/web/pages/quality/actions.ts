// Everything that a key can do at this desk; buttons run the same. Words for each: `act-…`, for each scope: `keys-scope-…`.
import { session } from "../core/session.ts";
import { isSheetOpen, keysOf } from "../ui/keys.tsx";
import { go, partsShown, place } from "./desk.ts";
import { asked, chooseNth, current, evaluation, isAnswering, noteMoment, player, replay, step } from "./state.ts";
import { NA, offeredOf } from "../marks/answers.ts";

export const keys = keysOf(session.peek()?.account ?? "");
const JUMP_MS = 10_000;
export const NUDGE_MS = 2_000;

const plays = (): boolean => replay.peek() !== null;
// On a button the space bar presses it, and among choices and on sliders the arrows move: those keep their keys.
const isFree = (of = "input"): boolean => !document.activeElement?.closest(`button, a, summary, ${of}, [role=tab], [role=menu]`);
const answers = (): boolean => isAnswering.peek();
const focus = (selector: string): void => document.querySelector<HTMLElement>(selector)?.focus();

// The answer that says that a question does not apply.
function chooseNa(): void {
  const question = asked.peek().find(({ id }) => id === current.peek());
  const at = question ? offeredOf(question).findIndex(({ id }) => id === NA) : -1;
  if (at >= 0) chooseNth(at + 1);
}

function toNote(): void {
  noteMoment(current.peek());
  // The field stands when the answer is drawn.
  requestAnimationFrame(() => focus(`[data-note="${CSS.escape(current.peek())}"]`));
}

keys.add(
  { id: "play", key: "Space", scope: "replay", can: () => plays() && isFree("input:not([type=range])"), run: () => player.toggle() },
  { id: "pause", key: "K", scope: "replay", can: plays, run: () => player.toggle() },
  { id: "back", key: "J", scope: "replay", can: plays, run: () => player.by(-JUMP_MS) },
  { id: "forth", key: "L", scope: "replay", can: plays, run: () => player.by(JUMP_MS) },
  { id: "nudge-back", key: "ArrowLeft", scope: "replay", can: () => plays() && isFree(), run: () => player.by(-NUDGE_MS) },
  { id: "nudge-forth", key: "ArrowRight", scope: "replay", can: () => plays() && isFree(), run: () => player.by(NUDGE_MS) },
  { id: "slower", key: "<", scope: "replay", can: plays, run: () => player.shift(-1) },
  { id: "faster", key: ">", scope: "replay", can: plays, run: () => player.shift(1) },
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => ({ id: `answer-${n}`, key: String(n), scope: "card", can: answers, run: () => chooseNth(n) })),
  { id: "not-applicable", key: "0", scope: "card", can: answers, run: chooseNa },
  { id: "next-question", key: ".", scope: "card", can: answers, run: () => step(1) },
  { id: "last-question", key: ",", scope: "card", can: answers, run: () => step(-1) },
  { id: "note-moment", key: "M", scope: "card", can: answers, run: toNote },
  { id: "submit", key: "Alt+S", scope: "card", can: () => document.querySelector("#submit:not(:disabled)") !== null, run: () => document.querySelector<HTMLElement>("#submit")?.click() },
  ...partsShown().map((part, at) => ({ id: `to-${part}`, key: `Alt+${at + 1}`, scope: "desk", run: () => go(part) })),
  { id: "to-list", key: "Alt+B", scope: "desk", can: () => !("part" in place.peek()), run: () => go(evaluation.peek() ? "evaluations" : "picks") },
  { id: "sheet", key: "?", scope: "always", run: () => void (isSheetOpen.value = !isSheetOpen.peek()) },
);
