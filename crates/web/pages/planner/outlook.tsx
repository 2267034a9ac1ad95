// 预测与需求: what a day of a queue will bring beside what it brought, and the people that it takes; drawn, and in a table with the same numbers.
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { nameOf } from "../core/names.ts";
import { clockOf, numberOf } from "../core/spans.ts";
import { language, of, t } from "../core/words.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { Act } from "../ui/keys.tsx";
import { does, follow, once } from "../shifts/ask.ts";
import { plus, wholeOf } from "../shifts/days.ts";
import { clockAt } from "../shifts/grid.ts";
import type { Covered, Made } from "../shifts/shapes.ts";
import { keys, opened } from "./keys.ts";
import { accuracy, forecasts, isMissing, loadOutlook, look, looked, may, proposedMonth, queues, requirements, today } from "./desk.ts";
import type { Band, Series } from "./chart.ts";

interface Row { at: number; from: string; until: string; volume: number | null; low: number | null; high: number | null; actual: number | null; aht_ms: number | null; heads: number | null }

function useRows() {
  return useComputed<Row[]>(() => {
    const { from } = looked.value;
    const told = forecasts.value?.find((one) => one.day === from);
    const needed = requirements.value?.find((one) => one.day === from);
    const base = told ?? needed;
    if (!base) return [];
    const begin = Date.parse(base.from);
    const length = Math.max(told?.intervals.length ?? 0, needed?.heads.length ?? 0);
    const instant = (at: number) => new Date(begin + at * base.interval_ms).toISOString();
    return Array.from({ length }, (_, at) => {
      const point = told?.intervals[at];
      return {
        at, from: instant(at), until: instant(at + 1), volume: point?.volume ?? null, low: point?.low ?? null, high: point?.high ?? null, actual: point?.came ?? null,
        aht_ms: point?.aht_ms ?? null, heads: needed?.heads[at] ?? null,
      };
    });
  });
}

const round = (value: number | null, digits = 1): string => (value === null ? "–" : numberOf(value, language.value, Number.isInteger(value) ? 0 : digits));

function Chart({ id, label, rows, series, band }: { id: string; label: string; rows: Row[]; series: Series[]; band?: Band | undefined }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let end = () => {};
    let isOver = false;
    void import("./chart.ts").then(({ draw }) => {
      const last = rows.at(-1);
      if (isOver || !box.current || !last) return;
      end = draw({ box: box.current, series, band, height: 220, times: rows.map((row) => Date.parse(row.from) / 1000), ends: Date.parse(last.until) / 1000, hour: (seconds) => clockAt(new Date(seconds * 1000).toISOString()) });
    });
    return () => { isOver = true; end(); };
  }, [rows, language.value]);
  return (
    <figure class="card chart" data-chart={id}>
      <figcaption><h2>{label}</h2>
        <ul class="legend">
          {band && <li><svg class="line-key" viewBox="0 0 26 10" aria-hidden="true"><rect x="3" y="1" width="20" height="8" fill={band.fill} /></svg>{t("interval-band")}</li>}
          {series.map((line) => <li key={line.label}><svg class="line-key" viewBox="0 0 26 10" aria-hidden="true"><path d="M1 5h24" stroke={line.stroke} stroke-width={line.width ?? 2} stroke-dasharray={line.dash?.join(" ")} fill="none" /></svg>{line.label}</li>)}
        </ul>
      </figcaption>
      <div class="canvas" role="img" aria-label={t("chart-said", { label })} ref={box} />
    </figure>
  );
}

