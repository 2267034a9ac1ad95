// The link of a page. It opens itself for ever; goes on where it was without a gap, or from a snapshot; counts the engine's
// time from what the server says; and carries each command out once, whatever becomes of the line, the tab or the page.
//
//   idle ──▶ connecting ──▶ live ──▶ lost ──▶ connecting …
//                │            └────▶ over      the server said that it is of no use to come back by itself: why says it
//                └─────────────────▶ over
//
// It knows frames and numbers. What is in an event is the business of whoever listens.
import { signal } from "@preact/signals";
import { Clock } from "./clock.ts";
import type { Ack, Ev, Nack, OtherFrame, Pong, Snapshot, Welcome } from "./frames.ts";

export const PROTOCOL = "cordboard.v1.json";
const RETRY_MS_MIN = 400;
const RETRY_MS_MAX = 15_000;
// Without a word for so long after a ping the line is dead, whatever the browser believes.
const SILENCE_MS_MAX = 12_000;
// After sleep, or when the network is said to be back, an answer is awaited for so long.
const PROBE_MS_MAX = 3_000;
const HELLO_MS_MAX = 8_000;
// A beat that comes so much late says that the tab, or the machine, has slept. A hidden tab's timers are slowed to one a minute.
const SLEPT_MS_MIN = 8_000;
const SLEPT_HIDDEN_MS_MIN = 90_000;
const PULSE_MS = 1_000;
// A command is not sent again when it is older: what it was meant for is over.
export const COMMAND_LIFE_MS = 60_000;
const COMMANDS_MAX = 200;

export type Phase = "idle" | "connecting" | "live" | "lost" | "over";
// Why the line is as it is. `close-…` is a close code of the server, `no-token` a refused ticket.
export interface Why { code: string; said: string }

export interface SocketLike {
  readonly readyState?: number;
  send(text: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
}

// The world, as far as a link needs it; tests have their own.
export interface World {
  open(): SocketLike;
  // A single-use ticket; throws `TicketRefused` if the token is good no more.
  ticket(): Promise<string>;
  version(): Promise<{ now: string; clock_scale: number }>;
  // ms of a clock that never steps.
  local(): number;
  wall(): number;
  after(ms: number, what: () => void): unknown;
  cancel(timer: unknown): void;
  chance(): number;
  // Whether nobody looks at the page.
  hidden(): boolean;
  // Commands on their way, kept beyond a reload.
  keep(commands: Pending[]): void;
  recall(): Pending[];
}

export class TicketRefused extends Error {}

export interface Pending { id: string; cmd: string; args: Record<string, unknown>; at: number }

export type Outcome =
  | { done: true; seq: number }
  | { done: false; code: string; message: string; retryable: boolean };

// Closings after which coming back by itself would be wrong.
const FINAL = new Map<number, string>([[4001, "close-4001"], [4002, "close-4002"], [4005, "close-4005"]]);
const KNOWN = new Set([1001, 1013, 4001, 4002, 4003, 4004, 4005, 4006]);

export class Link {
  readonly phase = signal<Phase>("idle");
  readonly why = signal<Why | null>(null);
  // Commands that wait for their answer.
  readonly waiting = signal(0);
  // How long the page slept, when it last did, until that is taken note of.
  readonly slept = signal(0);
  readonly clock: Clock;
  session = "";
  // The last event or snapshot taken in.
  last: number | null = null;
  heardAt = 0;
  lostAt: number | null = null;

  #world: World;
  #socket: SocketLike | null = null;
  #retry = RETRY_MS_MIN;
  #timer: unknown = null;
  #beat: unknown = null;
  #pulse: unknown = null;
  #beatMs = 5_000;
  #beatDue = 0;
  #turn = 0;
  #pings = new Map<string, number>();
  #answers = new Map<string, (outcome: Outcome) => void>();
  #pending: Pending[];
  #subscriptions = new Map<string, Record<string, unknown>>();
  #listeners = new Map<string, Set<(frame: any) => void>>();
  #orphan: ((command: Pending, outcome: Outcome) => void) | null = null;

  constructor(world: World) {
    this.#world = world;
    this.clock = new Clock(() => world.local(), world.wall());
    this.#pending = world.recall();
    this.waiting.value = this.#pending.length;
  }

  // Told of each frame of that kind: `snapshot`, `ev`, `welcome`, or any other name.
  on(kind: "snapshot", told: (frame: Snapshot) => void): () => void;
  on(kind: "ev", told: (frame: Ev) => void): () => void;
  on(kind: "welcome", told: (frame: Welcome) => void): () => void;
  on(kind: string, told: (frame: OtherFrame) => void): () => void;
  on(kind: string, told: (frame: any) => void): () => void {
    const told_of = this.#listeners.get(kind) ?? new Set();
    this.#listeners.set(kind, told_of.add(told));
    return () => void told_of.delete(told);
  }

