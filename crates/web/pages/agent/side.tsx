// What stands beside the work: breaks, own figures, what was missed, messages, the script.
import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { getIfThere } from "../core/api.ts";
import { nameOf, reasonName } from "../core/names.ts";
import { clockOf, numberOf, timeOf } from "../core/spans.ts";
import { language, of, t, titleOf, type Title } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { toast } from "../ui/toast.tsx";
import { Since } from "../ui/ticks.tsx";
import { keys } from "./actions.ts";
import { textOf } from "./desk.ts";
import { Markdown } from "./markdown.tsx";
import { act, agent, clearMissed, current, desk, dropMessage, isDoing, lacks, link, missedText, offers, polled, reasonLabel, reasons } from "./state.ts";

// ---- breaks 小休

interface Breaks { reasons: { reason: string; allowance_ms: number | null; used_today_ms: number; times_today: number }[]; quotas: { queue: string; at_most: number | null; on_break: number; ready: number; ready_at_least: number | null }[]; ahead: number | null }
const breaks = polled<Breaks>(() => "/api/v1/me/breaks", 15_000);

export function BreakPanel() {
  const row = agent.value;
  const state = `${row?.state} ${row?.break_request?.slug} ${row?.reason?.slug}`;
  useEffect(() => breaks.again(), [state]);
  const told = breaks.value.value;
  const list = reasons.value.filter((reason) => reason.active && reason.is_break);
  if (!row || list.length === 0) return null;
  return (
    <section class="card" id="breaks" aria-labelledby="breaks-title">
      <h2 id="breaks-title"><Icon is="cup" />{t("breaks")}</h2>
      <ul class="breaks">
        {list.map((reason) => {
          const used = told?.reasons.find((other) => other.reason === reason.slug);
          const allowance = used?.allowance_ms ?? reason.allowance_ms;
          const asked = row.break_request?.slug === reason.slug;
          const onIt = row.state === "not_ready" && row.reason?.slug === reason.slug;
          return (
            <li key={reason.slug}>
              <div><b>{reasonLabel(reason)}</b><span class="hint">{allowance !== null ? t("break-allowance", { span: clockOf(allowance) }) : ""}{used?.times_today ? ` · ${t("break-used", { span: clockOf(used.used_today_ms), n: used.times_today })}` : ""}</span></div>
              {onIt ? <span class="badge warn"><Icon is="cup" /><Since at={row.activity_since} /></span>
                : asked ? <span class="badge info"><Icon is="clock" />{t("break-waiting")}</span>
                : <button type="button" data-break={reason.slug} disabled={row.break_request !== null || isDoing("agent.request_break")} onClick={() => void act("agent.request_break", { reason: reason.slug })}>{t("break-ask")}</button>}
            </li>
          );
        })}
      </ul>
      {told && told.quotas.length > 0 && (
        <ul class="quotas">
          {told.quotas.map((quota) => (
            <li key={quota.queue}><span>{nameOf("queues", quota.queue)}</span><span class="hint">{quota.at_most !== null ? t("quota-away", { n: quota.on_break, of: quota.at_most }) : t("quota-away-free", { n: quota.on_break })}{quota.ready_at_least !== null ? ` · ${t("quota-ready", { n: quota.ready, of: quota.ready_at_least })}` : ""}</span></li>
          ))}
        </ul>
      )}
      {told && told.ahead !== null && row.break_request && <p class="hint card-body">{t("break-ahead", { n: told.ahead })}</p>}
    </section>
  );
}

// ---- own figures

interface Figures { figures: { id: string; name: Title; unit: string; value: number | null; numerator?: number; denominator?: number; team_median: number | null; team_size: number | null }[] }
const figures = polled<Figures>(() => "/api/v1/me/figures", 60_000);

function shown(value: number | null, unit: string, tongue: string): string {
  if (value === null) return "–";
  if (unit === "ms") return clockOf(value);
  if (unit === "fraction") return `${numberOf(value * 100, tongue, 1)}%`;
  return numberOf(value, tongue, Number.isInteger(value) ? 0 : 1);
}

// Our own short word where there is one; the catalogue's name says the whole.
function shortName(id: string, name: string): string {
  const key = id.replaceAll(/[._]/g, "-");
  const said = of("figure-", key);
  return said === key ? name : said;
}

