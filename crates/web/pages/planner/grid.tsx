// 班表: people down, days across. A shift is dragged to another person or day, or carried there by keys; what the judge says stands at its
// cell, and under each day how many are missing. Only lines in sight are drawn.
import { computed, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { numberOf } from "../core/spans.ts";
import { language, of, t } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { daysFrom, isWeekend, shortOf, weekdayName, wholeOf } from "../shifts/days.ts";
import { cellsOf, deficitsOf, faultsOf, keyOf } from "../shifts/grid.ts";
import { Code, shiftText } from "../shifts/parts.tsx";
import type { Broken, Roster, Shift } from "../shifts/shapes.ts";
import { change, codes, judgement, may, move, shifts } from "./desk.ts";
import { grid, isDay, opened } from "./keys.ts";

const ROW_PX = 34;
const SPARE_ROWS = 8;
const DRAG_PX_MIN = 5;

export const cells = computed(() => cellsOf(shifts.value));
export const faults = computed(() => faultsOf(judgement.value));
export const deficits = computed(() => deficitsOf(judgement.value?.uncovered ?? []));

// Where the hand is, what it carries, and where that would be put down.
export const at = signal<{ agent: string; day: string } | null>(null);
export const carried = signal<Shift | null>(null);
const over = signal<{ agent: string; day: string } | null>(null);
export const dayOf = signal("");
const said = signal("");

export const shiftAt = (place = at.peek()): Shift | undefined => (place ? cells.peek().get(keyOf(place.agent, place.day))?.[0] : undefined);
export const brokenText = (broken: Broken): string => {
  const number = Object.entries(broken).find(([name, value]) => typeof value === "number" && name !== "kind")?.[1];
  return of("rule-", broken.rule, { n: numberOf(Number(number ?? 0), language.value) });
};

function putDown(agent: string, day: string): void {
  const shift = carried.peek();
  carried.value = null;
  over.value = null;
  if (!shift || (shift.agent === agent && shift.day === day)) return;
  move(shift, agent, day);
  at.value = { agent, day };
  said.value = t("put-down", { code: shift.code, agent, day: wholeOf(day, language.value) });
}

function pickUp(shift: Shift): void {
  carried.value = shift;
  said.value = t("picked-up", { code: shift.code, agent: shift.agent, day: wholeOf(shift.day, language.value) });
}

export const remove = (shift: Shift): void => change(shifts.peek().filter((other) => other !== shift));

function Cell({ agent, day, isAt }: { agent: string; day: string; isAt: boolean }) {
  const key = keyOf(agent, day);
  const here = cells.value.get(key) ?? [];
  const [shift] = here;
  const broken = faults.value.cells.get(key) ?? [];
  const isOver = over.value?.agent === agent && over.value.day === day;
  const words = [agent, wholeOf(day, language.value), ...(here.length ? here.map(shiftText) : [t("no-shift")]), ...broken.map(brokenText)].join(" · ");
  const name = ["cell", isWeekend(day) ? "weekend" : "", broken.length ? "is-bad" : "", isOver ? "is-over" : "", carried.value && shift === carried.value ? "is-carried" : "", shift?.away?.length ? "is-away" : ""].filter(Boolean).join(" ");
  return (
    <div role="gridcell" class={name} data-cell={key} data-agent={agent} data-day={day} data-code={shift?.code} tabIndex={isAt ? 0 : -1} title={words} aria-selected={isAt}>
      <span class="seen" aria-hidden="true">
        {shift && <Code code={shift.code} codes={codes.value} />}
        {here.length > 1 && <small>+{here.length - 1}</small>}
        {broken.length > 0 && <Icon is="warn" />}
      </span>
      <span class="visually-hidden">{words}</span>
    </div>
  );
}

function Row({ agent, index, days, place }: { agent: string; index: number; days: string[]; place: { agent: string; day: string } | null }) {
  const broken = faults.value.people.get(agent) ?? [];
  const count = days.reduce((sum, day) => sum + (cells.value.get(keyOf(agent, day))?.length ?? 0), 0);
  return (
    <div role="row" class="roster-row" aria-rowindex={index + 2} style={{ top: `${index * ROW_PX}px` }}>
      <div role="rowheader" class={`who ${broken.length ? "is-bad" : ""}`} title={broken.map(brokenText).join(" · ") || undefined}>
        <b class="number">{agent}</b><span class="hint">{count}</span>{broken.length > 0 && <><Icon is="warn" /><span class="visually-hidden">{broken.map(brokenText).join(" · ")}</span></>}
      </div>
      {days.map((day) => <Cell key={day} agent={agent} day={day} isAt={place?.agent === agent && place.day === day} />)}
    </div>
  );
}

const sight = signal({ top: 0, height: 480 });

export function Grid({ of: it }: { of: Roster }) {
  const box = useRef<HTMLDivElement>(null);
  const people = peopleOf(it, shifts.value);
  const days = daysFrom(it.from, it.days);
  const place = at.value && people.includes(at.value.agent) && days.includes(at.value.day) ? at.value : people[0] && days[0] ? { agent: people[0], day: days[0] } : null;
  const first = Math.max(0, Math.floor(sight.value.top / ROW_PX) - SPARE_ROWS);
  const last = Math.min(people.length, Math.ceil((sight.value.top + sight.value.height) / ROW_PX) + SPARE_ROWS);
  const see = () => box.current && (sight.value = { top: box.current.scrollTop, height: box.current.clientHeight });

  const focusAt = (next: { agent: string; day: string }) => {
    at.value = next;
    if (carried.peek()) over.value = next;
    const index = people.indexOf(next.agent);
    const scroll = box.current;
    if (scroll && (index * ROW_PX < scroll.scrollTop || (index + 3) * ROW_PX > scroll.scrollTop + scroll.clientHeight)) scroll.scrollTop = Math.max(0, (index - 3) * ROW_PX);
    see();
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-cell="${keyOf(next.agent, next.day)}"]`)?.focus());
  };

  const onKey = (event: KeyboardEvent) => {
    if (!place || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const [row, column] = [people.indexOf(place.agent), days.indexOf(place.day)];
    const to: Record<string, [number, number]> = {
      ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], Home: [row, 0], End: [row, days.length - 1], PageUp: [row - 10, column], PageDown: [row + 10, column],
    };
    const next = to[event.key];
    if (next) {
      const clamp = (n: number, size: number) => Math.min(size - 1, Math.max(0, n));
      focusAt({ agent: people[clamp(next[0], people.length)]!, day: days[clamp(next[1], days.length)]! });
    } else if (event.key === "Enter") {
      if (carried.peek()) putDown(place.agent, place.day);
      else if (may.plan.peek()) { at.value = place; opened.value = "shift"; }
    } else if (event.key === "Escape" && carried.peek()) {
      carried.value = null;
      over.value = null;
      said.value = t("put-back");
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  // The pointer takes a shift along once it has moved.
  const onPointer = (event: PointerEvent) => {
    const cell = cellUnder(event.target);
    if (event.button !== 0 || !cell) return;
    at.value = cell;
    const shift = shiftAt(cell);
    if (!shift || !may.plan.peek()) return;
    const from = [event.clientX, event.clientY] as const;
    const go = (moved: PointerEvent) => {
      if (!carried.peek() && Math.hypot(moved.clientX - from[0], moved.clientY - from[1]) < DRAG_PX_MIN) return;
      if (!carried.peek()) pickUp(shift);
      moved.preventDefault();
      over.value = cellUnder(document.elementFromPoint(moved.clientX, moved.clientY));
    };
    const end = (up: PointerEvent) => {
      document.removeEventListener("pointermove", go);
      document.removeEventListener("pointerup", end);
      document.removeEventListener("pointercancel", end);
      const target = up.type === "pointerup" && carried.peek() ? cellUnder(document.elementFromPoint(up.clientX, up.clientY)) : null;
      if (target) putDown(target.agent, target.day);
      carried.value = null;
      over.value = null;
    };
    document.addEventListener("pointermove", go);
    document.addEventListener("pointerup", end);
    document.addEventListener("pointercancel", end);
  };

  useEffect(() => {
    const inGrid = () => box.current?.contains(document.activeElement) ?? false;
    const here = () => at.peek() ?? place;
    grid.value = {
      isAt: () => inGrid() && here() !== null,
      hasShift: () => inGrid() && shiftAt(here()) !== undefined,
      move: () => { const shift = shiftAt(here()); if (shift) { at.value = here(); pickUp(shift); } },
      edit: () => { at.value = here(); opened.value = "shift"; },
      remove: () => { const shift = shiftAt(here()); if (shift) remove(shift); },
    };
    see();
    return () => void (grid.value = null);
  });

  return (
    <>
      <div class={`roster-grid ${carried.value ? "is-carrying" : ""}`} role="grid" id="roster-grid" aria-label={t("grid-of", { name: it.name })} aria-rowcount={people.length + 1} aria-colcount={days.length + 1}
        style={{ "--days": String(days.length) } as never} ref={box} onScroll={see} onKeyDown={onKey} onPointerDown={onPointer}
        onFocusIn={(event) => { const cell = cellUnder(event.target); if (cell && (cell.agent !== at.peek()?.agent || cell.day !== at.peek()?.day)) at.value = cell; }}
        onDblClick={(event) => { const cell = cellUnder(event.target); if (cell && may.plan.peek()) { at.value = cell; opened.value = "shift"; } }}>
        <div role="rowgroup" class="roster-head">
          <div role="row" class="roster-row" aria-rowindex={1}>
            <div role="columnheader" class="who">{t("agent")}</div>
            {days.map((day) => <div role="columnheader" key={day} class={`day-head ${isWeekend(day) ? "weekend" : ""} ${faults.value.days.has(day) ? "is-bad" : ""}`} title={(faults.value.days.get(day) ?? []).map(brokenText).join(" · ") || wholeOf(day, language.value)}><span>{weekdayName(day, language.value)}</span><b>{shortOf(day, language.value)}</b></div>)}
          </div>
        </div>
        <div role="rowgroup" class="roster-body" style={{ height: `${people.length * ROW_PX}px` }}>
          {people.slice(first, last).map((agent, index) => <Row key={agent} agent={agent} index={first + index} days={days} place={place} />)}
        </div>
        <div role="rowgroup" class="roster-foot">
          <div role="row" class="roster-row" id="deficits" aria-rowindex={people.length + 2}>
            <div role="rowheader" class="who">{t("missing-people")}</div>
            {days.map((day) => <DeficitCell key={day} day={day} />)}
          </div>
        </div>
      </div>
      <p class="visually-hidden" role="status" aria-live="polite">{said.value}</p>
      {carried.value && <p class="hint carry-hint"><Icon is="hand" />{t("carry-hint")}</p>}
    </>
  );
}

function DeficitCell({ day }: { day: string }) {
  const is = deficits.value.get(day);
  const words = is ? t("deficit-of", { day: wholeOf(day, language.value), most: is.most, n: is.intervals }) : t("deficit-none", { day: wholeOf(day, language.value) });
  return (
    <div role="gridcell" class={`deficit ${isWeekend(day) ? "weekend" : ""}`}>
      <button type="button" class={is ? "has" : "plain"} data-deficit={day} tabIndex={-1} aria-label={words} title={words} onClick={() => { dayOf.value = day; isDay.value = true; }}>{is ? <>−{is.most}</> : <Icon is="check" />}</button>
    </div>
  );
}

const cellUnder = (target: EventTarget | null): { agent: string; day: string } | null => {
  const cell = target instanceof Element ? target.closest<HTMLElement>("[data-cell]") : null;
  return cell ? { agent: cell.dataset["agent"]!, day: cell.dataset["day"]! } : null;
};

export const peopleOf = (it: Roster, now: readonly Shift[]): string[] => [...new Set([...(it.people ?? []), ...now.map((shift) => shift.agent)])].sort();
