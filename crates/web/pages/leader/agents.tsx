// The floor: a line for each agent. Lines are of one height and laid out each for itself; above a number of them only those in
// sight are drawn. A line draws itself anew when its own row changes, and its clock alone when a second passes.
import { computed, signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { AgentRow, Hand } from "../core/frames.ts";
import { nameOf, reasonName } from "../core/names.ts";
import { of, t } from "../core/words.ts";
import { Icon, type IconName } from "../ui/icons.tsx";
import { levelOf, open, view, type Level } from "./desk.ts";
import { Lasted } from "./ticks.tsx";

export const ROW_PX = 32;
const DRAWN_ALL_MAX = 200;
const SPARE_ROWS = 6;

const LOOKS: Record<string, [IconName, string]> = {
  signed_out: ["out", ""], unreachable: ["warn", "bad"], not_ready: ["cross", "warn"], on_break: ["cup", "warn"], idle: ["dot", "good"], resting: ["clock", "good"],
  ringing: ["ring", "info"], talking: ["phone", "info"], held: ["hold", "info"], consulting: ["consult", "info"], wrap_up: ["pen", "busy"],
};
export const ACTIVITIES = ["idle", "ringing", "talking", "held", "consulting", "wrap_up", "resting", "not_ready", "on_break", "unreachable", "signed_out"];

// ---- What is asked for.

export type SortBy = "agent" | "team" | "state" | "time" | "seat";
export const sorting = signal<{ by: SortBy; down: boolean }>({ by: "agent", down: false });
export const filters = signal({ text: "", team: "", queue: "", state: "" });

const present = computed(() => view.value.agents.all().filter((row) => row.active));

// What each agent is counted as: by what she does, and by what she asks.
const isState = (row: AgentRow, state: string): boolean =>
  state === "" ? row.activity !== "signed_out" : state === "hand" ? row.hand_raised : state === "break" ? row.break_request !== null : row.activity === state;

export const counts = computed(() => {
  const all: Record<string, number> = { "": 0, hand: 0, break: 0 };
  for (const row of present.value) {
    all[row.activity] = (all[row.activity] ?? 0) + 1;
    if (row.activity !== "signed_out") all[""]!++;
    if (row.hand_raised) all["hand"]!++;
    if (row.break_request) all["break"]!++;
  }
  return all;
});
export const teams = computed(() => [...new Set(present.value.map((row) => row.team ?? ""))].filter(Boolean).sort());

let lastOrder: string[] = [];
export const order = computed<string[]>(() => {
  const { text, team, queue, state } = filters.value;
  const asked = text.trim().toLowerCase();
  const found = (row: AgentRow) =>
    isState(row, state) && (!team || row.team === team) && (!queue || row.queues.includes(queue)) &&
    (!asked || [row.agent, row.seat ?? "", nameOf("teams", row.team), ...row.contacts.map((hand) => hand.contact)].some((word) => word.toLowerCase().includes(asked)));
  const { by, down } = sorting.value;
  const key = (row: AgentRow): string | number =>
    by === "team" ? row.team ?? "" : by === "seat" ? row.seat ?? "" : by === "state" ? ACTIVITIES.indexOf(row.activity) : by === "time" ? Date.parse(row.activity_since) : row.agent;
  const rows = present.value.filter(found).map((row) => ({ id: row.agent, key: key(row) }));
  rows.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.id < b.id ? -1 : 1) * (down ? -1 : 1));
  const next = rows.map(({ id }) => id);
  // The same lines in the same order are the same list: then nothing moves.
  if (next.length !== lastOrder.length || next.some((id, at) => id !== lastOrder[at])) lastOrder = next;
  return lastOrder;
});

// ---- One line.

export function State({ row }: { row: Pick<AgentRow, "activity" | "reason"> }) {
  const [icon, name] = LOOKS[row.activity] ?? ["dot", ""];
  const why = row.activity === "not_ready" || row.activity === "on_break" ? reasonName(row.reason?.slug) : "";
  return <span class={`state ${name}`}><Icon is={icon} /><b>{of("activity-", row.activity)}</b>{why && <span class="why">{why}</span>}</span>;
}

export function skillsText(row: AgentRow): string {
  return Object.entries(row.skills ?? {}).map(([skill, level]) => `${nameOf("skills", skill)} ${level}`).join(" · ");
}

