// The desk folded from events is the desk of a snapshot.
import assert from "node:assert/strict";
import { test } from "node:test";
import { EMPTY, fold, fromSnapshot, type Desk } from "../pages/agent/desk.ts";
import type { AgentRow, Ev, Snapshot } from "../pages/core/frames.ts";

const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 9, 0, second)).toISOString();
const row = (more: Partial<AgentRow> = {}): AgentRow => ({
  agent: "1001", active: true, team: "red", queues: ["loans"], state: "ready", reason: null, since: at(0), allowed_until: null, seat: "A1", reachable: true, sign_out_at: null, next: null,
  resting_until: null, resting_reason: null, missed: 0, break_request: null, break_asked_at: null, hand_raised: false, idle_since: at(0), contacts: [], activity: "idle", activity_since: at(0), seq: 1, ...more,
});
const snapshot = (more: Partial<Snapshot> = {}): Snapshot => ({ t: "snapshot", seq: 1, agent: row(), contacts: [], ...more });

let seq = 100;
const ev = (name: string, data: object, more: Partial<Ev> = {}): Ev => {
  seq += 1;
  return { t: "ev", seq, prev: seq - 1, at: at(seq - 100), ev: name, actor: { kind: "system", id: "routing", version: 1 }, data: data as Record<string, any>, ...more };
};
const isBreak = (slug: string) => slug === "lunch";
const after = (desk: Desk, ...events: Ev[]): Desk => events.reduce((now, event) => fold(now, event, isBreak), desk);
const begin = () => fromSnapshot(snapshot(), EMPTY);
const rings = (offer = "o-9", contact = "c-7", more: object = {}) =>
  ev("offer.created", { offer, contact, queue: "loans", agent: "1001", purpose: "queue", answer_by: at(40), waited_ms: 5_000, channel: "voice", from: { text: "138****1234", masked: true }, attributes: { values: { level: "gold" } }, priority: 50, ...more });
const takes = (contact = "c-7", offer = "o-9") => [ev("offer.accepted", { offer, contact, agent: "1001" }), ev("contact.connected", { contact, agent: "1001", role: "owner", offer })];

test("a contact rings, is taken, held, resumed, ended and wrapped up", () => {
  seq = 100;
  let desk = after(begin(), rings());
  assert.deepEqual([desk.agent!.activity, desk.cards[0]!.state, desk.cards[0]!.waitedMs], ["ringing", "reserved", 5_000]);
  desk = after(desk, ...takes());
  assert.deepEqual([desk.agent!.activity, desk.cards[0]!.state, desk.cards[0]!.waitedMs], ["talking", "connected", 7_000], "what it rang was waited, too");
  const since = desk.agent!.activity_since;
  desk = after(desk, ev("contact.muted", { contact: "c-7", agent: "1001" }));
  assert.deepEqual([desk.cards[0]!.muted, desk.agent!.activity_since], [true, since], "she talks on");
  desk = after(desk, ev("contact.held", { contact: "c-7", agent: "1001" }));
  assert.deepEqual([desk.agent!.activity, desk.cards[0]!.state], ["held", "held"]);
  desk = after(desk, ev("contact.resumed", { contact: "c-7", agent: "1001" }), ev("contact.left", { contact: "c-7", agent: "1001", role: "owner" }));
  assert.equal(desk.agent!.activity, "idle");
  desk = after(desk, ev("contact.ended", { contact: "c-7", end: "handled", by: "caller" }), ev("wrapup.started", { contact: "c-7", agent: "1001", queue: "loans", ends_at: at(60) }));
  assert.deepEqual([desk.agent!.activity, desk.cards.length, desk.cards[0]!.attributes?.values, desk.cards[0]!.endsAt], ["wrap_up", 1, { level: "gold" }, at(60)]);
  assert.equal(desk.notices.at(-1)?.what, "caller-hung-up");
  desk = after(desk, ev("wrapup.extended", { contact: "c-7", agent: "1001", ends_at: at(90) }));
  assert.deepEqual([desk.cards[0]!.endsAt, desk.cards[0]!.extended], [at(90), 1]);
  desk = after(desk, ev("wrapup.completed", { contact: "c-7", agent: "1001", queue: "loans", code: "none", by_default: true, note: null }));
  assert.deepEqual([desk.agent!.activity, desk.cards, desk.notices.at(-1)?.what], ["idle", [], "wrap-up-timed-out"]);
});

