// 审批: leave, swaps and papers that wait for a word; overtime that is wanted and time off that is offered; days in lieu. What is refused by
// the desk (somebody higher decides, a paper is missing) is said in words.
import { useSignal } from "@preact/signals";
import { saidText } from "../core/said.ts";
import { civilOf, isoOf } from "../core/spans.ts";
import { nowMs } from "../core/ticks.ts";
import { of, t } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { does, once } from "../shifts/ask.ts";
import { LeaveForm } from "../shifts/leave.tsx";
import { Standing } from "../shifts/parts.tsx";
import { PAPERS, type Leave, type Swap } from "../shifts/shapes.ts";
import { queueText, sideText, whenText } from "../shifts/text.ts";
import { leaves, leavesToDecide, load, may, overtime, papersToJudge, swaps, swapsToDecide, terms, timeOff, today } from "./crew.ts";
import { view } from "./desk.ts";
import { Why } from "./why.tsx";

const SHOWN_MAX = 20;
const done = (act: Promise<unknown>): void => void act.then(() => load());

export function Approvals() {
  const decided = leaves.value.filter((leave) => leave.state !== "requested").slice(0, SHOWN_MAX);
  const others = swaps.value.filter((swap) => swap.state !== "agreed").slice(0, SHOWN_MAX);
  return (
    <div class="requests crew-parts">
      <section aria-labelledby="to-decide">
        <h3 id="to-decide">{t("shift-leave-title")}</h3>
        {leavesToDecide.value.length === 0 && <p class="hint">{t("shift-leaves-none")}</p>}
        <ul class="request-list" id="leaves-to-decide">{leavesToDecide.value.map((leave) => <LeaveToDecide key={leave.leave} leave={leave} />)}</ul>
        {papersToJudge.value.length > 0 && <><h3>{t("shift-papers-title")}</h3><ul class="request-list" id="papers-to-judge">{papersToJudge.value.map((leave) => <PapersToJudge key={leave.leave} leave={leave} />)}</ul></>}
        <details><summary>{t("shift-decided")}</summary><ul class="request-list">{decided.map((leave) => <li key={leave.leave} data-leave={leave.leave}><span><b class="number">{leave.agent}</b> {of("shift-leave-", leave.kind)} {whenText(leave.from, leave.until)}</span><Standing is={leave.state} /></li>)}</ul></details>
        {may.decide.value && <LeaveForm terms={terms.value} today={today()} agents={named()} after={load} />}
      </section>
      <section aria-labelledby="swaps-title">
        <h3 id="swaps-title">{t("shift-swap-title")}</h3>
        {swapsToDecide.value.length === 0 && <p class="hint">{t("shift-swaps-none")}</p>}
        <ul class="request-list" id="swaps-to-decide">{swapsToDecide.value.map((swap) => <SwapToDecide key={swap.swap} swap={swap} />)}</ul>
        <details><summary>{t("shift-other-swaps")}</summary><ul class="request-list">{others.map((swap) => <li key={swap.swap} data-swap={swap.swap}><span>{swapText(swap)}</span><Standing is={swap.state} /></li>)}</ul></details>
        {may.decide.value && <Wanted />}
        <ul class="request-list" id="wanted">
          {overtime.value.slice(0, SHOWN_MAX).map((one) => <li key={one.overtime} data-overtime={one.overtime}><span><b>{t("shift-overtime")}</b> {whenText(one.from, one.until)} {queueText(one.queue)}</span><span class="badge">{t("shift-heads-of", { n: one.coming, of: one.heads })}</span></li>)}
          {timeOff.value.slice(0, SHOWN_MAX).map((one) => <li key={one.offer} data-time-off={one.offer}><span><b>{t("shift-time-off")}</b> {whenText(one.from, one.until)}</span><span class="badge">{t("shift-heads-of", { n: one.taken.length, of: one.heads })}</span></li>)}
        </ul>
        {may.decide.value && <Grant />}
      </section>
    </div>
  );
}

