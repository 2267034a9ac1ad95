// One evaluation: left the contact as it was, right its scorecard, to be filled, read, published, looked at again or reviewed.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { saidText } from "../core/said.ts";
import { momentOf } from "../core/spans.ts";
import { language, of, t } from "../core/words.ts";
import { act, said } from "../marks/ask.ts";
import { canBeClosed, isForAgents } from "../marks/answers.ts";
import { appealedOf, Note, Scorecard, stepOf, versionsOf } from "../marks/scorecard.tsx";
import type { Evaluation, Form, Outcome, Told } from "../marks/shapes.ts";
import { Icon } from "../ui/icons.tsx";
import { Act } from "../ui/keys.tsx";
import { keys } from "./actions.ts";
import { Card, Running } from "./card.tsx";
import { account, go, may, place } from "./desk.ts";
import { StepBadge } from "./evaluations.tsx";
import { Begin } from "./fields.tsx";
import { ReplayPane } from "./replay.tsx";
import { answersSent, clear, fault, forgetDraft, isChanging, isMarking, isReviewing, left, openContact, openEvaluation, player, replay, told } from "./state.ts";

export function Scoring() {
  const at = place.value;
  const id = "evaluation" in at ? at.evaluation : "contact" in at ? at.contact : "";
  useEffect(() => {
    if ("evaluation" in at) void openEvaluation(id);
    else if (id) void openContact(id);
    return clear;
  }, [id]);
  const known = told.value;
  const isContact = "contact" in at;
  return (
    <div class="scoring">
      <div class="scoring-left">
        <p class="way-back"><Act keys={keys} id="to-list" icon="leave" label={t("to-list")} hideKey /></p>
        {fault.value ? <p class="card not-there bad-text" role="alert"><Icon is="warn" />{fault.value}</p> : <ReplayPane />}
      </div>
      <div class="scoring-right">
        {isContact ? <OfContact contact={id} /> : known && <Right known={known} />}
      </div>
    </div>
  );
}

function OfContact({ contact }: { contact: string }) {
  const isBeginning = useSignal(false);
  const known = replay.value;
  const agent = known?.legs.find((leg) => leg.kind === "talk")?.agent;
  return (
    <section class="card" aria-labelledby="of-contact">
      <h2 id="of-contact"><Icon is="pen" />{t("evaluations-of", { contact })}</h2>
      <div class="card-body">
        <ul class="plain-list">{(known?.evaluations ?? []).map((id) => <li key={id}><a href={`#${id}`}>{id}</a></li>)}</ul>
        {known && !known.mystery && may.markMystery.value && <MarkMystery contact={contact} />}
        {(may.evaluate.value || may.evaluateHerself.value) && <button type="button" id="evaluate-it" onClick={() => (isBeginning.value = true)}><Icon is="plus" />{t("evaluate-one")}</button>}
        {isBeginning.value && <Begin contact={contact} {...(agent ? { agent } : {})} onClose={() => (isBeginning.value = false)} />}
      </div>
    </section>
  );
}

// Its caller was no customer. Once said it stays so, wherever it counted: that is asked again.
function MarkMystery({ contact }: { contact: string }) {
  const isAsking = useSignal(false);
  const mark = async () => { if (await act("/mystery", { contact }, t("mystery-marked"))) await openContact(contact); };
  if (!isAsking.value) return <p><button type="button" id="mystery" onClick={() => (isAsking.value = true)}><Icon is="search" />{t("mystery-mark")}</button></p>;
  return (
    <div class="choices" role="group" aria-label={t("mystery-mark")}>
      <p class="hint">{t("mystery-hint")}</p>
      <button type="button" id="mystery-sure" class="danger" onClick={() => void mark()}>{t("mystery-sure")}</button><button type="button" onClick={() => (isAsking.value = false)}>{t("mystery-not")}</button>
    </div>
  );
}

function Right({ known }: { known: Told }) {
  const { evaluation: is, form } = known;
  const seek = (ms: number) => player.seek(ms);
  return (
    <section class="card marking" aria-labelledby="marking-title">
      <header>
        <h2 id="marking-title">{t("evaluation-title", { evaluation: is.evaluation, agent: is.agent })}</h2>
        <StepBadge row={is} />
      </header>
      <p class="hint about">{t("evaluation-about", { form: said(form.title, form.form), version: is.version, rater: of("rater-", is.rater), who: is.evaluator })}{is.checks && <> · {t("checks", { evaluation: is.checks })}</>}{is.until && <> · {t("until-at", { at: momentOf(is.until, language.value) })}</>}</p>
      {isMarking.value ? <><Running /><div class="marking-body" tabIndex={0} role="group" aria-labelledby="marking-title"><Card form={form} /></div></>
        : (
          <div class="marking-body" tabIndex={0} role="group" aria-labelledby="marking-title">
            <Exchange known={known} />
            {isReviewing.value && <Review evaluation={is} form={form} />}
            {is.submitted ? <Scorecard form={form} versions={versionsOf(known)} appealed={appealedOf(known)} onSeek={seek} /> : <p class="hint">{is.step === "drafted" ? t("not-marked-yet") : t("not-to-be-seen")}</p>}
          </div>
        )}
      <Foot evaluation={is} />
    </section>
  );
}

