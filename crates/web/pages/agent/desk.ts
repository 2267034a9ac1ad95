// An agent's own work, folded from the link: a snapshot, then events. It mirrors the server's board (views/src/board) for one agent, so a
// page that is loaded anew shows the same from its snapshot as one that heard every event; `checks/desk.test.ts` holds that. Pure.
import type { Actor, AgentRow, ContactRow, Ev, Hand, HandState, Message, Offer, Personal, PersonalObject, Reason, Role, Snapshot } from "../core/frames.ts";

// A contact in her hands. After a conversation the same contact may ring again while she still wraps up: then there are two.
export interface Card {
  id: string;
  contact: string;
  state: HandState;
  role: Role;
  since: string;
  channel: string;
  from: Personal | null;
  attributes: PersonalObject | null;
  queue: string | null;
  arrivedAt: string | null;
  waitedMs: number | null;
  priority: number | null;
  offer: Offer | null;
  answerBy: string | null;
  endsAt: string | null;
  extended: number;
  muted: boolean;
  // Whether she has dialled the caller, who is not there yet.
  dialling: string | null;
  heldSince: string | null;
  others: { agent: string; role: Role; since: string }[];
  // Whom she asks, while it rings there.
  asked: { offer: string; agent: string; since: string } | null;
}

// An offer that she did not take, and why.
export interface Missed { offer: string; contact: string; queue: string | null; at: string; how: string; reason: string }
// Something that happened to her by others' doing, said once.
export interface Notice { seq: number; at: string; what: string; args: Record<string, string> }

export interface Desk {
  agent: AgentRow | null; cards: Card[]; missed: Missed[]; messages: Message[]; notices: Notice[];
  // What has just left her hands: a wrap-up may follow.
  left: Card[];
  // Whether the reason that she is not ready for is a break.
  onBreak: boolean;
}

export const EMPTY: Desk = { agent: null, cards: [], missed: [], messages: [], notices: [], left: [], onBreak: false };
const LEFT_MAX = 8;
const MISSED_MAX = 20;
const NOTICES_MAX = 5;

const ACTIVITIES: Record<string, number> = { talking: 0, consulting: 1, held: 2, ringing: 3, wrap_up: 4 };

export function fromSnapshot(snapshot: Snapshot, before: Desk): Desk {
  const { agent } = snapshot;
  if (!agent) return { ...EMPTY, missed: before.missed };
  const cards = agent.contacts.map((hand) => cardOf(hand, snapshot.contacts.find((row) => row.contact === hand.contact), agent.agent));
  return { ...EMPTY, agent, cards: inOrder(cards), missed: before.missed, messages: snapshot.messages ?? [], onBreak: agent.activity === "on_break" };
}

function cardOf(hand: Hand, row: ContactRow | undefined, me: string): Card {
  const offer = row && typeof row.offer === "object" && hand.state === "reserved" ? row.offer : null;
  const waited = row?.waited_ms ?? offer?.waited_ms ?? null;
  return {
    id: idOf(hand.contact, hand.state),
    contact: hand.contact, state: hand.state, role: hand.role, since: hand.since,
    channel: row?.channel ?? "voice",
    from: row?.from ?? null, attributes: row?.attributes ?? null,
    queue: hand.queue ?? row?.queue ?? null, arrivedAt: row?.arrived_at ?? null, waitedMs: waited, priority: row?.priority ?? null,
    offer, answerBy: hand.answer_by, endsAt: hand.ends_at, extended: 0,
    muted: hand.muted ?? row?.participants.find((other) => other.agent === me)?.muted ?? false,
    dialling: hand.state === "connected" && row?.callback?.state === "dialled" ? row.callback.dial_by : null,
    heldSince: hand.state === "wrap_up" ? null : (row?.held_since ?? null),
    others: hand.state === "wrap_up" ? [] : (row?.participants ?? []).filter((other) => other.agent !== me).map(({ agent, role, since }) => ({ agent, role, since })),
    asked: row?.consult && hand.role === "owner" && hand.state !== "wrap_up" ? { offer: row.consult, agent: "", since: row.since } : null,
  };
}

const idOf = (contact: string, state: HandState): string => (state === "wrap_up" ? `${contact}/wrap-up` : contact);
const RANK: Record<HandState, number> = { reserved: 0, connected: 1, held: 2, wrap_up: 3 };
const inOrder = (cards: Card[]): Card[] => [...cards].sort((a, b) => RANK[a.state] - RANK[b.state] || a.since.localeCompare(b.since));

