// A play-head over a span of time: played at a speed, sought, stopped at the end. It knows no sound yet; a recording will follow it.
import { signal } from "@preact/signals";

export const SPEEDS = [0.5, 1, 1.5, 2, 4, 8];
export const SPEED_MAX = 100;
export const SPEED_MIN = 0.1;
// The head is drawn so often while it moves.
const FRAME_MS = 100;

export class Player {
  readonly at = signal(0);
  readonly speed = signal(1);
  readonly isPlaying = signal(false);
  from = 0;
  until = 0;
  #timer: unknown = undefined;
  #last = 0;

  // `local` is a clock in ms that never steps; `every` calls until it is told to end.
  constructor(readonly local: () => number, readonly every: (ms: number, what: () => void) => unknown, readonly end: (timer: unknown) => void) {}

  span(from: number, until: number): void {
    [this.from, this.until] = [from, until];
    this.seek(Math.max(from, Math.min(0, until)));
  }

  seek(at: number): void {
    this.at.value = Math.min(this.until, Math.max(this.from, Math.round(at)));
  }

  by(ms: number): void {
    this.seek(this.at.peek() + ms);
  }

  setSpeed(speed: number): void {
    if (Number.isFinite(speed)) this.speed.value = Math.min(SPEED_MAX, Math.max(SPEED_MIN, speed));
  }

  // The next of the named speeds, faster or slower.
  shift(by: 1 | -1): void {
    const now = this.speed.peek();
    const next = by > 0 ? SPEEDS.find((speed) => speed > now) : SPEEDS.findLast((speed) => speed < now);
    if (next !== undefined) this.speed.value = next;
  }

  toggle(): void {
    if (this.isPlaying.peek()) return this.pause();
    if (this.at.peek() >= this.until) this.seek(this.from);
    this.isPlaying.value = true;
    this.#last = this.local();
    this.#timer = this.every(FRAME_MS, () => this.#move());
  }

  pause(): void {
    this.end(this.#timer);
    this.isPlaying.value = false;
  }

  #move(): void {
    const now = this.local();
    this.by((now - this.#last) * this.speed.peek());
    this.#last = now;
    if (this.at.peek() >= this.until) this.pause();
  }
}
