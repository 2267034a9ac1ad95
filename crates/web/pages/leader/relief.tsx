// 交接班: the order list of a change of shifts, how each stands, and letting somebody go though nobody has taken over.
import { useSignal } from "@preact/signals";
import { now } from "../core/ticks.ts";
import { isoOf, momentOf } from "../core/spans.ts";
import { language, of, t } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { does, once, query, readIfThere } from "../shifts/ask.ts";
import { clockAt } from "../shifts/grid.ts";
import { Standing } from "../shifts/parts.tsx";
import { clocksText } from "../shifts/text.ts";
import type { Shift } from "../shifts/shapes.ts";
import { handovers, load, may, shifts, staying } from "./crew.ts";
import { Why } from "./why.tsx";

// Whoever works now may be relieved by somebody who begins within these hours and stays longer.
const NEAR_MS = 12 * 3_600_000;
// Relief is looked at from half an hour before the end of a shift, and for as long as it is missing.
const DUE_MS = 1_800_000;
const optionText = (shift: Shift): string => `${shift.agent} · ${shift.code} ${clocksText(shift)}`;

export function Relief() {
  const list = handovers.value;
  return (
    <div class="requests crew-parts" id="relief">
      <Unrelieved />
      <section aria-labelledby="handovers-title">
        <h3 id="handovers-title">{t("shift-handover-list")}</h3>
        {list.length === 0 && <p class="hint">{t("shift-handover-none")}</p>}
        <ul class="request-list">
          {list.map((one) => (
            <li key={one.handover} data-handover={one.handover}>
              <span><b class="number">{one.place}</b> {t("shift-handover-from-to", { from: one.from, to: one.to, seat: one.seat ?? "–" })}</span>
              {one.accepted_at ? <span class="badge good"><Icon is="check" />{t("shift-handover-accepted", { at: clockAt(one.accepted_at) })}</span> : <Standing is={one.relieved ?? "open"} />}
              {one.checks.map(({ check, in_order }) => <span key={check} class={`badge ${in_order ? "good" : "bad"}`}><Icon is={in_order ? "check" : "warn"} />{of("shift-check-", check)}</span>)}
              {!one.accepted_at && may.mark.value && one.relieved !== "overridden" && <LetGo shift={one.outgoing} agent={one.from} />}
            </li>
          ))}
        </ul>
      </section>
      <section>{may.mark.value && <ListForm />}<Liable /></section>
    </div>
  );
}

