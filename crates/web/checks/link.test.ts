import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMAND_LIFE_MS, Link, TicketRefused, type Pending, type SocketLike, type World } from "../pages/core/link.ts";

// A world of its own: time moves when told, sockets are held in hand.
class Bench implements World {
  time = 0;
  sockets: Wire[] = [];
  kept: Pending[] = [];
  tickets: () => Promise<string> = () => Promise.resolve("ticket");
  scale = 1;
  #timers: { at: number; what: () => void; id: number }[] = [];
  #ids = 0;
  constructor(public chanceOf = 0.5) {}
  open(): SocketLike {
    const wire = new Wire();
    this.sockets.push(wire);
    return wire;
  }
  ticket = () => this.tickets();
  version = () => Promise.resolve({ now: new Date(1_000_000 + this.time).toISOString(), clock_scale: this.scale });
  local = () => this.time;
  wall = () => 1_000_000 + this.time;
  after(ms: number, what: () => void) {
    const id = ++this.#ids;
    this.#timers.push({ at: this.time + ms, what, id });
    return id;
  }
  cancel(id: unknown) {
    this.#timers = this.#timers.filter((timer) => timer.id !== id);
  }
  chance = () => (this.chanceOf = (this.chanceOf * 7919 + 0.1234) % 1);
  hidden = () => false;
  keep(commands: Pending[]) {
    this.kept = structuredClone(commands);
  }
  recall = () => structuredClone(this.kept);
  async pass(ms: number, asleep = false) {
    const end = this.time + ms;
    for (;;) {
      const next = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.time = asleep ? end : Math.max(this.time, next.at);
      next.what();
      await settle();
    }
    this.time = end;
    await settle();
  }
  get wire(): Wire {
    return this.sockets.at(-1)!;
  }
}

