// Her schedule at the desk: today with what comes next, beside the work; the week, requests, offers and handover in the middle, never
// over what rings. It comes as a chunk of its own when the desk stands.
import { useComputed, useSignal } from "@preact/signals";
import { language, of, t } from "../core/words.ts";
import { dayOf as dayText } from "../core/spans.ts";
import { now } from "../core/ticks.ts";
import { Icon } from "../ui/icons.tsx";
import { Act } from "../ui/keys.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { Until } from "../ui/ticks.tsx";
import { does, once } from "../shifts/ask.ts";
import { daysFrom, plus, wholeOf } from "../shifts/days.ts";
import { clockAt } from "../shifts/grid.ts";
import { Bars, Code, partsText } from "../shifts/parts.tsx";
import { Episodes } from "../shifts/episodes.tsx";
import { clocksText, queueText, whenText } from "../shifts/text.ts";
import type { Handover, Overtime, Shift } from "../shifts/shapes.ts";
import { keys } from "./actions.ts";
import { current, followSchedule, handoversToAccept, isOpen, loadSchedule, next, openPart, overtimeToAnswer, part, schedule, shifts, terms, timeOffToTake, today, waiting, waitingAll, week, weekShown } from "./own.ts";
import { Requests } from "./requests.tsx";
import { me } from "./state.ts";

keys.add({ id: "schedule", key: "Alt+D", scope: "desk", can: () => schedule.peek() !== null, run: () => (isOpen.value ? (isOpen.value = false) : openPart(part.peek())) });
followSchedule();

const codesOf = (list: readonly Shift[]): string[] => [...new Set(list.map((shift) => shift.code))].sort();

// ---- beside the work

export function SchedulePanel() {
  const shift = current.value;
  const coming = next.value;
  if (schedule.value === null) return null;
  const isNow = shift !== null && Date.parse(shift.from) <= now.value;
  return (
    <section class="card schedule-card" id="schedule" aria-labelledby="schedule-title">
      <header><Icon is="clock" /><h2 id="schedule-title">{t("shift-my-schedule")}</h2>
        <Act keys={keys} id="schedule" class={waitingAll.value ? "strong small" : "small"} label={t("shift-open-schedule")} pressed={isOpen.value} hideKey>{waitingAll.value > 0 && <span class="badge warn small" id="schedule-waiting">{waitingAll.value}</span>}</Act>
      </header>
      <div class="card-body">
        {!shift && <p class="hint">{t("shift-none-coming")}</p>}
        {shift && (
          <>
            <p class="shift-line"><Code code={shift.code} codes={codesOf(shifts.value)} wide /> <span>{shift.day === today() ? t("shift-today") : wholeOf(shift.day, language.value)}</span> <b class="number">{clocksText(shift)}</b></p>
            <Line shift={shift} />
            {partsText(shift) && <p class="hint">{partsText(shift)}</p>}
            {coming && (isNow || shift.day === today()) && <p id="next-activity"><Icon is="clock" /> {of("shift-next-", coming.what)} <Until at={coming.at} /></p>}
          </>
        )}
      </div>
    </section>
  );
}

// The shift drawn, with where the clock is.
function Line({ shift }: { shift: Shift }) {
  const [from, until] = [Date.parse(shift.from), Date.parse(shift.until)];
  const at = useComputed(() => Math.round((1000 * (now.value - from)) / (until - from)) / 10);
  const here = at.value;
  return <div class="track own-track"><Bars shift={shift} from={from} until={until} codes={codesOf(shifts.value)} />{here >= 0 && here <= 100 && <i class="now-mark" aria-hidden="true" style={{ left: `${here}%` }} />}</div>;
}

// ---- in the middle

export function SchedulePane() {
  if (!isOpen.value || schedule.value === null) return null;
  const counts = waiting.value;
  return (
    <section class="card schedule-pane" id="schedule-pane" aria-labelledby="schedule-pane-title">
      <header><Icon is="clock" /><h2 id="schedule-pane-title">{t("shift-open-schedule")}</h2>
        <Tabs label={t("shift-parts")} panel="own" current={part.value} onChoose={(id) => (part.value = id)} tabs={[
          { id: "week", label: t("shift-week") }, { id: "requests", label: t("shift-requests"), count: counts.requests }, { id: "offers", label: t("shift-offers"), count: counts.offers }, { id: "handover", label: t("shift-handover"), count: counts.handover },
        ]} />
        <button type="button" class="plain" aria-label={t("close")} title={t("close")} onClick={() => (isOpen.value = false)}><Icon is="cross" /></button>
      </header>
      <div class="card-body" id="own" role="tabpanel" aria-labelledby={`own-tab-${part.value}`}>
        {part.value === "requests" ? <Requests /> : part.value === "offers" ? <Offers /> : part.value === "handover" ? <Handovers /> : <Week />}
      </div>
    </section>
  );
}