// Shifts that end soon or are over, and that nobody has taken over: those on no list too, and who stays on because of it.
function Unrelieved() {
  const stays = new Map(staying.value.map((one) => [one.shift, one]));
  const open = shifts.value.filter((shift) => shift.shift && shift.relief && !shift.is_away && (stays.has(shift.shift) || ((shift.relieved === "missing" || shift.relieved === "open") && Date.parse(shift.until) - DUE_MS <= now.value && now.value < Date.parse(shift.until) + NEAR_MS)));
  const listed = new Set(handovers.value.map((one) => one.outgoing));
  return (
    <section aria-labelledby="unrelieved-title" id="unrelieved">
      <h3 id="unrelieved-title">{t("shift-unrelieved")}</h3>
      {open.length === 0 && <p class="hint">{t("shift-unrelieved-none")}</p>}
      <ul class="request-list">
        {open.map((shift) => {
          const stay = stays.get(shift.shift!);
          return (
            <li key={shift.shift} data-unrelieved={shift.shift}>
              <span><b class="number">{shift.agent}</b> {shift.code} <span class="number">{clocksText(shift)}</span></span>
              <Standing is={shift.relieved ?? "open"} />
              {stay && <span class="badge warn" data-staying><Icon is="clock" />{t("shift-staying-since", { at: clockAt(stay.since), until: clockAt(stay.free_at) })}</span>}
              {shift.left_unrelieved && <span class="badge bad" data-left><Icon is="out" />{t("shift-left-unrelieved", { at: clockAt(shift.left_unrelieved) })}</span>}
              {!listed.has(shift.shift!) && <span class="badge warn"><Icon is="warn" />{t("shift-on-no-list")}</span>}
              {may.mark.value && !listed.has(shift.shift!) && <LetGo shift={shift.shift!} agent={shift.agent} />}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function LetGo({ shift, agent }: { shift: string; agent: string }) {
  const why = useSignal("");
  return (
    <details class="let-go"><summary>{t("shift-let-go", { agent })}</summary>
      <form class="inline-form" data-form="let-go" onSubmit={(event) => { event.preventDefault(); void does(t("shift-let-go", { agent }), () => once(`/shifts/${shift}/let-go`, { why: why.peek() })).then(() => load()); }}>
        <Why value={why.value} onChange={(slug) => (why.value = slug)} /><button class="danger">{t("shift-let-go", { agent })}</button>
      </form>
    </details>
  );
}

// Whoever accepted a seat last answers for it from then on.
function Liable() {
  const form = useSignal({ seat: "", at: "" });
  const told = useSignal<{ agent: string; since: string } | null | undefined>(undefined);
  const set = (next: Partial<typeof form.value>) => (form.value = { ...form.peek(), ...next });
  const submit = async (event: Event) => {
    event.preventDefault();
    const { seat, at } = form.peek();
    const answer = await readIfThere<{ liable: { agent: string; since: string } | null }>(`/handovers${query({ seat: seat.trim(), ...(at ? { at: isoOf(at) } : {}) })}`).catch(() => undefined);
    told.value = answer === undefined ? undefined : answer?.liable ?? null;
  };
  return (
    <form class="act-form" data-form="liable" onSubmit={(event) => void submit(event)}>
      <h3>{t("shift-liable")}</h3>
      <div class="two">
        <label><span>{t("seat")}</span><input name="seat" required maxLength={31} value={form.value.seat} onInput={(event) => set({ seat: event.currentTarget.value })} /></label>
        <label><span>{t("shift-liable-at")}</span><input name="at" type="datetime-local" value={form.value.at} onInput={(event) => set({ at: event.currentTarget.value })} /></label>
      </div>
      <div class="form-foot"><button>{t("shift-liable-ask")}</button></div>
      {told.value !== undefined && <p role="status" data-liable={told.value?.agent ?? ""}>{told.value ? t("shift-liable-is", { agent: told.value.agent, since: momentOf(told.value.since, language.value) }) : t("shift-liable-nobody")}</p>}
    </form>
  );
}

function ListForm() {
  const outgoing = useSignal("");
  const incoming = useSignal("");
  const seat = useSignal("");
  const ends = shifts.value.filter((shift) => Date.parse(shift.from) <= now.value && now.value < Date.parse(shift.until) + NEAR_MS);
  const out = ends.find((shift) => shift.shift === outgoing.value);
  const begins = shifts.value.filter((shift) => Math.abs(Date.parse(shift.from) - now.value) < NEAR_MS && (!out || (shift.agent !== out.agent && Date.parse(shift.until) > Date.parse(out.until))));
  const submit = async (event: Event) => {
    event.preventDefault();
    await does(t("shift-handover-list-one"), () => once("/handovers", { places: [{ outgoing: outgoing.peek(), incoming: incoming.peek(), ...(seat.peek().trim() ? { seat: seat.peek().trim() } : {}) }] }));
    await load();
  };
  return (
    <form class="act-form" data-form="handover" onSubmit={(event) => void submit(event)}>
      <h3>{t("shift-handover-list-one")}</h3>
      <label><span>{t("shift-outgoing")}</span><select name="outgoing" required value={outgoing.value} onChange={(event) => (outgoing.value = event.currentTarget.value)}><option value="">{t("choose")}</option>{ends.map((shift) => <option key={shift.shift} value={shift.shift ?? ""}>{optionText(shift)}</option>)}</select></label>
      <label><span>{t("shift-incoming")}</span><select name="incoming" required value={incoming.value} onChange={(event) => (incoming.value = event.currentTarget.value)}><option value="">{t("choose")}</option>{begins.map((shift) => <option key={shift.shift} value={shift.shift ?? ""}>{optionText(shift)}</option>)}</select></label>
      <label><span>{t("seat")}</span><input name="seat" maxLength={31} value={seat.value} onInput={(event) => (seat.value = event.currentTarget.value)} /></label>
      <div class="form-foot"><button class="strong">{t("shift-handover-list-one")}</button></div>
    </form>
  );
}
