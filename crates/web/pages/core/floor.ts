// The floor as an account may see it, kept by the link: rows of agents, queues and contacts. A gap is mended by asking anew.
import { signal } from "@preact/signals";
import type { AgentRow, ContactRow, FloorDelta, FloorSnapshot } from "./frames.ts";
import type { Link } from "./link.ts";
import { Rows } from "./rows.ts";

export interface QueueRow { queue: string; active: boolean; state: string; waiting: number; [field: string]: any }

export class Floor {
  readonly agents = new Rows<AgentRow>((row) => row.agent);
  readonly queues = new Rows<QueueRow>((row) => row.queue);
  readonly contacts = new Rows<ContactRow>((row) => row.contact);
  // Whether all of it has come.
  readonly isWhole = signal(false);
  // The engine's number that it stands at.
  readonly seq = signal(0);
  #parts: FloorSnapshot[] = [];

  constructor(readonly link: Link) {
    link.on("floor_snapshot", (frame) => this.#whole(frame as unknown as FloorSnapshot));
    link.on("floor_delta", (frame) => this.#delta(frame as unknown as FloorDelta));
    void link.subscribe("floor.subscribe");
  }

  #whole(frame: FloorSnapshot): void {
    if (frame.part === 1) this.#parts = [];
    this.#parts.push(frame);
    if (frame.part < frame.parts) return;
    const parts = this.#parts;
    this.#parts = [];
    this.agents.take(parts.flatMap((part) => part.agents), [], true);
    this.queues.take(parts.flatMap((part) => part.queues as QueueRow[]), [], true);
    this.contacts.take(parts.flatMap((part) => part.contacts), [], true);
    this.seq.value = frame.seq;
    this.isWhole.value = true;
  }

  #delta(frame: FloorDelta): void {
    if (frame.prev !== this.seq.peek()) return this.link.forget();
    this.agents.take(frame.agents);
    this.queues.take(frame.queues as QueueRow[]);
    this.contacts.take(frame.contacts, frame.gone);
    this.seq.value = frame.seq;
  }
}
