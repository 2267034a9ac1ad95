// What people find: a line proposed by hand, an excuse for a time, a round 巡视 or a handover 交接班 by its checklist.
import { useSignal } from "@preact/signals";
import { useState } from "preact/hooks";
import { civilOf, isoOf, momentOf } from "../core/spans.ts";
import { nowMs } from "../core/ticks.ts";
import { language, of, t } from "../core/words.ts";
import { act, said } from "../marks/ask.ts";
import { pointsText } from "../marks/entries.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { toast } from "../ui/toast.tsx";
import { may } from "./desk.ts";
import { checklists, chosen, excuses, loadAround, loadLedger, ruleOf, rules, type Checklist } from "./ledger.ts";
import { Recorded } from "./rounds.tsx";

const EXCUSES = ["incident", "visitors", "approved", "training"];
const HOUR_MS = 3_600_000;
const fields = (event: SubmitEvent) => {
  event.preventDefault();
  const form = new FormData(event.currentTarget as HTMLFormElement);
  return (name: string): string => String(form.get(name) ?? "").trim();
};

// From now on, as it was when the form opened: the clock goes on, what somebody fills in does not.
function Span({ ms }: { ms: number }) {
  const [from] = useState(nowMs);
  return (
    <>
      <label><span>{t("from-when")}</span><input name="from" type="datetime-local" step={1} required defaultValue={civilOf(from)} /></label>
      <label><span>{t("until-when")}</span><input name="until" type="datetime-local" step={1} required defaultValue={civilOf(from + ms)} /></label>
    </>
  );
}

// Somebody else confirms it.
export function ProposeDialog({ onClose }: { onClose: () => void }) {
  const rule = useSignal("");
  const submit = async (event: SubmitEvent) => {
    const text = fields(event);
    const told = await act<{ entry: string }>("/entries", { rule: text("rule"), agent: text("agent"), from: isoOf(text("from")), until: isoOf(text("until")), ...(text("note") ? { note: text("note") } : {}) }, t("proposed"));
    if (!told) return;
    onClose();
    await loadLedger();
    chosen.value = told.entry;
  };
  const known = ruleOf(rule.value);
  return (
    <Dialog title={t("propose")} onClose={onClose} id="propose-dialog">
      <form class="form" onSubmit={(event) => void submit(event as unknown as SubmitEvent)}>
        <label><span>{t("agent")}</span><input name="agent" required inputMode="numeric" autocomplete="off" data-first /></label>
        <label><span>{t("ledger-rule")}</span><select name="rule" required value={rule.value} onChange={(event) => (rule.value = event.currentTarget.value)}>
          <option value="" />{rules.value.map((one) => <option key={one.id} value={one.id}>{said(one.text, one.id)}</option>)}
        </select></label>
        {known && <p class="hint">{pointsText(known)} · {known.source}</p>}
        <Span ms={0} />
        <label><span>{t("ledger-note")}</span><textarea name="note" /></label>
        <p class="hint">{t("propose-hint")}</p>
        <button class="strong" id="propose-send">{t("propose")}</button>
      </form>
    </Dialog>
  );
}

export function ExcusesDialog({ onClose }: { onClose: () => void }) {
  const submit = async (event: SubmitEvent) => {
    const text = fields(event);
    const body = { ...(text("agent") ? { agent: text("agent") } : {}), ...(text("rule") ? { rule: text("rule") } : {}), from: isoOf(text("from")), until: isoOf(text("until")), why: text("why") };
    if (await act("/excuses", body, t("excused"))) void loadAround();
  };
  const withdraw = async (excuse: string) => { if (await act(`/excuses/${excuse}/withdraw`, {}, t("excuse-withdrawn"))) void loadAround(); };
  return (
    <Dialog title={t("excuses")} wide onClose={onClose} id="excuses-dialog">
      <p class="hint">{t("excuses-hint")}</p>
      <ul class="plain-list">
        {(excuses.value ?? []).map((one) => (
          <li key={one.excuse} data-excuse={one.excuse}>
            <b>{of("ledger-why-", one.why)}</b> <span>{one.agent ?? t("excuse-everybody")} · {one.rule ? said(ruleOf(one.rule)?.text, one.rule) : t("excuse-every-rule")}</span>
            <span class="soft number">{t("entry-span", { from: momentOf(one.from, language.value), until: momentOf(one.until, language.value) })}</span>
            {may.confirm.value && <button type="button" class="small" onClick={() => void withdraw(one.excuse)}>{t("excuse-withdraw")}</button>}
          </li>
        ))}
        {(excuses.value ?? []).length === 0 && <li class="soft">{t("no-excuses")}</li>}
      </ul>
      {may.confirm.value && (
        <form class="form two" onSubmit={(event) => void submit(event as unknown as SubmitEvent)}>
          <label><span>{t("excuse-agent")}</span><input name="agent" placeholder={t("excuse-everybody")} autocomplete="off" /></label>
          <label><span>{t("ledger-rule")}</span><select name="rule"><option value="">{t("excuse-every-rule")}</option>{rules.value.map((one) => <option key={one.id} value={one.id}>{said(one.text, one.id)}</option>)}</select></label>
          <Span ms={HOUR_MS} />
          <label><span>{t("ledger-why")}</span><select name="why" required>{EXCUSES.map((one) => <option key={one} value={one}>{of("ledger-why-", one)}</option>)}</select></label>
          <button class="strong" id="excuse-send">{t("excuse")}</button>
        </form>
      )}
    </Dialog>
  );
}