  // Told of the outcome of commands that were sent by this page before it was loaded anew.
  onOrphan(told: (command: Pending, outcome: Outcome) => void): void {
    this.#orphan = told;
  }

  start(): void {
    if (this.phase.peek() === "connecting" || this.phase.peek() === "live") return;
    this.#world.cancel(this.#timer);
    this.#retry = RETRY_MS_MIN;
    if (this.#pulse === null) this.#feelPulse();
    void this.#open();
  }

  // Ends it, by this page's own will.
  stop(code: string): void {
    this.#end({ code, said: "" }, true);
  }

  // Asks for a topic, now and whenever the line is new; frames of it come by their own names.
  subscribe(cmd: string, args: Record<string, unknown> = {}): Promise<Outcome> {
    this.#subscriptions.set(cmd, args);
    return this.phase.peek() === "live" ? this.#ask(cmd, args) : Promise.resolve({ done: true, seq: 0 });
  }

  unsubscribe(cmd: string): void {
    this.#subscriptions.delete(cmd);
  }

  // A command, carried out once: it is kept until it is answered, and said again under its id when the line is new.
  command(cmd: string, args: Record<string, unknown>): Promise<Outcome> {
    if (this.#pending.length >= COMMANDS_MAX) {
      return Promise.resolve({ done: false, code: "too_many_waiting", message: "", retryable: true });
    }
    const command = { id: this.#newId("c"), cmd, args, at: this.#world.wall() };
    this.#setPending([...this.#pending, command]);
    const answer = new Promise<Outcome>((resolve) => this.#answers.set(command.id, resolve));
    if (this.phase.peek() === "live") this.#say({ t: "cmd", id: command.id, cmd, args });
    return answer;
  }

  // Something happened to the machine, the tab or the network: is the line still there?
  probe(): void {
    const phase = this.phase.peek();
    if (phase === "lost") {
      this.#world.cancel(this.#timer);
      this.#retry = RETRY_MS_MIN;
      void this.#open();
    } else if (phase === "live") {
      const heard = this.heardAt;
      const turn = this.#turn;
      this.#ping();
      this.#world.after(PROBE_MS_MAX, () => {
        if (turn === this.#turn && this.phase.peek() === "live" && this.heardAt === heard) this.#end({ code: "silent", said: "" });
      });
    }
  }

  // Since when nothing was heard, in ms.
  silence(): number {
    return this.#world.local() - this.heardAt;
  }

  async #open(): Promise<void> {
    const turn = ++this.#turn;
    this.phase.value = "connecting";
    try {
      const asked = this.#world.local();
      const version = await this.#world.version();
      if (turn !== this.#turn) return;
      this.clock.setScale(version.clock_scale);
      this.clock.tell(version.now, asked);
      const ticket = await this.#world.ticket();
      if (turn !== this.#turn) return;
      this.#talk(ticket, turn);
    } catch (fault) {
      if (turn !== this.#turn) return;
      if (fault instanceof TicketRefused) this.#end({ code: "no-token", said: fault.message }, true);
      else this.#end({ code: "no-network", said: String(fault) });
    }
  }

  #talk(ticket: string, turn: number): void {
    const socket = this.#world.open();
    this.#socket = socket;
    const mine = () => turn === this.#turn;
    const patience = this.#world.after(HELLO_MS_MAX, () => mine() && this.phase.peek() === "connecting" && this.#end({ code: "silent", said: "" }));
    socket.onopen = () => {
      const hello: Record<string, unknown> = { t: "hello", id: "hello", ticket };
      if (this.last !== null) hello["resume"] = this.last;
      if (mine()) this.#say(hello);
    };
    socket.onclose = ({ code, reason }) => {
      this.#world.cancel(patience);
      if (!mine()) return;
      const final = FINAL.get(code);
      this.#end({ code: final ?? (KNOWN.has(code) ? `close-${code}` : "no-network"), said: reason }, final !== undefined);
    };
    socket.onerror = () => {};
    socket.onmessage = ({ data }) => {
      if (!mine()) return;
      this.heardAt = this.#world.local();
      let frame: OtherFrame;
      try {
        frame = JSON.parse(String(data)) as OtherFrame;
      } catch {
        return this.#end({ code: "gap", said: "" });
      }
      this.#take(frame);
    };
  }

  #take(frame: OtherFrame): void {
    switch (frame.t) {
      case "welcome":
        return this.#welcome(frame as Welcome);
      case "snapshot":
        this.last = (frame as Snapshot).seq;
        return this.#tell(frame);
      case "ev": {
        const ev = frame as Ev;
        this.clock.tell(ev.at);
        // Events that were asked for have a chain of their own.
        if (ev.topic === undefined) {
          if (ev.prev !== this.last) return this.forget();
          this.last = ev.seq;
        }
        return this.#tell(frame);
      }
      case "pong": {
        const pong = frame as Pong;
        const asked = pong.id === undefined ? undefined : this.#pings.get(pong.id);
        if (pong.id !== undefined) this.#pings.delete(pong.id);
        this.clock.tell(pong.at, asked);
        return this.#tell(frame);
      }
      case "ack": {
        const { id, seq } = frame as Ack;
        return this.#answer(id, { done: true, seq });
      }
      case "nack": {
        const { id, code, message, retryable } = frame as Nack;
        if (id !== null) this.#answer(id, { done: false, code, message, retryable });
        return;
      }
      default:
        this.#tell(frame);
    }
  }

  // What this page knows may not be true: everything is asked for anew.
  forget(): void {
    this.last = null;
    this.#end({ code: "gap", said: "" });
  }

  #welcome(welcome: Welcome): void {
    this.session = welcome.session;
    this.#beatMs = Math.max(1_000, welcome.heartbeat_ms);
    this.#retry = RETRY_MS_MIN;
    if (!welcome.resumed) this.last = null;
    this.#pings.clear();
    this.lostAt = null;
    this.why.value = null;
    this.phase.value = "live";
    this.#tell(welcome);
    for (const [cmd, args] of this.#subscriptions) void this.#ask(cmd, args);
    const now = this.#world.wall();
    for (const command of this.#pending) {
      if (now - command.at > COMMAND_LIFE_MS) this.#answer(command.id, { done: false, code: "too_late", message: "", retryable: false });
      else this.#say({ t: "cmd", id: command.id, cmd: command.cmd, args: command.args });
    }
    this.#beatDue = this.#world.local() + this.#beatMs;
    this.#beatOn();
  }

  #beatOn(): void {
    this.#world.cancel(this.#beat);
    this.#beat = this.#world.after(this.#beatMs, () => {
      const late = this.#world.local() - this.#beatDue;
      this.#beatDue = this.#world.local() + this.#beatMs;
      if (late > SLEPT_MS_MIN) {
        // Nothing could be heard while it slept.
        this.probe();
      } else if (this.silence() > SILENCE_MS_MAX) {
        return this.#end({ code: "silent", said: "" });
      } else {
        this.#ping();
      }
      this.#beatOn();
    });
  }