// What of her plan she did not do today, as her leader sees it.
function OwnDay() {
  const isOpen = useSignal(false);
  return <details id="own-day" onToggle={(event) => (isOpen.value = event.currentTarget.open)}><summary>{t("shift-episodes")}</summary>{isOpen.value && me && <Episodes agent={me} />}</details>;
}

function Week() {
  const from = weekShown.value;
  const days = daysFrom(from, 7);
  const codes = codesOf(shifts.value);
  const counted = schedule.value?.counters;
  const left = counted?.in_lieu_left ?? 0;
  const leaves = (schedule.value?.leaves ?? []).filter((leave) => leave.state === "approved" || leave.state === "requested");
  return (
    <>
      <div class="week-head">
        <button type="button" aria-label={t("shift-week-before")} title={t("shift-week-before")} onClick={() => (week.value = plus(from, -7))}>‹</button>
        <b class="number">{dayText(`${from}T12:00:00Z`, language.value)} – {dayText(`${days[6]}T12:00:00Z`, language.value)}</b>
        <button type="button" aria-label={t("shift-week-after")} title={t("shift-week-after")} onClick={() => (week.value = plus(from, 7))}>›</button>
        {counted && <span class="hint">{t("shift-lieu-left", { n: left, taken: counted.in_lieu.taken })}</span>}
      </div>
      <ul class="week" id="week">
        {days.map((day) => {
          const own = shifts.value.filter((shift) => shift.day === day);
          const away = leaves.filter((leave) => Date.parse(leave.from) < Date.parse(`${plus(day, 1)}T00:00:00Z`) && leave.day <= day && plus(leave.day, Math.max(1, leave.days)) > day);
          return (
            <li key={day} data-day={day} class={day === today() ? "is-today" : ""}>
              <b>{wholeOf(day, language.value)}{day === today() && <small>{t("shift-today")}</small>}</b>
              <div>
                {own.length === 0 && <span class="hint">{t("shift-rest-day")}</span>}
                {own.map((shift) => (
                  <p key={shift.shift} data-shift={shift.shift}>
                    <Code code={shift.code} codes={codes} wide /> <b class="number">{clocksText(shift)}</b> <span class="hint">{shift.shift}</span> <span class="hint">{partsText(shift)}</span>
                    {shift.relief && <span class="badge">{t("shift-wants-relief")}</span>}
                    {(shift.away ?? []).map((one, at) => <span key={at} class="badge good"><Icon is="check" />{of("shift-away-", one.why)} {clockAt(one.from)}–{clockAt(one.until)}</span>)}
                  </p>
                ))}
                {day === today() && own.length > 0 && <OwnDay />}
                {away.map((leave) => <p key={leave.leave} class="hint">{of("shift-leave-", leave.kind)} · {of("shift-standing-", leave.state)}</p>)}
              </div>
            </li>
          );
        })}
      </ul>
    </>
  );
}