export function Outlook() {
  const { queue, from } = looked.value;
  useEffect(() => void loadOutlook(), [queue, from]);
  const rows = useRows().value;
  const told = forecasts.value?.find((one) => one.day === from);
  const needed = requirements.value?.find((one) => one.day === from);
  return (
    <div class="outlook">
      <div class="asked" role="group" aria-label={t("choose")}>
        <button type="button" aria-label={t("day-before")} title={t("day-before")} onClick={() => look({ from: plus(from, -1) })}>‹</button>
        <label><span>{t("day")}</span><input id="day" type="date" value={from} onChange={(event) => event.currentTarget.value && look({ from: event.currentTarget.value })} /></label>
        <button type="button" aria-label={t("day-after")} title={t("day-after")} onClick={() => look({ from: plus(from, 1) })}>›</button>
        <label><span>{t("queue")}</span>
          <select id="queue" value={queue} onChange={(event) => look({ queue: event.currentTarget.value })}>{queues.value.map((id) => <option key={id} value={id}>{nameOf("queues", id)}</option>)}</select>
        </label>
        {may.plan.value && !isMissing.value && <span class="asked-acts"><Act keys={keys} id="forecast" icon="chart" label={t("make-forecast")} /><Act keys={keys} id="requirement" icon="user" label={t("make-requirement")} /></span>}
        {may.publish.value && !isMissing.value && from < today() && <button type="button" data-act="figures" title={t("enter-figures-why")} onClick={() => void does(t("enter-figures"), () => once("/figures", { day: from }))}><Icon is="check" />{t("enter-figures")}</button>}
      </div>
      {isMissing.value && <p class="card not-there" role="status"><Icon is="message" />{t("outlook-not-there")}</p>}
      {!isMissing.value && forecasts.value !== null && rows.length === 0 && <p class="card not-there" role="status" id="no-forecast"><Icon is="message" />{t("no-forecast", { day: wholeOf(from, language.value) })}</p>}
      {told && (
        <p class="hint method" id="method">
          {t("method-is", { method: methodText(told.method), forecast: told.forecast })}
          {accuracy.value && typeof accuracy.value.wape === "number" && <> · {t("accuracy-is", { wape: percent(accuracy.value.wape), floor: percent(accuracy.value.noise_floor ?? 0) })}</>}
          <Coverage share={80} of={accuracy.value?.covered_80} /><Coverage share={95} of={accuracy.value?.covered_95} />
        </p>
      )}
      {rows.length > 0 && (
        <div class="charts">
          {told && <Chart id="volume" label={t("calls")} rows={rows} band={{ low: rows.map((row) => row.low), high: rows.map((row) => row.high), fill: "rgb(11 92 173 / 18%)" }}
            series={[{ label: t("forecast"), values: rows.map((row) => row.volume), stroke: "#0b5cad", dash: [6, 4] }, { label: t("actual"), values: rows.map((row) => row.actual), stroke: "#17212e", width: 2.5 }]} />}
          {needed && <Chart id="heads" label={t("requirement")} rows={rows} series={[{ label: t("heads"), values: rows.map((row) => row.heads), stroke: "#a81f1f" }]} />}
        </div>
      )}
      {rows.length > 0 && <Numbers rows={rows} />}
      {opened.value === "forecast" && <ForecastDialog />}
      {opened.value === "requirement" && <RequirementDialog />}
    </div>
  );
}

// `mean_of_10_weeks`: the method, and how many weeks it looks back.
function methodText(method: string): string {
  const [, kind = "", n = ""] = /^(seasonal_naive|mean_of|mstl_ets_of|half|stated)(?:_(\d+))?/.exec(method) ?? [];
  return of("method-", kind || "profile", { n });
}

// What an interval promises beside what became of it.
function Coverage({ share, of: covered }: { share: number; of?: Covered | undefined }) {
  if (!covered || covered.of === 0) return null;
  return <span data-covered={share}> · {t("covered-is", { share, measured: percent(covered.within / covered.of), within: covered.within, of: covered.of })}</span>;
}

const percent = (share: number): string => `${numberOf(share * 100, language.value, 1)}%`;

