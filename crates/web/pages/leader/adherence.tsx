// 遵时: everybody who is planned, or there; first who is not where the plan has her, the longest first. Spans are counted by the engine's clock.
import { computed, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { reasonName } from "../core/names.ts";
import { now } from "../core/ticks.ts";
import { of, t } from "../core/words.ts";
import { Icon, type IconName } from "../ui/icons.tsx";
import { Table } from "../ui/table.tsx";
import { Since } from "../ui/ticks.tsx";
import { clockAt } from "../shifts/grid.ts";
import { shareText, spanText } from "../shifts/text.ts";
import type { Stance } from "../shifts/shapes.ts";
import { adherenceAlerts, loadBoard, stances } from "./crew.ts";
import { open } from "./desk.ts";

const EVERY_MS = 1_500;
const onlyOut = signal(false);

const outAt = (row: Stance): number => Date.parse(row.out_since ?? row.since ?? "") || now.peek();
export const board = computed(() => {
  const rows = (stances.value ?? []).filter((row) => row.scheduled !== "off" || !row.in_adherence || row.actual !== "signed_out");
  const rank = (row: Stance) => (!row.in_adherence ? 0 : row.held_by_contact ? 1 : row.late_ms ? 2 : 3);
  return rows.filter((row) => !onlyOut.value || !row.in_adherence).sort((a, b) => rank(a) - rank(b) || (rank(a) === 0 ? outAt(a) - outAt(b) : 0) || a.agent.localeCompare(b.agent));
});

const SCHEDULED: Record<string, IconName> = { work: "phone", break: "cup", meal: "cup", training: "book", meeting: "consult", excepted: "check", off: "out" };

const actualText = ({ actual, reason }: Stance): string => (reason ? `${of("shift-did-", actual)} · ${reasonName(reason)}` : of("shift-did-", actual));

function Verdict({ row }: { row: Stance }) {
  const [icon, kind, text]: [IconName, string, string] = row.held_by_contact ? ["phone", "info", t("shift-held")] : row.in_adherence ? ["check", "good", t("shift-in-adherence")] : ["warn", "bad", t("shift-out-of-adherence")];
  return <span class={`badge ${kind}`} data-in={row.in_adherence}><Icon is={icon} />{text}</span>;
}

const ALERTS_SHOWN_MAX = 20;

// What was told of late: each episode once when it had lasted long enough, and once more when it had lasted far too long.
function Alerts() {
  const told = adherenceAlerts.value.slice(0, ALERTS_SHOWN_MAX);
  if (told.length === 0) return null;
  return (
    <details id="adherence-alerts"><summary>{t("shift-adherence-alerts", { n: adherenceAlerts.value.length })}</summary>
      <ul class="request-list">{told.map((one) => (
        <li key={`${one.agent} ${one.at}`} data-alert={one.agent}>
          <span><button type="button" class="ref" onClick={() => open({ what: "agent", id: one.agent })}>{one.agent}</button> <span class="number">{clockAt(one.at)}</span></span>
          <span class={`badge ${one.alert === "severe" ? "bad" : "warn"}`}><Icon is="warn" />{of("shift-adherence-alert-", one.alert)}</span>
          <span class="hint">{t("shift-episode-planned", { what: of("shift-activity-plan-", one.planned) })} · {t("shift-out-since", { at: clockAt(one.since) })}</span>
        </li>
      ))}</ul>
    </details>
  );
}

export function Adherence() {
  useEffect(() => {
    void loadBoard().catch(() => undefined);
    const again = setInterval(() => { if (!document.hidden) void loadBoard().catch(() => undefined); }, EVERY_MS);
    return () => clearInterval(again);
  }, []);
  const out = (stances.value ?? []).filter((row) => !row.in_adherence).length;
  if (stances.value === undefined) return <p class="hint card-body" role="status">{t("loading")}</p>;
  if (stances.value === null) return <p class="hint card-body"><Icon is="message" /> {t("shift-board-not-there")}</p>;
  return (
    <div class="board" id="adherence">
      <div class="board-head">
        <span class={`badge ${out ? "bad" : "good"}`} id="out-count"><Icon is={out ? "warn" : "check"} />{t("shift-out-count", { n: out })}</span>
        <label class="line"><input type="checkbox" checked={onlyOut.value} onChange={(event) => (onlyOut.value = event.currentTarget.checked)} /><span>{t("shift-only-out")}</span></label>
        <span class="hint">{t("shift-adherence-formula")}</span>
      </div>
      <Alerts />
      <Table label={t("shift-adherence")} rows={board.value} idOf={(row) => row.agent} empty={t("shift-nobody-planned")} columns={[
        { id: "agent", head: t("shift-agent"), width: "88px", cell: (row) => <button type="button" class="ref" data-stance={row.agent} onClick={() => open({ what: "agent", id: row.agent })}>{row.agent}</button> },
        { id: "verdict", head: t("shift-verdict"), width: "minmax(110px,1fr)", cell: (row) => <Verdict row={row} /> },
        { id: "late", head: t("shift-late"), width: "minmax(90px,.8fr)", cell: (row) => (row.late_ms ? <span class="badge bad" data-late={row.agent}><Icon is="clock" />{t("shift-late-by", { span: spanText(row.late_ms) })}</span> : "") },
        { id: "scheduled", head: t("shift-scheduled"), width: "minmax(80px,.8fr)", cell: (row) => <span class="state"><Icon is={SCHEDULED[row.scheduled] ?? "dot"} />{of("shift-activity-plan-", row.scheduled)}</span> },
        { id: "actual", head: t("shift-actual"), width: "minmax(120px,1fr)", cell: (row) => actualText(row) },
        { id: "since", head: t("shift-since"), width: "88px", cell: (row) => { const at = row.in_adherence ? row.since : (row.out_since ?? row.since); return at ? <Since at={at} /> : "–"; } },
        { id: "adherence", head: t("shift-adherence-today"), width: "84px", end: true, cell: (row) => shareText(row.adherence_today) },
        { id: "conformance", head: t("shift-conformance-today"), width: "84px", end: true, cell: (row) => shareText(row.conformance_today) },
      ]} />
    </div>
  );
}
