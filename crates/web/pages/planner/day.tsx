// One day of a roster by half hours: who works, eats and rests when, how many that makes, and where people are missing.
import { instantOf } from "../core/spans.ts";
import { language, t } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { daysFrom, plus, wholeOf } from "../shifts/days.ts";
import { headsOf, stretchesOf } from "../shifts/grid.ts";
import { Bars, Code, shiftText } from "../shifts/parts.tsx";
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
          <ul>{stretches.map((one) => <li key={one.from} class="bad-text"><Icon is="warn" />{t("stretch-missing", { from: clock(one.from), to: clock(one.to), n: one.missing })}</li>)}</ul>
        )}
      </div>
    </div>
  );
}