function Numbers({ rows }: { rows: Row[] }) {
  const sum = (pick: (row: Row) => number | null): number | null => (rows.some((row) => pick(row) !== null) ? rows.reduce((all, row) => all + (pick(row) ?? 0), 0) : null);
  return (
    <section class="card numbers">
      <h2 id="numbers-title">{t("numbers")}</h2>
      <div class="scroll" tabIndex={0} role="region" aria-labelledby="numbers-title">
        <table>
          <thead><tr><th scope="col">{t("interval")}</th><th scope="col">{t("forecast")}</th><th scope="col">{t("low-high")}</th><th scope="col">{t("actual")}</th><th scope="col">{t("aht")}</th><th scope="col">{t("heads")}</th></tr></thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.at} data-interval={row.at}>
                <th scope="row">{clockAt(row.from)}–{clockAt(row.until)}</th><td>{round(row.volume)}</td><td>{row.low === null ? "–" : `${round(row.low)}–${round(row.high)}`}</td>
                <td>{round(row.actual)}</td><td>{row.aht_ms === null ? "–" : clockOf(row.aht_ms)}</td><td>{round(row.heads)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot><tr><th scope="row">{t("whole-day")}</th><td>{round(sum((row) => row.volume))}</td><td>–</td><td>{round(sum((row) => row.actual))}</td><td>–</td><td>–</td></tr></tfoot>
        </table>
      </div>
    </section>
  );
}

// ---- made anew

interface Form { from: string; days: string; goal: string; within: string; shrinkage: string; patience: string; formula: string; asa: string; abandoned: string; occupancy: string; lines: string; redial: string }
const shareOf = (text: string): number => Number(text) / 100;

function useForm(given: Partial<Form>) {
  const form = useSignal<Form>({ ...{ from: proposedMonth().from, days: String(proposedMonth().days), goal: "80", within: "20", shrinkage: "25", patience: "", formula: "", asa: "", abandoned: "", occupancy: "", lines: "", redial: "" }, ...given });
  const field = (name: keyof Form) => ({ name, value: form.value[name], onInput: (event: { currentTarget: HTMLInputElement | HTMLSelectElement }) => (form.value = { ...form.peek(), [name]: event.currentTarget.value }) });
  return { form, field };
}

interface KnownEvent { day: string; factor: string }

function ForecastDialog() {
  const { form, field } = useForm({});
  const events = useSignal<KnownEvent[]>([]);
  const setEvent = (at: number, next: Partial<KnownEvent>) => (events.value = events.peek().map((one, nth) => (nth === at ? { ...one, ...next } : one)));
  const submit = (event: Event) => {
    event.preventDefault();
    const { from, days } = form.peek();
    opened.value = null;
    void follow(t("make-forecast"), () => once<Made>("/forecasts", { from, days: Number(days), events: events.peek().filter((one) => one.day && one.factor).map(({ day, factor }) => ({ day, factor: Number(factor) })) })).then((made) => {
      if (made) look({ from });
      void loadOutlook();
    });
  };
  return (
    <Dialog id="forecast-dialog" title={t("make-forecast")} onClose={() => (opened.value = null)}>
      <form class="plan-form" onSubmit={submit}>
        <p class="hint">{t("forecast-hint")}</p>
        <div class="two">
          <label><span>{t("first-day")}</span><input type="date" required data-first {...field("from")} /></label>
          <label><span>{t("days")}</span><input type="number" min={1} max={62} required {...field("days")} /></label>
        </div>
        <fieldset class="known-events"><legend>{t("events-known")}</legend>
          {events.value.map((one, at) => (
            <div class="two" key={at}>
              <label><span>{t("day")}</span><input type="date" name="event-day" required value={one.day} min={form.value.from} onInput={(event) => setEvent(at, { day: event.currentTarget.value })} /></label>
              <label><span>{t("event-factor")}</span><input type="number" name="event-factor" required min={0} max={100} step="any" value={one.factor} onInput={(event) => setEvent(at, { factor: event.currentTarget.value })} /></label>
            </div>
          ))}
          <button type="button" class="small" data-add-event onClick={() => (events.value = [...events.peek(), { day: form.peek().from, factor: "1.5" }])}>{t("event-add")}</button>
        </fieldset>
        <div class="form-foot"><button class="strong">{t("make")}</button></div>
      </form>
    </Dialog>
  );
}

