// Alerts: what is as it should not be, since when, and who looks after it. They are told anew whenever one of them changes.
import { computed, signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { getIfThere } from "../core/api.ts";
import type { Personal } from "../core/frames.ts";
import { nameOf } from "../core/names.ts";
import { clockOf, momentOf, timeOf } from "../core/spans.ts";
import { language, of, t, titleOf, type Title } from "../core/words.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { toast } from "../ui/toast.tsx";
import { refusalOf } from "./acts.tsx";
import { isBoard, link, open } from "./desk.ts";
import { Lasted } from "./ticks.tsx";

interface Alert {
  alert: string; rule: string; version: number; name: Title; level: "amber" | "red"; about: { kind: string; id: string }; measure?: string; unit?: string; value: number; limit: number;
  raised_at: string; changed_at: string; acknowledged: { by: string; at: string; note: Personal | string | null } | null; resolved_at: string | null;
}
interface Rule { rule: string; name: Title; amber: number | null; red: number | null; unit?: string; raised_7d: number; for_ms?: number; cool_down_ms?: number }

const alerts = signal<Alert[]>([]);
const rules = signal<Rule[]>([]);
// Nothing where the server knows no alerts.
const isThere = signal(true);
const said = signal("");
export const openAlerts = computed(() => alerts.value.filter((alert) => alert.resolved_at === null));
const unseen = computed(() => openAlerts.value.filter((alert) => alert.acknowledged === null));

const ASK_AFTER_MS = 250;
let timer: ReturnType<typeof setTimeout> | undefined;

async function load(): Promise<void> {
  const told = await getIfThere<{ alerts: Alert[]; rules: Rule[] }>("/api/v1/alerts?limit=200").catch(() => undefined);
  if (told === undefined) return;
  isThere.value = told !== null;
  const known = new Set(alerts.peek().map(({ alert }) => alert));
  const next = told?.alerts ?? [];
  const fresh = next.filter((alert) => alert.resolved_at === null && alert.acknowledged === null && !known.has(alert.alert));
  alerts.value = next;
  rules.value = told?.rules ?? [];
  if (fresh.length) said.value = t("new-alerts", { n: fresh.length, first: wordsOf(fresh[0]!) });
}

function soon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void load(), ASK_AFTER_MS);
}

export function followAlerts(): void {
  link.on("ev", (frame) => frame.ev.startsWith("alert.") && soon());
  link.on("welcome", soon);
  void link.subscribe("alerts.subscribe");
}

const figure = (value: number, unit: string | undefined): string => (unit === "ms" ? clockOf(value) : unit === "ppm" ? `${Math.round(value / 10_000)}%` : String(value));
const subject = ({ kind, id }: Alert["about"]): string => (kind === "queue" ? nameOf("queues", id) : id);
const wordsOf = (alert: Alert): string => t("alert-words", { name: titleOf(alert.name, alert.rule), about: subject(alert.about) });
const noteOf = (note: Personal | string | null): string => (typeof note === "string" ? note : note?.text ?? (note ? t("masked") : ""));

export function AlertButton() {
  const n = unseen.value.length;
  const red = unseen.value.some((alert) => alert.level === "red");
  return (
    <>
      <button type="button" id="alerts" class={n ? (red ? "danger" : "amber") : ""} onClick={() => open({ what: "alerts" })}>
        <Icon is="ring" /><span aria-hidden="true">{t("alerts")}</span>{n > 0 && <b aria-hidden="true" class={`count ${red ? "red" : "amber"}`}>{n}</b>}
        <span class="visually-hidden">{t("alerts-count", { n })}</span>
      </button>
      <span class="visually-hidden" aria-live="polite" id="alert-said">{said.value}</span>
    </>
  );
}

function Acknowledge({ alert }: { alert: Alert }) {
  const [note, setNote] = useState("");
  const [fault, setFault] = useState("");
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const outcome = await link.command("alert.acknowledge", { alert: alert.alert, ...(note.trim() ? { note: note.trim() } : {}) });
    if (!outcome.done) return setFault(refusalOf(outcome));
    toast(t("acknowledged-now"), "good");
    soon();
  };
  return (
    <form class="ack-form" onSubmit={(event) => void submit(event as unknown as SubmitEvent)}>
      <input aria-label={t("note")} placeholder={t("note")} maxLength={500} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
      <button data-acknowledge={alert.alert}>{t("acknowledge")}</button>
      {fault && <p class="bad-text" role="alert"><Icon is="warn" />{fault}</p>}
    </form>
  );
}

function One({ alert }: { alert: Alert }) {
  const { acknowledged } = alert;
  return (
    <li class={`alert ${alert.resolved_at ? "over" : alert.level}`} data-alert={alert.alert}>
      <div class="alert-head">
        <span class={`badge ${alert.resolved_at ? "" : alert.level === "red" ? "bad" : "warn"}`}><Icon is={alert.resolved_at ? "check" : "warn"} />{alert.resolved_at ? t("alert-over") : of("level-", alert.level)}</span>
        <b>{titleOf(alert.name, alert.rule)}</b><span>{subject(alert.about)}</span>
        <span class="soft">{t("value-limit", { value: figure(alert.value, alert.unit), limit: figure(alert.limit, alert.unit) })}</span>
        <span class="soft end">{momentOf(alert.raised_at, language.value)} {!alert.resolved_at && <Lasted at={alert.raised_at} />}{alert.resolved_at && t("until", { at: timeOf(alert.resolved_at, language.value) })}</span>
      </div>
      {acknowledged && <p class="hint">{t("acknowledged-by", { who: acknowledged.by, at: timeOf(acknowledged.at, language.value) })} {noteOf(acknowledged.note)}</p>}
      {!acknowledged && !alert.resolved_at && !isBoard && <Acknowledge alert={alert} />}
    </li>
  );
}

export function Alerts() {
  const over = alerts.value.filter((alert) => alert.resolved_at !== null);
  return (
    <Dialog title={t("alerts")} onClose={() => open(null)} wide id="alerts-dialog">
      {!isThere.value && <p>{t("alerts-not-there")}</p>}
      {isThere.value && openAlerts.value.length === 0 && <p><Icon is="check" /> {t("no-alerts")}</p>}
      <ul class="alert-list">{openAlerts.value.map((alert) => <One key={alert.alert} alert={alert} />)}</ul>
      {over.length > 0 && <section><h3>{t("alerts-over")}</h3><ul class="alert-list">{over.slice(0, 50).map((alert) => <One key={alert.alert} alert={alert} />)}</ul></section>}
      {rules.value.length > 0 && (
        <details><summary>{t("alert-rules")}</summary>
          <ul class="rules">{rules.value.map((rule) => (
            <li key={rule.rule}><b>{titleOf(rule.name, rule.rule)}</b><span class="soft">{t("rule-limits", { amber: rule.amber === null ? "–" : figure(rule.amber, rule.unit), red: rule.red === null ? "–" : figure(rule.red, rule.unit) })}</span><span>{t("raised-7d", { n: rule.raised_7d })}</span></li>
          ))}</ul>
        </details>
      )}
    </Dialog>
  );
}