test("in mid-call a snapshot shows what the events did", () => {
  seq = 100;
  const folded = after(begin(), rings(), ...takes());
  const fresh = fromSnapshot(snapshot({
    agent: row({ activity: "talking", activity_since: at(3), contacts: [{ contact: "c-7", role: "owner", state: "connected", since: at(3), queue: "loans", offer: "o-9", answer_by: null, ends_at: null }] }),
    contacts: [{ contact: "c-7", channel: "voice", from: { text: "138****1234", masked: true }, attributes: { values: { level: "gold" } }, arrived_at: at(0), state: "connected", since: at(3), queue: "loans", queued_at: at(0),
      waited_ms: 7_000, priority: 50, owner: "1001", participants: [{ agent: "1001", role: "owner", since: at(3) }], held_since: null, consult: null, end: null, stage: null, callback: null, seq: 103, hand: ["connected"] }],
  }), EMPTY);
  const plain = (desk: Desk) => desk.cards.map(({ offer, arrivedAt, ...card }) => card);
  assert.deepEqual(plain(folded), plain(fresh));
  assert.deepEqual([folded.agent!.activity, folded.agent!.activity_since], [fresh.agent!.activity, fresh.agent!.activity_since]);
});

test("the six ways of missing an offer are told apart, each once", () => {
  const ends: [string, string][] = [["offer.timed_out", "no_answer"], ["offer.cancelled", "caller_left"], ["offer.rescinded", "link_lost"], ["offer.rescinded", "taken"], ["offer.failed", "device_failed"], ["offer.rejected", "declined"]];
  let desk = begin();
  for (const [at, [name, slug]] of ends.entries()) {
    const end = ev(name, { offer: `o-${at}`, contact: `c-${at}`, agent: "1001" }, { reason: { number: 1, slug } });
    desk = after(desk, rings(`o-${at}`, `c-${at}`), end);
    // Told again after a resume that went wrong.
    desk = after(desk, end);
  }
  assert.deepEqual(desk.missed.map(({ how, reason }) => `${how} ${reason}`).reverse(),
    ["timed-out no_answer", "cancelled caller_left", "rescinded link_lost", "rescinded taken", "failed device_failed", "rejected declined"]);
  assert.deepEqual(desk.cards, []);
  assert.deepEqual(fromSnapshot(snapshot(), desk).missed.length, 6, "a fresh line forgets none");
});

test("a consultation: it rings there, she is there, all three, and who leaves", () => {
  let desk = after(begin(), rings(), ...takes());
  desk = after(desk, ev("contact.held", { contact: "c-7", agent: "1001" }), ev("offer.created", { offer: "o-20", contact: "c-7", agent: "1002", queue: null, purpose: "consult", answer_by: at(60) }));
  assert.equal(desk.cards[0]!.asked?.agent, "1002");
  const refused = after(desk, ev("offer.rejected", { offer: "o-20", contact: "c-7", agent: "1002" }, { reason: { number: 19, slug: "declined" } }));
  assert.deepEqual([refused.cards[0]!.asked, refused.notices.at(-1)?.what, refused.missed], [null, "asked-rejected", []]);
  desk = after(desk, ev("offer.accepted", { offer: "o-20", contact: "c-7", agent: "1002" }), ev("contact.connected", { contact: "c-7", agent: "1002", role: "consulted", offer: "o-20" }));
  assert.deepEqual(desk.cards[0]!.others.map(({ agent, role }) => [agent, role]), [["1002", "consulted"]]);
  desk = after(desk, ev("contact.role_changed", { contact: "c-7", agent: "1002", role: "conferenced" }), ev("contact.resumed", { contact: "c-7", agent: "1001" }));
  assert.deepEqual([desk.cards[0]!.others[0]!.role, desk.agent!.activity], ["conferenced", "talking"]);
  desk = after(desk, ev("contact.left", { contact: "c-7", agent: "1002", role: "conferenced" }));
  assert.deepEqual(desk.cards[0]!.others, []);
});

