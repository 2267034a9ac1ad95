// Asking for leave: an agent for herself, or a leader who takes it down for somebody who telephones.
import { useSignal } from "@preact/signals";
import { civilOf, isoOf } from "../core/spans.ts";
import { of, t } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { does, once } from "./ask.ts";
import type { LeaveKind, Shift, Terms } from "./shapes.ts";
import { plus } from "./days.ts";
import { spanText } from "./text.ts";

const KINDS: LeaveKind[] = ["sick", "personal", "annual", "marriage", "maternity"];

// How long before it is asked for, and who decides.
function noticeText(told: Terms["leave"] | undefined, kind: LeaveKind, special: boolean): string {
  if (!told) return "";
  if (kind === "sick" || (kind === "personal" && special)) return t("shift-notice-same-day", { span: spanText(told.same_day_notice_ms) });
  if (kind === "personal") return t("shift-notice-personal", { span: spanText(told.personal_notice_ms) });
  return t("shift-notice-long", { n: told.long_notice_months });
}

interface Asked { terms: Terms | null; today: string; first?: Shift | undefined; agents?: string[]; after: () => Promise<unknown> }

export function LeaveForm({ terms, today, first, agents, after }: Asked) {
  const form = useSignal({ agent: "", kind: "sick" as LeaveKind, from: first ? civilOf(Date.parse(first.from)).slice(0, 16) : `${plus(today, 1)}T00:00`, until: first ? civilOf(Date.parse(first.until)).slice(0, 16) : `${plus(today, 1)}T23:59`, special: false, text: "" });
  const set = (next: Partial<typeof form.value>) => (form.value = { ...form.peek(), ...next });
  const { agent, kind, from, until, special, text } = form.value;
  const ask = agents ? t("shift-leave-take-down") : t("shift-leave-ask");
  const submit = async (event: Event) => {
    event.preventDefault();
    const body = { kind, from: isoOf(from), until: isoOf(until), ...(agents ? { agent: agent.trim() } : {}), ...(special && kind === "personal" ? { special } : {}), ...(text.trim() ? { text: text.trim() } : {}) };
    if (await does(ask, () => once("/leaves", body))) set({ text: "", agent: "" });
    await after();
  };
  return (
    <form class={agents ? "act-form" : "plan-form"} data-form="leave" onSubmit={(event) => void submit(event)}>
      <h3>{agents ? t("shift-leave-take-down") : t("shift-leave-title")}</h3>
      {agents && <label><span>{t("shift-agent")}</span><input name="agent" required maxLength={31} list="leave-agents" value={agent} onInput={(event) => set({ agent: event.currentTarget.value })} /><datalist id="leave-agents">{agents.map((one) => <option key={one} value={one} />)}</datalist></label>}
      <label><span>{t("shift-leave-kind")}</span><select name="kind" value={kind} onChange={(event) => set({ kind: event.currentTarget.value as LeaveKind })}>{KINDS.map((one) => <option key={one} value={one}>{of("shift-leave-", one)}</option>)}</select></label>
      <p class="hint" id="leave-notice"><Icon is="clock" /> {noticeText(terms?.leave, kind, special)} {terms && (kind === "sick" || kind === "personal" ? t("shift-decides-days", { n: terms.leave.leader_days_max }) : t("shift-decides-director"))}{kind === "sick" && ` ${t("shift-papers-needed")}`}</p>
      <div class="two">
        <label><span>{t("shift-from")}</span><input name="from" type="datetime-local" required value={from} onInput={(event) => set({ from: event.currentTarget.value })} /></label>
        <label><span>{t("shift-until")}</span><input name="until" type="datetime-local" required value={until} onInput={(event) => set({ until: event.currentTarget.value })} /></label>
      </div>
      {kind === "personal" && <label class="line"><input name="special" type="checkbox" checked={special} onChange={(event) => set({ special: event.currentTarget.checked })} /><span>{t("shift-special")}</span></label>}
      <label><span>{t("shift-reason")}</span><input name="text" maxLength={400} value={text} onInput={(event) => set({ text: event.currentTarget.value })} /></label>
      <div class="form-foot"><button class="strong">{ask}</button></div>
    </form>
  );
}
