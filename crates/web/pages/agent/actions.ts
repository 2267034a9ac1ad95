// Everything that a key can do at this desk; buttons run the same. Words for each: `act-…`, for each scope: `keys-scope-…`.
import { signal } from "@preact/signals";
import { session } from "../core/session.ts";
import { isSheetOpen, keysOf } from "../ui/keys.tsx";
import { chosen as reading, isOpen as isInboxOpen, isThere as hasInbox } from "./inbox.ts";
import { act, agent, chosen, desk, hands, isDoing, lacks, offers, talking, wrapping } from "./state.ts";

export type Open = null | "transfer" | "consult" | "reject" | "break" | "devices" | "sign-out";
export const open = signal<Open>(null);
export const isStateMenuOpen = signal(false);
// Codes of the wrap-up before her, for the number keys.
export const codes = signal<{ code: string; choose: () => void }[]>([]);
export const complete = signal<(() => void) | null>(null);

export const keys = keysOf(session.peek()?.account ?? "");
const here = (): boolean => agent.peek() !== null && agent.peek()?.state !== "signed_out";
const owner = () => (talking.peek()?.role === "owner" ? talking.peek() : null);
const focus = (selector: string): void => document.querySelector<HTMLElement>(selector)?.focus();
// So that the caller is not lost to a double press.
const THROTTLE_MS = 1_000;

export const canMute = (): boolean => talking.peek() !== null && !lacks("contact.mute") && !lacks("contact.unmute");
export const canResume = (): boolean => owner()?.state === "held";

keys.add(
  { id: "accept", key: "Alt+A", scope: "offer", can: () => offers.peek().length > 0, run: () => void act("offer.accept", { offer: offers.peek()[0]!.offer?.offer }) },
  { id: "reject", key: "Alt+R", scope: "offer", throttleMs: THROTTLE_MS, can: () => offers.peek().length > 0, run: () => void (open.value = "reject") },
  { id: "hold", key: "Alt+H", scope: "contact", can: () => owner() !== null && !owner()!.dialling,
    run: () => void act(canResume() ? "contact.resume" : "contact.hold", { contact: owner()!.contact }) },
  { id: "mute", key: "Alt+M", scope: "contact", can: canMute, run: () => void act(talking.peek()!.muted ? "contact.unmute" : "contact.mute", { contact: talking.peek()!.contact }) },
  { id: "transfer", key: "Alt+T", scope: "contact", can: () => owner() !== null, run: () => void (open.value = "transfer") },
  { id: "consult", key: "Alt+C", scope: "contact", can: () => owner() !== null && owner()!.asked === null && !owner()!.others.length, run: () => void (open.value = "consult") },
  { id: "conference", key: "Alt+J", scope: "contact", can: () => owner()?.others.some((other) => other.role === "consulted") ?? false, run: () => void act("contact.conference", { contact: owner()!.contact }) },
  { id: "leave", key: "Alt+L", scope: "contact", throttleMs: THROTTLE_MS, can: () => (talking.peek()?.others.length ?? 0) > 0, run: () => void act("contact.leave", { contact: talking.peek()!.contact }) },
  { id: "end", key: "Alt+X", scope: "contact", throttleMs: THROTTLE_MS, can: () => owner() !== null, run: () => void act("contact.end", { contact: owner()!.contact }) },
  { id: "complete", key: "Alt+W", scope: "wrapup", throttleMs: THROTTLE_MS, can: () => wrapping.peek() !== null && complete.peek() !== null, run: () => complete.peek()?.() },
  { id: "extend", key: "Alt+G", scope: "wrapup", can: () => wrapping.peek() !== null && !isDoing("wrapup.extend"), run: () => void act("wrapup.extend", { contact: wrapping.peek()!.contact }) },
  { id: "note", key: "Alt+N", scope: "wrapup", can: () => document.querySelector("#note") !== null, run: () => focus("#note") },
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => ({ id: `code-${n}`, key: String(n), scope: "wrapup", can: () => wrapping.peek() !== null && codes.peek().length >= n, run: () => codes.peek()[n - 1]?.choose() })),
  { id: "ready", key: "Alt+Y", scope: "desk", can: here, run: () => void act("agent.set_state", { state: "ready" }) },
  { id: "state", key: "Alt+S", scope: "desk", can: here, run: () => void (isStateMenuOpen.value = !isStateMenuOpen.peek()) },
  { id: "break", key: "Alt+B", scope: "desk", can: here, run: () => focus("#breaks button:not(:disabled)") },
  { id: "hand", key: "Alt+U", scope: "desk", can: here, run: () => void act("agent.raise_hand", { raised: !agent.peek()?.hand_raised }) },
  { id: "next", key: "Alt+Q", scope: "desk", can: () => hands.peek().length > 1, run: next },
  { id: "messages", key: "Alt+K", scope: "desk", can: () => desk.peek().messages.length > 0, run: () => focus("#messages button") },
  { id: "script", key: "Alt+P", scope: "desk", can: () => document.querySelector("#script") !== null, run: () => focus("#script") },
  { id: "inbox", key: "Alt+I", scope: "desk", can: () => hasInbox.peek(), run: openInbox },
  { id: "sheet", key: "?", scope: "always", run: () => void (isSheetOpen.value = !isSheetOpen.peek()) },
);

function openInbox(): void {
  reading.value = null;
  isInboxOpen.value = true;
}

function next(): void {
  const list = hands.peek();
  const at = list.findIndex((card) => card.id === (chosen.peek() ?? list[0]?.id));
  chosen.value = list[(at + 1) % list.length]?.id ?? null;
}
