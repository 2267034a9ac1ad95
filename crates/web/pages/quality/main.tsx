// The QA desk 质检台: samples to be marked, evaluations and appeals, calibration, how far evaluators agree; and the screen on which a
// contact is replayed beside its scorecard.
import "../styles/base.css";
import "../marks/marks.css";
import "./quality.css";
import { useEffect } from "preact/hooks";
import { beginClock, readClock } from "../core/hour.ts";
import { loadNames } from "../core/names.ts";
import { session } from "../core/session.ts";
import { of, t, type Language } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { Act, KeySheet } from "../ui/keys.tsx";
import { Bar, begin, leave } from "../ui/page.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { keys } from "./actions.ts";
import { Calibration } from "./calibration.tsx";
import { appeals, fault, go, isAtPart, loadAppeals, loadEvaluations, loadForms, loadTerms, may, partsShown, place } from "./desk.ts";
import { Evaluations } from "./evaluations.tsx";
import { Figures } from "./figures.tsx";
import { Samples } from "./samples.tsx";
import { Scoring } from "./scoring.tsx";

const words = (language: Language): Promise<string[]> =>
  Promise.all(language === "en"
    ? [import("../words/en/core.ftl"), import("../words/en/marks.ftl"), import("../words/en/quality.ftl")]
    : [import("../words/zh-CN/core.ftl"), import("../words/zh-CN/marks.ftl"), import("../words/zh-CN/quality.ftl")]).then((files) => files.map((file) => file.default));

// What others do is seen without a link: the lists are asked for again while somebody looks.
const REFRESH_MS = 20_000;

function Parts() {
  const at = place.value;
  const part = "part" in at ? at.part : "picks";
  return (
    <>
      <Tabs label={t("parts")} panel="part" current={part} onChoose={go} tabs={partsShown().map((id) => ({ id, label: of("part-", id), ...(id === "evaluations" ? { count: appeals.value } : {}) }))} />
      <div id="part" role="tabpanel" aria-label={of("part-", part)}>
        {fault.value && <p class="card not-there bad-text" role="alert"><Icon is="warn" />{fault.value}</p>}
        {part === "picks" ? <Samples /> : part === "evaluations" ? <Evaluations /> : part === "calibration" ? <Calibration /> : <Figures />}
      </div>
    </>
  );
}

function Page() {
  document.title = of("desk-", "quality");
  useEffect(() => {
    const again = setInterval(() => { if (!document.hidden) { void loadEvaluations(); void loadAppeals(); void readClock(); } }, REFRESH_MS);
    return () => clearInterval(again);
  }, []);
  return (
    <>
      <Bar desk="quality" end={<>
        {may.lookAround.value ? <a class="button" href="/leader">{of("desk-", "leader")}</a> : <a class="button" href="/agent">{of("desk-", "agent")}</a>}
        <Act keys={keys} id="sheet" icon="keys" class="plain" label={t("keys-title")} hideKey />
        <button type="button" class="plain" onClick={() => void leave()}><Icon is="out" />{session.value?.account}</button>
      </>} />
      <main class="quality">{isAtPart.value ? <Parts /> : <Scoring />}</main>
      <KeySheet keys={keys} />
    </>
  );
}

if (session.peek()) await beginClock();
await begin({ words, Page });
if (session.peek()) {
  void loadTerms();
  void loadNames();
  void loadForms();
  void loadAppeals();
}