function HandCell({ hands }: { hands: Hand[] }) {
  const hand = hands[0];
  if (!hand) return null;
  return (
    <>
      <button type="button" class="ref" tabIndex={-1} onClick={(event) => { event.stopPropagation(); open({ what: "contact", id: hand.contact }); }}>{hand.contact}</button>
      <span class="soft">{nameOf("queues", hand.queue)}</span>
      {hands.length > 1 && <span class="badge">{t("and-more", { n: hands.length - 1 })}</span>}
    </>
  );
}

function Flags({ row }: { row: AgentRow }) {
  return (
    <>
      {row.hand_raised && <span class="badge warn"><Icon is="hand" />{t("hand")}</span>}
      {row.break_request && <span class="badge warn"><Icon is="cup" />{t("asks-break", { reason: reasonName(row.break_request.slug) })}</span>}
      {!row.reachable && row.state !== "signed_out" && <span class="badge bad"><Icon is="warn" />{t("no-link")}</span>}
      {row.next && <span class="badge">{t("then", { state: row.next.state === "not_ready" ? reasonName(row.next.reason?.slug) : of("activity-", row.next.state) })}</span>}
      {row.missed > 0 && <span class="badge bad">{t("missed", { n: row.missed })}</span>}
    </>
  );
}

function Line({ id, at, isFirst }: { id: string; at: number; isFirst: boolean }) {
  const row = view.value.agents.row(id)?.value;
  if (!row) return null;
  const skills = skillsText(row);
  const level = (now: number): Level => levelOf(view.peek().agents.peek(id) ?? row, now);
  return (
    <div role="row" class="agent-row" data-agent={id} aria-rowindex={at + 2} tabIndex={isFirst ? 0 : -1} onClick={() => open({ what: "agent", id })}>
      <div role="gridcell" class="id">{id}</div>
      <div role="gridcell">{nameOf("teams", row.team)}</div>
      <div role="gridcell"><State row={row} /></div>
      <div role="gridcell" class="lasted"><Lasted at={row.activity === "signed_out" ? null : row.activity_since} level={level} of={`${row.activity} ${row.reason?.slug}`} /></div>
      <div role="gridcell">{row.seat ?? ""}</div>
      <div role="gridcell" class="in-hand"><HandCell hands={row.contacts} /></div>
      <div role="gridcell" class="soft" title={skills}>{skills}</div>
      <div role="gridcell" class="flags"><Flags row={row} /></div>
    </div>
  );
}

// ---- All of them.

const span = signal({ top: 0, height: 600 });
const focused = signal<string | null>(null);

function Head({ by, children }: { by?: SortBy; children: string }) {
  const { by: now, down } = sorting.value;
  if (!by) return <div role="columnheader">{children}</div>;
  const is = now === by;
  return (
    <div role="columnheader" aria-sort={is ? (down ? "descending" : "ascending") : "none"}>
      <button type="button" class="plain small head" onClick={() => (sorting.value = { by, down: is && !down })}>
        {children}<span aria-hidden="true">{is ? (down ? "▾" : "▴") : ""}</span>
      </button>
    </div>
  );
}

