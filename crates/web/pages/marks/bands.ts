// A contact on one line of time: bands for what lasted, the events, and the agents' states around it. Moments are counted from when the
// agent came onto it, as notes are; before that they are negative. Pure; `checks/quality.test.ts` holds it.
import type { AgentState, Leg, Replay, ReplayEvent } from "./shapes.ts";

export const LANES = ["caller", "ring", "talk", "hold", "mute", "transfer", "wrap_up"] as const;
export type Lane = (typeof LANES)[number];
export interface Band { lane: Lane; kind: string; from: number; until: number; agent: string | null; queue: string | null; offer: string | null; outcome: string | null }
export interface Moment { seq: number; at: number; ev: string; agent: string | null; offer: string | null; queue: string | null; reason: string | null }
export interface Stay { agent: string; state: string; reason: string | null; from: number; until: number }
export interface Line {
  // The instant that is 0, in ms since 1970.
  zero: number; from: number; until: number; bands: Band[]; moments: Moment[]; stays: Stay[];
}

const LANE_OF: Record<string, Lane> = { menu: "caller", queue: "caller", callback: "caller", message: "caller", dial: "ring", offer: "ring", talk: "talk", hold: "hold", wrap_up: "wrap_up" };
// So much of the agents' states is shown before and after it.
export const AROUND_MS = 60_000;

export function lineOf(replay: Replay, agent: string): Line {
  const { legs } = replay;
  const instant = (at: string) => Date.parse(at);
  const talk = legs.find((leg) => leg.kind === "talk" && leg.agent === agent) ?? legs.find((leg) => leg.kind === "talk");
  const zero = instant(talk?.from ?? replay.from);
  const since = (at: string): number => instant(at) - zero;
  const ends = [replay.until, ...legs.map((leg) => leg.to), ...replay.events.map((event) => event.at)].flatMap((at) => (at ? [since(at)] : []));
  const begin = since(replay.from);
  const end = Math.max(begin + 1_000, ...ends);
  const bands = legs.flatMap((leg): Band[] => {
    const lane = LANE_OF[leg.kind];
    return lane ? [bandOf(leg, lane, since, end)] : [];
  });
  const moments = replay.events.map((event) => momentOf(event, since));
  const [from, until] = [begin - AROUND_MS, end + AROUND_MS];
  const stays = replay.states.map((state) => stayOf(state, since, until)).filter((stay) => stay.until > from && stay.from < until)
    .map((stay) => ({ ...stay, from: Math.max(from, stay.from), until: Math.min(until, stay.until) }));
  return { zero, from: begin, until: end, bands: [...bands, ...muted(replay.events, since, end), ...transfers(replay.events, since)], moments, stays };
}

const bandOf = (leg: Leg, lane: Lane, since: (at: string) => number, end: number): Band => ({
  lane, kind: leg.kind, from: since(leg.from), until: leg.to ? since(leg.to) : end, agent: leg.agent, queue: leg.queue, offer: leg.offer, outcome: leg.outcome,
});

function momentOf({ seq, at, ev, data, reason }: ReplayEvent, since: (at: string) => number): Moment {
  const text = (key: string): string | null => (typeof data[key] === "string" ? (data[key] as string) : null);
  return { seq, at: since(at), ev, agent: text("agent"), offer: text("offer"), queue: text("queue"), reason: reason?.slug ?? null };
}

function stayOf({ agent, state, reason, from, until }: AgentState, since: (at: string) => number, end: number): Stay {
  return { agent, state, reason, from: since(from), until: until ? since(until) : end };
}

// From each muting to the next unmuting of the same agent, or her leaving.
function muted(events: readonly ReplayEvent[], since: (at: string) => number, end: number): Band[] {
  const bands: Band[] = [];
  const open = new Map<string, Band>();
  for (const { ev, at, data } of events) {
    const agent = String(data["agent"] ?? "");
    if (ev === "contact.muted" && !open.has(agent)) open.set(agent, { lane: "mute", kind: "mute", from: since(at), until: end, agent, queue: null, offer: null, outcome: null });
    const over = ev === "contact.ended" ? [...open.keys()] : ev === "contact.unmuted" || ev === "contact.left" ? [agent] : [];
    for (const one of over) {
      const band = open.get(one);
      if (band) bands.push({ ...band, until: since(at) });
      open.delete(one);
    }
  }
  return [...bands, ...open.values()];
}

// A transfer is a moment: it has no length.
const transfers = (events: readonly ReplayEvent[], since: (at: string) => number): Band[] =>
  events.filter(({ ev }) => ev === "contact.transferred").map(({ at, data }) => ({
    lane: "transfer", kind: "transfer", from: since(at), until: since(at), agent: (data["to"] ?? data["agent"] ?? null) as string | null, queue: (data["queue"] ?? null) as string | null, offer: null, outcome: null,
  }));

// Where on the line a moment stands, in percent of it.
export const shareOf = (line: Pick<Line, "from" | "until">, at: number): number =>
  Math.min(100, Math.max(0, (100 * (at - line.from)) / Math.max(1, line.until - line.from)));

// The last event that has happened at a moment.
export function lastAt(moments: readonly Moment[], at: number): Moment | null {
  let found: Moment | null = null;
  for (const moment of moments) if (moment.at <= at) found = moment;
  return found;
}
