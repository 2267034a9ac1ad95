// Rows of monthly tables 月度考核 as director, manager and the agent herself read them: line by line what was given and what it came to.
import { numberOf } from "../core/spans.ts";
import { language, t } from "../core/words.ts";
import { said } from "./ask.ts";
import { markText } from "./scorecard.tsx";
import type { Words } from "./shapes.ts";

export interface Fraction { over: number; under: number; report: string | null }
export type Given = "not_applicable" | { figure: Fraction };
// A gate has no weight: unless it is passed, the month comes to at most so many points.
export interface Line { id: string; text: Words; weight: number; source: string; gate?: number | null }
export interface PostTable { post: string; version: number; title: Words; derived: boolean; bonus_points_max: number; line: Line[] }
export interface MonthRow { agent: string; place: number; assessed: { lines: { line: string; weight: number; given: Given; mark: number | null }[]; bonus: number; total: number } }

const DIGITS_MAX = 2;

// As many digits as it has, two at most.
export function fractionText({ over, under }: Fraction): string {
  const hundredths = Math.round((over / under) * 10 ** DIGITS_MAX);
  return numberOf(hundredths / 10 ** DIGITS_MAX, language.value, hundredths % 100 === 0 ? 0 : hundredths % 10 === 0 ? 1 : DIGITS_MAX);
}

export function lineText(line: Line | undefined, id: string, weight: number): string {
  const name = said(line?.text, id);
  return line?.gate !== null && line?.gate !== undefined ? t("line-gate", { line: name, most: line.gate }) : t("line-weight", { line: name, weight });
}

export function MonthTable({ table, rows, last = [], label }: { table: PostTable | null | undefined; rows: readonly MonthRow[]; last?: readonly string[]; label: string }) {
  const lines = rows[0]?.assessed.lines ?? [];
  const known = (id: string) => table?.line.find((line) => line.id === id);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}><table class="figures-table month-table">
      <thead><tr><th scope="col">{t("month-agent")}</th>{lines.map((line) => <th key={line.line} scope="col">{lineText(known(line.line), line.line, line.weight)}</th>)}
        <th scope="col">{t("month-bonus")}</th><th scope="col">{t("month-total")}</th><th scope="col">{t("month-place")}</th></tr></thead>
      <tbody>{rows.map(({ agent, place, assessed }) => (
        <tr key={agent} data-row={agent}>
          <th scope="row">{agent}{last.includes(agent) && <> <span class="badge warn small">{t("among-the-last")}</span></>}</th>
          {assessed.lines.map((line) => <td key={line.line} data-line={line.line}><Came {...line} /></td>)}
          <td>{assessed.bonus ? t("points-on", { n: assessed.bonus }) : "–"}</td><td><b data-total={assessed.total}>{markText(assessed.total)}</b></td><td>{place}</td>
        </tr>
      ))}</tbody>
    </table></div>
  );
}

function Came({ given, mark }: { given: Given; mark: number | null }) {
  if (given === "not_applicable") return <span class="hint">{t("answer-na")}</span>;
  const { report } = given.figure;
  return <>{t("given-mark", { given: fractionText(given.figure), mark: markText(mark) })}{report && <><br /><small class="hint">{report}</small></>}</>;
}