export function Agents() {
  const body = useRef<HTMLDivElement>(null);
  const ids = order.value;
  useEffect(() => {
    const box = body.current!;
    const look = () => {
      const next = { top: Math.floor(box.scrollTop / ROW_PX), height: box.clientHeight };
      if (next.top !== span.peek().top || next.height !== span.peek().height) span.value = next;
    };
    const watch = new ResizeObserver(look);
    watch.observe(box);
    box.addEventListener("scroll", look, { passive: true });
    return () => { watch.disconnect(); box.removeEventListener("scroll", look); };
  }, []);
  const isAll = ids.length <= DRAWN_ALL_MAX;
  const { top, height } = span.value;
  const from = isAll ? 0 : Math.max(0, Math.min(top, ids.length) - SPARE_ROWS);
  const to = isAll ? ids.length : Math.min(ids.length, top + Math.ceil(height / ROW_PX) + SPARE_ROWS);
  const drawn = ids.slice(from, to);
  const first = focused.value !== null && drawn.includes(focused.value) ? focused.value : drawn[isAll ? 0 : Math.min(SPARE_ROWS, top)];
  const move = (event: KeyboardEvent) => {
    const line = (event.target as Element).closest<HTMLElement>("[data-agent]");
    if (!line || event.target !== line) return;
    const at = ids.indexOf(line.dataset["agent"]!);
    const page = Math.max(1, Math.floor(height / ROW_PX) - 1);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: ids.length - 1, PageDown: at + page, PageUp: at - page }[event.key];
    if (event.key === "Enter" || event.key === " ") open({ what: "agent", id: ids[at]! });
    else if (to === undefined) return;
    else focusOn(body.current!, ids[Math.max(0, Math.min(ids.length - 1, to))]!, Math.max(0, Math.min(ids.length - 1, to)));
    event.preventDefault();
  };
  const style = useMemo(() => ({ height: `${ids.length * ROW_PX}px`, paddingTop: `${from * ROW_PX}px` }), [ids.length, from]);
  return (
    <div role="grid" class="agents" aria-label={t("agents")} aria-rowcount={ids.length + 1}>
      <div role="rowgroup" class="agents-head">
        <div role="row" class="agent-row" aria-rowindex={1}>
          <Head by="agent">{t("agent")}</Head><Head by="team">{t("team")}</Head><Head by="state">{t("state")}</Head><Head by="time">{t("lasted")}</Head>
          <Head by="seat">{t("seat")}</Head><Head>{t("in-hand")}</Head><Head>{t("skills")}</Head><Head>{t("notes")}</Head>
        </div>
      </div>
      <div role="rowgroup" class="agents-body" ref={body} onKeyDown={move} onFocusIn={(event) => (focused.value = (event.target as HTMLElement).closest<HTMLElement>("[data-agent]")?.dataset["agent"] ?? null)}>
        <div role="presentation" class="agents-all" style={style}>
          {drawn.map((id, at) => <Line key={id} id={id} at={from + at} isFirst={id === first} />)}
        </div>
        {ids.length === 0 && <div role="row" class="none"><div role="gridcell">{t("nobody")}</div></div>}
      </div>
    </div>
  );
}

function focusOn(body: HTMLElement, id: string, at: number): void {
  const y = at * ROW_PX;
  if (y < body.scrollTop) body.scrollTop = y;
  else if (y + ROW_PX > body.scrollTop + body.clientHeight) body.scrollTop = y + ROW_PX - body.clientHeight;
  focused.value = id;
  const now = () => body.querySelector<HTMLElement>(`[data-agent="${CSS.escape(id)}"]`);
  // A line that was out of sight is drawn first.
  const line = now();
  if (line) line.focus({ preventScroll: true });
  else requestAnimationFrame(() => requestAnimationFrame(() => now()?.focus({ preventScroll: true })));
}

export function AgentFilters() {
  const set = (part: Partial<typeof filters.value>) => (filters.value = { ...filters.value, ...part });
  const { text, team, queue, state } = filters.value;
  const all = counts.value;
  const chips = ["", ...ACTIVITIES, "hand", "break"].filter((chip) => chip === "" || chip === state || (all[chip] ?? 0) > 0);
  return (
    <div class="filters">
      <div class="chips" role="group" aria-label={t("by-state")}>
        {chips.map((chip) => (
          <button key={chip} type="button" class={`chip is-${chip === "hand" || chip === "break" ? "warn" : LOOKS[chip]?.[1] || "plain"}`} aria-pressed={state === chip} data-chip={chip}
            onClick={() => set({ state: state === chip ? "" : chip })}>
            <Icon is={chip === "" ? "user" : chip === "hand" ? "hand" : chip === "break" ? "cup" : LOOKS[chip]?.[0] ?? "dot"} />
            {chip === "" ? t("everybody") : chip === "hand" ? t("hand") : chip === "break" ? t("break-requests") : of("activity-", chip)} <b class="number">{all[chip] ?? 0}</b>
          </button>
        ))}
      </div>
      <div class="picks">
        <label class="search"><span class="visually-hidden">{t("search")}</span><input id="search" type="search" placeholder={t("search")} value={text} onInput={(event) => set({ text: event.currentTarget.value })} /></label>
        <label><span class="visually-hidden">{t("team")}</span>
          <select id="by-team" value={team} onChange={(event) => set({ team: event.currentTarget.value })}>
            <option value="">{t("all-teams")}</option>
            {teams.value.map((id) => <option key={id} value={id}>{nameOf("teams", id)}</option>)}
          </select>
        </label>
        <label><span class="visually-hidden">{t("queue")}</span>
          <select id="by-queue" value={queue} onChange={(event) => set({ queue: event.currentTarget.value })}>
            <option value="">{t("all-queues")}</option>
            {view.value.queues.ids.value.map((id) => <option key={id} value={id}>{nameOf("queues", id)}</option>)}
          </select>
        </label>
      </div>
    </div>
  );
}
