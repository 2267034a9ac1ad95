// Calibration rounds 校准: several mark the same contact, blind; when the round is closed it is shown where they part.
import { useSignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { civilOf, isoOf, momentOf } from "../core/spans.ts";
import { nowMs } from "../core/ticks.ts";
import { language, t } from "../core/words.ts";
import { act, once, readIfThere, said, whyNot } from "../marks/ask.ts";
import { questionsOf } from "../marks/answers.ts";
import { choiceText, markText } from "../marks/scorecard.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { Figure, type FigureTold } from "./figures.tsx";
import { account, came, formName, go, may, refused } from "./desk.ts";
import { AgentField, ContactField, FormField } from "./fields.tsx";

interface RoundItem { question: string; answers: { answer: { chosen?: string; number?: number } | string; count: number }[]; alike: FigureTold }
interface Round { round: string; contact: string; agent: string; form: string; version: number; raters: string[]; close_by: string; by: string; closed: boolean; evaluation?: string | null; submitted?: number; per_item?: RoundItem[] | null; marks?: { evaluation: string; evaluator: string; mark: number | null }[]; alpha?: FigureTold }

const CLOSES_AFTER_MS = 2 * 86_400_000;

export function Calibration() {
  const rounds = useSignal<Round[] | null>(null);
  const isMissing = useSignal(false);
  const isOpening = useSignal(false);
  const load = () => void readIfThere<{ rounds: Round[] }>("/rounds").then((told) => { rounds.value = told?.rounds ?? []; isMissing.value = told === null; came("rounds"); }, (why) => refused("rounds", why));
  useEffect(load, []);
  if (isMissing.value) return <p class="card not-there" role="status"><Icon is="message" />{t("part-not-there")}</p>;
  const list = rounds.value ?? [];
  const close = async (round: string) => { if (await act(`/rounds/${round}/close`, {}, t("done"))) load(); };
  return (
    <div class="part">
      {may.calibrate.value && <div class="asked"><span class="acts-end"><button type="button" id="open-round" class="strong" onClick={() => (isOpening.value = true)}><Icon is="plus" />{t("open-round")}</button></span></div>}
      {rounds.value && list.length === 0 && <p class="card not-there">{t("no-rounds")}</p>}
      {list.map((round) => (
        <section key={round.round} class="card" data-round={round.round} aria-labelledby={`title-${round.round}`}>
          <header><h2 id={`title-${round.round}`}>{t("round-title", { round: round.round, contact: round.contact, agent: round.agent })}</h2>
            <span class={`badge ${round.closed ? "" : "info"}`}><Icon is={round.closed ? "check" : "clock"} />{round.closed ? t("round-closed") : t("round-open-until", { at: momentOf(round.close_by, language.value) })}</span></header>
          <div class="card-body">
            <p class="hint">{t("round-raters", { form: said(formName(round.form)?.title, round.form), who: round.raters.join(" · ") })}{round.submitted !== undefined && <> · {t("round-submitted", { n: round.submitted, of: round.raters.length })}</>}</p>
            {!round.closed && (
              <p class="choices">
                {round.raters.includes(account.value) && <button type="button" class="strong" onClick={() => void mark(round)}>{t("mark-it")}</button>}
                {may.calibrate.value && <button type="button" onClick={() => void close(round.round)}>{t("close-round")}</button>}
              </p>
            )}
            {round.closed && <Parting round={round} />}
          </div>
        </section>
      ))}
      {isOpening.value && <OpenRound onClose={() => { isOpening.value = false; load(); }} />}
    </div>
  );
}

async function mark(round: Round): Promise<void> {
  if (round.evaluation) return go(round.evaluation);
  const begun = await act<{ evaluation: string }>("/evaluations", { contact: round.contact, agent: round.agent, form: round.form, version: round.version, rater: "calibration", round: round.round });
  if (begun) go(begun.evaluation);
}

// Where they part, the widest first: a question that splits everybody is a fault of the form.
function Parting({ round }: { round: Round }) {
  const form = formName(round.form);
  const questionOf = (id: string) => form && questionsOf(form).find((question) => question.id === id);
  const answerText = (id: string, { answer }: RoundItem["answers"][number]): string => {
    const choice = typeof answer === "object" ? answer.chosen : undefined;
    const question = questionOf(id);
    return choice !== undefined ? (question ? choiceText(question, choice) : choice) : typeof answer === "object" ? String(answer.number) : t("answer-words");
  };
  const share = ({ alike }: RoundItem): number => (typeof alike === "object" && alike !== null ? (alike.value ?? 1) : 1);
  const items = [...(round.per_item ?? [])].sort((a, b) => share(a) - share(b));
  return (
    <>
      <p class="figures-line">{round.alpha !== undefined && <Figure name={t("alpha-items")} told={round.alpha} />}{(round.marks ?? []).map((one) => <a key={one.evaluation} href={`#${one.evaluation}`}>{one.evaluator} <b class="number">{markText(one.mark)}</b></a>)}</p>
      {items.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={t("per-item")}>
          <table class="figures-table">
            <thead><tr><th scope="col">{t("question")}</th><th scope="col">{t("answers")}</th><th scope="col">{t("percent-agreement")}</th></tr></thead>
            <tbody>{items.map((item) => <tr key={item.question}><th scope="row">{said(questionOf(item.question)?.text, item.question)}</th><td>{item.answers.map((one) => t("answer-count", { answer: answerText(item.question, one), n: one.count })).join(" · ")}</td><td><Figure told={item.alike} percent /></td></tr>)}</tbody>
          </table>
        </div>
      )}
    </>
  );
}

function OpenRound({ onClose }: { onClose: () => void }) {
  const refusal = useSignal("");
  const [opened] = useState(nowMs);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(given.get(name) ?? "").trim();
    try {
      await once("/rounds", {
        contact: text("contact"), agent: text("agent"), ...(text("form") ? { form: text("form") } : {}), raters: text("raters").split(/[\s,，、]+/).filter(Boolean),
        close_by: isoOf(text("close_by")),
      });
      onClose();
    } catch (fault) {
      refusal.value = whyNot(fault);
    }
  };
  return (
    <Dialog title={t("open-round")} onClose={onClose} id="round-dialog">
      <form class="form" onSubmit={(event) => void submit(event as unknown as SubmitEvent)}>
        <ContactField /><AgentField /><FormField />
        <label><span>{t("raters")}</span><input name="raters" required placeholder={t("evaluators-hint")} /></label>
        <label><span>{t("close-by")}</span><input name="close_by" type="datetime-local" step={1} required defaultValue={civilOf(opened + CLOSES_AFTER_MS)} /></label>
        {refusal.value && <p class="bad-text" role="alert"><Icon is="warn" />{refusal.value}</p>}
        <button class="strong">{t("open-round")}</button>
      </form>
    </Dialog>
  );
}