function Offers() {
  const told = schedule.value!;
  const [open, off] = [overtimeToAnswer.value, timeOffToTake.value];
  const answer = (overtime: string, accepts: boolean) => void does(accepts ? t("shift-overtime-accept") : t("shift-overtime-decline"), () => once(`/overtime/${overtime}/answer`, { accepts })).then(() => loadSchedule());
  const own = (one: Overtime) => one.answers.find(({ agent }) => agent === me);
  const answered = told.overtime.filter(own);
  return (
    <>
      <h3>{t("shift-overtime")}</h3>
      {open.length + answered.length === 0 && <p class="hint">{t("shift-overtime-none")}</p>}
      <ul class="request-list">
        {open.map((one) => (
          <li key={one.overtime} data-overtime={one.overtime}>
            <span><b class="number">{whenText(one.from, one.until)}</b> {queueText(one.queue)}</span><span class="hint">{t("shift-heads-of", { n: one.coming, of: one.heads })}</span>
            <span class="request-acts"><button type="button" class="good" data-answer="yes" onClick={() => answer(one.overtime, true)}><Icon is="check" />{t("shift-overtime-accept")}</button><button type="button" data-answer="no" onClick={() => answer(one.overtime, false)}>{t("shift-overtime-decline")}</button></span>
          </li>
        ))}
        {answered.map((one) => <li key={one.overtime} data-overtime={one.overtime}><span><b class="number">{whenText(one.from, one.until)}</b> {queueText(one.queue)}</span><span class={`badge ${own(one)?.accepts ? "good" : ""}`}><Icon is={own(one)?.accepts ? "check" : "cross"} />{own(one)?.accepts ? t("shift-overtime-accepted") : t("shift-overtime-declined")}</span></li>)}
      </ul>
      <h3>{t("shift-time-off")}</h3>
      {off.length === 0 && <p class="hint">{t("shift-time-off-none")}</p>}
      <ul class="request-list">
        {off.map((one) => (
          <li key={one.offer} data-time-off={one.offer}>
            <b class="number">{whenText(one.from, one.until)}</b><span class="hint">{t("shift-heads-of", { n: one.taken.length, of: one.heads })}</span>
            <span class="request-acts"><button type="button" class="good" onClick={() => void does(t("shift-time-off-take"), () => once(`/time-off/${one.offer}/take`)).then(() => loadSchedule())}><Icon is="check" />{t("shift-time-off-take")}</button></span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Handovers() {
  const open = handoversToAccept.value;
  const others = (schedule.value?.handovers ?? []).filter((one) => !open.includes(one));
  return (
    <>
      {open.length + others.length === 0 && <p class="hint">{t("shift-handover-none")}</p>}
      {open.map((one) => <Accept key={one.handover} of={one} />)}
      <ul class="request-list">
        {others.map((one) => (
          <li key={one.handover} data-handover={one.handover}>
            <span>{t("shift-handover-from-to", { from: one.from, to: one.to, seat: one.seat ?? "–" })}</span>
            <span class={`badge ${one.accepted_at ? "good" : "info"}`}><Icon is={one.accepted_at ? "check" : "clock"} />{one.accepted_at ? t("shift-handover-accepted", { at: clockAt(one.accepted_at) }) : t("shift-handover-waits")}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

// She looks at each line of the list before she takes over; from then on what goes wrong is hers.
function Accept({ of: handover }: { of: Handover }) {
  const lines = terms.value?.handover.checks ?? handover.checks.map(({ check }) => check);
  const looked = useSignal<Record<string, boolean>>(Object.fromEntries(handover.checks.map(({ check, in_order }) => [check, in_order])));
  const text = useSignal("");
  const isWhole = lines.every((line) => looked.value[line] !== undefined);
  const accept = async () => {
    const checks = lines.map((check) => ({ check, in_order: looked.peek()[check] ?? false }));
    await does(t("shift-handover-accept"), async () => {
      if (checks.length) await once(`/handovers/${handover.handover}/check`, { checks, ...(text.peek().trim() ? { text: text.peek().trim() } : {}) });
      return once(`/handovers/${handover.handover}/accept`);
    });
    await loadSchedule();
  };
  return (
    <form class="handover-form" data-handover={handover.handover} onSubmit={(event) => { event.preventDefault(); void accept(); }}>
      <p><b>{t("shift-handover-from-to", { from: handover.from, to: handover.to, seat: handover.seat ?? "–" })}</b></p>
      {lines.map((line) => (
        <fieldset key={line} class="check-line"><legend>{of("shift-check-", line)}</legend>
          <label class="line"><input type="radio" name={`${handover.handover}-${line}`} value="yes" checked={looked.value[line] === true} onChange={() => (looked.value = { ...looked.peek(), [line]: true })} /><span>{t("shift-in-order")}</span></label>
          <label class="line"><input type="radio" name={`${handover.handover}-${line}`} value="no" checked={looked.value[line] === false} onChange={() => (looked.value = { ...looked.peek(), [line]: false })} /><span>{t("shift-not-in-order")}</span></label>
        </fieldset>
      ))}
      {Object.values(looked.value).includes(false) && <label><span>{t("shift-what-is-wrong")}</span><input value={text.value} maxLength={400} onInput={(event) => (text.value = event.currentTarget.value)} /></label>}
      <p class="hint">{t("shift-handover-hint")}</p>
      <button class="strong" disabled={!isWhole}>{t("shift-handover-accept")}</button>
    </form>
  );
}
