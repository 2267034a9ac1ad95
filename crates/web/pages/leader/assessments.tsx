// Monthly tables 月度考核: the director submits what is given, line by line; the server reckons marks and places; a manager approves or
// returns it. Three months among the last propose a talk, which people decide. Nothing here dismisses anybody.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { saidText } from "../core/said.ts";
import { of, t } from "../core/words.ts";
import { act, readIfThere, said } from "../marks/ask.ts";
import { MonthTable, type MonthRow, type PostTable } from "../marks/months.tsx";
import { stepOf } from "../marks/scorecard.tsx";
import type { Taken } from "../marks/shapes.ts";
import { Icon } from "../ui/icons.tsx";
import { may } from "./desk.ts";
import { SubmitDialog } from "./months.tsx";

interface Assessment { assessment: string; month: string; post: string; version: number; by: string; standing: string; manager: string | null; ranking: { last: string[] }; rows: MonthRow[]; story: Taken[] }
interface Talk { retraining: string; post: string; agent: string; months: string[]; again: boolean; decided: boolean | null }

export function Assessments() {
  const tables = useSignal<PostTable[]>([]);
  const list = useSignal<Assessment[] | null>(null);
  const talks = useSignal<Talk[]>([]);
  const isSubmitting = useSignal(false);
  const load = async () => {
    const [one, two] = await Promise.all([readIfThere<{ tables: PostTable[] }>("/tables").catch(() => null), readIfThere<{ assessments: Assessment[]; retrainings?: Talk[] }>("/assessments").catch(() => null)]);
    [tables.value, list.value, talks.value] = [one?.tables ?? [], two?.assessments ?? null, two?.retrainings ?? []];
  };
  useEffect(() => void load(), []);
  if (list.value === null) return null;
  const tableOf = (post: string) => tables.value.find((table) => table.post === post);
  return (
    <section class="card" aria-labelledby="assessments-title" id="assessments">
      <header><h2 id="assessments-title">{t("assessments")}</h2>{may.decide.value && tables.value.length > 0 && <button type="button" id="assess" onClick={() => (isSubmitting.value = true)}><Icon is="plus" />{t("assessment-submit")}</button>}</header>
      <ul class="plain-list">
        {list.value.map((one) => <One key={one.assessment} is={one} table={tableOf(one.post)} onDone={load} />)}
        {list.value.length === 0 && <li class="soft">{t("no-assessments")}</li>}
        {talks.value.map((talk) => (
          <li key={talk.retraining} data-talk={talk.retraining}>
            <span>{t("talk", { agent: talk.agent, months: talk.months.join(" · ") })}{talk.again ? ` · ${t("talk-again")}` : ""}</span>
            {talk.decided !== null ? <span class="badge">{talk.decided ? t("talk-yes") : t("talk-no")}</span> : may.approve.value ? (
              <span class="choices">{[true, false].map((yes) => <button key={String(yes)} type="button" class="small" onClick={() => void act(`/retrainings/${talk.retraining}/decide`, { yes }, yes ? t("talk-yes") : t("talk-no")).then(load)}>{yes ? t("talk-decide-yes") : t("talk-decide-no")}</button>)}</span>
            ) : null}
          </li>
        ))}
      </ul>
      {isSubmitting.value && <SubmitDialog tables={tables.value} returned={list.value.filter(({ standing }) => standing === "returned")} onClose={() => { isSubmitting.value = false; void load(); }} />}
    </section>
  );
}

function One({ is, table, onDone }: { is: Assessment; table: PostTable | undefined; onDone: () => Promise<void> }) {
  const why = useSignal("");
  const title = said(table?.title, is.post);
  const sent = stepOf(is.story, "assessment.returned");
  return (
    <li data-assessment={is.assessment}>
      <details open={is.standing === "returned" && may.decide.value}><summary>{t("assessment-line", { month: is.month, post: title, who: is.by })} <span class="badge">{of("assessment-", is.standing)}</span></summary>
        {sent && <div class="exchange" data-returned><b>{t("assessment-returned-by", { who: sent.by?.id ?? is.manager ?? "" })}</b><p class="mark-note">{saidText(sent.text)}</p></div>}
        <MonthTable table={table} rows={is.rows} last={is.ranking.last} label={t("assessment-line", { month: is.month, post: title, who: is.by })} />
        {may.approve.value && is.standing === "submitted" && (
          <form class="form" onSubmit={(event) => { event.preventDefault(); void act(`/assessments/${is.assessment}/return`, { why: why.value.trim() }, t("assessment-returned")).then(onDone); }}>
            <label><span>{t("ledger-why")}</span><input required value={why.value} onInput={(event) => (why.value = event.currentTarget.value)} /></label>
            <p class="choices"><button type="button" class="strong" data-approve onClick={() => void act(`/assessments/${is.assessment}/approve`, {}, t("assessment-approved")).then(onDone)}><Icon is="check" />{t("assessment-approve")}</button><button>{t("assessment-return")}</button></p>
          </form>
        )}
      </details>
    </li>
  );
}