// What was said to it, in order.
function Exchange({ known }: { known: Told }) {
  const { agent, outcome } = known.evaluation;
  const [agreed, appeal, review] = ["acknowledged", "appealed", "reviewed"].map((step) => stepOf(known.story, `evaluation.${step}`));
  if (!agreed && !appeal && !review) return null;
  return (
    <ul class="exchange">
      {agreed && <li><b>{t("said-acknowledged", { agent })}</b><Note text={agreed.text} /></li>}
      {appeal && <li data-appeal><b>{t("said-appealed", { agent })}</b> {appeal.questions && <span class="hint">{appeal.questions.length ? t("appealed-questions", { n: appeal.questions.length }) : t("appealed-all")}</span>}<p class="mark-note">{saidText(appeal.text)}</p></li>}
      {review && <li data-review><b>{t("said-reviewed", { who: review.by?.id ?? "–", outcome: of("outcome-", outcome ?? "") })}</b><Note text={review.text} /></li>}
    </ul>
  );
}

// ---- what can be done with it

function Foot({ evaluation: is }: { evaluation: Evaluation }) {
  const isAsking = useSignal(false);
  const { unanswered, unnoted } = left.value;
  const again = () => openEvaluation(is.evaluation);
  const say = async (what: string, body: unknown = {}) => { if (await act(`/evaluations/${is.evaluation}/${what}`, body, t("done"))) await again(); };
  const submit = async () => {
    if (await act(`/evaluations/${is.evaluation}/submit`, { answers: answersSent() }, t("submitted"))) { forgetDraft(); await again(); }
  };
  const discard = async () => {
    if (await act(`/evaluations/${is.evaluation}/discard`, {}, t("discarded"))) { forgetDraft(); go("picks"); }
  };
  const own = is.evaluator === account.value;
  const closes = (may.evaluate.value || own) && canBeClosed(is);
  if (isMarking.value) {
    return (
      <footer>
        {isAsking.value ? <><span>{t("discard-sure")}</span><button type="button" class="danger" onClick={() => void discard()}>{t("discard")}</button><button type="button" onClick={() => (isAsking.value = false)}>{t("discard-not")}</button></>
          : <button type="button" onClick={() => (isAsking.value = true)}>{t("discard")}</button>}
        <button type="button" id="submit" class="strong" disabled={unanswered.length > 0 || unnoted.length > 0} title={t("with-key", { label: t("submit"), key: keys.keyOf("submit") })} onClick={() => void submit()}><Icon is="check" />{t("submit")}</button>
      </footer>
    );
  }
  if (is.step === "submitted" && own && isForAgents(is)) {
    return <footer><button type="button" id="publish" class="strong" onClick={() => void say("publish")}><Icon is="message" />{t("publish")}</button></footer>;
  }
  return (
    <>
      {closes && (isForAgents(is) || own) && <footer><span class="hint">{t("close-hint")}</span><button type="button" id="close-evaluation" onClick={() => void say("close")}>{t("close-evaluation")}</button></footer>}
      <Second evaluation={is} />
    </>
  );
}

// A second look 复核抽检: by another, who marks it anew without seeing this mark.
function Second({ evaluation: is }: { evaluation: Evaluation }) {
  const other = is.evaluator !== account.value && may.evaluate.value && isForAgents(is) && is.step !== "drafted" && is.step !== "discarded";
  if (!other) return null;
  const begin = async () => {
    const begun = await act<{ evaluation: string }>("/evaluations", { contact: is.contact, agent: is.agent, form: is.form, version: is.version, rater: "second", checks: is.evaluation });
    if (begun) go(begun.evaluation);
  };
  return <footer><button type="button" id="second" onClick={() => void begin()}><Icon is="search" />{t("second-begin")}</button></footer>;
}

const OUTCOMES: Outcome[] = ["upheld", "changed", "void"];

// A review of an appeal: the mark stands, other answers hold, or there is no mark. Not by whoever marked.
function Review({ evaluation: is, form }: { evaluation: Evaluation; form: Form }) {
  const outcome = useSignal<Outcome | "">("");
  const text = useSignal("");
  const { unanswered, unnoted } = left.value;
  const choose = (one: Outcome) => { outcome.value = one; isChanging.value = one === "changed"; };
  const isReady = outcome.value !== "" && (outcome.value !== "changed" || (unanswered.length === 0 && unnoted.length === 0));
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const body = { outcome: outcome.value, ...(outcome.value === "changed" ? { answers: answersSent() } : {}), ...(text.value.trim() ? { text: text.value.trim() } : {}) };
    if (await act(`/evaluations/${is.evaluation}/review`, body, t("reviewed"))) { forgetDraft(); await openEvaluation(is.evaluation); }
  };
  return (
    <form class="form review" id="review" onSubmit={(event) => void submit(event as unknown as SubmitEvent)}>
      <fieldset class="choices"><legend>{t("review")}</legend>
        {OUTCOMES.map((one) => <label key={one} class="line"><input type="radio" name="outcome" value={one} checked={outcome.value === one} onChange={() => choose(one)} /><span>{of("outcome-", one)}</span></label>)}
      </fieldset>
      <label><span>{t("review-text")}</span><textarea name="text" value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} /></label>
      {isChanging.value && <><Running /><Card form={form} /></>}
      <button id="review-submit" class="strong" disabled={!isReady}><Icon is="check" />{t("review-submit")}</button>
    </form>
  );
}
