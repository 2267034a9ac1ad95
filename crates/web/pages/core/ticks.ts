// One clock for everything that ticks: it moves once a second, on the second of the engine's time, and only while somebody looks.
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { Clock } from "./clock.ts";

export const now = signal(Date.now());

let clock: Clock | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

function tick(): void {
  clearTimeout(timer);
  if (!clock) return;
  const at = clock.now();
  now.value = at;
  if (document.hidden) return;
  // A fast clock ticks no more than four times a second all the same.
  const left = (1000 - (at % 1000)) / clock.scale;
  timer = setTimeout(tick, Math.max(left, clock.scale === 1 ? 20 : 250));
}

export function beginTicks(of: Clock): void {
  clock = of;
  document.addEventListener("visibilitychange", tick);
  tick();
}

// The time as it is this moment.
export const nowMs = (): number => clock?.now() ?? Date.now();

// A text that follows the clock; who draws it is told only when it reads differently.
export const ticking = (text: (now: number) => string): ReadonlySignal<string> => computed(() => text(now.value));
