// The engine's time, told from instants that the server says. Pages count from it and never from their own clock: a desk whose
// clock is wrong, or a rehearsal that runs sixty times faster, shows the same spans as everybody else.
//
// A told instant is never ahead of the engine's time when it arrives, and always a little behind it: by the way that it
// came, and on a quiet floor by the time since the last stamp. So of the samples of late the one that is furthest ahead is the best.

const SAMPLES_MAX = 64;
// A sample is believed for so long; then clocks may have drifted apart.
const SAMPLE_LIFE_MS = 600_000;

export class Clock {
  scale = 1;
  #samples: { ahead: number; on: number }[] = [];
  #ahead: number;
  #local: () => number;

  // `local` is a clock in ms that never steps; `wall` is what is believed until the server has said anything.
  constructor(local: () => number, wall: number) {
    this.#local = local;
    this.#ahead = wall - local();
  }

  // The engine's time in ms since 1970.
  now(): number {
    return this.#local() * this.scale + this.#ahead;
  }

  setScale(scale: number): void {
    const wanted = Math.max(1, Math.floor(scale) || 1);
    if (wanted === this.scale) return;
    const now = this.now();
    this.scale = wanted;
    this.#ahead = now - this.#local() * wanted;
    this.#samples = [];
  }

  // Takes an instant from the server in; `sentAt` is when what it answers was asked (local ms), if that is known.
  tell(at: string | number, sentAt?: number): void {
    const told = typeof at === "number" ? at : Date.parse(at);
    if (!Number.isFinite(told)) return;
    const on = this.#local();
    // Half of the way there and back is the way back; a quarter of it is believed, so that it is never ahead.
    const way = sentAt === undefined ? 0 : Math.max(0, on - sentAt) / 4;
    this.#samples.push({ ahead: told - (on - way) * this.scale, on });
    this.#samples = this.#samples.filter((sample) => sample.on > on - SAMPLE_LIFE_MS).slice(-SAMPLES_MAX);
    this.#ahead = Math.max(...this.#samples.map((sample) => sample.ahead));
  }
}
