// Looking back: the same board shows the floor of a past moment, which can be dragged, played, stepped and hastened. It is a
// replay on the link; what is live goes on beside it and is there again at once.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { FloorRows } from "../core/floor.ts";
import type { Ev, FloorDelta, FloorSnapshot } from "../core/frames.ts";
import { nameOf, reasonName } from "../core/names.ts";
import { civilOf, dayStartOf, instantOf, momentOf, timeOf } from "../core/spans.ts";
import { nowMs } from "../core/ticks.ts";
import { language, of, t } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { toast } from "../ui/toast.tsx";
import { refusalOf } from "./acts.tsx";
import { link, open, past, type Past } from "./desk.ts";

export const SPEEDS = [1, 2, 5, 10, 30, 60, 100, 300, 1000];
const EVENTS_MAX = 200;
const SEEK_AFTER_MS = 180;
const DAY_MS = 86_400_000;

type Playing = "playing" | "paused" | "ended" | "failed";

class PastFloor extends FloorRows implements Past {
  readonly at = signal(0);
  readonly seq = signal(0);
  readonly state = signal<Playing>("paused");
  readonly events = signal<readonly Ev[]>([]);
  readonly speed = signal(1);
  #run = 0;

  take(frame: { run: number; snapshot?: FloorSnapshot; ev?: Ev; delta?: FloorDelta; state?: { state: Playing; seq: number; at: string; speed: number; why?: string } }): void {
    if (frame.run < this.#run) return;
    if (frame.run > this.#run) {
      this.#run = frame.run;
      this.events.value = [];
      this.forgetParts();
    }
    if (frame.snapshot) this.snapshot(frame.snapshot);
    if (frame.delta) this.delta(frame.delta);
    if (frame.ev) {
      this.#reach(Date.parse(frame.ev.at));
      this.seq.value = frame.ev.seq;
      this.events.value = [frame.ev, ...this.events.peek()].slice(0, EVENTS_MAX);
    }
    if (frame.state) {
      this.state.value = frame.state.state;
      this.speed.value = frame.state.speed;
      this.seq.value = frame.state.seq;
      const at = Date.parse(frame.state.at);
      // A run begins at its moment; afterwards it only goes on.
      if (frame.state.state !== "playing" || at > this.at.peek()) this.at.value = at;
      if (frame.state.why) toast(frame.state.why, "bad");
    }
  }

  // A new link counts its runs from 1.
  fresh(): void {
    this.#run = 0;
  }

  #reach(at: number): void {
    if (at > this.at.peek()) this.at.value = at;
  }
}

let floor: PastFloor | null = null;
// Whether the bar is shown; the past begins when a moment is chosen on it.
export const isLooking = signal(false);
// The moment under the hand, while it is dragged.
const dragged = signal<number | null>(null);
let seekTimer: ReturnType<typeof setTimeout> | undefined;

async function say(cmd: string, args: Record<string, unknown> = {}): Promise<boolean> {
  const outcome = await link.command(cmd, args);
  if (!outcome.done) toast(refusalOf(outcome), "bad");
  return outcome.done;
}

async function start(at: number): Promise<void> {
  const made = floor ?? new PastFloor();
  if (!floor) {
    floor = made;
    made.at.value = at;
  }
  const begun = await say("replay.start", { at: new Date(at).toISOString(), topics: ["floor", "events"], paused: true, speed: made.speed.peek() });
  if (!begun) return back();
  past.value = made;
}

function seek(at: number): void {
  const to = Math.min(at, nowMs());
  dragged.value = to;
  clearTimeout(seekTimer);
  seekTimer = setTimeout(() => {
    dragged.value = null;
    if (!floor) return void start(to);
    floor.at.value = to;
    void say("replay.seek", { at: new Date(to).toISOString() });
  }, SEEK_AFTER_MS);
}

export function back(): void {
  if (floor) void link.command("replay.stop", {});
  floor = null;
  past.value = null;
  dragged.value = null;
}

export function look(): void {
  if (isLooking.peek()) {
    isLooking.value = false;
    back();
  } else isLooking.value = true;
}

// The floor at a moment that something else names.
export function lookAt(at: number): void {
  isLooking.value = true;
  seek(at);
}

