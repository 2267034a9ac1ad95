// What was made of her work: published evaluations and lines of the ledger; read, agreed to, or not, until a time that is said.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { saidText } from "../core/said.ts";
import { momentOf } from "../core/spans.ts";
import { nowMs } from "../core/ticks.ts";
import { language, of, t } from "../core/words.ts";
import { act, said } from "../marks/ask.ts";
import { questionsOf } from "../marks/answers.ts";
import { counts, EntryStanding, EntryStory, measuredText, ruleName } from "../marks/entries.tsx";
import { Evidence } from "../marks/evidence.tsx";
import { appealedOf, markText, Note, Scorecard, stepOf, versionsOf } from "../marks/scorecard.tsx";
import type { Entry, Evaluation, EvaluationRow, Form, Told } from "../marks/shapes.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { keys } from "./actions.ts";
import { chosen, drafts, entries, evaluations, isNew, isOpen, isThere, loadInbox, show, shown, waiting } from "./inbox.ts";

export function InboxButton() {
  if (!isThere.value) return null;
  const n = waiting.value;
  return (
    <button type="button" class="plain" id="inbox" title={t("with-key", { label: t("inbox"), key: keys.keyOf("inbox") })} data-waiting={n} onClick={() => keys.run("inbox")}>
      <Icon is="book" /><span>{t("inbox")}</span>{n > 0 && <span class="badge warn"><span class="visually-hidden">{t("inbox-waiting")}</span>{n}</span>}
    </button>
  );
}

export function Inbox() {
  return isOpen.value ? <Opened /> : null;
}

function Opened() {
  const id = chosen.value;
  const left = useRef<string | null>(null);
  // The focus goes with her: into a line, and back to where it stands in the list.
  useEffect(() => {
    document.querySelector<HTMLElement>(id ? "#inbox-back" : `[data-inbox="${left.current}"]`)?.focus();
    left.current = id;
  }, [id]);
  const entry = entries.value.find((line) => line.entry === id);
  return (
    <Dialog title={id ? t("inbox-item", { id }) : t("inbox")} wide onClose={() => (isOpen.value = false)} id="inbox-dialog">
      {id && <p><button type="button" id="inbox-back" onClick={() => void show(null)}><Icon is="leave" />{t("inbox-back")}</button></p>}
      {!id ? <Lists /> : entry ? <OneEntry key={id} entry={entry} /> : shown.value ? <OneEvaluation key={id} told={shown.value} /> : <p role="status">{t("connecting")}</p>}
    </Dialog>
  );
}

function Lists() {
  const tongue = language.value;
  return (
    <>
      <section aria-labelledby="own-evaluations"><h3 id="own-evaluations">{t("own-evaluations")}</h3>
        {evaluations.value.length === 0 && <p class="hint">{t("own-evaluations-none")}</p>}
        <p><a id="own-marks" href="/quality#evaluations" target="_blank" rel="opener">{t("own-marks")}</a></p>
        <ul class="inbox-list">{evaluations.value.map((row) => (
          <li key={row.evaluation}><button type="button" data-inbox={row.evaluation} onClick={() => void show(row.evaluation)}>
            {isNew(row) && <span class="badge warn small">{t("inbox-new")}</span>}<b>{row.contact}</b><span>{of("step-", row.step)}{row.outcome ? ` · ${of("outcome-", row.outcome)}` : ""}</span>
            <span class="number">{markText(row.mark)}</span><small class="hint">{deadlineText(row, tongue)}</small>
          </button></li>
        ))}</ul>
      </section>
      <section aria-labelledby="own-entries"><h3 id="own-entries">{t("own-entries")}</h3>
        {entries.value.length === 0 && <p class="hint">{t("own-entries-none")}</p>}
        <ul class="inbox-list">{entries.value.map((line) => (
          <li key={line.entry}><button type="button" data-inbox={line.entry} onClick={() => void show(line.entry)}>
            {isNew(line) && <span class="badge warn small">{t("inbox-new")}</span>}<b>{ruleName(line)}</b><EntryStanding is={line.standing} />
            <span class="number">{counts(line.standing) ? t("points-off", { n: line.points }) : ""}</span><small class="hint">{momentOf(line.from, tongue)}</small>
          </button></li>
        ))}</ul>
      </section>
    </>
  );
}

const deadlineText = (row: Pick<EvaluationRow, "step" | "until">, tongue: string): string =>
  row.step === "published" && row.until ? t("appeal-by", { at: momentOf(row.until, tongue) }) : "";

