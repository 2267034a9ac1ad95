// The leader's ledger: what was proposed, on which events, what was measured against what is allowed; confirmed, dismissed, revoked and
// decided by people, each in her turn; and what is proposed by hand, excused, or found on a round.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { momentOf } from "../core/spans.ts";
import { language, of, t } from "../core/words.ts";
import { EntryStanding, measuredText, ruleName } from "../marks/entries.tsx";
import { Asked } from "../ui/asked.tsx";
import { Icon } from "../ui/icons.tsx";
import { Table } from "../ui/table.tsx";
import { Assessments } from "./assessments.tsx";
import { may } from "./desk.ts";
import { EntryDialog } from "./entry.tsx";
import { ask, asked, chosen, chosenEntry, entries, fault, hasOlder, isMissing, loadAround, loadLedger, totals } from "./ledger.ts";
import { ChecklistDialog, ExcusesDialog, ProposeDialog } from "./findings.tsx";

const STANDINGS = ["proposed", "confirmed", "appealed", "upheld", "struck", "dismissed", "revoked"];
const REFRESH_MS = 15_000;

export function Ledger() {
  const opened = useSignal<"propose" | "excuses" | "checklist" | null>(null);
  useEffect(() => {
    void loadLedger();
    void loadAround();
    const again = setInterval(() => { if (!document.hidden) void loadLedger(); }, REFRESH_MS);
    return () => clearInterval(again);
  }, []);
  const { month, agent, standing } = asked.value;
  const rows = entries.value ?? [];
  if (isMissing.value) return <p class="card not-there" role="status"><Icon is="message" />{t("ledger-not-there")}</p>;
  const close = () => (opened.value = null);
  return (
    <div class="ledger">
      <div class="asked" role="group" aria-label={t("ledger-filter")}>
        <label><span>{t("month")}</span><input id="month" type="month" value={month} onChange={(event) => ask({ month: event.currentTarget.value })} /></label>
        <Asked id="ledger-agent" label={t("agent")} value={agent} onAsk={(agent) => ask({ agent })} />
        <label><span>{t("entry-standing")}</span><select id="entry-standing" value={standing} onChange={(event) => ask({ standing: event.currentTarget.value })}>
          <option value="">{t("all-entries")}</option>{STANDINGS.map((one) => <option key={one} value={one}>{of("entry-standing-", one)}</option>)}
        </select></label>
        <span class="acts-end">
          <a class="button" href="/quality">{of("desk-", "quality")}</a>
          {may.propose.value && <button type="button" id="checklist" onClick={() => (opened.value = "checklist")}><Icon is="check" />{t("checklists")}</button>}
          <button type="button" id="excuses" onClick={() => (opened.value = "excuses")}><Icon is="hand" />{t("excuses")}</button>
          {may.propose.value && <button type="button" id="propose" class="strong" onClick={() => (opened.value = "propose")}><Icon is="plus" />{t("propose")}</button>}
        </span>
      </div>
      {fault.value && <p class="card not-there bad-text" role="alert"><Icon is="warn" />{fault.value}</p>}
      <div class="ledger-parts">
        <section class="card">
          <h2 id="entries-title"><Icon is="book" />{t("ledger-entries")}<span class="number soft">{rows.length}</span></h2>
          <div class="scroll" tabIndex={0} role="region" aria-labelledby="entries-title">
            <Table label={t("ledger-entries")} rows={rows} idOf={(row) => row.entry} empty={entries.value ? t("no-entries") : t("loading")} class="wide-table" columns={[
              { id: "entry", head: t("entry"), width: "84px", cell: (row) => <button type="button" class="ref" data-entry={row.entry} onClick={() => (chosen.value = row.entry)}>{row.entry}</button> },
              { id: "agent", head: t("agent"), width: "70px", cell: (row) => row.agent },
              { id: "rule", head: t("ledger-rule"), width: "minmax(140px,2fr)", cell: (row) => <span title={row.rule}>{ruleName(row)}</span> },
              { id: "at", head: t("when"), width: "104px", cell: (row) => momentOf(row.from, language.value) },
              { id: "measured", head: t("measured"), width: "minmax(120px,1fr)", cell: (row) => measuredText(row) || "–" },
              { id: "points", head: t("points"), width: "60px", end: true, cell: (row) => row.points },
              { id: "standing", head: t("entry-standing"), width: "110px", cell: (row) => <EntryStanding is={row.standing} /> },
              { id: "by", head: t("proposed-by"), width: "100px", cell: (row) => row.by ?? t("by-detector") },
            ]} />
          </div>
          {hasOlder.value && <p class="hint card-body">{t("only-newest", { n: rows.length })}</p>}
        </section>
        <section class="card totals-card" aria-labelledby="totals-title">
          <h2 id="totals-title"><Icon is="chart" />{t("month-totals")}</h2>
          <ul class="plain-list" id="totals">
            {totals.value.map((row) => <li key={row.agent} data-total={row.agent}><button type="button" class="ref" onClick={() => ask({ agent: row.agent })}>{row.agent}</button><b class="number">{t("points-off", { n: row.points })}</b></li>)}
            {totals.value.length === 0 && <li class="soft">{t("no-totals")}</li>}
          </ul>
        </section>
      </div>
      <Assessments />
      {chosenEntry.value && <EntryDialog key={chosenEntry.value.entry} entry={chosenEntry.value} onClose={() => (chosen.value = null)} />}
      {opened.value === "propose" && <ProposeDialog onClose={close} />}
      {opened.value === "excuses" && <ExcusesDialog onClose={close} />}
      {opened.value === "checklist" && <ChecklistDialog onClose={close} />}
    </div>
  );
}