  // Sleep is felt whatever becomes of the line: by a pulse that comes late.
  #feelPulse(): void {
    const due = this.#world.local() + PULSE_MS;
    this.#pulse = this.#world.after(PULSE_MS, () => {
      const late = this.#world.local() - due;
      if (late > (this.#world.hidden() ? SLEPT_HIDDEN_MS_MIN : SLEPT_MS_MIN)) {
        this.slept.value = late + PULSE_MS;
        this.probe();
      }
      this.#feelPulse();
    });
  }

  #ping(): void {
    const id = this.#newId("p");
    this.#pings.set(id, this.#world.local());
    this.#say({ t: "ping", id });
  }

  // Asks for something that is no act: it is not kept.
  #ask(cmd: string, args: Record<string, unknown>): Promise<Outcome> {
    const id = this.#newId("s");
    const answer = new Promise<Outcome>((resolve) => this.#answers.set(id, resolve));
    this.#say({ t: "cmd", id, cmd, args });
    return answer;
  }

  #answer(id: string, outcome: Outcome): void {
    const command = this.#pending.find((pending) => pending.id === id);
    if (command) this.#setPending(this.#pending.filter((pending) => pending.id !== id));
    const told = this.#answers.get(id);
    this.#answers.delete(id);
    if (told) told(outcome);
    else if (command) this.#orphan?.(command, outcome);
  }

  #setPending(commands: Pending[]): void {
    this.#pending = commands;
    this.#world.keep(commands);
    this.waiting.value = commands.length;
  }

  #end(why: Why, over = false): void {
    const turn = ++this.#turn;
    this.#world.cancel(this.#beat);
    this.#world.cancel(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    if (this.lostAt === null) this.lostAt = this.clock.now();
    this.why.value = why;
    this.phase.value = over ? "over" : "lost";
    try {
      socket?.close();
    } catch {
      // It was closed already.
    }
    if (over) return;
    const wait = this.#retry * (0.5 + this.#world.chance() / 2);
    this.#retry = Math.min(this.#retry * 2, RETRY_MS_MAX);
    this.#timer = this.#world.after(wait, () => turn === this.#turn && void this.#open());
  }

  #say(frame: object): void {
    const socket = this.#socket;
    if (!socket || (socket.readyState ?? 1) !== 1) return;
    try {
      socket.send(JSON.stringify(frame));
    } catch {
      // The line is about to say that it is closed.
    }
  }

  #tell(frame: OtherFrame): void {
    for (const told of this.#listeners.get(frame.t) ?? []) told(frame);
  }

  #newId(kind: string): string {
    const part = () => Math.floor(this.#world.chance() * 36 ** 6).toString(36).padStart(6, "0");
    return `${kind}-${this.#world.wall().toString(36)}-${part()}${part()}`;
  }
}
