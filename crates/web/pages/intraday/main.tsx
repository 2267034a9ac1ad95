// The day by its intervals: what was forecast, what came, how it was answered, who was there; as a chart and, with the same numbers, as
// a table. What is not known yet is said in words.
import "../styles/base.css";
import "uplot/dist/uPlot.min.css";
import "./intraday.css";
import { computed, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { get, getIfThere, Problem } from "../core/api.ts";
import { nameOf } from "../core/names.ts";
import { session, toSignIn } from "../core/session.ts";
import { clockOf, numberOf, percentOf } from "../core/spans.ts";
import { language, of, t, type Language } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { Bar, begin, leave } from "../ui/page.tsx";
import type { Line } from "./chart.ts";

const words = (language: Language): Promise<string[]> =>
  Promise.all(language === "en"
    ? [import("../words/en/core.ftl"), import("../words/en/intraday.ftl")]
    : [import("../words/zh-CN/core.ftl"), import("../words/zh-CN/intraday.ftl")]).then((files) => files.map((file) => file.default));

interface Figure { value: number | null; numerator: number; denominator: number }
interface Interval {
  from: string; to: string; complete: boolean; offered: number; answered: number; abandoned: number; sl: Figure | null; aht_ms: number | null;
  staff_present: number | null; staff_ready: number | null; forecast: number | null; came: number | null; expected: number | null; required: number | null;
}
interface Pace { queue: string; factor: number; variation: number; derived: boolean }
interface Day { zone: string; interval_ms: number; intervals: Interval[]; paces: Pace[] }

const REFRESH_MS = 30_000;
const INTERVALS = ["15min", "30min", "60min"];
const asked = signal({ date: "", queue: "", interval: "30min" });
const day = signal<Day | null>(null);
const fault = signal("");
const isMissing = signal(false);
const queues = signal<string[]>([]);
let turn = 0;

async function load(): Promise<void> {
  const own = ++turn;
  const { date, queue, interval } = asked.peek();
  const query = new URLSearchParams({ interval, ...(date ? { date } : {}), ...(queue ? { queue } : {}) });
  try {
    const told = await get<Day>(`/api/v1/intraday?${query}`);
    if (own !== turn) return;
    day.value = told;
    fault.value = "";
    isMissing.value = false;
  } catch (why) {
    if (own !== turn) return;
    if (why instanceof Problem && why.status === 401) return toSignIn("no-token");
    isMissing.value = why instanceof Problem && why.isMissing;
    fault.value = why instanceof Problem ? (of("refused-", why.code) === why.code ? why.detail : of("refused-", why.code)) : String(why);
  }
}

const ask = (part: Partial<typeof asked.value>) => {
  asked.value = { ...asked.peek(), ...part };
  void load();
};

const hours = computed(() => {
  const zone = day.value?.zone;
  const format = new Intl.DateTimeFormat(language.value, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(zone ? { timeZone: zone } : {}) });
  return (at: number | string) => format.format(new Date(at));
});
// Today, by the clocks of the site.
const today = computed(() => (day.value ? new Intl.DateTimeFormat("en-CA", { timeZone: day.value.zone }).format(new Date()) : ""));
const isPast = (row: Interval): boolean => row.complete || row.offered > 0 || row.staff_present !== null;
// From the first interval in which something was there, so that a night does not push the day together.
const shown = computed(() => {
  const rows = day.value?.intervals ?? [];
  const first = rows.findIndex((row) => row.offered > 0 || (row.staff_present ?? 0) > 0 || (row.forecast ?? 0) > 0);
  return first < 0 ? rows : rows.slice(Math.max(0, first - 1));
});
const hasForecast = computed(() => shown.value.some((row) => row.forecast !== null));
// What is to come by what came so far; where it is over, it is what came and said there.
const toCome = (row: Interval): number | null => (row.complete ? null : row.expected);
const hasRequired = computed(() => shown.value.some((row) => row.required !== null));

const share = (row: Interval): number | null => (row.sl && row.sl.denominator > 0 ? (100 * row.sl.numerator) / row.sl.denominator : null);
const past = (row: Interval, value: number | null): number | null => (isPast(row) ? value : null);

