// To whom a contact can be given, or who can be asked: queues with who waits and who is ready, agents with what they do.
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { getIfThere } from "../core/api.ts";
import { keep, recall } from "../core/keep.ts";
import { nameOf } from "../core/names.ts";
import { of, t, titleOf, type Title } from "../core/words.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { Since } from "../ui/ticks.tsx";
import { open } from "./actions.ts";
import { LOOKS } from "./parts.tsx";
import { act, me, polled, talking } from "./state.ts";

interface QueueEntry { queue: string; name?: Title; state: string; waiting: number; oldest_waiting_at: string | null; ready: number }
interface AgentEntry { agent: string; team: string | null; state: string; activity: string; activity_since: string; reachable: boolean; queues: string[] }
interface Directory { queues: QueueEntry[]; agents: AgentEntry[] }

const AGAIN_MS = 2_000;
const ROWS_MAX = 200;

// What an older server can tell: her own queues.
async function ownQueues(): Promise<Directory> {
  const told = await getIfThere<{ queues: Record<string, any>[] }>("/api/v1/queues");
  const queues = (told?.queues ?? []).filter((row) => row["active"]).map((row) => ({
    queue: row["queue"], state: row["state"], waiting: row["waiting"], oldest_waiting_at: row["longest_since"], ready: (row["agents"]?.idle ?? 0) + (row["agents"]?.resting ?? 0),
  }));
  return { queues, agents: [] };
}

export interface Entry { id: string; kind: "queue" | "agent"; label: string; available: boolean; queue?: QueueEntry; agent?: AgentEntry }

export function entriesOf(directory: Directory, kind: "queue" | "agent", sought: string, hide: boolean, nameQueue: (row: QueueEntry) => string): Entry[] {
  const all: Entry[] = kind === "queue"
    ? directory.queues.map((queue) => ({ id: queue.queue, kind, label: nameQueue(queue), available: queue.state === "open" && queue.ready > 0, queue }))
    : directory.agents.map((agent) => ({ id: agent.agent, kind, label: agent.agent, available: agent.reachable && ["idle", "resting"].includes(agent.activity), agent }));
  const needle = sought.trim().toLowerCase();
  return all
    .filter((entry) => (!hide || entry.available) && (!needle || `${entry.id} ${entry.label} ${entry.agent?.team ?? ""}`.toLowerCase().includes(needle)))
    .sort((a, b) => Number(b.available) - Number(a.available) || a.label.localeCompare(b.label))
    .slice(0, ROWS_MAX);
}

