// How far evaluators agree, and how agents' marks stand. A figure is never shown without how sure it is and of how many; what has no
// value says why.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { civilOf, dayStartOf, isoOf, numberOf } from "../core/spans.ts";
import { nowMs } from "../core/ticks.ts";
import { language, of, t } from "../core/words.ts";
import { query, readIfThere, said } from "../marks/ask.ts";
import { questionsOf } from "../marks/answers.ts";
import { markText } from "../marks/scorecard.tsx";
import { Icon } from "../ui/icons.tsx";
import { came, formName, forms, loadForms, refused } from "./desk.ts";

// As the server tells a figure: a number, or one with its interval and count, or why there is none.
export type FigureTold = undefined | { value: number | null; interval?: [number, number] | null; whole?: number; n?: number; undefined?: string };
interface ErrorRates { disputed: FigureTold; seen_otherwise: FigureTold }
interface Lenient { evaluator: string; mean: number | null; interval?: [number, number] | null; n: number; error_rate?: ErrorRates }
interface Look { evaluation: string; evaluator: string; mark: number | null }
interface Apart { contact: string; agent: string; form: string; first: Look; second: Look; round: string | null }
interface Agreement {
  units: number; evaluators: number; tolerance: number; alpha: FigureTold; percent: FigureTold;
  alpha_items: FigureTold; percent_items: FigureTold; ac1: FigureTold; kappa: FigureTold; kappa_weighted: FigureTold; fleiss: FigureTold;
  error_rate: ErrorRates; leniency: Lenient[]; apart?: Apart[]; per_item: { question: string; alike: FigureTold }[];
}
// How many conversations had no mistake that hurts somebody.
const HURT = ["customer", "business", "compliance"] as const;
type Free = Record<(typeof HURT)[number], FigureTold>;
interface Score { agent: string; mean: number | null; interval: [number, number] | null; n: number; free?: Free }
interface Satisfied { offered: number; answered: number; response_rate: FigureTold; questions: { question: string; n: number; satisfied: number; neutral: number; dissatisfied: number; not_dissatisfied: FigureTold; positive: FigureTold }[] }

// Of whole marks, and of single answers.
const OF_MARKS = ["alpha", "percent", "kappa_weighted"] as const;
const OF_ANSWERS = ["alpha_items", "percent_items", "ac1", "kappa", "fleiss"] as const;
const DAYS_BACK = 30;

const plain = (value: number, percent: boolean): string => (percent ? `${numberOf(value * 100, language.value, 1)}%` : numberOf(value, language.value, 3));

export function Figure({ name, told, percent = false }: { name?: string; told: FigureTold; percent?: boolean }) {
  if (!told) return null;
  const { value, interval, undefined: why } = told;
  const whole = told.whole ?? told.n;
  return (
    <span class="figure">
      {name && <span class="hint">{name}</span>}
      {value === null ? <b>–</b> : <b class="number">{plain(value, percent)}</b>}
      {interval && <span class="hint number">{t("interval-of", { low: plain(interval[0], percent), high: plain(interval[1], percent) })}</span>}
      {whole !== undefined && <span class="hint number">{t("n-of", { n: whole })}</span>}
      {why && <span class="hint">{of("undefined-", why)}</span>}
    </span>
  );
}

