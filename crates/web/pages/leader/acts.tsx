// What a leader does: each act names what it is about, asks what it needs and always why, and is one command.
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { AgentRow, ContactRow } from "../core/frames.ts";
import type { QueueRow } from "../core/floor.ts";
import type { Outcome } from "../core/link.ts";
import { nameOf, reasonName } from "../core/names.ts";
import { of, t } from "../core/words.ts";
import type { IconName } from "../ui/icons.tsx";
import { Icon } from "../ui/icons.tsx";
import { toast } from "../ui/toast.tsx";
import { actReasons, link, notReadyReasons, view } from "./desk.ts";
import { isWaiting } from "./queues.tsx";

export type Field = "state" | "agent" | "waiting" | "queue" | "priority" | "emergency" | "message" | "quota" | "text" | "team" | "acknowledge";
export interface Act { id: string; icon: IconName; danger?: boolean; fields?: Field[]; command: (given: Given) => [string, Record<string, unknown>] }
export interface Given { reason: string; note: string; state: string; agent: string; waiting: string; queue: string; priority: string; emergency: boolean; message: string; atMost: string; readyAtLeast: string; text: string; team: string; acknowledge: boolean }

const EMPTY: Given = { reason: "", note: "", state: "", agent: "", waiting: "", queue: "", priority: "", emergency: false, message: "", atMost: "", readyAtLeast: "", text: "", team: "", acknowledge: true };
// The reasons that are offered where the site has configured none.
const SHIPPED_REASONS = ["staffing", "service_level", "caller_asked", "agent_asked", "technical", "correction"];

const numberOrNull = (text: string): number | null => (text.trim() === "" ? null : Number(text));

export function agentActs(row: AgentRow, may: { lead: boolean; signOut: boolean }): Act[] {
  const acts: Act[] = [];
  const agent = row.agent;
  if (may.lead && row.break_request) {
    acts.push({ id: "grant-break", icon: "check", command: () => ["break.decide", { agent, granted: true }] });
    acts.push({ id: "refuse-break", icon: "cross", command: () => ["break.decide", { agent, granted: false }] });
  }
  if (may.lead && row.hand_raised) acts.push({ id: "settle-hand", icon: "hand", command: () => ["agent.raise_hand", { agent, raised: false }] });
  if (may.lead && row.state !== "signed_out") {
    acts.push({ id: "force-state", icon: "user", fields: ["state"], command: ({ state }) => ["agent.force_state", { agent, state: state === "ready" ? "ready" : { not_ready: state } }] });
    acts.push({ id: "assign-waiting", icon: "phone", fields: ["waiting"], command: ({ waiting }) => ["contact.assign", { contact: waiting, agent }] });
  }
  if (may.signOut && row.state !== "signed_out") acts.push({ id: "sign-out-agent", icon: "out", danger: true, command: () => ["agent.sign_out", { agent }] });
  return acts;
}

export function contactActs(row: ContactRow, mayLead: boolean): Act[] {
  if (!mayLead || !isWaiting(row)) return [];
  const contact = row.contact;
  return [
    { id: "assign", icon: "user", fields: ["agent"], command: ({ agent }) => ["contact.assign", { contact, agent }] },
    { id: "reprioritise", icon: "queue", fields: ["priority"], command: ({ priority }) => ["contact.reprioritise", { contact, priority: Number(priority) }] },
    { id: "move", icon: "transfer", fields: ["queue"], command: ({ queue }) => ["contact.move", { contact, queue }] },
  ];
}

export function queueActs(row: QueueRow, may: { doors: boolean; lead: boolean }): Act[] {
  const acts: Act[] = [];
  const queue = row.queue;
  if (may.doors && row.state !== "open") acts.push({ id: "open-queue", icon: "check", command: () => ["queue.open", { queue }] });
  if (may.doors && row.state === "open") acts.push({ id: "drain-queue", icon: "clock", command: () => ["queue.drain", { queue }] });
  if (may.doors && row.state !== "closed") {
    acts.push({ id: "close-queue", icon: "cross", danger: true, fields: ["emergency", "message"], command: ({ emergency, message }) => ["queue.close", { queue, emergency, ...(emergency && message ? { message } : {}) }] });
  }
  if (may.lead) {
    acts.push({ id: "set-breaks", icon: "cup", fields: ["quota"],
      command: ({ atMost, readyAtLeast }) => ["queue.set_breaks", { queue, at_most: numberOrNull(atMost), ready_at_least: numberOrNull(readyAtLeast) }] });
  }
  return acts;
}