// `isBreak` says of a reason whether it is a break 小休.
export function fold(desk: Desk, ev: Ev, isBreak: (reason: string) => boolean): Desk {
  if (!desk.agent) return ev.ev === "team.messaged" ? takeMessage(desk, ev) : desk;
  const taken = take({ ...desk, agent: { ...desk.agent } }, ev, desk.agent.agent, isBreak);
  const gone = desk.cards.filter((card) => card.state !== "wrap_up" && !taken.cards.some((other) => other.id === card.id));
  const left = gone.length ? [...gone, ...taken.left].slice(0, LEFT_MAX) : taken.left;
  return derive(desk.agent, { ...taken, left }, ev);
}

// What fills her time follows from what is in her hands, then from her state.
function derive(before: AgentRow, desk: Desk, ev: Ev): Desk {
  const agent = desk.agent!;
  const cards = inOrder(desk.cards);
  const activity = activityOf(agent, cards, desk.onBreak);
  const changed = activity !== before.activity || agent.reason?.slug !== before.reason?.slug;
  agent.activity = activity;
  if (changed) agent.activity_since = ev.at;
  agent.seq = ev.seq;
  agent.contacts = [];
  return { ...desk, cards };
}

function activityOf(agent: AgentRow, cards: Card[], onBreak: boolean): string {
  const doing = cards.map((card) =>
    card.dialling ? "ringing"
    : card.state === "connected" ? (card.role === "consulted" ? "consulting" : "talking")
    : card.state === "held" ? "held" : card.state === "reserved" ? "ringing" : "wrap_up");
  const first = doing.sort((a, b) => ACTIVITIES[a]! - ACTIVITIES[b]!)[0];
  if (first) return first;
  if (agent.state === "signed_out") return "signed_out";
  if (!agent.reachable) return "unreachable";
  if (agent.state === "not_ready") return onBreak ? "on_break" : "not_ready";
  return agent.resting_until ? "resting" : "idle";
}