function Chart({ id, label, lines }: { id: string; label: string; lines: Line[] }) {
  const box = useRef<HTMLDivElement>(null);
  const rows = shown.value;
  useEffect(() => {
    let end = () => {};
    let isOver = false;
    const hour = hours.peek();
    void import("./chart.ts").then(({ draw }) => {
      if (isOver || !box.current || rows.length === 0) return;
      end = draw({ box: box.current, lines, height: 230, times: rows.map((row) => Date.parse(row.from) / 1000), ends: Date.parse(rows.at(-1)!.to) / 1000, hour: (seconds) => hour(seconds * 1000) });
    });
    return () => { isOver = true; end(); };
  }, [rows, language.value]);
  return (
    <figure class="card chart" data-chart={id}>
      <figcaption><h2>{label}</h2>
        <ul class="legend">{lines.map((line) => <li key={line.label}><Key line={line} />{line.label}</li>)}</ul>
      </figcaption>
      <div class="canvas" role="img" aria-label={t("chart-said", { label })} ref={box} />
    </figure>
  );
}

function Key({ line }: { line: Line }) {
  return (
    <svg class="line-key" viewBox="0 0 26 10" aria-hidden="true">
      {line.fill ? <rect x="5" y="1" width="16" height="8" fill={line.fill} stroke={line.stroke} /> : <path d="M1 5h24" stroke={line.stroke} stroke-width={line.width ?? 2} stroke-dasharray={line.dash?.join(" ")} fill="none" />}
      {line.kind === "line" && <circle cx="13" cy="5" r="3" fill="#fff" stroke={line.stroke} stroke-width="2" />}
    </svg>
  );
}

function Charts() {
  const rows = shown.value;
  const calls: Line[] = [
    { label: t("offered"), values: rows.map((row) => past(row, row.offered)), stroke: "#7fa6cf", fill: "#cfe0f2", width: 1, scale: "n", kind: "steps" },
    { label: t("answered"), values: rows.map((row) => past(row, row.answered)), stroke: "#12467a", width: 2.5, scale: "n", kind: "steps" },
    { label: t("service-level"), values: rows.map(share), stroke: "#14693c", dash: [6, 4], scale: "%", kind: "line" },
    ...(hasForecast.value ? [{ label: t("forecast"), values: rows.map((row) => row.forecast), stroke: "#80500a", dash: [2, 3], scale: "n", kind: "steps" } as Line] : []),
    ...(shown.value.some((row) => toCome(row) !== null) ? [{ label: t("expected"), values: rows.map(toCome), stroke: "#6b2f8a", width: 2, scale: "n", kind: "steps" } as Line] : []),
  ];
  const staff: Line[] = [
    { label: t("present"), values: rows.map((row) => row.staff_present), stroke: "#12467a", width: 2.5, scale: "n", kind: "steps" },
    { label: t("ready"), values: rows.map((row) => row.staff_ready), stroke: "#14693c", dash: [6, 4], scale: "n", kind: "steps" },
    ...(hasRequired.value ? [{ label: t("required"), values: rows.map((row) => row.required), stroke: "#a81f1f", dash: [2, 3], scale: "n", kind: "steps" } as Line] : []),
  ];
  return <div class="charts"><Chart id="calls" label={t("calls")} lines={calls} /><Chart id="staff" label={t("staff")} lines={staff} /></div>;
}

const figure = (value: number | null, digits = 0): string => (value === null ? "–" : numberOf(value, language.value, digits));

function Numbers() {
  const rows = shown.value;
  const sum = (pick: (row: Interval) => number) => rows.reduce((all, row) => all + pick(row), 0);
  const whole = (pick: (row: Interval) => number | null) => (rows.some((row) => pick(row) !== null) ? sum((row) => pick(row) ?? 0) : null);
  const within = sum((row) => row.sl?.numerator ?? 0);
  const under = sum((row) => row.sl?.denominator ?? 0);
  return (
    <div class="card numbers">
      <h2 id="numbers-title">{t("numbers")}</h2>
      <div class="scroll" tabIndex={0} role="region" aria-labelledby="numbers-title">
        <table>
          <thead><tr>
            <th scope="col">{t("interval")}</th><th scope="col">{t("forecast")}</th><th scope="col">{t("expected")}</th><th scope="col">{t("offered")}</th><th scope="col">{t("answered")}</th><th scope="col">{t("abandoned")}</th>
            <th scope="col">{t("service-level")}</th><th scope="col">{t("aht")}</th><th scope="col">{t("required")}</th><th scope="col">{t("present")}</th><th scope="col">{t("ready")}</th>
          </tr></thead>
          <tbody>{rows.map((row) => {
            const has = isPast(row);
            return (
              <tr key={row.from} class={has && !row.complete ? "is-now" : ""} data-from={row.from}>
                <th scope="row">{hours.value(row.from)}–{hours.value(row.to)}{has && !row.complete && <small>{t("under-way")}</small>}</th>
                <td data-forecast>{figure(row.forecast, 1)}</td><td data-expected>{figure(toCome(row), 1)}</td><td>{has ? figure(row.offered) : "–"}</td><td>{has ? figure(row.answered) : "–"}</td><td>{has ? figure(row.abandoned) : "–"}</td>
                <td title={row.sl ? t("share", { part: row.sl.numerator, whole: row.sl.denominator }) : undefined}>{row.sl ? percentOf(row.sl.numerator, row.sl.denominator) : "–"}</td>
                <td>{row.aht_ms === null ? "–" : clockOf(row.aht_ms)}</td><td>{figure(row.required, 1)}</td><td>{figure(row.staff_present, 1)}</td><td>{figure(row.staff_ready, 1)}</td>
              </tr>
            );
          })}</tbody>
          <tfoot><tr>
            <th scope="row">{t("whole-day")}</th><td>{figure(whole((row) => row.forecast), 1)}</td><td title={t("expected-day")}>{figure(whole((row) => row.expected), 1)}</td><td data-offered>{figure(sum((row) => row.offered))}</td><td>{figure(sum((row) => row.answered))}</td><td>{figure(sum((row) => row.abandoned))}</td>
            <td>{percentOf(within, under)}</td><td>–</td><td>–</td><td>–</td><td>–</td>
          </tr></tfoot>
        </table>
      </div>
    </div>
  );
}

