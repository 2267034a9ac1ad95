// Queues, and who waits in them in order, with why.
import { computed, effect, signal } from "@preact/signals";
import { get } from "../core/api.ts";
import type { ContactRow } from "../core/frames.ts";
import type { QueueRow } from "../core/floor.ts";
import { nameOf } from "../core/names.ts";
import { clockOf, percentOf } from "../core/spans.ts";
import { of, t } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { open, past, view, waitLevel } from "./desk.ts";
import { Lasted } from "./ticks.tsx";

export const queueState = (row: QueueRow): string => (row.state === "closed" && row["emergency"] ? "emergency" : row.state);
export const DOOR_ICONS = { open: "check", draining: "clock", closed: "cross", emergency: "warn" } as const;

export function Door({ row }: { row: QueueRow }) {
  const state = queueState(row) as keyof typeof DOOR_ICONS;
  const name = state === "open" ? "good" : state === "emergency" ? "bad" : "warn";
  return <span class={`badge small ${name}`} data-door={state}><Icon is={DOOR_ICONS[state] ?? "dot"} />{of("door-", state)}</span>;
}

const formula = signal("");
/** The figure sl.offered, as walls and reports reckon it: whoever still waits is not in it yet. */
const serviceLevel = (row: QueueRow) => {
  const { answered_within: within, answered, abandoned } = row["today"];
  return { within, decided: answered + abandoned, value: percentOf(within, answered + abandoned) };
};
export const formulaOf = (row: QueueRow): string => t("formula", { queue: nameOf("queues", row.queue), ...serviceLevel(row) });

function Line({ id }: { id: string }) {
  const row = view.value.queues.row(id)?.value;
  if (!row || !row.active) return null;
  const today = row["today"];
  const say = () => (formula.value = formulaOf(row));
  return (
    <div role="row" class="queue-row" data-queue={id}>
      <div role="cell" class="name"><button type="button" class="ref" onClick={() => open({ what: "queue", id })}>{nameOf("queues", id)}</button><Door row={row} /></div>
      <div role="cell" class="end big">{row.waiting}</div>
      <div role="cell" class="end"><Lasted at={row["longest_since"]} level={(now) => waitLevel(id, row["longest_since"], now)} of={String(row["longest_since"])} /></div>
      <div role="cell" class="end">{row["estimate_ms"] === null || row["estimate_ms"] === undefined ? "–" : clockOf(row["estimate_ms"])}</div>
      <div role="cell" class="end">{(row["agents"]?.idle ?? 0) + (row["agents"]?.resting ?? 0)}</div>
      <div role="cell" class="end">{today.offered}</div>
      <div role="cell" class="end">{today.answered}</div>
      <div role="cell" class="end">{today.abandoned}</div>
      <div role="cell" class="end">
        <button type="button" class="plain small formula" title={formulaOf(row)} aria-describedby="formula" onFocus={say} onMouseEnter={say} onClick={say}>{serviceLevel(row).value}</button>
      </div>
    </div>
  );
}

export function Queues() {
  const ids = view.value.queues.ids.value;
  return (
    <div class="card queues">
      <h2 id="queues-title"><Icon is="queue" />{t("queues")}</h2>
      <div class="sideways" tabIndex={0} role="region" aria-labelledby="queues-title">
        <div role="table" aria-labelledby="queues-title">
          <div role="row" class="queue-row head">
            <div role="columnheader">{t("queue")}</div><div role="columnheader" class="end">{t("waiting")}</div><div role="columnheader" class="end">{t("longest")}</div>
            <div role="columnheader" class="end">{t("estimate")}</div><div role="columnheader" class="end">{t("ready")}</div><div role="columnheader" class="end">{t("offered")}</div>
            <div role="columnheader" class="end">{t("answered")}</div><div role="columnheader" class="end">{t("abandoned")}</div><div role="columnheader" class="end">{t("service-level")}</div>
          </div>
          {ids.map((id) => <Line key={id} id={id} />)}
        </div>
      </div>
      <p id="formula" class="hint formula-line">{formula.value || t("formula-hint")}</p>
    </div>
  );
}

// ---- Who waits. The rows say in which order; why is asked once for each, because it changes only when she is moved or re-prioritised.

export interface Place { place: number; of: number; order: string; counted_from: string; priority_worth_ms: number; keeps_place: boolean; waits_for_one: boolean; parked: boolean }
const ASKED_AT_ONCE_MAX = 3;
const ASKED_MAX = 60;
const places = signal<ReadonlyMap<string, Place | null>>(new Map());
const asking = new Set<string>();
const keyOf = (row: ContactRow): string => `${row.contact} ${row["visit"] ?? ""} ${row.priority} ${row["wanted"] ?? ""}`;