test("states, what is to follow, breaks and hands", () => {
  let desk = after(begin(), ev("agent.next_state_set", { agent: "1001", next: { not_ready: { number: 1003, slug: "training" } } }));
  assert.deepEqual(desk.agent!.next, { state: "not_ready", reason: { number: 1003, slug: "training" } });
  desk = after(desk, ev("agent.next_state_set", { agent: "1001", next: "signed_out" }));
  assert.equal(desk.agent!.next?.state, "signed_out");
  desk = after(desk, ev("agent.break_requested", { agent: "1001", reason: { number: 1002, slug: "lunch" } }));
  assert.equal(desk.agent!.break_request?.slug, "lunch");
  desk = after(desk, ev("agent.break_decided", { agent: "1001", reason: { number: 1002, slug: "lunch" }, granted: true }, { actor: { kind: "leader", id: "lead" } }),
    ev("agent.not_ready", { agent: "1001", reason: { number: 1002, slug: "lunch" }, allowed_until: at(59) }));
  assert.deepEqual([desk.agent!.activity, desk.agent!.break_request, desk.agent!.allowed_until, desk.agent!.next, desk.notices.at(-1)?.what], ["on_break", null, at(59), null, "break-granted"]);
  desk = after(desk, ev("agent.ready", { agent: "1001" }), ev("agent.not_ready", { agent: "1001", reason: { number: 1003, slug: "training" }, allowed_until: null }, { actor: { kind: "leader", id: "lead" } }));
  assert.deepEqual([desk.agent!.activity, desk.notices.at(-1)?.what], ["not_ready", "forced-not-ready"]);
  desk = after(desk, ev("agent.hand_raised", { agent: "1001", contact: null }));
  assert.ok(desk.agent!.hand_raised);
  desk = after(desk, ev("agent.unreachable", { agent: "1001", sign_out_at: at(59) }));
  assert.equal(desk.agent!.activity, "unreachable");
  desk = after(desk, ev("agent.reachable", { agent: "1001" }), ev("agent.signed_out", { agent: "1001", seat: "A1" }, { actor: { kind: "leader", id: "lead" } }));
  assert.deepEqual([desk.agent!.activity, desk.agent!.hand_raised, desk.notices.at(-1)?.what], ["signed_out", false, "signed-out-by"]);
});

test("a message stands until it is acknowledged, and comes once", () => {
  const told = ev("team.messaged", { message: "m-50", team: "red", text: { text: "例会", masked: false }, acknowledge: true }, { actor: { kind: "leader", id: "lead" } });
  let desk = after(begin(), told, told);
  assert.deepEqual(desk.messages.map(({ message, acknowledge }) => [message, acknowledge]), [["m-50", true]]);
  desk = after(desk, ev("message.acknowledged", { message: "m-50", agent: "1002" }));
  assert.equal(desk.messages.length, 1, "another's is not hers");
  desk = after(desk, ev("message.acknowledged", { message: "m-50", agent: "1001" }));
  assert.deepEqual(desk.messages, []);
});

test("a callback is dialled after it was taken, and not talked to before the caller is there", () => {
  let desk = after(begin(), rings("o-9", "c-7", { callback: true }), ...takes(), ev("callback.dialled", { contact: "c-7", agent: "1001", attempt: 1, dial_by: at(50) }));
  assert.deepEqual([desk.agent!.activity, desk.cards[0]!.dialling], ["ringing", at(50)]);
  desk = after(desk, ev("callback.answered", { contact: "c-7" }));
  assert.deepEqual([desk.agent!.activity, desk.cards[0]!.dialling], ["talking", null]);
});
