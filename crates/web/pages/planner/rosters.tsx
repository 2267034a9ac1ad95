// 班表: which one, how it stands, the grid or one of its days, and the judge's word on all of it.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { numberOf } from "../core/spans.ts";
import { language, t } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { Act } from "../ui/keys.tsx";
import { does, once } from "../shifts/ask.ts";
import { wholeOf } from "../shifts/days.ts";
import type { Range } from "../shifts/shapes.ts";
import { canKeep, canUndo, changes, forgetRoster, gap, isChanged, isJudging, judgement, keepChanges, loadRosters, may, openRoster, roster, rosters, shifts } from "./desk.ts";
import { DayView } from "./day.tsx";
import { LetGo, NewRoster, Publish, ShiftDialog } from "./dialogs.tsx";
import { at, brokenText, Grid } from "./grid.tsx";
import { isDay, keep, keys, opened } from "./keys.ts";

export function Rosters() {
  useEffect(() => {
    void loadRosters();
    keep.value = () => void does(t("keep-changes"), keepChanges);
    return () => void (keep.value = null);
  }, []);
  const it = roster.value;
  const list = rosters.value;
  const { changed, added, gone } = changes.value;
  // Another one that was asked for while changes of this are not kept.
  const wanted = useSignal<string | null>(null);
  const choose = (select: HTMLSelectElement) => {
    const id = select.value;
    if (!isChanged.peek()) return void openRoster(id);
    select.value = it?.roster ?? "";
    wanted.value = id;
  };
  return (
    <div class="rosters">
      <div class="asked" role="group" aria-label={t("choose")}>
        <label><span>{t("roster")}</span>
          <select id="roster" value={it?.roster ?? ""} disabled={!list?.length} onChange={(event) => choose(event.currentTarget)}>
            {!it && <option value="">–</option>}
            {(list ?? []).map((one) => <option key={one.roster} value={one.roster}>{one.name} · {one.roster}</option>)}
          </select>
        </label>
        {it && <span class={`badge ${it.draft ? "warn" : "good"}`} id="roster-standing" data-draft={it.draft}><Icon is={it.draft ? "pen" : "check"} />{it.draft ? t("draft") : t("published")}</span>}
        <span class="asked-acts">
          {it && <Act keys={keys} id="day" icon="clock" label={t("day-view")} pressed={isDay.value} />}
          {it && may.plan.value && <Act keys={keys} id="undo" icon="leave" label={t("undo")} disabled={!canUndo.value} />}
          {it && may.plan.value && (canKeep.value || !it.draft) && <Act keys={keys} id="keep" icon="check" label={t("keep-n", { n: changed.length + added.length + gone.length })} disabled={!isChanged.value} />}
          {it?.draft && may.publish.value && <Act keys={keys} id="publish" icon="message" class="strong" label={t("publish")} />}
          {it?.draft && may.plan.value && <button type="button" class="danger" id="discard" onClick={() => void does(t("discard"), () => once(`/rosters/${it.roster}/discard`)).then((done) => { if (done) { forgetRoster(); void loadRosters(); } })}>{t("discard")}</button>}
          {may.plan.value && list && <Act keys={keys} id="new-roster" icon="plus" label={t("make-roster")} />}
        </span>
      </div>
      {list === null && <p class="card not-there" role="status"><Icon is="message" />{t("rosters-not-there")}</p>}
      {list?.length === 0 && <p class="card not-there" role="status"><Icon is="message" />{t("no-rosters")}</p>}
      {it && (
        <>
          <Facts />
          <section class="card roster-card" aria-labelledby="grid-title">
            <h2 id="grid-title"><Icon is="queue" />{isDay.value ? t("day-view") : t("grid-title")}<span class="hint">{may.plan.value && !isDay.value ? t("grid-hint") : ""}</span></h2>
            {isDay.value ? <DayView of={it} /> : <Grid of={it} />}
          </section>
          <Word />
        </>
      )}
      {opened.value === "new-roster" && <NewRoster />}
      {opened.value === "shift" && <ShiftDialog key={`${at.value?.agent} ${at.value?.day}`} />}
      {opened.value === "publish" && <Publish />}
      {wanted.value && <LetGo id={wanted.value} onClose={() => (wanted.value = null)} />}
    </div>
  );
}

const rangeText = (range: Range | undefined, by = 1): string => (range ? `${numberOf(range[0] / by, language.value)}–${numberOf(range[1] / by, language.value)}` : "–");

// What the plan comes to, and how far at most from the best there is.
function Facts() {
  const it = roster.value!;
  const told = judgement.value;
  return (
    <dl class="roster-facts" id="roster-facts">
      <div><dt>{t("days-of")}</dt><dd>{wholeOf(it.from, language.value)} · {t("n-days", { n: it.days })}</dd></div>
      <div><dt>{t("people")}</dt><dd>{it.people.length}</dd></div>
      <div><dt>{t("shifts")}</dt><dd>{numberOf(shifts.value.length, language.value)}</dd></div>
      <div><dt>{t("gap")}</dt><dd id="gap">{typeof gap.value === "number" && !isChanged.value ? t("gap-is", { gap: `${(gap.value * 100).toFixed(1)}%` }) : t("gap-unknown")}</dd></div>
      <div><dt>{t("broken")}</dt><dd class={told?.broken.length ? "bad-text" : ""} id="broken-n">{told?.broken.length ? <><Icon is="warn" />{told.broken.length}</> : <>{0}</>}</dd></div>
      <div><dt>{t("uncovered")}</dt><dd id="uncovered-n">{told ? told.uncovered.length : "–"}</dd></div>
      {told?.fairness && <div><dt>{t("fairness")}</dt><dd>{t("fairness-is", { weekends: rangeText(told.fairness.weekends), shifts: rangeText(told.fairness.shifts), hours: rangeText(told.fairness.minutes, 60) })}</dd></div>}
      {isJudging.value && <div class="hint" role="status">{t("judging")}</div>}
    </dl>
  );
}

const SHOWN_MAX = 100;

function Word() {
  const broken = judgement.value?.broken ?? [];
  if (broken.length === 0) return <p class="hint sound" id="word"><Icon is="check" />{judgement.value ? t("sound") : t("not-judged")}</p>;
  return (
    <section class="card" id="word" aria-labelledby="word-title">
      <h2 id="word-title"><Icon is="warn" />{t("broken-title", { n: broken.length })}</h2>
      <ul class="broken-list" tabIndex={0} aria-labelledby="word-title">
        {broken.slice(0, SHOWN_MAX).map((one, index) => (
          <li key={index} data-rule={one.rule}>
            {one.agent && one.day ? <button type="button" class="plain small" onClick={() => { isDay.value = false; at.value = { agent: one.agent!, day: one.day! }; requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-cell="${one.agent} ${one.day}"]`)?.focus()); }}>{one.agent} {wholeOf(one.day, language.value)}</button> : <span>{[one.agent, one.day && wholeOf(one.day, language.value)].filter(Boolean).join(" ")}</span>}
            <span>{brokenText(one)}</span>
          </li>
        ))}
      </ul>
      {broken.length > SHOWN_MAX && <p class="hint card-body">{t("and-more-broken", { n: broken.length - SHOWN_MAX })}</p>}
    </section>
  );
}