function LeaveToDecide({ leave }: { leave: Leave }) {
  const why = useSignal("");
  const isRefusing = useSignal(false);
  return (
    <li data-leave={leave.leave}>
      <span><b class="number">{leave.agent}</b> {of("shift-leave-", leave.kind)} <span class="number">{whenText(leave.from, leave.until)}</span></span>
      <span class="hint">{t("shift-n-days", { n: leave.days })} · {t("shift-decides", { who: of("shift-approver-", leave.approver) })}{leave.special ? ` · ${t("shift-special")}` : ""}</span>
      {saidText(leave.text) && <span class="hint">{saidText(leave.text)}</span>}
      {may.decide.value && (
        <span class="request-acts">
          <button type="button" class="good" data-do="approve" onClick={() => done(does(t("shift-approve"), () => once(`/leaves/${leave.leave}/approve`)))}><Icon is="check" />{t("shift-approve")}</button>
          {isRefusing.value ? (
            <form class="inline-form" onSubmit={(event) => { event.preventDefault(); done(does(t("shift-refuse"), () => once(`/leaves/${leave.leave}/refuse`, { why: why.peek() }))); }}><Why value={why.value} onChange={(slug) => (why.value = slug)} /><button class="danger">{t("shift-refuse")}</button></form>
          ) : <button type="button" data-do="refuse" onClick={() => (isRefusing.value = true)}>{t("shift-refuse")}</button>}
        </span>
      )}
    </li>
  );
}

function PapersToJudge({ leave }: { leave: Leave }) {
  const missing = PAPERS.filter((paper) => !leave.brought?.includes(paper));
  const judge = (borne_out: boolean) => done(does(of("shift-papers-", borne_out ? "borne-out" : "untrue"), () => once(`/leaves/${leave.leave}/papers/judge`, { borne_out })));
  return (
    <li data-papers={leave.leave}>
      <span><b class="number">{leave.agent}</b> {of("shift-leave-", leave.kind)} {whenText(leave.from, leave.until)}</span>
      <span class="hint">{t("shift-papers-brought", { papers: (leave.brought ?? []).map((paper) => of("shift-paper-", paper)).join(" · ") })}</span>
      {missing.length > 0 && <span class="bad-text"><Icon is="warn" />{t("shift-papers-missing", { papers: missing.map((paper) => of("shift-paper-", paper)).join(" · ") })}</span>}
      {may.decide.value && <span class="request-acts"><button type="button" class="good" data-do="borne-out" onClick={() => judge(true)}>{t("shift-papers-bear-out")}</button><button type="button" class="danger" data-do="untrue" onClick={() => judge(false)}>{t("shift-papers-do-not")}</button></span>}
    </li>
  );
}

const swapText = (swap: Swap): string => t("shift-swap-line", { a: swap.agent, mine: sideText(swap.mine, swap.shift), b: swap.with, theirs: sideText(swap.theirs, swap.other) });

function SwapToDecide({ swap }: { swap: Swap }) {
  const exception = useSignal("");
  const why = useSignal("");
  const isRefusing = useSignal(false);
  return (
    <li data-swap={swap.swap}>
      <span>{swapText(swap)}</span>
      {saidText(swap.text) && <span class="hint">{saidText(swap.text)}</span>}
      {swap.exceptional && <label class="wide"><span>{t("shift-exception-text")}</span><input name="exception" maxLength={400} value={exception.value} onInput={(event) => (exception.value = event.currentTarget.value)} /></label>}
      {may.decide.value && (
        <span class="request-acts">
          <button type="button" class="good" data-do="approve" onClick={() => done(does(t("shift-approve"), () => once(`/swaps/${swap.swap}/approve`, exception.peek().trim() ? { exception: exception.peek().trim() } : {})))}><Icon is="check" />{t("shift-approve")}</button>
          {isRefusing.value ? (
            <form class="inline-form" onSubmit={(event) => { event.preventDefault(); done(does(t("shift-refuse"), () => once(`/swaps/${swap.swap}/refuse`, { why: why.peek() }))); }}><Why value={why.value} onChange={(slug) => (why.value = slug)} /><button class="danger">{t("shift-refuse")}</button></form>
          ) : <button type="button" data-do="refuse" onClick={() => (isRefusing.value = true)}>{t("shift-refuse")}</button>}
        </span>
      )}
    </li>
  );
}

