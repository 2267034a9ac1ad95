// How far evaluators agree, and how agents' marks stand. A figure is never shown without how sure it is and of how many; what has no
// value says why.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { civilOf, dayStartOf, instantOf, numberOf } from "../core/spans.ts";
import { nowMs } from "../core/ticks.ts";
import { language, of, t } from "../core/words.ts";
import { query, readIfThere, said } from "../marks/ask.ts";
import { questionsOf } from "../marks/answers.ts";
import { markText } from "../marks/scorecard.tsx";
import { Icon } from "../ui/icons.tsx";
import { formName, forms, loadForms, refused } from "./desk.ts";

// As the server tells a figure: a number, or one with its interval and count, or why there is none.
export type FigureTold = number | null | undefined | { value?: number | null; interval?: [number, number] | { low: number; high: number } | null; n?: number | null; undefined?: string | null; why?: string | null };
interface Lenient { evaluator: string; mean: number; interval?: [number, number] | null; n: number }
interface Agreement {
  alpha?: FigureTold; kappa?: FigureTold; ac1?: FigureTold; fleiss?: FigureTold; percent?: FigureTold; error_rate?: FigureTold; leniency?: Lenient[];
  per_item?: { question: string; alpha?: FigureTold; ac1?: FigureTold; percent?: FigureTold; n?: number }[];
}
interface Score { agent: string; mean: number | null; interval: [number, number] | null; n: number }
interface Satisfied { formulas?: unknown; csat?: FigureTold; net?: FigureTold; response?: FigureTold; offered?: number; answered?: number }

const FIGURES = ["percent", "alpha", "ac1", "kappa", "fleiss"] as const;
const DAYS_BACK = 30;

const plain = (value: number, percent: boolean): string => (percent ? `${numberOf(value * 100, language.value, 1)}%` : numberOf(value, language.value, 3));

