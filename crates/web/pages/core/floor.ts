// The floor as an account may see it, kept by the link: rows of agents, queues and contacts. A gap is mended by asking anew.
import { signal } from "@preact/signals";
import type { AgentRow, ContactRow, FloorDelta, FloorSnapshot } from "./frames.ts";
import type { Link } from "./link.ts";
import { Rows } from "./rows.ts";

export interface QueueRow { queue: string; active: boolean; state: string; waiting: number; [field: string]: any }

// A floor made of frames, live or of the past: all rows once, in parts, and then those that changed.
export class FloorRows {
  readonly agents = new Rows<AgentRow>((row) => row.agent);
  readonly queues = new Rows<QueueRow>((row) => row.queue);
  readonly contacts = new Rows<ContactRow>((row) => row.contact);
  // Whether all of it has come.
  readonly isWhole = signal(false);
  // The engine's number that the rows stand at.
  readonly rowsSeq = signal(0);
  #parts: FloorSnapshot[] = [];

  // What had come of a snapshot is of no use any more.
  forgetParts(): void {
    this.#parts = [];
  }

  snapshot(frame: FloorSnapshot): void {
    if (frame.part === 1) this.#parts = [];
    this.#parts.push(frame);
    if (frame.part < frame.parts) return;
    const parts = this.#parts;
    this.#parts = [];
    this.agents.take(parts.flatMap((part) => part.agents), [], true);
    this.queues.take(parts.flatMap((part) => part.queues as QueueRow[]), [], true);
    this.contacts.take(parts.flatMap((part) => part.contacts), [], true);
    this.rowsSeq.value = frame.seq;
    this.isWhole.value = true;
  }

  // False if it does not follow from what was told before: there is a gap.
  delta(frame: FloorDelta): boolean {
    if (frame.prev !== this.rowsSeq.peek()) return false;
    this.agents.take(frame.agents);
    this.queues.take(frame.queues as QueueRow[]);
    this.contacts.take(frame.contacts, frame.gone);
    this.rowsSeq.value = frame.seq;
    return true;
  }
}

export class Floor extends FloorRows {
  constructor(readonly link: Link) {
    super();
    link.on("floor_snapshot", (frame) => this.snapshot(frame as unknown as FloorSnapshot));
    link.on("floor_delta", (frame) => {
      if (!this.delta(frame as unknown as FloorDelta)) this.link.forget();
    });
    void link.subscribe("floor.subscribe");
  }
}