class Wire implements SocketLike {
  said: any[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  send(text: string) {
    if (this.closed) throw new Error("closed");
    this.said.push(JSON.parse(text));
  }
  close() {
    this.closed = true;
  }
  hear(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  drop(code = 1006) {
    this.closed = true;
    this.onclose?.({ code, reason: "" });
  }
  welcome(resumed = false, seq = 10) {
    this.onopen?.();
    this.hear({ t: "welcome", id: "hello", session: "s-1", seq, resumed, lease_ms: 15_000, heartbeat_ms: 5_000 });
    if (!resumed) this.hear({ t: "snapshot", seq, agent: null, contacts: [] });
  }
  get commands() {
    return this.said.filter((frame) => frame.t === "cmd");
  }
}

const settle = async () => {
  for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
};
const at = (seconds: number) => new Date(1_000_000 + seconds * 1000).toISOString();
const ev = (seq: number, prev: number, more: object = {}) => ({ t: "ev", seq, prev, at: at(0), ev: "agent.ready", actor: { kind: "agent", id: "1" }, data: {}, ...more });

async function live(bench = new Bench()) {
  const link = new Link(bench);
  const heard: any[] = [];
  for (const kind of ["snapshot", "ev"]) link.on(kind, (frame) => heard.push(frame));
  link.start();
  await settle();
  bench.wire.welcome();
  return { bench, link, heard };
}

test("after a cut it says where it was, and takes what it missed in order", async () => {
  const { bench, link, heard } = await live();
  bench.wire.hear(ev(12, 10));
  bench.wire.drop();
  assert.equal(link.phase.value, "lost");
  assert.equal(link.why.value?.code, "no-network");
  await bench.pass(1_000);
  assert.equal(bench.sockets.length, 2);
  bench.wire.onopen?.();
  assert.deepEqual(bench.wire.said[0], { t: "hello", id: "hello", ticket: "ticket", resume: 12 });
  bench.wire.hear({ t: "welcome", id: "hello", session: "s-2", seq: 20, resumed: true, lease_ms: 15_000, heartbeat_ms: 5_000 });
  bench.wire.hear(ev(15, 12));
  bench.wire.hear(ev(19, 15));
  assert.deepEqual(heard.map((frame) => frame.seq), [10, 12, 15, 19]);
  assert.equal(link.phase.value, "live");
  assert.equal(link.why.value, null);
});

test("a gap is never passed over: it asks for everything", async () => {
  const { bench, link, heard } = await live();
  bench.wire.hear(ev(15, 13));
  assert.equal(link.why.value?.code, "gap");
  assert.deepEqual(heard.map((frame) => frame.seq), [10], "what came after the gap was not taken");
  await bench.pass(1_000);
  bench.wire.onopen?.();
  assert.equal(bench.wire.said[0].resume, undefined);
});

test("events of a topic have a chain of their own", async () => {
  const { bench, link } = await live();
  bench.wire.hear(ev(99, 98, { topic: "events" }));
  bench.wire.hear(ev(12, 10));
  assert.equal(link.phase.value, "live");
  assert.equal(link.last, 12);
});

test("it comes back for ever, ever more slowly up to a limit", async () => {
  const { bench, link } = await live();
  bench.tickets = () => Promise.reject(new Error("nothing there"));
  bench.wire.drop();
  await bench.pass(10 * 60_000);
  assert.equal(link.phase.value, "lost");
  bench.tickets = () => Promise.resolve("again");
  await bench.pass(15_001);
  assert.equal(bench.sockets.length, 2, "within 15 s of the server's return it was there");
});

test("a command is kept until it is answered, and said again under its id", async () => {
  const { bench, link } = await live();
  const answer = link.command("offer.accept", { offer: "o-1" });
  const first = bench.wire.commands[0];
  bench.wire.drop();
  assert.equal(link.waiting.value, 1);
  await bench.pass(1_000);
  bench.wire.welcome(true, 12);
  assert.deepEqual(bench.wire.commands[0], first);
  bench.wire.hear({ t: "ack", id: first.id, seq: 14 });
  assert.deepEqual(await answer, { done: true, seq: 14 });
  assert.equal(link.waiting.value, 0);
  assert.deepEqual(bench.kept, []);
});

test("a reload in between changes nothing: the page that comes after says it again and is told", async () => {
  const { bench, link } = await live();
  void link.command("contact.hold", { contact: "c-1" });
  const { id } = bench.wire.commands[0];
  const after = new Link(bench);
  const orphans: any[] = [];
  after.onOrphan((command, outcome) => orphans.push([command.cmd, outcome.done]));
  after.start();
  await settle();
  bench.wire.welcome();
  assert.equal(bench.wire.commands[0].id, id);
  bench.wire.hear({ t: "nack", id, code: "contact_ended", message: "", retryable: false });
  assert.deepEqual(orphans, [["contact.hold", false]]);
});

test("what was meant for a minute ago is not done now", async () => {
  const { bench, link } = await live();
  bench.wire.drop();
  bench.tickets = () => Promise.reject(new Error("away"));
  const answer = link.command("agent.set_state", { state: "ready" });
  await bench.pass(COMMAND_LIFE_MS + 1_000);
  bench.tickets = () => Promise.resolve("again");
  for (let turns = 0; bench.sockets.length < 2 && turns < 40; turns += 1) await bench.pass(500);
  bench.wire.welcome();
  const outcome = await answer;
  assert.ok(!outcome.done && outcome.code === "too_late");
  assert.deepEqual(bench.wire.commands, []);
});

test("silence ends the line though the browser believes in it", async () => {
  const { bench, link } = await live();
  const first = bench.wire;
  await bench.pass(20_000);
  assert.ok(first.said.filter((frame) => frame.t === "ping").length >= 2);
  assert.ok(first.closed);
  assert.equal(bench.sockets.length >= 2, true);
  assert.notEqual(link.phase.value, "live");
});

test("a tab that slept looks whether its line is still there", async () => {
  const { bench, link } = await live();
  const first = bench.wire;
  await bench.pass(300_000, true);
  assert.ok(link.slept.value > 200_000, "it is stated");
  await bench.pass(4_000);
  assert.ok(first.closed, "no answer to the probe: the line was dead");
});

test("sleep with a living line costs nothing", async () => {
  const { bench, link } = await live();
  bench.time += 60_000;
  await bench.pass(0);
  bench.wire.hear({ t: "pong", at: at(60) });
  await bench.pass(4_000);
  assert.equal(link.phase.value, "live");
  assert.equal(bench.sockets.length, 1);
});

for (const [code, why] of [[4001, "close-4001"], [4002, "close-4002"], [4005, "close-4005"]] as const) {
  test(`after ${code} it does not come back by itself`, async () => {
    const { bench, link } = await live();
    bench.wire.drop(code);
    await bench.pass(60_000);
    assert.equal(link.phase.value, "over");
    assert.equal(link.why.value?.code, why);
    assert.equal(bench.sockets.length, 1);
    link.start();
    await settle();
    assert.equal(bench.sockets.length, 2, "but by somebody's will");
  });
}

for (const code of [4003, 4004, 4006, 1001, 1013]) {
  test(`after ${code} it comes back, and has said why`, async () => {
    const { bench, link } = await live();
    bench.wire.drop(code);
    assert.equal(link.why.value?.code, `close-${code}`);
    await bench.pass(1_000);
    assert.equal(bench.sockets.length, 2);
  });
}

test("a token that is good no more ends it", async () => {
  const { bench, link } = await live();
  bench.tickets = () => Promise.reject(new TicketRefused("revoked"));
  bench.wire.drop();
  await bench.pass(1_000);
  assert.equal(link.phase.value, "over");
  assert.equal(link.why.value?.code, "no-token");
});

test("topics are asked for again on a new line", async () => {
  const { bench, link } = await live();
  void link.subscribe("floor.subscribe");
  assert.deepEqual(bench.wire.commands.map((frame) => frame.cmd), ["floor.subscribe"]);
  bench.wire.drop();
  await bench.pass(1_000);
  bench.wire.welcome(true, 12);
  assert.deepEqual(bench.wire.commands.map((frame) => frame.cmd), ["floor.subscribe"]);
  assert.deepEqual(bench.kept, [], "asking is no act");
});

test("frames of a line that was given up are not heard", async () => {
  const { bench, link, heard } = await live();
  const first = bench.wire;
  first.drop();
  await bench.pass(1_000);
  bench.wire.welcome();
  first.hear(ev(12, 10));
  assert.equal(link.last, 10);
  assert.equal(heard.length, 2);
});