// ---- rounds and handovers

interface Finding { item: string; agent: string; seat: string; note: string }

export function ChecklistDialog({ onClose }: { onClose: () => void }) {
  const list = useSignal(checklists.peek()[0]?.id ?? "");
  const known = checklists.value.find(({ id }) => id === list.value);
  return (
    <Dialog title={t("checklists")} wide onClose={onClose} id="checklist-dialog">
      {checklists.value.length === 0 && <p class="hint">{t("no-checklists")}</p>}
      {checklists.value.length > 0 && (
        <label><span>{t("checklist")}</span><select name="checklist" data-first value={list.value} onChange={(event) => (list.value = event.currentTarget.value)}>
          {checklists.value.map((one) => <option key={one.id} value={one.id}>{said(one.title, one.id)}</option>)}
        </select></label>
      )}
      {known && <Round key={known.id} list={known} onDone={onClose} />}
      <Recorded onClose={onClose} />
    </Dialog>
  );
}

function Round({ list, onDone }: { list: Checklist; onDone: () => void }) {
  const findings = useSignal<Finding[]>([]);
  const add = (item: string) => (findings.value = [...findings.peek(), { item, agent: "", seat: "", note: "" }]);
  const change = (at: number, part: Partial<Finding>) => (findings.value = findings.peek().map((one, other) => (other === at ? { ...one, ...part } : one)));
  const drop = (at: number) => (findings.value = findings.peek().filter((_, other) => other !== at));
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const found = findings.value.map(({ item, agent, seat, note }) => ({ item, ...(agent.trim() ? { agent: agent.trim() } : {}), ...(seat.trim() ? { seat: seat.trim() } : {}), ...(note.trim() ? { note: note.trim() } : {}) }));
    const told = await act<{ entries?: string[] }>(`/checklists/${list.id}/record`, { findings: found });
    if (!told) return;
    toast(t("round-recorded", { n: found.length, entries: told.entries?.length ?? 0 }), "good");
    void loadLedger();
    onDone();
  };
  return (
    <form class="form" onSubmit={(event) => void submit(event as unknown as SubmitEvent)}>
      <ul class="round-items">
        {list.item.map((item) => {
          const rule = item.rule ? ruleOf(item.rule) : undefined;
          return (
            <li key={item.id} data-item={item.id}>
              <div class="round-item"><span>{said(item.text, item.id)} {item.rule && <small class="soft">{t("item-proposes", { points: rule ? pointsText(rule) : item.rule })}</small>}</span>
                <button type="button" class="small" onClick={() => add(item.id)}><Icon is="plus" />{t("found")}</button></div>
              {findings.value.map((finding, at) => finding.item === item.id && (
                <div key={at} class="finding">
                  <input aria-label={t("agent")} placeholder={t("agent")} value={finding.agent} onInput={(event) => change(at, { agent: event.currentTarget.value })} />
                  <input aria-label={t("seat")} placeholder={t("seat")} value={finding.seat} onInput={(event) => change(at, { seat: event.currentTarget.value })} />
                  <input aria-label={t("ledger-note")} placeholder={t("ledger-note")} value={finding.note} onInput={(event) => change(at, { note: event.currentTarget.value })} />
                  <button type="button" class="small plain" aria-label={t("finding-drop")} title={t("finding-drop")} onClick={() => drop(at)}><Icon is="cross" /></button>
                </div>
              ))}
            </li>
          );
        })}
      </ul>
      <button class="strong" id="round-send">{findings.value.length ? t("round-record", { n: findings.value.length }) : t("round-record-clean")}</button>
    </form>
  );
}
