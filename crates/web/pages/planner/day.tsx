// One day of a roster by half hours: who works, eats and rests when, how many that makes, and where people are missing.
import { useSignal } from "@preact/signals";
import { instantOf } from "../core/spans.ts";
import { nowMs } from "../core/ticks.ts";
import { language, t } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { daysFrom, plus, wholeOf } from "../shifts/days.ts";
import { headsOf, stretchesOf } from "../shifts/grid.ts";
import { Bars, Code, shiftText } from "../shifts/parts.tsx";
import { does, once } from "../shifts/ask.ts";
import type { Roster } from "../shifts/shapes.ts";
import { codes, judgement, may, shifts } from "./desk.ts";
import { at, dayOf, peopleOf } from "./grid.tsx";
import { opened } from "./keys.ts";

const startOf = (day: string): number => instantOf(`${day}T00:00:00`);
const two = (n: number): string => String(n).padStart(2, "0");

export function DayView({ of: it }: { of: Roster }) {
  const days = daysFrom(it.from, it.days);
  const day = days.includes(dayOf.value) ? dayOf.value : days[0]!;
  const [from, until] = [startOf(day), startOf(plus(day, 1))];
  const interval = it.slot_ms;
  const count = Math.round((until - from) / interval);
  const near = [...shifts.value, ...it.overtime].filter((shift) => Date.parse(shift.from) < until && Date.parse(shift.until) > from);
  const heads = headsOf(near, from, interval, count);
  const required = it.required.find((one) => one.day === day)?.heads;
  const stretches = stretchesOf(judgement.value?.uncovered ?? [], day);
  const clock = (slot: number) => `${two(Math.floor((slot * interval) / 3_600_000))}:${two(Math.round(((slot * interval) % 3_600_000) / 60_000))}`;
  const missing = new Map(stretches.flatMap(({ from: first, to, missing: n }) => Array.from({ length: to - first }, (_, at) => [first + at, n] as const)));
  return (
    <div class="day-view" id="day-view">
      <div class="asked" role="group" aria-label={t("choose")}>
        <button type="button" aria-label={t("day-before")} title={t("day-before")} disabled={day === days[0]} onClick={() => (dayOf.value = plus(day, -1))}>‹</button>
        <label><span>{t("day")}</span><select id="roster-day" value={day} onChange={(event) => (dayOf.value = event.currentTarget.value)}>{days.map((one) => <option key={one} value={one}>{wholeOf(one, language.value)}</option>)}</select></label>
        <button type="button" aria-label={t("day-after")} title={t("day-after")} disabled={day === days.at(-1)} onClick={() => (dayOf.value = plus(day, 1))}>›</button>
        <p class="hint legend-line"><i class="key bar-work look-0" />{t("legend-work")} <i class="key bar-meal" />{t("legend-meal")} <i class="key bar-break" />{t("legend-break")} <i class="key bar-training" />{t("legend-other")} <i class="key bar-away" />{t("legend-away")}</p>
      </div>
      <div class="day-scroll" tabIndex={0} role="region" aria-label={t("day-of", { day: wholeOf(day, language.value) })}>
        <div role="table" class="day-table" aria-label={t("day-of", { day: wholeOf(day, language.value) })}>
          <div role="row" class="day-row day-head">
            <div role="columnheader" class="who">{t("agent")}</div>
            <div role="columnheader" class="track hours">{Array.from({ length: 12 }, (_, at) => <span key={at} style={{ left: `${(at * 100) / 12}%` }}>{two(at * 2)}</span>)}</div>
          </div>
          {peopleOf(it, [...shifts.value, ...it.overtime]).map((agent) => {
            const own = near.filter((shift) => shift.agent === agent);
            const [first] = own.filter((shift) => shifts.value.includes(shift));
            return (
              <div role="row" class="day-row" key={agent} data-line={agent}>
                <div role="rowheader" class="who"><b class="number">{agent}</b>{own[0] && <Code code={own[0].code} codes={codes.value} />}</div>
                <div role="cell" class="track" title={own.map(shiftText).join(" · ")}>
                  {own.map((shift, index) => <Bars key={index} shift={shift} from={from} until={until} codes={codes.value} />)}
                  {first && may.plan.value
                    ? <button type="button" class="track-open" aria-label={t("edit-of", { what: `${agent} ${own.map(shiftText).join(" · ")}` })} onClick={() => { at.value = { agent, day: first.day }; opened.value = "shift"; }} />
                    : <span class="visually-hidden">{own.map(shiftText).join(" · ") || t("no-shift")}</span>}
                </div>
              </div>
            );
          })}
          <div role="row" class="day-row day-sum">
            <div role="rowheader" class="who">{t("there-of-needed")}</div>
            <div role="cell" class="track slots">
              {heads.map((n, slot) => (
                <span key={slot} class={missing.has(slot) ? "is-bad" : ""} style={{ left: `${(slot * 100) / count}%`, width: `${100 / count}%` }} title={`${clock(slot)} · ${n}${required ? ` / ${required[slot] ?? 0}` : ""}${missing.has(slot) ? ` · −${missing.get(slot)}` : ""}`}>{n}</span>
              ))}
            </div>
          </div>
        </div>
      </div>
      <div class="deficit-list" id="deficit-list">
        {stretches.length === 0 ? <p class="hint"><Icon is="check" />{t("all-covered")}</p> : (
          <ul>{stretches.map((one) => <li key={one.from} class="bad-text"><Icon is="warn" />{t("stretch-missing", { from: clock(one.from), to: clock(one.to), n: one.missing })}
            {may.plan.value && !it.draft && from + one.from * interval > nowMs() && <AskOvertime key={`${day} ${one.from}`} from={from + one.from * interval} until={from + one.to * interval} heads={one.missing}
              agents={peopleOf(it, shifts.value).filter((agent) => !near.some((shift) => shift.agent === agent && Date.parse(shift.from) < from + one.to * interval && Date.parse(shift.until) > from + one.from * interval))} />}</li>)}</ul>
        )}
      </div>
    </div>
  );
}

// Whoever has no shift then is asked whether she comes besides; whom, and how many, can be changed before it is said.
function AskOvertime({ from, until, heads, agents }: { from: number; until: number; heads: number; agents: string[] }) {
  const isAsking = useSignal(false);
  const form = useSignal({ heads: String(heads), agents: agents.join(" ") });
  const set = (next: Partial<typeof form.value>) => (form.value = { ...form.peek(), ...next });
  const submit = async (event: Event) => {
    event.preventDefault();
    const asked = form.peek();
    const body = { from: new Date(from).toISOString(), until: new Date(until).toISOString(), heads: Number(asked.heads), agents: asked.agents.split(/[\s,，、;；]+/).filter(Boolean) };
    if (await does(t("shift-overtime-list"), () => once("/overtime", body))) isAsking.value = false;
  };
  if (!isAsking.value) return <button type="button" class="small" data-ask-overtime={from} disabled={agents.length === 0} onClick={() => (isAsking.value = true)}>{t("ask-overtime")}</button>;
  return (
    <form class="inline-form" data-form="overtime" onSubmit={(event) => void submit(event)}>
      <input name="heads" type="number" min={1} max={2000} required aria-label={t("shift-heads")} value={form.value.heads} onInput={(event) => set({ heads: event.currentTarget.value })} />
      <input name="agents" required aria-label={t("shift-agent")} value={form.value.agents} onInput={(event) => set({ agents: event.currentTarget.value })} />
      <button class="strong">{t("shift-overtime-list")}</button>
    </form>
  );
}