export function followPast(): void {
  link.on("replay", (frame) => floor?.take(frame as never));
  // A replay ends with its link: it is begun anew where it was.
  link.on("welcome", () => {
    if (!floor) return;
    floor.fresh();
    void start(floor.at.peek());
  });
}

export function TimeBar() {
  if (!isLooking.value) return null;
  return <Bar />;
}

function Bar() {
  const shown = past.value as PastFloor | null;
  const now = nowMs();
  const at = dragged.value ?? shown?.at.value ?? now;
  const begins = dayStartOf(at);
  const ends = Math.min(begins + DAY_MS, now);
  const state = shown?.state.value ?? null;
  const plays = state === "playing";
  useEffect(() => () => clearTimeout(seekTimer), []);
  return (
    <section class={`time-bar ${shown ? "is-past" : ""}`} aria-label={t("time-bar")}>
      <div class="time-line">
        <label class="moment"><span class="visually-hidden">{t("exact-time")}</span>
          <input id="moment" type="datetime-local" step={1} value={civilOf(at)} max={civilOf(now)} onChange={(event) => { const to = instantOf(event.currentTarget.value); if (Number.isFinite(to)) seek(to); }} />
        </label>
        <span class="number edge">{momentOf(begins, language.value)}</span>
        <input id="time-slider" type="range" min={begins} max={Math.max(begins + 1000, ends)} step={1000} value={at} aria-label={t("drag-time")} aria-valuetext={momentOf(at, language.value)}
          onInput={(event) => seek(Number(event.currentTarget.value))} />
        <span class="number edge">{timeOf(ends, language.value)}</span>
      </div>
      <div class="time-acts">
        <button type="button" id="play" disabled={!shown} onClick={() => void say(plays ? "replay.pause" : "replay.resume")}><Icon is={plays ? "hold" : "play"} />{plays ? t("pause") : t("play")}</button>
        <button type="button" id="step" disabled={!shown || plays} onClick={() => void say("replay.step", { n: 1 })}>{t("one-step")}</button>
        <label class="line"><span>{t("speed")}</span>
          <select id="speed" disabled={!shown} value={String(shown?.speed.value ?? 1)} onChange={(event) => void say("replay.speed", { speed: Number(event.currentTarget.value) })}>
            {SPEEDS.map((speed) => <option key={speed} value={String(speed)}>{t("times", { speed })}</option>)}
          </select>
        </label>
        <span role="status" class="soft">{shown ? of("playing-", state ?? "paused") : t("choose-moment")}</span>
        <button type="button" id="live" class="strong" onClick={() => { back(); isLooking.value = false; }}>{t("back-to-live")}</button>
      </div>
    </section>
  );
}

// Said across the page, so that nobody takes the past for the present.
export function PastBanner() {
  const shown = past.value;
  if (!shown) return null;
  return <div class="banner past" role="status"><Icon is="clock" /><b>{t("this-is-past")}</b><span class="number">{momentOf(Math.floor(shown.at.value / 60_000) * 60_000, language.value)}</span><span>{t("past-no-acts")}</span></div>;
}

const WORDED = ["agent", "contact", "offer", "queue"];

export function PastEvents() {
  const shown = past.value as PastFloor | null;
  if (!shown) return null;
  const events = shown.events.value;
  return (
    <div class="card past-events">
      <h2 id="events-title"><Icon is="book" />{t("what-happened")}</h2>
      <ul class="sideways" tabIndex={0} aria-labelledby="events-title">
        {events.slice(0, 80).map((ev) => (
          <li key={ev.seq} data-ev={ev.ev}>
            <time class="number">{timeOf(ev.at, language.value)}</time>
            <span class="ev">{of("event-", ev.ev.replaceAll(".", "-"))}</span>
            {WORDED.map((field) => {
              const id = ev.data[field];
              if (typeof id !== "string") return null;
              const explains = field === "offer" || field === "contact";
              if (explains) return <button key={field} type="button" class="ref" data-explain={id} onClick={() => open({ what: "explain", id, ...(field === "contact" ? { at: String(ev.seq) } : {}) })}>{id}</button>;
              return <span key={field}>{field === "queue" ? nameOf("queues", id) : id}</span>;
            })}
            {ev.reason && <span class="soft">{reasonName(ev.reason.slug)}</span>}
          </li>
        ))}
        {events.length === 0 && <li class="soft">{t("nothing-yet")}</li>}
      </ul>
    </div>
  );
}