// How busy the day is against its forecast, so far; only while some of it is to come.
function Paces() {
  const { paces, intervals } = day.value!;
  if (!intervals.some((row) => toCome(row) !== null) || !intervals.some((row) => row.complete)) return null;
  const percent = (share: number) => numberOf(100 * share, language.value, 1);
  return (
    <ul class="paces" id="paces">{paces.map((pace) => (
      <li key={pace.queue} data-pace={pace.queue} title={pace.derived ? t("variation-derived", { percent: percent(pace.variation) }) : t("variation", { percent: percent(pace.variation) })}>
        {t("pace", { queue: nameOf("queues", pace.queue), percent: percent(pace.factor) })}
      </li>
    ))}</ul>
  );
}

function Page() {
  document.title = of("desk-", "intraday");
  const { date, queue, interval } = asked.value;
  useEffect(() => {
    const again = setInterval(() => { if (!document.hidden) void load(); }, REFRESH_MS);
    return () => clearInterval(again);
  }, []);
  return (
    <>
      <Bar desk="intraday" end={<><a class="button" href="/leader">{of("desk-", "leader")}</a><button type="button" class="plain" onClick={() => void leave()}><Icon is="out" />{session.value?.account}</button></>} />
      <main class="intraday">
        <div class="asked" role="group" aria-label={t("choose")}>
          <label><span>{t("date")}</span><input id="date" type="date" value={date || today.value} onChange={(event) => ask({ date: event.currentTarget.value })} /></label>
          <label><span>{t("queue")}</span>
            <select id="queue" value={queue} onChange={(event) => ask({ queue: event.currentTarget.value })}>
              <option value="">{t("all-queues")}</option>
              {queues.value.map((id) => <option key={id} value={id}>{nameOf("queues", id)}</option>)}
            </select>
          </label>
          <label><span>{t("width")}</span>
            <select id="interval" value={interval} onChange={(event) => ask({ interval: event.currentTarget.value })}>{INTERVALS.map((one) => <option key={one} value={one}>{of("width-", one)}</option>)}</select>
          </label>
          {day.value && <p class="hint zone">{t("zone", { zone: day.value.zone })}</p>}
        </div>
        {isMissing.value && <p class="card not-there" role="status"><Icon is="message" />{t("not-there")}</p>}
        {fault.value && !isMissing.value && <p class="card not-there bad-text" role="alert"><Icon is="warn" />{fault.value}</p>}
        {!day.value && !fault.value && <p role="status">{t("loading")}</p>}
        {day.value && (
          <>
            {!hasForecast.value && <p class="hint none-yet"><Icon is="message" />{t("no-forecast")}</p>}
            {hasForecast.value && !hasRequired.value && <p class="hint none-yet"><Icon is="message" />{t("no-required")}</p>}
            <Paces />
            <Charts />
            <Numbers />
          </>
        )}
      </main>
    </>
  );
}

await begin({ words, Page });
if (session.peek()) {
  void load();
  const told = await getIfThere<{ queues: { queue: string; active: boolean }[] }>("/api/v1/queues").catch(() => null);
  queues.value = (told?.queues ?? []).filter((row) => row.active).map((row) => row.queue);
}