export function FiguresPanel() {
  // A contact that ended changes them.
  const ended = desk.value.cards.length;
  useEffect(() => figures.again(), [ended]);
  const told = figures.value.value;
  if (!told) return null;
  const tongue = language.value;
  return (
    <section class="card" id="figures" aria-labelledby="figures-title">
      <h2 id="figures-title"><Icon is="chart" />{t("figures")}</h2>
      <dl class="figures">
        {told.figures.map((figure) => (
          <div key={figure.id} title={`${titleOf(figure.name, figure.id)} · ${figure.id}`}>
            <dt>{shortName(figure.id, titleOf(figure.name, figure.id))}</dt>
            <dd><b class="number">{shown(figure.value, figure.unit, tongue)}</b><small>{figure.team_median === null ? t("median-none") : t("median", { value: shown(figure.team_median, figure.unit, tongue) })}</small></dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

// ---- what was missed

export function MissedPanel() {
  const list = desk.value.missed;
  if (list.length === 0) return null;
  return (
    <section class="card" id="missed" aria-labelledby="missed-title">
      <header><Icon is="warn" /><h2 id="missed-title">{t("missed", { n: list.length })}</h2><button type="button" class="small" onClick={clearMissed}>{t("missed-clear")}</button></header>
      <ul class="missed" tabIndex={0} aria-labelledby="missed-title">
        {list.map((missed) => (
          <li key={missed.offer} data-how={missed.how} data-reason={missed.reason}><time>{timeOf(missed.at, language.value)}</time><span>{nameOf("queues", missed.queue)}</span><p>{missedText(missed)}</p></li>
        ))}
      </ul>
    </section>
  );
}

// ---- messages from leaders

export function MessagesPanel() {
  const list = desk.value.messages;
  if (list.length === 0) return null;
  const acknowledge = async (message: string, needs: boolean) => {
    if (!needs || lacks("message.acknowledge")) return dropMessage(message);
    if (await act("message.acknowledge", { message })) {
      dropMessage(message);
      toast(t("message-acknowledged"), "good");
    } else if (lacks("message.acknowledge")) dropMessage(message);
  };
  return (
    <section class="card messages" id="messages" aria-labelledby="messages-title">
      <h2 id="messages-title"><Icon is="message" />{t("messages", { n: list.length })}</h2>
      <ul aria-live="polite">
        {list.map((message) => (
          <li key={message.message} data-message={message.message}>
            <p class="message-head"><time>{timeOf(message.at, language.value)}</time> <b>{message.actor.id}</b> <span class="hint">{message.team ? t("message-to-team", { team: nameOf("teams", message.team) }) : t("message-to-all")}</span></p>
            <p class="message-text">{textOf(message.text) ?? t("message-hidden")}</p>
            <button type="button" class={message.acknowledge ? "strong" : ""} onClick={() => void acknowledge(message.message, message.acknowledge)}><Icon is="check" />{message.acknowledge ? t("message-acknowledge") : t("message-read")}</button>
          </li>
        ))}
      </ul>
    </section>
  );
}

// ---- the script of the queue at hand

interface Script { queue: string; version: number | string; texts: { zh?: string; en?: string } }

export function ScriptPanel() {
  const queue = useComputed(() => current.value?.queue ?? offers.value[0]?.queue ?? null).value;
  const script = useSignal<Script | null>(null);
  useEffect(() => {
    let wanted = true;
    script.value = null;
    if (queue) void getIfThere<Script>(`/api/v1/queues/${queue}/script`).then((told) => wanted && (script.value = told), () => undefined);
    return () => void (wanted = false);
  }, [queue]);
  const told = script.value;
  const text = told ? (language.value === "en" ? (told.texts.en ?? told.texts.zh) : (told.texts.zh ?? told.texts.en)) : null;
  return (
    <section class="card script" aria-labelledby="script-title">
      <header><Icon is="book" /><h2 id="script-title">{queue ? t("script-of", { queue: nameOf("queues", queue) }) : t("script")}</h2>{told && <span class="hint">{t("script-version", { version: String(told.version).slice(0, 8) })}</span>}</header>
      <div class="card-body" id="script" tabIndex={0} role="group" aria-labelledby="script-title">{text ? <Markdown source={text} /> : <p class="hint">{queue ? t("script-none") : t("script-later")}</p>}</div>
    </section>
  );
}

// ---- nothing in hand

interface OwnQueue { queue: string; active: boolean; state: string; waiting: number; longest_since: string | null; agents?: Record<string, number> }
const queues = polled<{ queues: OwnQueue[] }>(() => (link.phase.peek() === "live" ? "/api/v1/queues" : null), 5_000);

export function Idle() {
  const row = agent.value;
  useEffect(() => queues.again(), [row?.activity]);
  if (!row) return null;
  const ready = row.state === "ready";
  const list = queues.value.value?.queues.filter((queue) => queue.active) ?? [];
  return (
    <section class="card idle" aria-labelledby="idle-title">
      <div class="idle-head">
        <span class={`idle-sign ${ready ? "good" : "warn"}`}><Icon is={ready ? "phone" : "cup"} /></span>
        <div>
          <h2 id="idle-title">{ready ? (row.resting_until ? t("idle-resting") : t("idle-ready")) : t("idle-away", { reason: reasonName(row.reason?.slug) })}</h2>
          <p class="hint">{ready ? t("idle-ready-hint") : t("idle-away-hint", { key: keys.keyOf("ready") })}</p>
        </div>
        {!ready && <button type="button" class="good big" id="go-ready" onClick={() => keys.run("ready")}><Icon is="check" /><span>{t("state-ready")}</span><kbd aria-hidden="true">{keys.keyOf("ready")}</kbd></button>}
      </div>
      {list.length > 0 && (
        <ul class="own-queues" aria-label={t("own-queues")}>
          {list.map((queue) => (
            <li key={queue.queue}>
              <b>{nameOf("queues", queue.queue)}</b>
              {queue.state !== "open" && <span class="badge warn"><Icon is="warn" />{of("queue-state-", queue.state)}</span>}
              <dl>
                <div><dt>{t("waiting")}</dt><dd class="number">{queue.waiting}</dd></div>
                <div><dt>{t("longest")}</dt><dd>{queue.longest_since && queue.waiting ? <Since at={queue.longest_since} /> : "–"}</dd></div>
                <div><dt>{t("ready-agents")}</dt><dd class="number">{(queue.agents?.["idle"] ?? 0) + (queue.agents?.["resting"] ?? 0)}</dd></div>
              </dl>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