function take(desk: Desk, ev: Ev, me: string, isBreak: (reason: string) => boolean): Desk {
  const agent = desk.agent!;
  const { data, at } = ev;
  const contact: string = data["contact"] ?? "";
  const mine = data["agent"] === me;
  const become = (state: AgentRow["state"], reason: Reason | null) => Object.assign(agent, { state, reason, since: at });
  const rest = (until: string | null, reason: Reason | null) => Object.assign(agent, { resting_until: until, resting_reason: reason });
  const change = (id: string, with_: (card: Card) => Partial<Card>): Desk =>
    ({ ...desk, cards: desk.cards.map((card) => (card.id === id ? { ...card, ...with_(card) } : card)) });
  const without = (id: string): Desk => ({ ...desk, cards: desk.cards.filter((card) => card.id !== id) });
  const live = desk.cards.find((card) => card.id === contact);
  switch (ev.ev) {
    case "agent.signed_in":
      become("not_ready", { number: 1, slug: "signed_in" });
      Object.assign(agent, { seat: data["seat"], reachable: true, idle_since: at, missed: 0 });
      return { ...desk, missed: [] };
    case "agent.ready":
      become("ready", null);
      rest(null, null);
      Object.assign(agent, { allowed_until: null, missed: 0, idle_since: at });
      return desk;
    case "agent.not_ready": {
      become("not_ready", data["reason"]);
      rest(null, null);
      Object.assign(agent, { allowed_until: data["allowed_until"] ?? null, next: null });
      if (agent.break_request?.slug === data["reason"]?.slug) Object.assign(agent, { break_request: null, break_asked_at: null });
      const away = { ...desk, onBreak: isBreak(data["reason"]?.slug ?? "") };
      return ev.actor.kind === "leader" ? notice(away, ev, "forced-not-ready", { reason: data["reason"]?.slug ?? "" }) : away;
    }
    case "agent.next_state_set":
      agent.next = nextOf(data["next"]);
      return desk;
    case "agent.signed_out": {
      become("signed_out", null);
      rest(null, null);
      Object.assign(agent, { seat: null, next: null, allowed_until: null, sign_out_at: null, break_request: null, break_asked_at: null, hand_raised: false });
      return notice(desk, ev, ev.actor.kind === "agent" ? "signed-out" : "signed-out-by", { reason: ev.reason?.slug ?? "" });
    }
    case "agent.unreachable":
      Object.assign(agent, { reachable: false, sign_out_at: data["sign_out_at"] });
      return desk;
    case "agent.reachable":
      Object.assign(agent, { reachable: true, sign_out_at: null });
      return desk;
    case "agent.resting":
      rest(data["until"], ev.reason ?? null);
      return desk;
    case "agent.rested":
      rest(null, null);
      return desk;
    case "agent.break_requested":
      Object.assign(agent, { break_request: data["reason"], break_asked_at: at });
      return desk;
    case "agent.break_decided": {
      Object.assign(agent, { break_request: null, break_asked_at: null });
      const own = ev.actor.kind === "agent";
      return own ? desk : notice(desk, ev, data["granted"] ? "break-granted" : "break-refused", { reason: data["reason"]?.slug ?? "" });
    }
    case "agent.break_overran":
      return notice(desk, ev, "break-overran", { reason: data["reason"]?.slug ?? "" });
    case "agent.hand_raised":
      agent.hand_raised = true;
      return desk;
    case "agent.hand_lowered":
      agent.hand_raised = false;
      return ev.actor.kind === "agent" ? desk : notice(desk, ev, "hand-lowered", {});
    case "team.messaged":
      return takeMessage(desk, ev);
    case "message.acknowledged":
      return mine ? { ...desk, messages: desk.messages.filter((message) => message.message !== data["message"]) } : desk;
    case "offer.created":
      if (!mine) return change(contact, () => ({ asked: { offer: data["offer"], agent: data["agent"], since: at } }));
      return { ...desk, cards: [...desk.cards.filter((card) => card.id !== contact), ringing(data as Offer, at)] };
    case "offer.accepted":
      if (mine) agent.missed = 0;
      return change(contact, (card) => (card.asked?.offer === data["offer"] ? { asked: null } : {}));
    case "offer.rejected":
    case "offer.timed_out":
    case "offer.rescinded":
    case "offer.cancelled":
    case "offer.failed":
      return offerEnded(desk, ev, mine, live, change, without);
    case "contact.connected": {
      if (!mine) return change(contact, (card) => ({ others: [...card.others.filter((other) => other.agent !== data["agent"]), { agent: data["agent"], role: data["role"], since: at }], asked: null }));
      // A callback is dialled only then.
      return change(contact, (card) => ({ state: "connected", role: data["role"], since: at, answerBy: null, waitedMs: waitedOf(card, at) }));
    }
    case "contact.held":
      return mine ? change(contact, () => ({ state: "held", since: at, heldSince: at })) : change(contact, () => ({ heldSince: at }));
    case "contact.resumed":
      return mine ? change(contact, () => ({ state: "connected", since: at, heldSince: null })) : change(contact, () => ({ heldSince: null }));
    case "contact.muted":
    case "contact.unmuted":
      return mine ? change(contact, () => ({ muted: ev.ev === "contact.muted" })) : desk;
    case "contact.role_changed":
      if (mine) return change(contact, () => ({ role: data["role"], state: "connected", since: at }));
      return change(contact, (card) => ({ others: card.others.map((other) => (other.agent === data["agent"] ? { ...other, role: data["role"] } : other)) }));
    case "contact.left":
      if (mine) return without(contact);
      return change(contact, (card) => ({ others: card.others.filter((other) => other.agent !== data["agent"]), heldSince: card.heldSince }));
    case "contact.ended": {
      const by = data["by"];
      const had = live && live.state !== "reserved" ? live : desk.left.find((card) => card.contact === contact && card.state !== "reserved");
      const rest = without(contact);
      if (!had) return rest;
      const what = by === "caller" ? "caller-hung-up" : by?.agent === me ? "" : by?.agent ? "colleague-ended" : "system-ended";
      return what ? notice(rest, ev, what, { agent: by?.agent ?? "" }) : rest;
    }
    case "callback.dialled":
      return mine ? change(contact, () => ({ dialling: data["dial_by"], since: at })) : desk;
    case "callback.answered":
      return change(contact, () => ({ dialling: null, since: at }));
    case "callback.failed":
      return notice(change(contact, () => ({ dialling: null })), ev, "callback-failed", { reason: ev.reason?.slug ?? "" });
    case "wrapup.started": {
      if (!mine) return desk;
      const base = live ?? desk.left.find((card) => card.contact === contact) ?? blank(contact, at);
      const id = idOf(contact, "wrap_up");
      return { ...desk, cards: [...desk.cards.filter((card) => card.id !== id), { ...base, id, state: "wrap_up", role: "owner", since: at, queue: data["queue"], endsAt: data["ends_at"],
        extended: 0, offer: null, answerBy: null, muted: false, dialling: null, heldSince: null, others: [], asked: null }] };
    }
    case "wrapup.extended":
      return mine ? change(idOf(contact, "wrap_up"), (card) => ({ endsAt: data["ends_at"], extended: card.extended + 1 })) : desk;
    case "wrapup.completed":
      if (!mine) return desk;
      return data["by_default"] ? notice(without(idOf(contact, "wrap_up")), ev, "wrap-up-timed-out", { code: data["code"] ?? "" }) : without(idOf(contact, "wrap_up"));
    default:
      return desk;
  }
}

