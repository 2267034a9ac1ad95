// The scorecard while it is filled: choices by number keys, what is suggested marked as such, notes where they are needed, the running
// mark as the server counts it.
import { useEffect, useRef } from "preact/hooks";
import { of, t } from "../core/words.ts";
import { isTakenOver, lacksNote, mostOf, NA, offeredOf } from "../marks/answers.ts";
import { said } from "../marks/ask.ts";
import { Evidence } from "../marks/evidence.tsx";
import { bandText, choiceText, Critical, markText, worthText } from "../marks/scorecard.tsx";
import type { Form, Question, Section, Suggestion } from "../marks/shapes.ts";
import { Icon } from "../ui/icons.tsx";
import { keys } from "./actions.ts";
import { asked, choose, current, enter, given, left, noteMoment, running, suggestionFor, take, told, write } from "./state.ts";

export function Card({ form }: { form: Form }) {
  const shown = new Set(asked.value.map(({ id }) => id));
  return (
    <div class="filling">
      {form.sections.map((section) => section.questions.some(({ id }) => shown.has(id)) && <Part key={section.id} section={section} shown={shown} />)}
    </div>
  );
}

function Part({ section, shown }: { section: Section; shown: ReadonlySet<string> }) {
  const scored = running.value?.sections.find((one) => one.section === section.id);
  return (
    <section class="mark-section" aria-labelledby={`section-${section.id}`}>
      <h3 id={`section-${section.id}`}>{said(section.title)}{scored?.failed && <span class="badge bad"><Icon is="warn" />{t("failed-section")}</span>}{scored && scored.mark !== null && <small class="number">{markText(scored.mark)}</small>}</h3>
      <ol>{section.questions.filter(({ id }) => shown.has(id)).map((question) => <Asked key={question.id} question={question} />)}</ol>
    </section>
  );
}

function Asked({ question }: { question: Question }) {
  const row = useRef<HTMLLIElement>(null);
  const answer = given.value[question.id];
  const isCurrent = current.value === question.id;
  const item = running.value?.items.find((one) => one.question === question.id);
  const needs = lacksNote(question, answer);
  const suggestion = suggestionFor(question.id);
  useEffect(() => { if (isCurrent) row.current?.scrollIntoView({ block: "nearest" }); }, [isCurrent]);
  const guidance = said(question.guidance);
  return (
    <li ref={row} data-question={question.id} aria-current={isCurrent ? "true" : undefined} class={needs ? "needs-note" : ""} onFocusCapture={() => (current.value = question.id)} onPointerDown={() => (current.value = question.id)}>
      <fieldset>
        <legend><span class="mark-question">{said(question.text)}</span> <small class="hint number">{worthText(question)}</small> <Critical question={question} /></legend>
        {guidance && <p class="hint guidance">{guidance}</p>}
        {suggestion && <Suggested suggestion={suggestion} question={question} />}
        <Choices question={question} />
        <div class="answer-line">
          {item && (item.deducted > 0 || item.bonus > 0) && <span class={`number ${item.deducted ? "bad-text" : ""}`}>{item.deducted ? t("points-off", { n: item.deducted }) : t("points-on", { n: item.bonus })}</span>}
          {item?.fatal && <span class="badge bad small"><Icon is="warn" />{of("fatal-", item.fatal)}</span>}
          {(answer?.text || needs || isCurrent || question.kind === "text") && <NoteField question={question} needs={needs} />}
        </div>
      </fieldset>
    </li>
  );
}

function Choices({ question }: { question: Question }) {
  const answer = given.value[question.id];
  const offered = offeredOf(question);
  const name = `answer-${question.id}`;
  return (
    <div class="answers">
      {question.kind === "number" && (
        <input type="number" min={0} max={mostOf(question)} step={1} aria-label={t("points-given", { most: mostOf(question) })} value={answer?.value ?? ""}
          onInput={(event) => enter(question.id, event.currentTarget.value === "" ? undefined : Number(event.currentTarget.value))} />
      )}
      {offered.map((choice, at) => (
        <label key={choice.id} class={`answer ${answer?.choice === choice.id ? "is-chosen" : ""}`}>
          <input type="radio" name={name} value={choice.id} checked={answer?.choice === choice.id} onChange={() => choose(question.id, choice.id)} />
          {at < 9 && <kbd aria-hidden="true">{choice.id === NA ? keys.keyOf("not-applicable") : keys.keyOf(`answer-${at + 1}`)}</kbd>}
          <span>{choiceText(question, choice.id)}</span>
          {choice.fatal && <span class="fatal-sign" title={of("fatal-", choice.fatal)}><Icon is="warn" /><span class="visually-hidden">{of("fatal-", choice.fatal)}</span></span>}
        </label>
      ))}
    </div>
  );
}

function Suggested({ suggestion, question }: { suggestion: Suggestion; question: Question }) {
  const isIn = isTakenOver(suggestion, given.value[question.id]);
  const what = suggestion.choice ? choiceText(question, suggestion.choice) : String(suggestion.value ?? "");
  return (
    <div class="suggestion" data-suggestion={question.id}>
      <span class="badge info small"><Icon is="search" />{t("suggestion")}</span> <span>{t("suggested", { what, fact: of("fact-", suggestion.fact) })}</span>
      <button type="button" class="small" disabled={isIn} onClick={() => take(suggestion)}>{isIn ? t("suggestion-taken") : t("suggestion-take")}</button>
      {suggestion.evidence.length > 0 && <details><summary>{t("evidence")}</summary><Evidence seqs={suggestion.evidence} /></details>}
    </div>
  );
}

function NoteField({ question, needs }: { question: Question; needs: boolean }) {
  const answer = given.value[question.id];
  return (
    <span class="note-field">
      <textarea data-note={question.id} rows={1} aria-label={t("note-to", { question: said(question.text) })} aria-required={needs} placeholder={needs ? t("note-needed") : t("note")} value={answer?.text ?? ""}
        onInput={(event) => write(question.id, event.currentTarget.value)} />
      <button type="button" class="small" title={t("with-key", { label: t("note-moment"), key: keys.keyOf("note-moment") })} onClick={() => noteMoment(question.id)}><Icon is="clock" />{t("note-moment")}</button>
      {needs && <span class="bad-text"><Icon is="warn" />{t("note-needed")}</span>}
    </span>
  );
}

// The mark so far, as the server counts it, and what is still to do.
export function Running() {
  const scored = running.value;
  const form = told.value?.form;
  const { unanswered, unnoted } = left.value;
  const done = asked.value.length - unanswered.length;
  return (
    <div class="running" role="status" data-running={scored?.mark ?? ""}>
      <span class="hint">{t("mark-so-far")}</span> <b class="number">{markText(scored?.mark)}</b>
      {scored?.band && form && <span class="badge info">{bandText(form, scored.band)}</span>}
      {scored?.failed && <span class="badge bad"><Icon is="warn" />{t("failed-form")}</span>}
      <span class="hint number">{t("answered-of", { n: done, of: asked.value.length })}</span>
      {unnoted.length > 0 && <button type="button" class="small bad-text" onClick={() => (current.value = unnoted[0]!)}>{t("notes-missing", { n: unnoted.length })}</button>}
      {unanswered.length > 0 && done > 0 && <button type="button" class="small" onClick={() => (current.value = unanswered[0]!)}>{t("to-unanswered")}</button>}
    </div>
  );
}
