// 考勤: counters of month and year, what was found by which events, what was excused afterwards, and what it would be without.
import { useSignal } from "@preact/signals";
import { civilOf, isoOf, momentOf } from "../core/spans.ts";
import { language, of, t } from "../core/words.ts";
import { Icon, type IconName } from "../ui/icons.tsx";
import { does, once } from "../shifts/ask.ts";
import { wholeOf } from "../shifts/days.ts";
import { spanText, whenText } from "../shifts/text.ts";
import type { Attendance, Finding } from "../shifts/shapes.ts";
import { alerts, attendance, exceptions, load, may, month, monthShown } from "./crew.ts";
import { Why } from "./why.tsx";

const LOOKS: Record<Finding["finding"], [IconName, string]> = { in_time: ["check", "good"], on_leave: ["cup", "info"], late: ["clock", "warn"], absent: ["warn", "bad"] };

export function AttendancePart() {
  const opened = useSignal<string | null>(null);
  const told = attendance.value;
  return (
    <div class="crew-parts" id="attendance">
      <div class="board-head">
        <label class="line"><span>{t("shift-month")}</span><input id="month" type="month" value={monthShown.value} onChange={(event) => { month.value = event.currentTarget.value; void load(); }} /></label>
        <span class="hint">{t("shift-attendance-hint")}</span>
      </div>
      {told === undefined ? <p class="hint" role="status">{t("loading")}</p> : told === null ? <p class="hint"><Icon is="message" /> {t("shift-not-there")}</p> : told.length === 0 ? <p class="hint">{t("shift-attendance-none")}</p> : (
        <div class="scroll numbers">
          <table>
            <thead><tr><th scope="col">{t("shift-agent")}</th><th scope="col">{t("shift-lates-month")}</th><th scope="col">{t("shift-absences-month")}</th><th scope="col">{t("shift-lates-year")}</th><th scope="col">{t("shift-absences-year")}</th><th scope="col">{t("shift-excused")}</th><th scope="col">{t("shift-alerts")}</th></tr></thead>
            {told.map((row) => <Person key={row.agent} row={row} isOpen={opened.value === row.agent} onOpen={() => (opened.value = opened.peek() === row.agent ? null : row.agent)} />)}
          </table>
        </div>
      )}
      {exceptions.value.length > 0 && (
        <section><h3>{t("shift-exceptions")}</h3>
          <ul class="request-list" id="exceptions">{exceptions.value.map((one) => (
            <li key={one.exception} data-exception={one.exception}><span><b class="number">{one.agent}</b> {whenText(one.from, one.until)} · {one.why} · {one.by}</span>
              {may.mark.value && <span class="request-acts"><button type="button" class="small" onClick={() => void does(t("shift-withdraw"), () => once(`/exceptions/${one.exception}/withdraw`)).then(() => load())}>{t("shift-withdraw")}</button></span>}</li>
          ))}</ul>
        </section>
      )}
    </div>
  );
}

// Beside what counts stands what it was before the exceptions, where that differs.
function Counted({ now, before }: { now: number; before: number | undefined }) {
  return <>{now}{before !== undefined && before !== now && <small title={t("shift-before-exceptions", { n: before })}> ({before})</small>}</>;
}

function Person({ row, isOpen, onOpen }: { row: Attendance; isOpen: boolean; onOpen: () => void }) {
  const { counters: now, counters_without_exceptions: before } = row;
  const absent = row.findings.filter((finding) => finding.finding === "absent");
  const own = alerts.value.filter((alert) => alert.agent === row.agent);
  return (
    <tbody data-attendance={row.agent}>
      <tr>
        <th scope="row"><button type="button" class="plain small" aria-expanded={isOpen} onClick={onOpen}><span aria-hidden="true">{isOpen ? "▾" : "▸"}</span> {row.agent}</button></th>
        <td data-count="lates"><Counted now={now.lates_of_month} before={before.lates_of_month} /></td><td data-count="absences"><Counted now={absent.filter((finding) => finding.counts).length} before={absent.length} /></td>
        <td><Counted now={now.year.lates} before={before.year.lates} /></td><td><Counted now={now.year.absences} before={before.year.absences} /></td><td>{now.year.excused}</td>
        <td>{own.map((alert, at) => <span key={at} class="badge warn" title={momentOf(alert.at, language.value)}><Icon is="warn" />{of("shift-alert-", typeof alert.kind === "string" ? alert.kind : alert.kind.warning)}</span>)}</td>
      </tr>
      {isOpen && <tr class="findings"><td colSpan={7}><ul class="request-list">{row.findings.map((finding, at) => <FindingLine key={`${finding.shift} ${at}`} of={finding}  />)}{row.findings.length === 0 && <li class="hint">{t("shift-attendance-none")}</li>}</ul></td></tr>}
    </tbody>
  );
}