export function Figure({ name, told, percent = false }: { name?: string; told: FigureTold; percent?: boolean }) {
  const whole = typeof told === "object" && told !== null ? told : { value: told ?? null };
  const bounds = "interval" in whole && whole.interval ? (Array.isArray(whole.interval) ? whole.interval : [whole.interval.low, whole.interval.high] as const) : null;
  const why = "undefined" in whole ? (whole.undefined ?? whole.why) : null;
  const n = "n" in whole ? whole.n : null;
  return (
    <span class="figure">
      {name && <span class="hint">{name}</span>}
      {whole.value === null || whole.value === undefined ? <b>–</b> : <b class="number">{plain(whole.value, percent)}</b>}
      {bounds && <span class="hint number">{t("interval-of", { low: plain(bounds[0], percent), high: plain(bounds[1], percent) })}</span>}
      {n !== null && n !== undefined && <span class="hint number">{t("n-of", { n })}</span>}
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
  const satisfied = useSignal<Satisfied | null>(null);
  const isRead = useSignal(false);
  const load = async () => {
    const day = (text: string) => (text ? new Date(instantOf(`${text}T00:00:00`)).toISOString() : "");
    const span = { from: day(from.peek()), until: day(until.peek()) };
    try {
      const [one, two, three] = await Promise.all([
        readIfThere<Agreement>(`/agreement${query({ form: form.peek(), ...span })}`), readIfThere<{ agents: Score[] }>(`/scores${query(span)}`), readIfThere<Satisfied>(`/satisfaction${query(span)}`),
      ]);
      [agreement.value, scores.value, satisfied.value] = [one, two?.agents ?? null, three];
    } catch (why) {
      refused(why);
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
      {scores.value && <Scores rows={scores.value} />}
      {satisfied.value && <Satisfaction told={satisfied.value} />}
    </div>
  );
}

function AgreementCard({ told, form }: { told: Agreement; form: string }) {
  const known = formName(form);
  const text = (id: string) => said(known && questionsOf(known).find((question) => question.id === id)?.text, id);
  return (
    <section class="card" aria-labelledby="agreement-title">
      <h2 id="agreement-title"><Icon is="check" />{t("agreement")}</h2>
      <div class="card-body">
        <p class="hint">{t("agreement-hint")}</p>
        <p class="figures-line">
          {FIGURES.filter((name) => told[name] !== undefined).map((name) => <Figure key={name} name={of("agreement-", name)} told={told[name]} percent={name === "percent"} />)}
          {told.error_rate !== undefined && <Figure name={t("error-rate")} told={told.error_rate} percent />}
        </p>
        {(told.leniency?.length ?? 0) > 0 && (
          <><h3>{t("leniency")}</h3>
            <div class="scroll" tabIndex={0} role="region" aria-label={t("leniency")}><table class="figures-table">
              <thead><tr><th scope="col">{t("evaluator")}</th><th scope="col">{t("leniency-mean")}</th><th scope="col">{t("interval")}</th><th scope="col">{t("count")}</th></tr></thead>
              <tbody>{told.leniency!.map((row) => <tr key={row.evaluator}><th scope="row">{row.evaluator}</th><td>{signed(row.mean)}</td><td>{row.interval ? t("interval-of", { low: signed(row.interval[0]), high: signed(row.interval[1]) }) : "–"}</td><td>{row.n}</td></tr>)}</tbody>
            </table></div></>
        )}
        {(told.per_item?.length ?? 0) > 0 && (
          <><h3>{t("per-item")}</h3>
            <div class="scroll" tabIndex={0} role="region" aria-label={t("per-item")}><table class="figures-table">
              <thead><tr><th scope="col">{t("question")}</th><th scope="col">{t("percent-agreement")}</th><th scope="col">{t("alpha")}</th><th scope="col">{of("agreement-", "ac1")}</th></tr></thead>
              <tbody>{told.per_item!.map((row) => <tr key={row.question}><th scope="row">{text(row.question)}</th><td><Figure told={row.percent} percent /></td><td><Figure told={row.alpha} /></td><td><Figure told={row.ac1} /></td></tr>)}</tbody>
            </table></div></>
        )}
      </div>
    </section>
  );
}

const signed = (hundredths: number): string => (hundredths > 0 ? `+${markText(Math.round(hundredths))}` : markText(Math.round(hundredths)));

function Scores({ rows }: { rows: Score[] }) {
  return (
    <section class="card" aria-labelledby="scores-title">
      <h2 id="scores-title"><Icon is="chart" />{t("scores")}</h2>
      <div class="card-body">
        <p class="hint">{t("scores-hint")}</p>
        {rows.length === 0 ? <p>{t("no-scores")}</p> : (
          <div class="scroll" tabIndex={0} role="region" aria-labelledby="scores-title"><table class="figures-table" id="scores">
            <thead><tr><th scope="col">{t("agent")}</th><th scope="col">{t("mean")}</th><th scope="col">{t("interval")}</th><th scope="col">{t("count")}</th></tr></thead>
            <tbody>{rows.map((row) => (
              <tr key={row.agent} data-agent={row.agent}><th scope="row">{row.agent}</th><td>{row.mean === null ? "–" : markText(Math.round(row.mean))}</td>
                <td>{row.interval ? t("interval-of", { low: markText(Math.round(row.interval[0])), high: markText(Math.round(row.interval[1])) }) : t("interval-none")}</td><td>{row.n}</td></tr>
            ))}</tbody>
          </table></div>
        )}
      </div>
    </section>
  );
}

function Satisfaction({ told }: { told: Satisfied }) {
  return (
    <section class="card" aria-labelledby="satisfaction-title">
      <h2 id="satisfaction-title"><Icon is="user" />{t("satisfaction")}</h2>
      <p class="card-body figures-line">
        <Figure name={t("satisfaction-all")} told={told.csat} percent /><Figure name={t("satisfaction-net")} told={told.net} percent /><Figure name={t("response-rate")} told={told.response} percent />
      </p>
    </section>
  );
}