const named = (): string[] => view.peek().agents.all().filter((row) => row.active).map((row) => row.agent);
const agentsNamed = (text: string): string[] => text.split(/[\s,，、;；]+/).filter(Boolean);

// More people, or fewer: who is asked, how many of them, when.
function Wanted() {
  const soon = civilOf(nowMs() + 3_600_000).slice(0, 14);
  const form = useSignal({ what: "overtime", from: `${soon}00`, until: `${civilOf(nowMs() + 3 * 3_600_000).slice(0, 14)}00`, heads: "1", agents: "" });
  const set = (next: Partial<typeof form.value>) => (form.value = { ...form.peek(), ...next });
  const submit = async (event: Event) => {
    event.preventDefault();
    const { what, from, until, heads, agents } = form.peek();
    const asked = agentsNamed(agents);
    const body = { from: isoOf(from), until: isoOf(until), heads: Number(heads), agents: asked.length ? asked : named() };
    await does(what === "overtime" ? t("shift-overtime-list") : t("shift-time-off-offer"), () => once(what === "overtime" ? "/overtime" : "/time-off", body));
    await load();
  };
  return (
    <form class="act-form" data-form="wanted" onSubmit={(event) => void submit(event)}>
      <h3>{t("shift-wanted-title")}</h3>
      <div class="two">
        <label><span>{t("shift-what")}</span><select name="what" value={form.value.what} onChange={(event) => set({ what: event.currentTarget.value })}><option value="overtime">{t("shift-overtime")}</option><option value="time-off">{t("shift-time-off")}</option></select></label>
        <label><span>{t("shift-heads")}</span><input name="heads" type="number" min={1} max={2000} required value={form.value.heads} onInput={(event) => set({ heads: event.currentTarget.value })} /></label>
        <label><span>{t("shift-from")}</span><input name="from" type="datetime-local" required value={form.value.from} onInput={(event) => set({ from: event.currentTarget.value })} /></label>
        <label><span>{t("shift-until")}</span><input name="until" type="datetime-local" required value={form.value.until} onInput={(event) => set({ until: event.currentTarget.value })} /></label>
      </div>
      <label><span>{t("shift-who-is-asked")}</span><input name="agents" value={form.value.agents} onInput={(event) => set({ agents: event.currentTarget.value })} /></label>
      <div class="form-foot"><button class="strong">{form.value.what === "overtime" ? t("shift-overtime-list") : t("shift-time-off-offer")}</button></div>
    </form>
  );
}

function Grant() {
  const form = useSignal({ agent: "", days: "1", why: "" });
  const set = (next: Partial<typeof form.value>) => (form.value = { ...form.peek(), ...next });
  const submit = async (event: Event) => {
    event.preventDefault();
    const { agent, days, why } = form.peek();
    await does(t("shift-lieu-grant"), () => once("/in-lieu/grant", { agent: agent.trim(), month: civilOf(nowMs()).slice(0, 7), days: Number(days), why }));
    set({ agent: "" });
  };
  const shift = useSignal("");
  const take = async (event: Event) => {
    event.preventDefault();
    if (await does(t("shift-lieu-take"), () => once("/in-lieu/take", { shift: shift.peek().trim() }))) shift.value = "";
  };
  return (
    <details><summary>{t("shift-lieu")}</summary>
      <form class="inline-form" data-form="lieu-take" onSubmit={(event) => void take(event)}>
        <input name="shift" required pattern="sh-[0-9]+" aria-label={t("shift-number-like")} placeholder={t("shift-number-like")} value={shift.value} onInput={(event) => (shift.value = event.currentTarget.value)} />
        <button>{t("shift-lieu-take")}</button>
      </form>
      <form class="inline-form" data-form="lieu" onSubmit={(event) => void submit(event)}>
        <input name="agent" required aria-label={t("shift-agent")} placeholder={t("shift-agent")} value={form.value.agent} onInput={(event) => set({ agent: event.currentTarget.value })} />
        <input name="days" type="number" min={1} max={31} required aria-label={t("shift-days")} value={form.value.days} onInput={(event) => set({ days: event.currentTarget.value })} />
        <Why value={form.value.why} onChange={(why) => set({ why })} />
        <button>{t("shift-lieu-grant")}</button>
      </form>
    </details>
  );
}