export const speakAct: Act = {
  id: "speak", icon: "message", fields: ["team", "text", "acknowledge"],
  command: ({ team, text, acknowledge }) => ["team.message", { text: text.trim(), ...(team ? { team } : {}), acknowledge }],
};

// What the server said no to, in words if there are some.
export function refusalOf(outcome: Outcome & { done: false }): string {
  const word = of("refused-", outcome.code);
  return word === outcome.code ? t("refused", { why: outcome.message || outcome.code }) : word;
}

// An older server knows no notes, and no acknowledgement: then it is told without.
async function carryOut(cmd: string, args: Record<string, unknown>): Promise<Outcome> {
  const outcome = await link.command(cmd, args);
  if (outcome.done || outcome.code !== "malformed") return outcome;
  const extra = /args\.(note|acknowledge)\b/.exec(outcome.message)?.[1] ?? (("acknowledge" in args && "acknowledge") || ("note" in args && "note"));
  if (!extra || !(extra in args)) return outcome;
  const { [extra]: _, ...rest } = args;
  return carryOut(cmd, rest);
}

const isBusy = signal(false);

export function Acts({ acts, chosen, onChoose }: { acts: Act[]; chosen: string | undefined; onChoose: (id: string) => void }) {
  if (acts.length === 0) return null;
  return (
    <div class="acts" role="group" aria-label={t("acts")}>
      {acts.map((act) => (
        <button key={act.id} type="button" data-do={act.id} class={act.danger ? "danger" : ""} aria-pressed={chosen === act.id} onClick={() => onChoose(act.id)}>
          <Icon is={act.icon} />{of("act-", act.id)}
        </button>
      ))}
    </div>
  );
}

