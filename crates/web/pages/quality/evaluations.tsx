// All evaluations that she may see: by step, agent and evaluator; those under appeal come first to whoever reviews.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { momentOf } from "../core/spans.ts";
import { language, of, t } from "../core/words.ts";
import { said } from "../marks/ask.ts";
import { markText } from "../marks/scorecard.tsx";
import type { EvaluationRow } from "../marks/shapes.ts";
import { Asked } from "../ui/asked.tsx";
import { Icon } from "../ui/icons.tsx";
import { Table } from "../ui/table.tsx";
import { asked, evaluations, formName, hasOlder, lacking, loadEvaluations, may } from "./desk.ts";
import { Begin } from "./fields.tsx";

const STEPS = ["drafted", "submitted", "published", "acknowledged", "appealed", "reviewed", "closed"];

export function Evaluations() {
  const isBeginning = useSignal(false);
  useEffect(() => void loadEvaluations(), []);
  const rows = evaluations.value ?? [];
  const { step, agent, mine } = asked.value;
  const ask = (part: Partial<typeof asked.value>) => { asked.value = { ...asked.peek(), ...part }; void loadEvaluations(); };
  if (lacking.value.has("evaluations")) return <p class="card not-there" role="status"><Icon is="message" />{t("part-not-there")}</p>;
  return (
    <div class="part">
      <div class="asked" role="group" aria-label={t("evaluations-filter")}>
        <label><span>{t("step")}</span><select id="step" value={step} onChange={(event) => ask({ step: event.currentTarget.value })}>
          <option value="">{t("all-steps")}</option>{STEPS.map((one) => <option key={one} value={one}>{of("step-", one)}</option>)}
        </select></label>
        <Asked id="of-agent" label={t("agent")} value={agent} onAsk={(agent) => ask({ agent })} />
        <label class="line"><input type="checkbox" checked={mine} onChange={(event) => ask({ mine: event.currentTarget.checked })} /><span>{t("by-me")}</span></label>
        {may.evaluateHerself.value && <span class="acts-end"><button type="button" id="evaluate-herself" onClick={() => (isBeginning.value = true)}><Icon is="plus" />{t("evaluate-one")}</button></span>}
      </div>
      {isBeginning.value && <Begin onClose={() => (isBeginning.value = false)} />}
      <section class="card">
        <h2 id="evaluations-title"><Icon is="pen" />{t("evaluations")}<span class="number soft">{rows.length}</span></h2>
        <div class="scroll" tabIndex={0} role="region" aria-labelledby="evaluations-title">
          <Table label={t("evaluations")} rows={rows} idOf={(row) => row.evaluation} empty={evaluations.value ? t("no-evaluations") : t("loading")} class="wide-table" columns={[
            { id: "evaluation", head: t("evaluation"), width: "80px", cell: (row) => <a href={`#${row.evaluation}`} data-evaluation={row.evaluation}>{row.evaluation}</a> },
            { id: "contact", head: t("contact"), width: "90px", cell: (row) => row.contact },
            { id: "agent", head: t("agent"), width: "80px", cell: (row) => row.agent },
            { id: "form", head: t("form"), width: "minmax(110px,1fr)", cell: (row) => t("form-version", { form: said(formName(row.form)?.title, row.form), version: row.version }) },
            { id: "rater", head: t("as-what"), width: "100px", cell: (row) => of("rater-", row.rater) },
            { id: "who", head: t("evaluator"), width: "100px", cell: (row) => row.evaluator },
            { id: "mark", head: t("mark"), width: "70px", end: true, cell: (row) => markText(row.mark) },
            { id: "step", head: t("step"), width: "170px", cell: (row) => <StepBadge row={row} /> },
            { id: "until", head: t("until-when"), width: "110px", cell: (row) => (row.until ? momentOf(row.until, language.value) : "–") },
          ]} />
        </div>
        {hasOlder.value && <p class="hint card-body">{t("only-newest", { n: rows.length })}</p>}
      </section>
    </div>
  );
}

export function StepBadge({ row }: { row: Pick<EvaluationRow, "step" | "overdue" | "outcome"> }) {
  const kind = row.step === "appealed" ? "busy" : row.step === "drafted" ? "warn" : row.step === "closed" || row.step === "discarded" ? "" : "info";
  return (
    <>
      <span class={`badge small ${kind}`} data-step={row.step}>{of("step-", row.step)}</span>
      {row.outcome && <span class="badge small">{of("outcome-", row.outcome)}</span>}
      {row.overdue && <span class="badge bad small"><Icon is="clock" />{t("overdue")}</span>}
    </>
  );
}