function FindingLine({ of: finding }: { of: Finding }) {
  const isExcusing = useSignal(false);
  const [icon, kind] = LOOKS[finding.finding] ?? LOOKS.in_time;
  const late = Math.max(finding.detail.post_ms ?? 0, finding.detail.muster_ms ?? 0);
  return (
    <li data-finding={finding.finding} data-shift={finding.shift}>
      <span>{wholeOf(finding.day, language.value)} <span class="hint">{finding.shift}</span></span>
      <span class={`badge ${finding.excused_by ? "" : kind}`}><Icon is={icon} />{of("shift-finding-", finding.finding)}{finding.detail.case && ` · ${of("shift-case-", finding.detail.case)}`}{late > 0 && ` · ${spanText(late)}`}</span>
      {finding.open && <span class="badge info">{t("shift-still-open")}</span>}
      {finding.excused_by && <span class="badge good"><Icon is="check" />{t("shift-excused-by", { id: finding.excused_by })}</span>}
      <span class="hint" title={t("shift-evidence-title")}>{t("shift-evidence", { events: finding.evidence.map((seq) => `#${seq}`).join(" ") || "–" })}</span>
      {may.mark.value && !finding.excused_by && (finding.finding === "late" || finding.finding === "absent") && (
        <span class="request-acts">{isExcusing.value ? <Excuse of={finding} /> : <button type="button" class="small" data-excuse={finding.shift} onClick={() => (isExcusing.value = true)}>{t("shift-excuse")}</button>}</span>
      )}
      {may.mark.value && <Untrue of={finding} />}
    </li>
  );
}

// The seventh case of absence is no event of the floor: somebody has to say that the reason was not the true one, and may take it back.
function Untrue({ of: finding }: { of: Finding }) {
  const isUntrue = finding.detail.case === "reason_untrue";
  const isSaying = useSignal(false);
  const text = useSignal("");
  if (finding.finding !== "on_leave" && finding.finding !== "absent") return null;
  const judge = async (untrue: boolean) => {
    const words = text.peek().trim();
    await does(untrue ? t("shift-untrue") : t("shift-untrue-not"), () => once("/absences/judge", { shift: finding.shift, untrue, ...(untrue && words ? { text: words } : {}) }));
    await load();
  };
  if (isUntrue) return <span class="request-acts"><button type="button" class="small" data-untrue={finding.shift} onClick={() => void judge(false)}>{t("shift-untrue-not")}</button></span>;
  return (
    <span class="request-acts">{isSaying.value ? (
      <form class="inline-form" data-form="untrue" onSubmit={(event) => { event.preventDefault(); void judge(true); }}>
        <input name="text" maxLength={400} aria-label={t("shift-reason")} placeholder={t("shift-reason")} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} /><button class="danger">{t("shift-untrue")}</button>
      </form>
    ) : <button type="button" class="small" data-untrue={finding.shift} onClick={() => (isSaying.value = true)}>{t("shift-untrue")}</button>}</span>
  );
}

// From before the muster on, so that a late one is covered whole.
const AHEAD_MS = 1_800_000;

function Excuse({ of: finding }: { of: Finding }) {
  const form = useSignal({ from: civilOf(Date.parse(finding.from) - AHEAD_MS).slice(0, 16), until: civilOf(Date.parse(finding.until)).slice(0, 16), why: "" });
  const set = (next: Partial<typeof form.value>) => (form.value = { ...form.peek(), ...next });
  const submit = async (event: Event) => {
    event.preventDefault();
    const { from, until, why } = form.peek();
    await does(t("shift-excuse"), () => once("/exceptions", { shift: finding.shift, from: isoOf(from), until: isoOf(until), why }));
    await load();
  };
  return (
    <form class="inline-form" data-form="excuse" onSubmit={(event) => void submit(event)}>
      <input name="from" type="datetime-local" required aria-label={t("shift-from")} value={form.value.from} onInput={(event) => set({ from: event.currentTarget.value })} />
      <input name="until" type="datetime-local" required aria-label={t("shift-until")} value={form.value.until} onInput={(event) => set({ until: event.currentTarget.value })} />
      <Why value={form.value.why} onChange={(why) => set({ why })} />
      <button>{t("shift-excuse")}</button>
    </form>
  );
}