function OneEvaluation({ told }: { told: Told }) {
  const { evaluation: is, form, story } = told;
  const [appeal, review] = [stepOf(story, "evaluation.appealed"), stepOf(story, "evaluation.reviewed")];
  const isAppealing = useSignal(false);
  const mayAnswer = is.step === "published" && (is.until === null || Date.parse(is.until) > nowMs());
  return (
    <>
      <p class="hint">{t("own-evaluation-about", { contact: is.contact, form: said(form.title, form.form) })} · {of("step-", is.step)}{is.outcome ? ` · ${of("outcome-", is.outcome)}` : ""} · <a id="mark-own" href={`/quality#${is.rater === "own" ? is.evaluation : is.contact}`} target="_blank" rel="opener">{t("mark-own")}</a></p>
      {appeal && <div class="exchange"><b>{t("you-appealed")}</b><p class="mark-note">{saidText(appeal.text)}</p></div>}
      {review && <div class="exchange" data-review><b>{t("was-reviewed", { outcome: of("outcome-", is.outcome ?? "") })}</b><Note text={review.text} /></div>}
      <Scorecard form={form} versions={versionsOf(told)} appealed={appealedOf(told)} />
      {mayAnswer && is.until && <p class="banner info"><Icon is="clock" />{t("appeal-by", { at: momentOf(is.until, language.value) })}</p>}
      {mayAnswer && (isAppealing.value ? <Appeal evaluation={is} form={form} onBack={() => (isAppealing.value = false)} /> : <Acknowledge evaluation={is} onAppeal={() => (isAppealing.value = true)} />)}
    </>
  );
}

function Draft({ name, label, required }: { name: string; label: string; required?: boolean }) {
  return <label><span>{label}</span><textarea name={name.split(" ")[0]!} required={required} value={drafts.value[name] ?? ""} onInput={(event) => (drafts.value = { ...drafts.peek(), [name]: event.currentTarget.value })} /></label>;
}

const textOf = (name: string): string => (drafts.peek()[name] ?? "").trim();

async function answered(id: string): Promise<void> {
  await loadInbox();
  await show(id);
}

function Acknowledge({ evaluation: is, onAppeal }: { evaluation: Evaluation; onAppeal: () => void }) {
  const name = `note ${is.evaluation}`;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const note = textOf(name);
    if (await act(`/evaluations/${is.evaluation}/acknowledge`, note ? { note } : {}, t("acknowledged-done"))) await answered(is.evaluation);
  };
  return (
    <form class="form" onSubmit={(event) => void submit(event as unknown as SubmitEvent)}>
      <Draft name={name} label={t("acknowledge-note")} />
      <p class="choices"><button id="acknowledge" class="strong"><Icon is="check" />{t("acknowledge")}</button><button type="button" id="appeal" onClick={onAppeal}><Icon is="message" />{t("appeal")}</button></p>
    </form>
  );
}

// An appeal names the answers that are not agreed to, or none: then it is all of it.
function Appeal({ evaluation: is, form, onBack }: { evaluation: Evaluation; form: Form; onBack: () => void }) {
  const named = useSignal<string[]>([]);
  const name = `text ${is.evaluation}`;
  const lost = new Set((is.submitted?.items ?? []).filter((item) => item.deducted > 0 || item.mistake || item.earned < item.most).filter((item) => item.standing === "answered").map(({ question }) => question));
  const questions = questionsOf(form).filter(({ id }) => lost.has(id));
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (await act(`/evaluations/${is.evaluation}/appeal`, { questions: named.value, text: textOf(name) }, t("appealed-done"))) await answered(is.evaluation);
  };
  return (
    <form class="form" id="appeal-form" onSubmit={(event) => void submit(event as unknown as SubmitEvent)}>
      {questions.length > 0 && (
        <fieldset><legend>{t("appeal-questions")}</legend>
          {questions.map(({ id, text }) => (
            <label key={id} class="line"><input type="checkbox" name="question" value={id} checked={named.value.includes(id)}
              onChange={(event) => (named.value = event.currentTarget.checked ? [...named.peek(), id] : named.peek().filter((other) => other !== id))} /><span>{said(text, id)}</span></label>
          ))}
        </fieldset>
      )}
      <Draft name={name} label={t("appeal-text")} required />
      <p class="choices"><button id="appeal-send" class="strong"><Icon is="message" />{t("appeal-send")}</button><button type="button" onClick={onBack}>{t("appeal-not")}</button></p>
    </form>
  );
}

function OneEntry({ entry }: { entry: Entry }) {
  const name = `text ${entry.entry}`;
  const mayAppeal = entry.standing === "confirmed" && entry.appeal_by !== null && Date.parse(entry.appeal_by) > nowMs();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (await act(`/entries/${entry.entry}/appeal`, { text: textOf(name) }, t("appealed-done"))) await answered(entry.entry);
  };
  return (
    <>
      <p><b>{ruleName(entry)}</b> <EntryStanding is={entry.standing} /> {counts(entry.standing) && <span class="number">{t("points-off", { n: entry.points })}</span>}</p>
      <p class="hint">{t("entry-span", { from: momentOf(entry.from, language.value), until: momentOf(entry.until, language.value) })} {measuredText(entry)}</p>
      <EntryStory story={entry.story} />
      <section><h3>{t("evidence")}</h3><Evidence seqs={entry.evidence} /></section>
      {mayAppeal && (
        <form class="form" onSubmit={(event) => void submit(event as unknown as SubmitEvent)}>
          <p class="banner info"><Icon is="clock" />{t("appeal-by", { at: momentOf(entry.appeal_by!, language.value) })}</p>
          <Draft name={name} label={t("appeal-text")} required />
          <button id="entry-appeal" class="strong"><Icon is="message" />{t("appeal-send")}</button>
        </form>
      )}
    </>
  );
}
