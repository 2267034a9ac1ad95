// What a planner fills in: a new roster, one shift with its parts, and the word that a roster holds.
import { useSignal } from "@preact/signals";
import { language, of, t } from "../core/words.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { does, follow, once } from "../shifts/ask.ts";
import { wholeOf } from "../shifts/days.ts";
import { clockAt, retimed, spanOf } from "../shifts/grid.ts";
import type { Activity, Made, Part, Shift } from "../shifts/shapes.ts";
import { change, changes, codes, isChanged, judgement, loadRosters, noteGap, openRoster, proposedMonth, requirements, roster, rules, shifts } from "./desk.ts";
import { at, remove, shiftAt } from "./grid.tsx";
import { opened } from "./keys.ts";

const close = (): void => void (opened.value = null);

export function NewRoster() {
  const month = proposedMonth();
  const from = requirements.peek()?.[0]?.day ?? month.from;
  const form = useSignal({ name: t("roster-name", { month: from.slice(0, 7) }), from, days: String(requirements.peek()?.length || month.days), people: "", rounds: "", group: "" });
  const classes = Object.entries(rules.value?.rules.classes ?? {});
  const set = (name: keyof typeof form.value) => (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement }) => (form.value = { ...form.peek(), [name]: event.currentTarget.value });
  const submit = (event: Event) => {
    event.preventDefault();
    const { name, from, days, people, rounds, group } = form.peek();
    const named = people.split(/[\s,，、;；]+/).filter(Boolean);
    close();
    const body = { name, from, days: Number(days), ...(named.length ? { people: named } : {}), ...(group ? { class: group } : {}), ...(rounds ? { rounds: Number(rounds) } : {}) };
    void follow(t("make-roster"), () => once<Made>("/rosters", body)).then(async (made) => {
      await loadRosters();
      if (!made?.roster) return;
      noteGap(made.roster, made.gap);
      // Of a grid that somebody changes nothing is taken: the new one stands in the list.
      if (!isChanged.peek()) await openRoster(made.roster);
    });
  };
  return (
    <Dialog id="new-roster" title={t("make-roster")} onClose={close}>
      <form class="plan-form" onSubmit={submit}>
        <p class="hint">{t("roster-hint")}</p>
        <label><span>{t("roster-called")}</span><input name="name" required maxLength={60} data-first value={form.value.name} onInput={set("name")} /></label>
        <div class="two">
          <label><span>{t("first-day")}</span><input name="from" type="date" required value={form.value.from} onInput={set("from")} /></label>
          <label><span>{t("days")}</span><input name="days" type="number" min={1} max={62} required value={form.value.days} onInput={set("days")} /></label>
          <label><span>{t("rounds")}</span><input name="rounds" type="number" min={1} max={1000000} value={form.value.rounds} onInput={set("rounds")} /></label>
        </div>
        {classes.length > 0 && (
          <label><span>{t("class-of")}</span>
            <select name="class" value={form.value.group} onChange={set("group")}>
              <option value="">{t("class-none")}</option>
              {classes.map(([name, it]) => <option key={name} value={name}>{it.rest_days ? t("class-rests", { name, people: it.agents.length, days: it.rest_days }) : t("class-is", { name, people: it.agents.length })}</option>)}
            </select>
          </label>
        )}
        <label><span>{t("people-of")}</span><textarea name="people" rows={2} value={form.value.people} onInput={set("people")} /></label>
        <div class="form-foot"><button class="strong">{t("make")}</button></div>
      </form>
    </Dialog>
  );
}

const ACTIVITIES: Activity[] = ["break", "meal", "training", "meeting"];

interface Draft { code: string; from: string; until: string; relief: boolean; parts: { activity: Activity; from: string; until: string }[] }

