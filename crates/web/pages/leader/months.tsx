// Submitting a month: what the server can reckon stands there already, with what it stands on; the rest is for the director. A figure
// that she leaves as it is keeps its fraction and the report it is from; one that she writes is hers.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { civilOf, dayStartOf, instantOf, numberOf } from "../core/spans.ts";
import { nowMs } from "../core/ticks.ts";
import { language, of, t } from "../core/words.ts";
import { act, query, readIfThere, said } from "../marks/ask.ts";
import { lineText, type Fraction, type Given, type MonthRow, type PostTable } from "../marks/months.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";

interface Evidence { formula: string; numerator: number | string; denominator: number | string; n?: number; interval?: [number, number] | null; report?: string | null; of?: "agent" | "site" }
interface Proposed { over: boolean; assessment: string | null; agents: { agent: string; lines: { line: string; given: Given | null; evidence?: Evidence; why?: string }[] }[] }
// What stands in a field: its text, and of what it is while nobody has changed it.
interface Cell { text: string; given?: Given; evidence?: Evidence }
export interface Returned { month: string; post: string; rows: readonly MonthRow[] }

// A decimal as the fraction that it is; nothing at all does not apply.
export function givenOf(text: string | undefined): Given {
  const [, sign, whole, part] = /^\s*(-?)(\d+)(?:[.,](\d{1,6}))?\s*$/.exec(text ?? "") ?? [];
  if (whole === undefined) return "not_applicable";
  const under = 10 ** (part?.length ?? 0);
  return { figure: { over: (sign ? -1 : 1) * (Number(whole) * under + Number(part ?? 0)), under, report: null } };
}

// As a field of numbers takes it.
const textOf = ({ over, under }: Fraction): string => String(Math.round((over / under) * 100) / 100);
const cellOf = (given: Given, evidence?: Evidence): Cell => (given === "not_applicable" ? { text: "" } : { text: textOf(given.figure), given, ...(evidence ? { evidence } : {}) });

export function evidenceText({ formula, numerator, denominator, n, interval, report, of: whose }: Evidence): string {
  const id = formula.split("@")[0]!.replaceAll(".", "-");
  const named = of("formula-", id);
  const points = (value: number) => numberOf(value, language.value, 1);
  return [
    named === id ? formula : named,
    String(denominator) === "1" ? String(numerator) : t("evidence-share", { part: String(numerator), whole: String(denominator) }),
    n === undefined ? "" : t("n-of", { n }),
    interval ? t("interval-of", { low: points(interval[0]), high: points(interval[1]) }) : "",
    whose === "site" ? t("evidence-site") : "",
    report ?? "",
  ].filter(Boolean).join(" · ");
}

