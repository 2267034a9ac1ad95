// What ticks: a text node that follows the one clock and is written only when it reads differently.
import { useComputed } from "@preact/signals";
import { now } from "../core/ticks.ts";
import { clockOf, leftOf, timeOf } from "../core/spans.ts";
import { language, t } from "../core/words.ts";

// How long something has been so.
export function Since({ at, class: name }: { at: string | number; class?: string }) {
  const from = typeof at === "number" ? at : Date.parse(at);
  const text = useComputed(() => clockOf(now.value - from));
  return <span class={`tick ${name ?? ""}`}>{text}</span>;
}

// How long is left; with what is over, if anything, said in minus.
export function Until({ at, class: name, over = false }: { at: string | number; class?: string; over?: boolean }) {
  const to = typeof at === "number" ? at : Date.parse(at);
  const text = useComputed(() => (over && now.value > to ? clockOf(to - now.value, true) : leftOf(to - now.value)));
  return <span class={`tick ${name ?? ""}`}>{text}</span>;
}

// A bar that empties until an instant. Its width follows the clock; the number stands beside it.
export function Drain({ from, to, label }: { from: number; to: number; label: string }) {
  const share = useComputed(() => Math.round(100 * Math.min(1, Math.max(0, (to - now.value) / Math.max(1, to - from)))));
  return <progress class="drain" max={100} value={share} aria-label={label} />;
}

export function WallClock() {
  const text = useComputed(() => timeOf(now.value, language.value));
  return <time class="tick wall-clock" title={t("clock-title")}>{text}</time>;
}