export function ActForm({ act, agent, contact, queue, onDone }: { act: Act; agent?: AgentRow; contact?: ContactRow; queue?: QueueRow; onDone: () => void }) {
  const breaks = queue?.["breaks"] as { at_most: number | null; ready_at_least: number | null } | undefined;
  const [given, setGiven] = useState<Given>({
    ...EMPTY, priority: String(contact?.priority ?? ""), atMost: breaks?.at_most === null ? "" : String(breaks?.at_most ?? ""), readyAtLeast: breaks?.ready_at_least === null ? "" : String(breaks?.ready_at_least ?? ""),
  });
  const [said, setSaid] = useState("");
  const set = (part: Partial<Given>) => setGiven({ ...given, ...part });
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    isBusy.value = true;
    setSaid("");
    const [cmd, args] = act.command(given);
    const why = { reason: given.reason, ...(given.note.trim() ? { note: given.note.trim() } : {}) };
    const outcome = await carryOut(cmd, { ...args, ...why });
    isBusy.value = false;
    if (!outcome.done) return setSaid(refusalOf(outcome));
    toast(t("done", { act: of("act-", act.id) }), "good");
    onDone();
  };
  const has = (field: Field) => act.fields?.includes(field) ?? false;
  const queues = view.value.queues.all().filter((row) => row.active && row.queue !== contact?.queue);
  const agents = has("agent") ? view.value.agents.all().filter((row) => row.active && row.state !== "signed_out") : [];
  const waiting = has("waiting") ? view.value.contacts.all().filter(isWaiting) : [];
  const reasons = actReasons.value.length ? actReasons.value : SHIPPED_REASONS;
  return (
    <form class="act-form" data-form={act.id} onSubmit={(event) => void submit(event as unknown as SubmitEvent)}>
      <h3>{of("act-", act.id)}</h3>
      {of("about-", act.id) !== act.id && <p class="hint">{of("about-", act.id)}</p>}
      {has("state") && (
        <label><span>{t("new-state")}</span>
          <select name="state" required value={given.state} onChange={(event) => set({ state: event.currentTarget.value })}>
            <option value="">{t("choose")}</option>
            {agent?.state !== "ready" && <option value="ready">{of("activity-", "idle")}</option>}
            {notReadyReasons.value.map(({ slug }) => <option key={slug} value={slug}>{t("not-ready-for", { reason: reasonName(slug) })}</option>)}
          </select>
        </label>
      )}
      {has("agent") && (
        <label><span>{t("to-agent")}</span>
          <select name="agent" required value={given.agent} onChange={(event) => set({ agent: event.currentTarget.value })}>
            <option value="">{t("choose")}</option>
            {agents.map((row) => <option key={row.agent} value={row.agent}>{t("agent-option", { agent: row.agent, state: of("activity-", row.activity), team: nameOf("teams", row.team) || "–" })}</option>)}
          </select>
        </label>
      )}
      {has("waiting") && (
        <label><span>{t("which-contact")}</span>
          <select name="waiting" required value={given.waiting} onChange={(event) => set({ waiting: event.currentTarget.value })}>
            <option value="">{waiting.length ? t("choose") : t("nobody-waits")}</option>
            {waiting.map((row) => <option key={row.contact} value={row.contact}>{`${row.contact} · ${nameOf("queues", row.queue)}`}</option>)}
          </select>
        </label>
      )}
      {has("queue") && (
        <label><span>{t("to-queue")}</span>
          <select name="queue" required value={given.queue} onChange={(event) => set({ queue: event.currentTarget.value })}>
            <option value="">{t("choose")}</option>
            {queues.map((row) => <option key={row.queue} value={row.queue}>{t("queue-option", { queue: nameOf("queues", row.queue), waiting: row.waiting })}</option>)}
          </select>
        </label>
      )}
      {has("priority") && (
        <label><span>{t("new-priority")}</span><input name="priority" type="number" min={0} max={100} required value={given.priority} onInput={(event) => set({ priority: event.currentTarget.value })} /></label>
      )}
      {has("emergency") && (
        <label class="line"><input name="emergency" type="checkbox" checked={given.emergency} onChange={(event) => set({ emergency: event.currentTarget.checked })} /><span>{t("emergency")}</span></label>
      )}
      {has("message") && given.emergency && (
        <label><span>{t("emergency-message")}</span><input name="message" pattern="[a-z0-9_\-]{1,32}" placeholder={t("emergency-example")} value={given.message} onInput={(event) => set({ message: event.currentTarget.value })} /></label>
      )}
      {has("quota") && (
        <div class="two">
          <label><span>{t("at-most")}</span><input name="at-most" type="number" min={0} max={10000} placeholder={t("no-limit")} value={given.atMost} onInput={(event) => set({ atMost: event.currentTarget.value })} /></label>
          <label><span>{t("ready-at-least")}</span><input name="ready-at-least" type="number" min={0} max={10000} placeholder={t("no-limit")} value={given.readyAtLeast} onInput={(event) => set({ readyAtLeast: event.currentTarget.value })} /></label>
        </div>
      )}
      {has("team") && (
        <label><span>{t("to-team")}</span>
          <select name="team" value={given.team} onChange={(event) => set({ team: event.currentTarget.value })}>
            <option value="">{t("to-all")}</option>
            {[...new Set(view.value.agents.all().map((row) => row.team).filter(Boolean))].sort().map((team) => <option key={team} value={team!}>{nameOf("teams", team)}</option>)}
          </select>
        </label>
      )}
      {has("text") && <label><span>{t("text")}</span><textarea name="text" required maxLength={1000} value={given.text} onInput={(event) => set({ text: event.currentTarget.value })} /></label>}
      {has("acknowledge") && <label class="line"><input name="acknowledge" type="checkbox" checked={given.acknowledge} onChange={(event) => set({ acknowledge: event.currentTarget.checked })} /><span>{t("ask-acknowledge")}</span></label>}
      <label><span>{t("reason")}</span>
        <select name="reason" required value={given.reason} onChange={(event) => set({ reason: event.currentTarget.value })}>
          <option value="">{t("choose-reason")}</option>
          {reasons.map((slug) => <option key={slug} value={slug}>{actReasonName(slug)}</option>)}
        </select>
      </label>
      <label><span>{t("note")}</span><textarea name="note" maxLength={500} value={given.note} onInput={(event) => set({ note: event.currentTarget.value })} /></label>
      {said && <p class="bad-text" role="alert"><Icon is="warn" />{said}</p>}
      <div class="form-foot"><button class={act.danger ? "danger full" : "strong"} disabled={isBusy.value}>{t("carry-out", { act: of("act-", act.id) })}</button></div>
    </form>
  );
}

function actReasonName(slug: string): string {
  const name = reasonName(slug);
  return name === slug ? of("act-reason-", slug) : name;
}
