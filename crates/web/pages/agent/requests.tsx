// What she asks for: leave with the notice that its kind takes, papers after sick leave, and swaps; how each stands. What is refused is
// said in words with its numbers.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { saidText } from "../core/said.ts";
import { civilOf } from "../core/spans.ts";
import { nowMs } from "../core/ticks.ts";
import { language, of, t } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { does, once, readIfThere } from "../shifts/ask.ts";
import { wholeOf } from "../shifts/days.ts";
import { LeaveForm } from "../shifts/leave.tsx";
import { Standing } from "../shifts/parts.tsx";
import { PAPERS, type Leave, type Shift, type Swap } from "../shifts/shapes.ts";
import { clocksText, sideText, whenText } from "../shifts/text.ts";
import { coming, loadSchedule, schedule, shifts, swapsToAnswer, terms, today } from "./own.ts";
import { me } from "./state.ts";

export function Requests() {
  return (
    <div class="requests">
      <div><LeaveForm terms={terms.value} today={today()} first={coming.peek()[0]} after={loadSchedule} /><Leaves /></div>
      <div><SwapForm /><Swaps /></div>
    </div>
  );
}

// ---- leave 请假

function Leaves() {
  const list = [...(schedule.value?.leaves ?? [])].reverse();
  if (list.length === 0) return <p class="hint">{t("shift-leaves-none")}</p>;
  return <ul class="request-list" id="leaves">{list.map((leave) => <LeaveLine key={leave.leave} leave={leave} />)}</ul>;
}

function LeaveLine({ leave }: { leave: Leave }) {
  const isOpen = leave.state === "requested" || (leave.state === "approved" && Date.parse(leave.from) > nowMs());
  const wantsPapers = leave.papers === "pending" || leave.papers === "overdue";
  return (
    <li data-leave={leave.leave}>
      <span><b>{of("shift-leave-", leave.kind)}</b> <span class="number">{whenText(leave.from, leave.until)}</span> <span class="hint">{t("shift-n-days", { n: leave.days })} · {of("shift-approver-", leave.approver)}</span></span>
      <Standing is={leave.state} />
      {leave.papers && leave.papers !== "not_wanted" && <span class={`badge ${leave.papers === "borne_out" ? "good" : "warn"}`}>{of("shift-papers-", leave.papers)}</span>}
      {saidText(leave.text) && <span class="hint">{saidText(leave.text)}</span>}
      {wantsPapers && <PapersForm leave={leave} />}
      {isOpen && <span class="request-acts"><button type="button" class="small" data-withdraw={leave.leave} onClick={() => void does(t("shift-withdraw"), () => once(`/leaves/${leave.leave}/withdraw`)).then(() => loadSchedule())}>{t("shift-withdraw")}</button></span>}
    </li>
  );
}

function PapersForm({ leave }: { leave: Leave }) {
  const given = useSignal<string[]>([...(leave.brought ?? [])]);
  const submit = async (event: Event) => {
    event.preventDefault();
    await does(t("shift-papers-submit"), () => once(`/leaves/${leave.leave}/papers`, { papers: given.peek() }));
    await loadSchedule();
  };
  return (
    <form class="papers-form" onSubmit={(event) => void submit(event)}>
      <fieldset><legend>{leave.papers_due ? t("shift-papers-by", { at: civilOf(Date.parse(leave.papers_due)).slice(0, 16).replace("T", " ") }) : t("shift-papers-title")}</legend>
        {PAPERS.map((paper) => <label key={paper} class="line"><input type="checkbox" checked={given.value.includes(paper)} disabled={leave.brought?.includes(paper)} onChange={(event) => (given.value = event.currentTarget.checked ? [...given.peek(), paper] : given.peek().filter((one) => one !== paper))} /><span>{of("shift-paper-", paper)}</span></label>)}
      </fieldset>
      <button class="small" disabled={given.value.length === (leave.brought?.length ?? 0)}>{t("shift-papers-submit")}</button>
    </form>
  );
}

// ---- swaps 换班

type Partner = Pick<Shift, "agent" | "day" | "code" | "from" | "until"> & { shift: string };
const optionText = (shift: Partner | Shift): string => `${wholeOf(shift.day, language.value)} ${shift.code} ${clocksText(shift)}`;

