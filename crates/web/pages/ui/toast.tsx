// What is said in passing. It stays long enough to be read, is read out, and can be sent away; what is wrong stays until it is.
import { signal } from "@preact/signals";
import { t } from "../core/words.ts";
import { Icon } from "./icons.tsx";

export interface Toast { id: number; kind: "good" | "bad" | "plain"; text: string }

const LIFE_MS = 6_000;
const TOASTS_MAX = 5;
const toasts = signal<Toast[]>([]);
let last = 0;

export function toast(text: string, kind: Toast["kind"] = "plain"): void {
  const id = ++last;
  toasts.value = [...toasts.value.filter((one) => one.text !== text), { id, kind, text }].slice(-TOASTS_MAX);
  if (kind !== "bad") setTimeout(() => dismiss(id), LIFE_MS);
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, kind, text }) => (
        <div key={id} class={`toast ${kind}`}>
          <Icon is={kind === "good" ? "check" : kind === "bad" ? "warn" : "message"} />
          <span>{text}</span>
          <button type="button" class="plain small" aria-label={t("close")} onClick={() => dismiss(id)}><Icon is="cross" /></button>
        </div>
      ))}
    </div>
  );
}
