// One tab of this browser is the desk; others say so and can take it over. Where the browser has locks (a secure address) a lock
// says who it is; elsewhere tabs ask each other. Two machines are the server's business: it closes the older link with 4002.

export type Taken = "mine" | "elsewhere";

const ANSWER_MS_MAX = 300;

export class Tab {
  #channel: BroadcastChannel | null = null;
  #give: (() => void) | null = null;
  #mine = false;
  readonly #id = Math.random().toString(36).slice(2);

  // `lost` is told when another tab takes it over.
  constructor(readonly name: string, readonly lost: () => void) {
    if (typeof BroadcastChannel !== "undefined") {
      this.#channel = new BroadcastChannel(`cordboard.${name}`);
      this.#channel.onmessage = ({ data }) => {
        if (data?.from === this.#id) return;
        if (data?.say === "who" && this.#mine) this.#channel?.postMessage({ say: "mine", from: this.#id });
        if (data?.say === "take" && this.#mine) this.#yield();
      };
    }
  }

  // Takes it if nobody has it, or from whoever has.
  async take(byForce = false): Promise<Taken> {
    if (navigator.locks) return this.#lock(byForce);
    if (!byForce && (await this.#isElsewhere())) return "elsewhere";
    this.#channel?.postMessage({ say: "take", from: this.#id });
    this.#mine = true;
    return "mine";
  }

  #lock(steal: boolean): Promise<Taken> {
    return new Promise((resolve) => {
      const held = navigator.locks.request(`cordboard.${this.name}`, steal ? { steal } : { ifAvailable: true }, (lock) => {
        if (!lock) return resolve("elsewhere");
        this.#mine = true;
        resolve("mine");
        return new Promise<void>((give) => (this.#give = give));
      });
      // A stolen lock ends with a fault.
      held.catch(() => this.#mine && this.#yield());
    });
  }

  #yield(): void {
    this.#mine = false;
    this.#give?.();
    this.#give = null;
    this.lost();
  }

  #isElsewhere(): Promise<boolean> {
    const channel = this.#channel;
    if (!channel) return Promise.resolve(false);
    return new Promise((resolve) => {
      const heard = ({ data }: MessageEvent) => data?.say === "mine" && done(true);
      const timer = setTimeout(() => done(false), ANSWER_MS_MAX);
      const done = (is: boolean) => {
        clearTimeout(timer);
        channel.removeEventListener("message", heard);
        resolve(is);
      };
      channel.addEventListener("message", heard);
      channel.postMessage({ say: "who", from: this.#id });
    });
  }
}