export function Figures() {
  const from = useSignal(civilOf(dayStartOf(nowMs()) - DAYS_BACK * 86_400_000).slice(0, 10));
  const until = useSignal("");
  const form = useSignal("");
  const agreement = useSignal<Agreement | null>(null);
  const scores = useSignal<Score[] | null>(null);
  const free = useSignal<Free | null>(null);
  const satisfied = useSignal<Satisfied | null>(null);
  const isRead = useSignal(false);
  const load = async () => {
    const day = (text: string) => (text ? isoOf(`${text}T00:00:00`) : "");
    const span = { from: day(from.peek()), until: day(until.peek()) };
    try {
      const [one, two, three] = await Promise.all([
        readIfThere<Agreement>(`/agreement${query({ form: form.peek(), ...span })}`), readIfThere<{ agents: Score[]; free?: Free }>(`/scores${query({ form: form.peek(), ...span })}`), readIfThere<Satisfied>(`/satisfaction${query(span)}`),
      ]);
      [agreement.value, scores.value, satisfied.value] = [one, two?.agents ?? null, three];
      free.value = two?.free ?? null;
      came("figures");
    } catch (why) {
      refused("figures", why);
    }
    isRead.value = true;
  };
  useEffect(() => { void loadForms(); void load(); }, []);
  const ask = (what: { value: string }, to: string) => { what.value = to; void load(); };
  return (
    <div class="part">
      <div class="asked" role="group" aria-label={t("figures-filter")}>
        <label><span>{t("from")}</span><input type="date" value={from.value} onChange={(event) => ask(from, event.currentTarget.value)} /></label>
        <label><span>{t("until")}</span><input type="date" value={until.value} onChange={(event) => ask(until, event.currentTarget.value)} /></label>
        <label><span>{t("form")}</span><select value={form.value} onChange={(event) => ask(form, event.currentTarget.value)}>
          <option value="">{t("all-forms")}</option>{forms.value.map((one) => <option key={one.form} value={one.form}>{said(one.title, one.form)}</option>)}
        </select></label>
      </div>
      {isRead.value && !agreement.value && !scores.value && <p class="card not-there" role="status"><Icon is="message" />{t("part-not-there")}</p>}
      {agreement.value && <AgreementCard told={agreement.value} form={form.value} />}
      {scores.value && <Scores rows={scores.value} free={free.value} />}
      {satisfied.value && <Satisfaction told={satisfied.value} />}
    </div>
  );
}

function AgreementCard({ told, form }: { told: Agreement; form: string }) {
  const known = formName(form);
  const text = (id: string) => said(known && questionsOf(known).find((question) => question.id === id)?.text, id);
  return (
    <section class="card">
      <h2 id="agreement-title"><Icon is="check" />{t("agreement")}</h2>
      <div class="card-body">
        <p class="hint">{t("agreement-hint")}</p>
        <p class="hint">{t("agreement-units", { units: told.units, evaluators: told.evaluators })}</p>
        <h3>{t("of-marks", { tolerance: markText(told.tolerance) })}</h3>
        <p class="figures-line">{OF_MARKS.map((name) => <Figure key={name} name={of("agreement-", name)} told={told[name]} percent={name === "percent"} />)}</p>
        <h3>{t("of-answers")}</h3>
        <p class="figures-line">{OF_ANSWERS.map((name) => <Figure key={name} name={of("agreement-", name)} told={told[name]} percent={name === "percent_items"} />)}</p>
        <h3>{t("error-rate")}</h3>
        <p class="figures-line"><Figure name={t("disputed")} told={told.error_rate.disputed} percent /><Figure name={t("seen-otherwise")} told={told.error_rate.seen_otherwise} percent /></p>
        {told.leniency.length > 0 && (
          <><h3>{t("leniency")}</h3>
            <div class="scroll" tabIndex={0} role="region" aria-label={t("leniency")}><table class="figures-table">
              <thead><tr><th scope="col">{t("evaluator")}</th><th scope="col">{t("leniency-mean")}</th><th scope="col">{t("interval")}</th><th scope="col">{t("count")}</th><th scope="col">{t("disputed")}</th><th scope="col">{t("seen-otherwise")}</th></tr></thead>
              <tbody>{told.leniency.map((row) => (
                <tr key={row.evaluator} data-evaluator={row.evaluator}><th scope="row">{row.evaluator}</th><td>{row.mean === null ? "–" : signed(row.mean)}</td><td>{row.interval ? t("interval-of", { low: signed(row.interval[0]), high: signed(row.interval[1]) }) : "–"}</td><td>{row.n}</td>
                  <td><Figure told={row.error_rate?.disputed} percent /></td><td><Figure told={row.error_rate?.seen_otherwise} percent /></td></tr>
              ))}</tbody>
            </table></div></>
        )}
        {(told.apart?.length ?? 0) > 0 && (
          <><h3>{t("apart")}</h3><p class="hint">{t("apart-hint", { tolerance: markText(told.tolerance) })}</p>
            <ul class="plain-list" id="apart">{told.apart!.map((pair) => (
              <li key={pair.second.evaluation} data-apart={pair.contact}>{t("apart-of", { contact: pair.contact, agent: pair.agent })} {[pair.first, pair.second].map((look) => <a key={look.evaluation} href={`#${look.evaluation}`}>{look.evaluator} <b class="number">{markText(look.mark)}</b></a>)}
                {pair.round && <span class="badge info small">{pair.round}</span>}</li>
            ))}</ul></>
        )}
        {told.per_item.length > 0 && (
          <><h3>{t("per-item")}</h3>
            <div class="scroll" tabIndex={0} role="region" aria-label={t("per-item")}><table class="figures-table">
              <thead><tr><th scope="col">{t("question")}</th><th scope="col">{t("percent-agreement")}</th></tr></thead>
              <tbody>{told.per_item.map((row) => <tr key={row.question}><th scope="row">{text(row.question)}</th><td><Figure told={row.alike} percent /></td></tr>)}</tbody>
            </table></div></>
        )}
      </div>
    </section>
  );
}