export function ShiftDialog() {
  const place = at.peek();
  const had = shiftAt(place);
  const form = useSignal<Draft>(had
    ? { code: had.code, from: clockAt(had.from), until: clockAt(had.until), relief: had.relief, parts: had.parts.map((part) => ({ activity: part.activity, from: clockAt(part.from), until: clockAt(part.until) })) }
    : { code: codes.peek()[0] ?? "", from: "", until: "", relief: false, parts: [] });
  const wrong = useSignal("");
  if (!place || !roster.value) return null;
  const isNewInPublished = !had && !roster.value.draft;
  const set = (next: Partial<Draft>) => (form.value = { ...form.peek(), ...next });
  // A kind brings its clocks, where the rules tell them or another shift of it shows them.
  const choose = (code: string) => {
    const kind = rules.peek()?.rules.shifts[code];
    const like = shifts.peek().find((shift) => shift.code === code);
    const clocks = like ? { from: clockAt(like.from), until: clockAt(like.until) } : kind ? { from: kind.from.slice(0, 5), until: later(kind.from, kind.minutes) } : {};
    set({ code, ...clocks, ...(!had && like ? { parts: like.parts.map((part) => ({ activity: part.activity, from: clockAt(part.from), until: clockAt(part.until) })), relief: like.relief } : {}) });
  };
  if (!had && !form.peek().from && form.peek().code) choose(form.peek().code);

  const submit = (event: Event) => {
    event.preventDefault();
    const now = form.peek();
    const span = spanOf(place.day, now.from, now.until);
    if (!span) return void (wrong.value = t("clocks-wrong"));
    const parts: Part[] = [];
    for (const part of now.parts) {
      // A part after midnight lies on the shift's next day.
      const own = spanOf(place.day, part.from, part.until);
      const shifted = own && Date.parse(own.from) < Date.parse(span.from) ? { from: plusDay(own.from), until: plusDay(own.until) } : own;
      if (!shifted || Date.parse(shifted.until) > Date.parse(span.until)) return void (wrong.value = t("parts-wrong"));
      parts.push({ activity: part.activity, ...shifted });
    }
    parts.sort((a, b) => a.from.localeCompare(b.from));
    const base: Shift = had ?? { shift: null, agent: place.agent, day: place.day, code: now.code, ...span, parts: [], relief: false };
    const next: Shift = { ...retimed(base, now.code, span.from, span.until), parts, relief: now.relief };
    change(had ? shifts.peek().map((shift) => (shift === had ? next : shift)) : [...shifts.peek(), next]);
    close();
  };
  return (
    <Dialog id="shift-dialog" title={t("shift-of", { agent: place.agent, day: wholeOf(place.day, language.value) })} onClose={close}
      foot={had ? <button type="button" class="danger" id="shift-remove" onClick={() => { remove(had); close(); }}>{t("remove-shift")}</button> : undefined}>
      {isNewInPublished ? <p class="hint">{t("no-new-in-published")}</p> : (
        <form class="plan-form" onSubmit={submit}>
          <div class="two">
            <label><span>{t("code")}</span><input name="code" list="codes" required maxLength={31} data-first value={form.value.code} onInput={(event) => choose(event.currentTarget.value)} /></label>
            <datalist id="codes">{codes.value.map((code) => <option key={code} value={code} />)}</datalist>
            <label class="line"><input name="relief" type="checkbox" checked={form.value.relief} onChange={(event) => set({ relief: event.currentTarget.checked })} /><span>{t("wants-relief")}</span></label>
            <label><span>{t("from")}</span><input name="from" type="time" required value={form.value.from} onInput={(event) => set({ from: event.currentTarget.value })} /></label>
            <label><span>{t("until")}</span><input name="until" type="time" required value={form.value.until} onInput={(event) => set({ until: event.currentTarget.value })} /></label>
          </div>
          <fieldset class="part-list"><legend>{t("parts")}</legend>
            {form.value.parts.map((part, index) => {
              const put = (next: Partial<Part>) => set({ parts: form.peek().parts.map((one, place) => (place === index ? { ...one, ...next } as typeof one : one)) });
              return (
                <div class="part" key={index}>
                  <select aria-label={t("part-kind")} value={part.activity} onChange={(event) => put({ activity: event.currentTarget.value as Activity })}>{ACTIVITIES.map((one) => <option key={one} value={one}>{of("shift-activity-plan-", one)}</option>)}</select>
                  <input aria-label={t("from")} type="time" required value={part.from} onInput={(event) => put({ from: event.currentTarget.value })} />
                  <input aria-label={t("until")} type="time" required value={part.until} onInput={(event) => put({ until: event.currentTarget.value })} />
                  <button type="button" class="plain" aria-label={t("remove-part")} title={t("remove-part")} onClick={() => set({ parts: form.peek().parts.filter((_, place) => place !== index) })}><Icon is="cross" /></button>
                </div>
              );
            })}
            <button type="button" class="small" onClick={() => set({ parts: [...form.peek().parts, { activity: "break", from: form.peek().from, until: form.peek().from }] })}><Icon is="plus" />{t("add-part")}</button>
          </fieldset>
          {wrong.value && <p class="bad-text" role="alert"><Icon is="warn" />{wrong.value}</p>}
          <div class="form-foot"><button class="strong">{t("set-shift")}</button></div>
        </form>
      )}
    </Dialog>
  );
}

const later = (clock: string, minutes: number): string => {
  const [hours = 0, past = 0] = clock.split(":").map(Number);
  const at = (hours * 60 + past + minutes) % 1440;
  return `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
};

const plusDay = (instant: string): string => new Date(Date.parse(instant) + 86_400_000).toISOString();

export function Publish() {
  const it = roster.value;
  if (!it) return null;
  const [broken, uncovered] = [judgement.value?.broken.length ?? 0, judgement.value?.uncovered.length ?? 0];
  const go = async () => {
    close();
    if (await does(t("publish"), () => once(`/rosters/${it.roster}/publish`))) await loadRosters(it.roster);
  };
  return (
    <Dialog id="publish-dialog" title={t("publish-title", { name: it.name })} onClose={close}
      foot={<><button type="button" onClick={close}>{t("shift-cancel")}</button><button type="button" class="strong" id="publish-now" disabled={isChanged.value} onClick={() => void go()}>{t("publish")}</button></>}>
      <p>{t("publish-says", { shifts: shifts.value.length, people: it.people.length })}</p>
      {broken > 0 && <p class="bad-text"><Icon is="warn" />{t("broken-count", { n: broken })}</p>}
      {uncovered > 0 && <p class="hint">{t("uncovered-count", { n: uncovered })}</p>}
      {isChanged.value && <p class="bad-text"><Icon is="warn" />{t("keep-first", { n: changes.value.changed.length + changes.value.added.length + changes.value.gone.length })}</p>}
    </Dialog>
  );
}

// Another roster is asked for while changes of this one are not kept.
export function LetGo({ id, onClose }: { id: string; onClose: () => void }) {
  const { changed, added, gone } = changes.value;
  return (
    <Dialog id="let-go-dialog" title={t("let-go-title")} onClose={onClose}
      foot={<><button type="button" data-first onClick={onClose}>{t("let-go-not")}</button><button type="button" class="danger" id="let-go" onClick={() => { onClose(); void openRoster(id); }}>{t("let-go")}</button></>}>
      <p>{t("let-go-says", { n: changed.length + added.length + gone.length, name: roster.value?.name ?? "" })}</p>
    </Dialog>
  );
}