export const isWaiting = (row: ContactRow): boolean => row.state === "queued";

let lastLine: ContactRow[] = [];
export const line = computed<ContactRow[]>(() => {
  const orderOf = (row: ContactRow) => Date.parse(row.order ?? row.queued_at ?? row.arrived_at);
  const rows = view.value.contacts.all().filter(isWaiting);
  rows.sort((a, b) => (a.queue ?? "").localeCompare(b.queue ?? "") || orderOf(a) - orderOf(b) || (a.contact < b.contact ? -1 : 1));
  if (rows.length === lastLine.length && rows.every((row, at) => row === lastLine[at])) return lastLine;
  return (lastLine = rows);
});

// Asks for the places that are not known yet, a few at once; of the past none is asked for.
const answers = signal(0);
export function followPlaces(): void {
  effect(() => {
    answers.value;
    if (past.value) return;
    const rows = view.value.contacts.all().filter(isWaiting).slice(0, ASKED_MAX);
    const here = new Set(rows.map(keyOf));
    if ([...places.peek().keys()].some((key) => !here.has(key))) places.value = new Map([...places.peek()].filter(([key]) => here.has(key)));
    for (const row of rows) {
      if (asking.size >= ASKED_AT_ONCE_MAX) return;
      const key = keyOf(row);
      if (places.peek().has(key) || asking.has(key)) continue;
      asking.add(key);
      void get<{ place?: Place }>(`/api/v1/contacts/${row.contact}`).catch(() => null).then((told) => {
        asking.delete(key);
        places.value = new Map(places.peek()).set(key, told?.place ?? null);
        answers.value = answers.peek() + 1;
      });
    }
  });
}

export const placeOf = (row: ContactRow): Place | null => places.value.get(keyOf(row)) ?? null;

export function whyOf(row: ContactRow, place: Place | null): string[] {
  const why: string[] = [];
  // Of the past nothing is asked: there a place that was kept counts as worth, too.
  const worthMs = place ? place.priority_worth_ms : row.order && row.queued_at ? Date.parse(row.queued_at) - Date.parse(row.order) : 0;
  if (worthMs > 0) why.push(t("why-priority", { span: clockOf(worthMs) }));
  if (place?.keeps_place) why.push(t("why-kept"));
  if (row["wanted"]) why.push(t("why-wanted", { agent: String(row["wanted"]) }));
  if (place?.parked) why.push(t("why-parked"));
  if (row["step"]) why.push(t("why-step", { step: Number(row["step"]) }));
  if (why.length === 0) why.push(t("why-waited"));
  return why;
}

function Waiter({ row, at }: { row: ContactRow; at: number }) {
  const why = whyOf(row, placeOf(row)).join(" · ");
  return (
    <div role="row" class="waiting-row" data-contact={row.contact}>
      <div role="cell" class="end big">{at}</div>
      <div role="cell"><button type="button" class="ref" onClick={() => open({ what: "contact", id: row.contact })}>{row.contact}</button></div>
      <div role="cell">{nameOf("queues", row.queue)}</div>
      <div role="cell" class="end"><Lasted at={row.queued_at} level={(now) => waitLevel(row.queue, row.queued_at, now)} of={row.contact} /></div>
      <div role="cell" class="end">{row.priority}</div>
      <div role="cell" class="soft" title={why}>{why}</div>
    </div>
  );
}

export function Waiting() {
  const rows = line.value;
  const shown = rows.slice(0, 100);
  const nth = new Map<string, number>();
  return (
    <div class="card waiting">
      <h2 id="waiting-title"><Icon is="clock" />{t("waiting-in-order")}<b class="number">{rows.length}</b></h2>
      <div class="sideways" tabIndex={0} role="region" aria-labelledby="waiting-title">
        <div role="table" aria-labelledby="waiting-title">
          <div role="row" class="waiting-row head">
            <div role="columnheader" class="end">{t("place")}</div><div role="columnheader">{t("contact")}</div><div role="columnheader">{t("queue")}</div>
            <div role="columnheader" class="end">{t("waited")}</div><div role="columnheader" class="end">{t("priority")}</div><div role="columnheader">{t("why")}</div>
          </div>
          {shown.map((row) => {
            const at = (nth.get(row.queue ?? "") ?? 0) + 1;
            nth.set(row.queue ?? "", at);
            return <Waiter key={row.contact} row={row} at={at} />;
          })}
          {rows.length === 0 && <div role="row" class="none"><div role="cell">{t("nobody-waits")}</div></div>}
        </div>
      </div>
    </div>
  );
}