// Those of the catalogue that staffing reckons, the customary one first.
const FORMULAS = ["sl.offered", "sl.answered_only", "sl.positive", "sl.ignore_fast_abandon", "sl.short_positive", "sl.genesys", "sl.avaya_bcms", "sl.cisco_v15.positive", "sl.cisco_v15.negative", "sl.cisco_v15.ignore"];

function RequirementDialog() {
  const { form, field } = useForm({ from: forecasts.peek()?.[0]?.day ?? proposedMonth().from, ...(forecasts.peek()?.length ? { days: String(forecasts.peek()!.length) } : {}) });
  const submit = (event: Event) => {
    event.preventDefault();
    const { from, days, goal, within, shrinkage, patience, formula, asa, abandoned, occupancy, lines, redial } = form.peek();
    opened.value = null;
    const more = { ...(formula && { formula }), ...(asa && { asa_max_s: Number(asa) }), ...(abandoned && { abandoned_max: shareOf(abandoned) }), ...(occupancy && { occupancy_max: shareOf(occupancy) }), ...(lines && { lines: Number(lines) }), ...(redial && { redial: shareOf(redial) }) };
    const body = { ...more, from, days: Number(days), target: `${goal}/${within}s`, shrinkage: [shareOf(shrinkage)], ...(patience ? { patience_s: Number(patience) } : {}) };
    void follow(t("make-requirement"), () => once<Made>("/requirements", body)).then((made) => {
      if (made) look({ from });
      void loadOutlook();
    });
  };
  return (
    <Dialog id="requirement-dialog" title={t("make-requirement")} onClose={() => (opened.value = null)}>
      <form class="plan-form" onSubmit={submit}>
        <p class="hint">{t("requirement-hint")}</p>
        <div class="two">
          <label><span>{t("first-day")}</span><input type="date" required data-first {...field("from")} /></label>
          <label><span>{t("days")}</span><input type="number" min={1} max={62} required {...field("days")} /></label>
          <label><span>{t("goal-share")}</span><input type="number" min={1} max={99} required {...field("goal")} /></label>
          <label><span>{t("goal-within")}</span><input type="number" min={1} max={3600} required {...field("within")} /></label>
          <label><span>{t("shrinkage")}</span><input type="number" min={0} max={80} required {...field("shrinkage")} /></label>
          <label><span>{t("patience")}</span><input type="number" min={1} max={7200} {...field("patience")} /></label>
        </div>
        <details>
          <summary>{t("goal-more")}</summary>
          <div class="two">
            <label><span>{t("goal-formula")}</span><select name="formula" value={form.value.formula} onChange={field("formula").onInput}>{FORMULAS.map((id) => <option key={id} value={id === FORMULAS[0] ? "" : id}>{id}</option>)}</select></label>
            <label><span>{t("goal-asa")}</span><input type="number" min={1} max={3600} {...field("asa")} /></label>
            <label><span>{t("goal-abandoned")}</span><input type="number" min={0} max={100} step="any" {...field("abandoned")} /></label>
            <label><span>{t("goal-occupancy")}</span><input type="number" min={1} max={100} {...field("occupancy")} /></label>
            <label><span>{t("goal-lines")}</span><input type="number" min={1} {...field("lines")} /></label>
            <label><span>{t("goal-redial")}</span><input type="number" min={0} max={90} {...field("redial")} /></label>
          </div>
        </details>
        <div class="form-foot"><button class="strong">{t("make")}</button></div>
      </form>
    </Dialog>
  );
}