// Points, to a tenth.
const pointsOf = (points: number): string => numberOf(points, language.value, 1);
const signed = (points: number): string => (points > 0 ? `+${pointsOf(points)}` : pointsOf(points));

function Scores({ rows, free }: { rows: Score[]; free: Free | null }) {
  return (
    <section class="card">
      <h2 id="scores-title"><Icon is="chart" />{t("scores")}</h2>
      <div class="card-body">
        <p class="hint">{t("scores-hint")}</p>
        {free && <p class="figures-line" id="free-of">{HURT.map((whom) => <Figure key={whom} name={of("free-of-", whom)} told={free[whom]} percent />)}</p>}
        {rows.length === 0 ? <p>{t("no-scores")}</p> : (
          <div class="scroll" tabIndex={0} role="region" aria-labelledby="scores-title"><table class="figures-table" id="scores">
            <thead><tr><th scope="col">{t("agent")}</th><th scope="col">{t("mean")}</th><th scope="col">{t("interval")}</th><th scope="col">{t("count")}</th></tr></thead>
            <tbody>{rows.map((row) => (
              <tr key={row.agent} data-agent={row.agent}><th scope="row">{row.agent}</th><td>{row.mean === null ? "–" : markText(Math.round(row.mean))}</td>
                <td>{row.interval ? t("interval-of", { low: pointsOf(row.interval[0]), high: pointsOf(row.interval[1]) }) : t("interval-none")}</td><td>{row.n}</td></tr>
            ))}</tbody>
          </table></div>
        )}
      </div>
    </section>
  );
}

function Satisfaction({ told }: { told: Satisfied }) {
  return (
    <section class="card">
      <h2 id="satisfaction-title"><Icon is="user" />{t("satisfaction")}</h2>
      <div class="card-body">
        <p class="figures-line"><Figure name={t("response-rate")} told={told.response_rate} percent /></p>
        {told.questions.length > 0 && (
          <div class="scroll" tabIndex={0} role="region" aria-labelledby="satisfaction-title"><table class="figures-table">
            <thead><tr><th scope="col">{t("question")}</th><th scope="col">{t("satisfaction-all")}</th><th scope="col">{t("satisfaction-net")}</th><th scope="col">{t("satisfaction-counts")}</th></tr></thead>
            <tbody>{told.questions.map((row) => <tr key={row.question}><th scope="row">{of("survey-", row.question)}</th><td><Figure told={row.not_dissatisfied} percent /></td><td><Figure told={row.positive} percent /></td><td>{row.satisfied} / {row.neutral} / {row.dissatisfied}</td></tr>)}</tbody>
          </table></div>
        )}
      </div>
    </section>
  );
}
