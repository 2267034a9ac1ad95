// Monthly tables 月度考核: the director submits what is given, line by line; the server reckons marks and places; a manager approves or
// returns it. Three months among the last propose a talk, which people decide. Nothing here dismisses anybody.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { civilOf, dayStartOf, instantOf } from "../core/spans.ts";
import { nowMs } from "../core/ticks.ts";
import { of, t } from "../core/words.ts";
import { act, readIfThere, said } from "../marks/ask.ts";
import { markText } from "../marks/scorecard.tsx";
import type { Words } from "../marks/shapes.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { may } from "./desk.ts";

interface Line { id: string; text: Words; weight: number; source: string }
interface PostTable { post: string; version: number; title: Words; derived: boolean; bonus_points_max: number; line: Line[] }
interface Assessment { assessment: string; month: string; post: string; version: number; by: string; standing: string; manager: string | null; ranking: { places: { agent: string; mark: number; place: number }[]; last: string[] } }
interface Talk { retraining: string; post: string; agent: string; months: string[]; again: boolean; decided: boolean | null }

// A decimal as the fraction that it is; nothing at all does not apply.
function givenOf(text: string | undefined): unknown {
  const [, sign, whole, part] = /^\s*(-?)(\d+)(?:[.,](\d{1,6}))?\s*$/.exec(text ?? "") ?? [];
  if (whole === undefined) return "not_applicable";
  const under = 10 ** (part?.length ?? 0);
  return { figure: { over: (sign ? -1 : 1) * (Number(whole) * under + Number(part ?? 0)), under, report: null } };
}

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
  const name = (post: string) => said(tables.value.find((table) => table.post === post)?.title, post);
  return (
    <section class="card" aria-labelledby="assessments-title" id="assessments">
      <header><h2 id="assessments-title">{t("assessments")}</h2>{may.decide.value && tables.value.length > 0 && <button type="button" id="assess" onClick={() => (isSubmitting.value = true)}><Icon is="plus" />{t("assessment-submit")}</button>}</header>
      <ul class="plain-list">
        {list.value.map((one) => <One key={one.assessment} is={one} title={name(one.post)} onDone={load} />)}
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
      {isSubmitting.value && <SubmitDialog tables={tables.value} onClose={() => { isSubmitting.value = false; void load(); }} />}
    </section>
  );
}

function One({ is, title, onDone }: { is: Assessment; title: string; onDone: () => Promise<void> }) {
  const why = useSignal("");
  const { places, last } = is.ranking;
  return (
    <li data-assessment={is.assessment}>
      <details><summary>{t("assessment-line", { month: is.month, post: title, who: is.by })} <span class="badge">{of("assessment-", is.standing)}</span></summary>
        <ol class="places">{places.map((place) => <li key={place.agent}><span class="number">{place.place}</span> {place.agent} <b class="number">{markText(place.mark)}</b>{last.includes(place.agent) && <span class="badge warn small">{t("among-the-last")}</span>}</li>)}</ol>
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

// One row for each agent, one field for each line; an empty one does not apply to her.
function SubmitDialog({ tables, onClose }: { tables: PostTable[]; onClose: () => void }) {
  const post = useSignal(tables[0]?.post ?? "");
  // A month that is over.
  const month = useSignal(civilOf(dayStartOf(instantOf(`${civilOf(nowMs()).slice(0, 7)}-01T00:00:00`) - 1)).slice(0, 7));
  const agents = useSignal("");
  const given = useSignal<Record<string, string>>({});
  const table = tables.find((one) => one.post === post.value);
  const list = [...new Set(agents.value.split(/[\s,，、]+/).filter(Boolean))];
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!table) return;
    const rows = list.map((agent) => ({ agent, given: Object.fromEntries(table.line.map(({ id }) => [id, givenOf(given.value[`${agent} ${id}`])])) }));
    if (await act("/assessments", { month: month.value, post: post.value, rows }, t("assessment-submitted"))) onClose();
  };
  return (
    <Dialog title={t("assessment-submit")} wide onClose={onClose} id="assess-dialog">
      <form class="form" onSubmit={(event) => void submit(event as unknown as SubmitEvent)}>
        <label><span>{t("month")}</span><input type="month" required value={month.value} onChange={(event) => (month.value = event.currentTarget.value)} data-first /></label>
        <label><span>{t("post")}</span><select value={post.value} onChange={(event) => (post.value = event.currentTarget.value)}>{tables.map((one) => <option key={one.post} value={one.post}>{said(one.title, one.post)}</option>)}</select></label>
        {table?.derived && <p class="hint">{t("table-derived")}</p>}
        <label><span>{t("agents")}</span><input required value={agents.value} onInput={(event) => (agents.value = event.currentTarget.value)} /></label>
        {table && list.length > 0 && (
          <div class="scroll" tabIndex={0} role="region" aria-label={t("assessments")}><table class="figures-table">
            <thead><tr><th scope="col">{t("assessment-of")}</th>{list.map((agent) => <th key={agent} scope="col">{agent}</th>)}</tr></thead>
            <tbody>{table.line.map((line) => (
              <tr key={line.id}><th scope="row">{t("line-weight", { line: said(line.text, line.id), weight: line.weight })}</th>
                {list.map((agent) => <td key={agent}><input type="number" step="any" aria-label={`${agent} ${said(line.text, line.id)}`} value={given.value[`${agent} ${line.id}`] ?? ""} onInput={(event) => (given.value = { ...given.peek(), [`${agent} ${line.id}`]: event.currentTarget.value })} /></td>)}</tr>
            ))}</tbody>
          </table></div>
        )}
        <p class="hint">{t("assessment-hint")}</p>
        <button class="strong">{t("assessment-submit")}</button>
      </form>
    </Dialog>
  );
}
