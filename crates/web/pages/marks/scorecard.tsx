// A scorecard that was given, to be read: what was asked, what was answered and what that came to; of a changed one both versions side
// by side, of an appeal the questions that are not agreed to.
import type { ComponentChildren } from "preact";
import { saidText, type Said } from "../core/said.ts";
import { numberOf } from "../core/spans.ts";
import { language, of, t } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { NA, offeredOf } from "./answers.ts";
import { said } from "./ask.ts";
import type { Answer, Form, Item, Question, Scored, Taken, Told } from "./shapes.ts";

export interface Version { id: "submitted" | "changed"; scored: Scored | null; answers: readonly Answer[] }
export interface CardProps { form: Form; versions: Version[]; appealed?: readonly string[]; onSeek?: (ms: number) => void }

// Hundredths as people write them: 92.5.
export function markText(mark: number | null | undefined): string {
  if (mark === null || mark === undefined) return "–";
  return numberOf(mark / 100, language.value, mark % 100 === 0 ? 0 : mark % 10 === 0 ? 1 : 2);
}

export function bandText(form: Form, band: string | null | undefined): string {
  return said(form.bands.find(({ id }) => id === band)?.title, "");
}

// What a choice is called: yes, no and "does not apply" are everywhere the same.
export function choiceText(question: Question, choice: string | undefined): string {
  if (choice === undefined) return t("answer-none");
  const own = offeredOf(question).find(({ id }) => id === choice)?.words;
  return own ? said(own, choice) : choice === NA ? t("answer-na") : of("answer-", choice);
}

export function worthText({ worth }: Question): string {
  if (worth === "unscored") return t("worth-none");
  if ("points" in worth) return t("worth-points", { n: worth.points });
  return "deduct" in worth ? t("worth-deduct", { n: worth.deduct }) : t("worth-bonus", { n: worth.bonus });
}

// A note; the moments in it lead there.
export function Note({ text, onSeek }: { text: Said | null | undefined; onSeek?: ((ms: number) => void) | undefined }) {
  if (!text) return null;
  return <p class="mark-note">{saidText(text).split("\n").map((line, at) => <span key={at} class="note-line">{momentsOf(line, onSeek)}</span>)}</p>;
}

function momentsOf(line: string, onSeek: ((ms: number) => void) | undefined): ComponentChildren {
  const found = /^(−?)(\d{2,}):(\d{2})\s/.exec(line);
  if (!found || !onSeek) return line;
  const ms = (Number(found[2]) * 60 + Number(found[3])) * 1000 * (found[1] ? -1 : 1);
  const moment = found[0].trim();
  return <><button type="button" class="moment-link" title={t("go-to-moment", { moment })} onClick={() => onSeek(ms)}>{moment}</button> {line.slice(found[0].length)}</>;
}

function itemText(item: Item | undefined): string {
  if (!item) return "–";
  if (item.standing === "not_asked") return t("not-asked");
  if (item.standing === "not_applicable") return t("answer-na");
  if (item.deducted) return t("points-off", { n: item.deducted });
  if (item.bonus) return t("points-on", { n: item.bonus });
  return item.weight_ppm || item.earned ? t("earned-of", { earned: item.earned, most: item.most }) : "–";
}

function answerText(question: Question, answer: Answer | undefined): string {
  if (!answer) return t("answer-none");
  if (answer.choice !== null) return choiceText(question, answer.choice);
  return answer.value !== null ? String(answer.value) : saidText(answer.note);
}

export function Critical({ question }: { question: Question }) {
  return (
    <>
      {question.fatal && <span class="badge bad small"><Icon is="warn" />{of("fatal-", question.fatal)}</span>}
      {question.critical !== "none" && <span class="badge small">{of("critical-", question.critical)}</span>}
    </>
  );
}

export function Total({ form, scored, title }: { form: Form; scored: Scored | null; title: string }) {
  return (
    <p class="total" data-mark={scored?.mark ?? ""}>
      <span>{title}</span> <b class="number">{markText(scored?.mark)}</b> {scored?.band && <span class="badge info">{bandText(form, scored.band)}</span>}
      {scored?.failed && <span class="badge bad"><Icon is="warn" />{t("failed-form")}</span>}
    </p>
  );
}

export function Scorecard({ form, versions, appealed = [], onSeek }: CardProps) {
  return (
    <div class={`scorecard ${versions.length > 1 ? "is-two" : ""}`}>
      <div class="totals">{versions.map((version) => <Total key={version.id} form={form} scored={version.scored} title={of("version-", version.id)} />)}</div>
      {form.sections.map((section) => (
        <section key={section.id} class="mark-section">
          <h3>{said(section.title)}{versions.map((version) => {
            const mark = version.scored?.sections.find((one) => one.section === section.id);
            return mark?.failed ? <span key={version.id} class="badge bad"><Icon is="warn" />{t("failed-section")}</span> : mark && mark.mark !== null ? <small key={version.id} class="number">{markText(mark.mark)}</small> : null;
          })}</h3>
          <ol>
            {section.questions.map((question) => (
              <li key={question.id} data-question={question.id} class={appealed.includes(question.id) ? "is-appealed" : ""}>
                <p class="mark-question">{said(question.text)} <Critical question={question} />{appealed.includes(question.id) && <span class="badge warn small"><Icon is="message" />{t("not-agreed")}</span>}</p>
                <div class="mark-versions">
                  {versions.map((version) => {
                    const answer = version.answers.find((one) => one.question === question.id);
                    const item = version.scored?.items.find((one) => one.question === question.id);
                    return (
                      <div key={version.id} class={`mark-answer ${item?.mistake || item?.deducted ? "is-lost" : ""}`}>
                        {versions.length > 1 && <small class="hint">{of("version-", version.id)}</small>}
                        <b>{answerText(question, answer)}</b> <span class="number">{itemText(item)}</span>
                        {item?.fatal && <span class="badge bad small"><Icon is="warn" />{of("fatal-", item.fatal)}</span>}
                        {answer?.suggested && <span class="badge small">{t("was-suggested")}</span>}
                        {answer && question.kind !== "text" && <Note text={answer.note} onSeek={onSeek} />}
                      </div>
                    );
                  })}
                </div>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

// What was submitted, and what a review made of it.
export function versionsOf({ evaluation, story }: Told): Version[] {
  const submitted: Version = { id: "submitted", scored: evaluation.submitted, answers: evaluation.answers ?? [] };
  return evaluation.outcome === "changed" ? [submitted, { id: "changed", scored: evaluation.changed, answers: stepOf(story, "evaluation.reviewed")?.answers ?? [] }] : [submitted];
}

// The last time that somebody did that.
export const stepOf = (story: readonly Taken[] | undefined, ev: string): Taken | undefined => story?.findLast((step) => step.ev === ev);
// None named: all of it.
export const appealedOf = ({ story }: Told): readonly string[] => stepOf(story, "evaluation.appealed")?.questions ?? [];
