// A contact as it was, on one line of time: bands, events, the agents' states around it; played at any speed, sought by hand or key.
import { useComputed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { nameOf, reasonName } from "../core/names.ts";
import { saidText } from "../core/said.ts";
import { clockOf, momentOf, timeOf } from "../core/spans.ts";
import { language, of, t } from "../core/words.ts";
import { LANES, lastAt, shareOf, type Band, type Line, type Moment, type Stay } from "../marks/bands.ts";
import type { Survey } from "../marks/shapes.ts";
import { SPEED_MAX, SPEED_MIN, SPEEDS } from "../marks/player.ts";
import { Icon } from "../ui/icons.tsx";
import { Act } from "../ui/keys.tsx";
import { keys, NUDGE_MS } from "./actions.ts";
import { may } from "./desk.ts";
import { isReplayMissing, line, player, replay } from "./state.ts";

const clock = (ms: number): string => clockOf(ms, true);

export function ReplayPane() {
  const told = replay.value;
  const shown = line.value;
  if (isReplayMissing.value) return <section class="card replay"><p class="card-body hint" role="status">{t("replay-not-there")}</p></section>;
  if (!told || !shown) return <section class="card replay"><p class="card-body" role="status">{t("loading")}</p></section>;
  return (
    <section class="card replay" aria-labelledby="replay-title">
      <header><Icon is="clock" /><h2 id="replay-title">{t("replay-title", { contact: told.contact })}</h2>{told.mystery && <span class="badge warn small" data-mystery><Icon is="search" />{t("mystery-contact")}</span>}<span class="hint number">{momentOf(told.from, language.value)}</span></header>
      <div class="card-body">
        <p class="recording hint"><Icon is="mic" />{told.recording ? t("recording-later") : t("recording-none")}</p>
        {told.survey && <SurveyLine is={told.survey} />}
        <Timeline shown={shown} />
        <Controls shown={shown} />
        <div class="replay-lists"><Events moments={shown.moments} /><States shown={shown} /></div>
      </div>
    </section>
  );
}

// What the caller thought of it: often why it was drawn.
function SurveyLine({ is }: { is: Survey }) {
  const scores = is.scores.map(({ question, score }) => t("survey-score", { question: of("survey-", question), score })).join(" · ");
  return <p class="hint" data-survey><Icon is="message" />{is.answered ? t("survey-answered", { scores }) : t("survey-unanswered")} {is.comment && <q>{saidText(is.comment)}</q>}</p>;
}

function Timeline({ shown }: { shown: Line }) {
  const box = useRef<HTMLDivElement>(null);
  const lanes = LANES.filter((lane) => shown.bands.some((band) => band.lane === lane));
  const seek = (event: MouseEvent) => {
    const edges = box.current?.getBoundingClientRect();
    if (edges && edges.width) player.seek(shown.from + ((event.clientX - edges.left) / edges.width) * (shown.until - shown.from));
  };
  return (
    <div class="timeline">
      <ul class="lane-names" aria-hidden="true">{lanes.map((lane) => <li key={lane}>{of("lane-", lane)}</li>)}</ul>
      <div class="lanes" ref={box} onClick={seek} role="img" aria-label={t("timeline-said", { n: shown.bands.length })}>
        {lanes.map((lane) => <div key={lane} class="lane">{shown.bands.filter((band) => band.lane === lane).map((band, at) => <BandMark key={at} band={band} shown={shown} />)}</div>)}
        <Head shown={shown} />
      </div>
    </div>
  );
}

export function bandWords(band: Band): string {
  const who = band.agent ?? (band.queue ? nameOf("queues", band.queue) : "");
  return [of("band-", band.kind), who, clock(band.until - band.from), band.outcome ? of("end-of-", band.outcome) : ""].filter(Boolean).join(" · ");
}

function BandMark({ band, shown }: { band: Band; shown: Line }) {
  const from = shareOf(shown, band.from);
  const wide = shareOf(shown, band.until) - from;
  return (
    <span class={`band is-${band.lane} ${band.outcome === "accepted" ? "is-taken" : ""}`} title={bandWords(band)} style={{ left: `${from}%`, width: `${Math.max(0.4, wide)}%` }}>
      <span>{band.lane === "transfer" ? "" : (band.agent ?? (band.queue ? nameOf("queues", band.queue) : of("band-", band.kind)))}</span>
    </span>
  );
}

// Where the play-head stands: its place follows without anything else being drawn.
function Head({ shown }: { shown: Line }) {
  const mark = useRef<HTMLSpanElement>(null);
  useEffect(() => player.at.subscribe((at) => { if (mark.current) mark.current.style.left = `${shareOf(shown, at)}%`; }), [shown]);
  return <span class="play-head" ref={mark} />;
}

// Arrows go as far on the slider as beside it.
function nudge(event: KeyboardEvent): void {
  const by = { ArrowLeft: -NUDGE_MS, ArrowDown: -NUDGE_MS, ArrowRight: NUDGE_MS, ArrowUp: NUDGE_MS }[event.key];
  if (by === undefined) return;
  event.preventDefault();
  player.by(by);
}

function Controls({ shown }: { shown: Line }) {
  const plays = player.isPlaying.value;
  const at = useComputed(() => clock(player.at.value));
  const slider = useRef<HTMLInputElement>(null);
  useEffect(() => player.at.subscribe((now) => {
    if (!slider.current) return;
    slider.current.value = String(now);
    slider.current.setAttribute("aria-valuetext", clock(now));
  }), [shown]);
  const speed = player.speed.value;
  return (
    <div class="controls" role="group" aria-label={t("controls")}>
      <input ref={slider} id="seek" type="range" min={Math.floor(shown.from / 100) * 100} max={shown.until} step={100} aria-label={t("seek")} onInput={(event) => player.seek(Number(event.currentTarget.value))} onKeyDown={nudge} />
      <div class="control-acts">
        <Act keys={keys} id="back" label={t("back-10")} hideKey />
        <button type="button" id="play" class="strong" aria-pressed={plays} title={t("with-key", { label: plays ? t("pause") : t("play"), key: keys.keyOf("pause") })} onClick={() => player.toggle()}><Icon is={plays ? "hold" : "play"} />{plays ? t("pause") : t("play")}</button>
        <Act keys={keys} id="forth" label={t("forth-10")} hideKey />
        <span class="number at" id="at">{at}</span><span class="hint number">{t("of-length", { length: clock(shown.until) })}</span>
        <label class="line"><span>{t("speed")}</span>
          <select id="speed" value={SPEEDS.includes(speed) ? String(speed) : ""} onChange={(event) => event.currentTarget.value && player.setSpeed(Number(event.currentTarget.value))}>
            {!SPEEDS.includes(speed) && <option value="">{t("times", { speed })}</option>}
            {SPEEDS.map((one) => <option key={one} value={String(one)}>{t("times", { speed: one })}</option>)}
          </select>
          <input id="any-speed" type="number" min={SPEED_MIN} max={SPEED_MAX} step="any" aria-label={t("any-speed")} value={speed} onChange={(event) => player.setSpeed(Number(event.currentTarget.value))} />
        </label>
      </div>
    </div>
  );
}

function Events({ moments }: { moments: Moment[] }) {
  const list = useRef<HTMLUListElement>(null);
  const last = useComputed(() => lastAt(moments, player.at.value)?.seq ?? null).value;
  useEffect(() => {
    const row = last !== null && player.isPlaying.peek() ? list.current?.querySelector<HTMLElement>(`[data-seq="${last}"]`) : null;
    row?.scrollIntoView({ block: "nearest" });
  }, [last]);
  return (
    <section aria-labelledby="events-title">
      <h3 id="events-title">{t("events")}</h3>
      <ul class="events" ref={list} tabIndex={0} aria-labelledby="events-title">
        {moments.map((moment) => (
          <li key={moment.seq} data-seq={moment.seq} data-ev={moment.ev} aria-current={moment.seq === last ? "true" : undefined}>
            <button type="button" class="plain small" title={t("go-to-moment", { moment: clock(moment.at) })} onClick={() => player.seek(moment.at)}><span class="number">{clock(moment.at)}</span> <b>{of("event-", moment.ev.replaceAll(".", "-"))}</b></button>
            <span>{[moment.agent, moment.queue && nameOf("queues", moment.queue), moment.reason && reasonName(moment.reason)].filter(Boolean).join(" · ")}</span>
            {moment.offer && moment.ev === "offer.created" && may.lookAround.value && <a class="why" href={`/leader#explain=${moment.offer}`} target="_blank" rel="opener" data-explain={moment.offer}>{t("why-this-agent")}</a>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function States({ shown }: { shown: Line }) {
  if (shown.stays.length === 0) return null;
  const now = useComputed(() => shown.stays.filter((stay) => stay.from <= player.at.value && player.at.value < stay.until).map(({ agent, from }) => `${agent} ${from}`).join()).value;
  return (
    <section aria-labelledby="states-title">
      <h3 id="states-title">{t("states-around")}</h3>
      <ul class="states" tabIndex={0} aria-labelledby="states-title">
        {shown.stays.map((stay) => (
          <li key={`${stay.agent} ${stay.from} ${stay.state}`} aria-current={now.split(",").includes(`${stay.agent} ${stay.from}`) ? "true" : undefined}>
            <span class="number" title={timeOf(shown.zero + stay.from, language.value)}>{clock(stay.from)}</span> {stay.agent} <b>{stayWords(stay)}</b> <span class="hint number">{clock(stay.until - stay.from)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const stayWords = ({ state, reason }: Stay): string => (reason ? t("state-why", { state: of("activity-", state), why: reasonName(reason) }) : of("activity-", state));