function SwapForm() {
  const mine = useSignal("");
  const theirs = useSignal("");
  const text = useSignal("");
  const exceptional = useSignal(false);
  const partners = useSignal<Partner[] | null>(null);
  const own = coming.value;
  const chosen = mine.value || (own[0]?.shift ?? "");
  useEffect(() => {
    if (!chosen) return;
    let isOld = false;
    void readIfThere<{ choices: Partner[] }>(`/swaps/choices?shift=${chosen}`).then((told) => {
      if (isOld) return;
      partners.value = told?.choices ?? null;
      theirs.value = told?.choices[0]?.shift ?? "";
    }, () => undefined);
    return () => void (isOld = true);
  }, [chosen]);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (await does(t("shift-swap-ask"), () => once("/swaps", { mine: chosen, theirs: theirs.peek().trim(), ...(isOver && exceptional.peek() ? { exceptional: true } : {}), ...(text.peek().trim() ? { text: text.peek().trim() } : {}) }))) text.value = "";
    await loadSchedule();
  };
  const had = schedule.value?.counters?.swaps_had;
  const isOver = had !== undefined && terms.value !== null && had >= terms.value.swaps.per_month;
  return (
    <form class="plan-form" data-form="swap" onSubmit={(event) => void submit(event)}>
      <h3>{t("shift-swap-title")}</h3>
      <label><span>{t("shift-swap-mine")}</span><select name="mine" required value={chosen} onChange={(event) => (mine.value = event.currentTarget.value)}>{own.map((shift) => <option key={shift.shift} value={shift.shift ?? ""}>{optionText(shift)}</option>)}</select></label>
      <label><span>{t("shift-swap-theirs")}</span>
        {partners.value ? (
          <select name="theirs" required value={theirs.value} onChange={(event) => (theirs.value = event.currentTarget.value)}>{partners.value.map((shift) => <option key={shift.shift} value={shift.shift}>{shift.agent} · {optionText(shift)}</option>)}</select>
        ) : <input name="theirs" required pattern="sh-[0-9]+" placeholder={t("shift-number-like")} value={theirs.value} onInput={(event) => (theirs.value = event.currentTarget.value)} />}
      </label>
      <label><span>{t("shift-reason")}</span><input name="text" maxLength={400} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} /></label>
      {isOver && <label class="line"><input name="exceptional" type="checkbox" checked={exceptional.value} onChange={(event) => (exceptional.value = event.currentTarget.checked)} /><span>{t("shift-swap-exceptional")}</span></label>}
      {terms.value && <p class="hint">{t("shift-swap-hint", { most: terms.value.swaps.per_month })}{typeof had === "number" && ` ${t("shift-swap-had", { n: had })}`}</p>}
      <div class="form-foot"><button class="strong" disabled={!chosen || !theirs.value}>{t("shift-swap-ask")}</button></div>
    </form>
  );
}

function Swaps() {
  const list = [...(schedule.value?.swaps ?? [])].reverse();
  if (list.length === 0) return <p class="hint">{t("shift-swaps-none")}</p>;
  return <ul class="request-list" id="swaps">{list.map((swap) => <SwapLine key={swap.swap} swap={swap} />)}</ul>;
}

function SwapLine({ swap }: { swap: Swap }) {
  const isAsked = swapsToAnswer.value.some((one) => one.swap === swap.swap);
  const isMine = swap.agent === me && (swap.state === "requested" || swap.state === "agreed");
  const own = (shift: string) => shifts.value.find((one) => one.shift === shift);
  const answer = (agrees: boolean) => void does(agrees ? t("shift-swap-agree") : t("shift-swap-decline"), () => once(`/swaps/${swap.swap}/answer`, { agrees })).then(() => loadSchedule());
  return (
    <li data-swap={swap.swap}>
      <span>{t("shift-swap-line", { a: swap.agent, mine: sideText(swap.mine ?? own(swap.shift), swap.shift), b: swap.with, theirs: sideText(swap.theirs ?? own(swap.other), swap.other) })}</span>
      <Standing is={swap.state} />
      {swap.exceptional && <span class="badge warn">{t("shift-exceptional")}</span>}
      {saidText(swap.text) && <span class="hint">{saidText(swap.text)}</span>}
      {isAsked && <span class="request-acts"><button type="button" class="good" data-answer="yes" onClick={() => answer(true)}><Icon is="check" />{t("shift-swap-agree")}</button><button type="button" data-answer="no" onClick={() => answer(false)}>{t("shift-swap-decline")}</button></span>}
      {isMine && <span class="request-acts"><button type="button" class="small" onClick={() => void does(t("shift-withdraw"), () => once(`/swaps/${swap.swap}/withdraw`)).then(() => loadSchedule())}>{t("shift-withdraw")}</button></span>}
    </li>
  );
}