export function SubmitDialog({ tables, returned, onClose }: { tables: PostTable[]; returned: readonly Returned[]; onClose: () => void }) {
  const post = useSignal(tables.some((one) => one.post === "agent") ? "agent" : (tables[0]?.post ?? ""));
  // A month that is over.
  const month = useSignal(civilOf(dayStartOf(instantOf(`${civilOf(nowMs()).slice(0, 7)}-01T00:00:00`) - 1)).slice(0, 7));
  const agents = useSignal("");
  const cells = useSignal<Record<string, Cell>>({});
  const bonuses = useSignal<Record<string, string>>({});
  const whys = useSignal<Record<string, string>>({});
  const known = useSignal<Proposed | null>(null);
  const table = tables.find((one) => one.post === post.value);
  const list = [...new Set(agents.value.split(/[\s,，、]+/).filter(Boolean))];

  // What was submitted before and returned is the beginning of the next try; what is reckoned now goes before it.
  const load = async () => {
    const [askedMonth, askedPost] = [month.peek(), post.peek()];
    const told = askedMonth ? await readIfThere<Proposed>(`/assessments/proposed${query({ month: askedMonth, post: askedPost })}`).catch(() => null) : null;
    if (month.peek() !== askedMonth || post.peek() !== askedPost) return;
    const before = returned.find((one) => one.month === askedMonth && one.post === askedPost)?.rows ?? [];
    const next: Record<string, Cell> = {};
    for (const { agent, assessed } of before) for (const { line, given } of assessed.lines) next[`${agent} ${line}`] = cellOf(given);
    const reasons: Record<string, string> = {};
    for (const { agent, lines } of told?.agents ?? []) for (const { line, given, evidence, why } of lines) {
      if (given) next[`${agent} ${line}`] = cellOf(given, evidence);
      else if (why) reasons[`${agent} ${line}`] = why;
    }
    [known.value, cells.value, whys.value] = [told, next, reasons];
    bonuses.value = Object.fromEntries(before.map(({ agent, assessed }) => [agent, assessed.bonus ? String(assessed.bonus) : ""]));
    const people = before.length ? before.map(({ agent }) => agent) : (told?.agents ?? []).map(({ agent }) => agent);
    if (people.length) agents.value = people.join(" ");
  };
  useEffect(() => void load(), []);
  const choose = (what: { value: string }, to: string) => { what.value = to; void load(); };
  const given = (cell: Cell | undefined): Given => cell?.given ?? givenOf(cell?.text);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!table) return;
    const rows = list.map((agent) => ({ agent, bonus: Number(bonuses.value[agent] || 0), given: Object.fromEntries(table.line.map(({ id }) => [id, given(cells.value[`${agent} ${id}`])])) }));
    if (await act("/assessments", { month: month.value, post: post.value, version: table.version, rows }, t("assessment-submitted"))) onClose();
  };
  return (
    <Dialog title={t("assessment-submit")} wide onClose={onClose} id="assess-dialog">
      <form class="form" onSubmit={(event) => void submit(event as unknown as SubmitEvent)}>
        <label><span>{t("month")}</span><input type="month" required value={month.value} onChange={(event) => choose(month, event.currentTarget.value)} data-first /></label>
        <label><span>{t("post")}</span><select value={post.value} onChange={(event) => choose(post, event.currentTarget.value)}>{tables.map((one) => <option key={one.post} value={one.post}>{said(one.title, one.post)}</option>)}</select></label>
        {table?.derived && <p class="hint">{t("table-derived")}</p>}
        {known.value && !known.value.over && <p class="banner warn"><Icon is="clock" />{t("month-not-over")}</p>}
        {known.value?.assessment && <p class="banner warn"><Icon is="warn" />{t("month-submitted-already", { id: known.value.assessment })}</p>}
        <label><span>{t("agents")}</span><input name="agents" required value={agents.value} onInput={(event) => (agents.value = event.currentTarget.value)} /></label>
        {table && list.length > 0 && (
          <div class="scroll month-fields" tabIndex={0} role="region" aria-label={t("assessments")}><table class="figures-table">
            <thead><tr><th scope="col">{t("month-agent")}</th>{table.line.map((line) => <th key={line.id} scope="col" title={line.source}>{lineText(line, line.id, line.weight)}</th>)}
              {table.bonus_points_max > 0 && <th scope="col">{t("month-bonus")}</th>}</tr></thead>
            <tbody>{list.map((agent) => (
              <tr key={agent}><th scope="row">{agent}</th>
                {table.line.map((line) => {
                  const key = `${agent} ${line.id}`;
                  const cell = cells.value[key];
                  return (
                    <td key={line.id} data-cell={key}>
                      <input type="number" step="any" aria-label={`${agent} ${said(line.text, line.id)}`} value={cell?.text ?? ""} onInput={(event) => (cells.value = { ...cells.peek(), [key]: { text: event.currentTarget.value } })} />
                      {cell?.evidence ? <small class="hint" data-evidence>{evidenceText(cell.evidence)}</small> : !cell?.text && whys.value[key] && whys.value[key] !== "by_hand" ? <small class="hint">{of("not-reckoned-", whys.value[key]!)}</small> : null}
                    </td>
                  );
                })}
                {table.bonus_points_max > 0 && <td><input name="bonus" type="number" min={0} max={table.bonus_points_max} step={1} aria-label={`${agent} ${t("month-bonus")}`} value={bonuses.value[agent] ?? ""} onInput={(event) => (bonuses.value = { ...bonuses.peek(), [agent]: event.currentTarget.value })} /></td>}
              </tr>
            ))}</tbody>
          </table></div>
        )}
        <p class="hint">{t("assessment-hint")}</p>
        <button class="strong">{t("assessment-submit")}</button>
      </form>
    </Dialog>
  );
}