function offerEnded(desk: Desk, ev: Ev, mine: boolean, live: Card | undefined, change: (id: string, with_: (card: Card) => Partial<Card>) => Desk, without: (id: string) => Desk): Desk {
  const { data, at } = ev;
  const contact: string = data["contact"];
  const how = ev.ev.slice("offer.".length).replace("_", "-");
  const reason = ev.reason?.slug ?? "";
  if (!mine) {
    if (live?.asked?.offer !== data["offer"]) return desk;
    return notice(change(contact, () => ({ asked: null })), ev, `asked-${how}`, { agent: data["agent"], reason });
  }
  if (how === "timed-out") desk.agent!.missed += 1;
  const missed: Missed = { offer: data["offer"], contact, queue: live?.queue ?? null, at, how, reason };
  const kept = desk.missed.some((known) => known.offer === missed.offer) ? desk.missed : [missed, ...desk.missed].slice(0, MISSED_MAX);
  return { ...(live?.state === "reserved" ? without(contact) : desk), missed: kept };
}

function ringing(offer: Offer, at: string): Card {
  return {
    ...blank(offer.contact, at),
    role: offer.purpose === "consult" ? "consulted" : "owner",
    channel: offer.channel ?? "voice", from: offer.from ?? null, attributes: offer.attributes ?? null, queue: offer.queue,
    waitedMs: offer.waited_ms ?? null, priority: offer.priority ?? null, offer, answerBy: offer.answer_by,
  };
}

function blank(contact: string, at: string): Card {
  return {
    id: contact, contact, state: "reserved", role: "owner", since: at, channel: "voice", from: null, attributes: null, queue: null, arrivedAt: null, waitedMs: null,
    priority: null, offer: null, answerBy: null, endsAt: null, extended: 0, muted: false, dialling: null, heldSince: null, others: [], asked: null,
  };
}

// An offer tells what was waited when it was made; it rang since.
const waitedOf = (card: Card, at: string): number | null =>
  card.state === "reserved" && card.waitedMs !== null ? card.waitedMs + Math.max(0, Date.parse(at) - Date.parse(card.since)) : card.waitedMs;

function nextOf(next: unknown): AgentRow["next"] {
  if (next === null || next === undefined) return null;
  if (next === "signed_out") return { state: "signed_out", reason: null };
  const reason = (next as { not_ready?: Reason }).not_ready;
  return reason ? { state: "not_ready", reason } : (next as AgentRow["next"]);
}

function takeMessage(desk: Desk, ev: Ev): Desk {
  const message = messageOf(ev.data, ev.seq, ev.at, ev.actor);
  if (desk.messages.some((known) => known.message === message.message)) return desk;
  return { ...desk, messages: [...desk.messages, message] };
}

function messageOf(data: Record<string, any>, seq: number, at: string, actor: Actor): Message {
  return { message: data["message"] ?? `m-${seq}`, at, actor, team: data["team"] ?? null, text: data["text"], acknowledge: data["acknowledge"] ?? false };
}

function notice(desk: Desk, ev: Ev, what: string, args: Record<string, string>): Desk {
  return { ...desk, notices: [...desk.notices, { seq: ev.seq, at: ev.at, what, args }].slice(-NOTICES_MAX) };
}

export const textOf = (text: Personal | string | null | undefined): string | null => (typeof text === "string" ? text : (text?.text ?? null));