export function DirectoryDialog({ mode }: { mode: "transfer" | "consult" }) {
  const card = talking.value;
  const own = useSignal<Directory | null>(null);
  const live = useRef(polled<Directory>(() => (open.peek() === mode ? "/api/v1/directory" : null), AGAIN_MS)).current;
  const kind = useSignal<"queue" | "agent">("queue");
  const sought = useSignal("");
  const hide = useSignal(recall<boolean>("directory.hide") ?? false);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    live.again();
    void ownQueues().then((told) => (own.value = told), () => undefined);
  }, []);
  useEffect(() => {
    if (!card || card.role !== "owner") open.value = null;
  }, [card?.id]);
  const directory = useComputed(() => live.value.value ?? own.value ?? { queues: [], agents: [] });
  if (!card) return null;
  const asked = card.others.find((other) => other.role === "consulted");
  const rows = entriesOf(directory.value, kind.value, sought.value, hide.value, (row) => titleOf(row.name, "") || nameOf("queues", row.queue))
    .filter((entry) => entry.id !== me || entry.kind === "queue");
  const isWhole = live.value.value !== null;
  const go = (how: "transfer" | "consult", to: { queue: string } | { agent: string }) => {
    open.value = null;
    void act(how === "transfer" ? "contact.transfer" : "contact.consult", { contact: card.contact, to });
  };
  const typed = sought.value.trim();
  const move = (event: KeyboardEvent) => {
    const items = [...(list.current?.querySelectorAll<HTMLElement>("button[data-main]") ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = event.key === "ArrowDown" ? at + 1 : event.key === "ArrowUp" ? at - 1 : null;
    if (to === null || event.isComposing) return;
    items[Math.max(0, Math.min(items.length - 1, to))]?.focus();
    event.preventDefault();
  };
  return (
    <Dialog id="directory" wide title={mode === "transfer" ? t("transfer-title") : t("consult-title")} onClose={() => (open.value = null)}>
      <div onKeyDown={move} class="directory">
        {asked && mode === "transfer" && <button type="button" class="strong" data-first onClick={() => go("transfer", { agent: asked.agent })}><Icon is="transfer" />{t("transfer-to", { agent: asked.agent })}</button>}
        <div class="directory-head">
          <div class="segments" role="group" aria-label={t("directory-kind")}>
            {(["queue", "agent"] as const).map((is) => <button key={is} type="button" aria-pressed={kind.value === is} onClick={() => (kind.value = is)}>{of("directory-", is)}</button>)}
          </div>
          <input type="search" data-first={!asked || undefined} placeholder={t("directory-search")} aria-label={t("directory-search")} value={sought.value} onInput={(event) => (sought.value = event.currentTarget.value)} />
          <label class="line"><input type="checkbox" checked={hide.value} onChange={(event) => { hide.value = event.currentTarget.checked; keep("directory.hide", hide.value); }} /><span>{t("directory-hide")}</span></label>
        </div>
        {kind.value === "agent" && !isWhole && (
          <div class="directory-typed">
            <p class="hint">{t("directory-missing")}</p>
            <button type="button" disabled={!typed} onClick={() => go(mode, { agent: typed })}>{mode === "transfer" ? t("transfer-to", { agent: typed }) : t("consult-whom", { agent: typed })}</button>
          </div>
        )}
        <ul ref={list} class="directory-list">
          {rows.map((entry) => {
            const to = entry.kind === "queue" ? { queue: entry.id } : { agent: entry.id };
            const look = entry.agent ? (LOOKS[entry.agent.reachable ? entry.agent.activity : "unreachable"] ?? LOOKS["idle"]!) : null;
            return (
              <li key={`${entry.kind}-${entry.id}`} class={entry.available ? "" : "unavailable"} data-entry={entry.id}>
                <button type="button" class="directory-main" data-main onClick={() => go(mode, to)}
                  title={mode === "transfer" ? t("transfer-to", { agent: entry.label }) : t("consult-whom", { agent: entry.label })}>
                  <Icon is={entry.kind === "queue" ? "queue" : "user"} />
                  <b class={entry.kind === "agent" ? "number" : ""}>{entry.label}</b>
                  {entry.agent && look && <><span class={`badge ${look.kind}`}><Icon is={look.icon} />{of("activity-", entry.agent.reachable ? entry.agent.activity : "unreachable")}</span><Since at={entry.agent.activity_since} />{entry.agent.team && <span class="hint">{nameOf("teams", entry.agent.team)}</span>}</>}
                  {entry.queue && <>
                    {entry.queue.state !== "open" && <span class="badge warn"><Icon is="warn" />{of("queue-state-", entry.queue.state)}</span>}
                    <span class={`badge ${entry.queue.ready ? "good" : ""}`}><Icon is={entry.queue.ready ? "check" : "cross"} />{t("queue-ready", { n: entry.queue.ready })}</span>
                    <span class="hint">{t("queue-waiting", { n: entry.queue.waiting })}{entry.queue.oldest_waiting_at && entry.queue.waiting ? <> · <Since at={entry.queue.oldest_waiting_at} /></> : null}</span>
                  </>}
                </button>
                <button type="button" class="plain" onClick={() => go(mode === "transfer" ? "consult" : "transfer", to)}>{mode === "transfer" ? t("consult") : t("transfer")}</button>
              </li>
            );
          })}
          {rows.length === 0 && <li class="hint">{isWhole || kind.value === "queue" ? t("directory-none") : ""}</li>}
        </ul>
      </div>
    </Dialog>
  );
}
