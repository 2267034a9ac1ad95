// The planner: what will come in and whom it takes; and who works when, on a grid that is judged while it is changed.
import "../styles/base.css";
import "uplot/dist/uPlot.min.css";
import "../shifts/shifts.css";
import "./planner.css";
import { loadNames } from "../core/names.ts";
import { session } from "../core/session.ts";
import { of, t, type Language } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { Act, KeySheet } from "../ui/keys.tsx";
import { Bar, begin, leave } from "../ui/page.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { Jobs } from "../shifts/parts.tsx";
import { fault, loadQueues, look, looked } from "./desk.ts";
import { keys } from "./keys.ts";
import { Outlook } from "./outlook.tsx";
import { Rosters } from "./rosters.tsx";

const words = (language: Language): Promise<string[]> =>
  Promise.all(language === "en"
    ? [import("../words/en/core.ftl"), import("../words/en/shifts.ftl"), import("../words/en/planner.ftl")]
    : [import("../words/zh-CN/core.ftl"), import("../words/zh-CN/shifts.ftl"), import("../words/zh-CN/planner.ftl")]).then((files) => files.map((file) => file.default));

function Page() {
  document.title = of("desk-", "planner");
  const { part } = looked.value;
  return (
    <>
      <Bar desk="planner" end={<>
        <Act keys={keys} id="sheet" icon="keys" class="plain" label={t("keys-title")} hideKey />
        <button type="button" class="plain" onClick={() => void leave()}><Icon is="out" />{session.value?.account}</button>
      </>}>
        <Tabs label={t("parts-of-page")} panel="plan" current={part} onChoose={(id) => look({ part: id })} tabs={[{ id: "outlook", label: t("outlook") }, { id: "rosters", label: t("rosters") }]} />
      </Bar>
      <Jobs />
      <main class="planner">
        {fault.value && <p class="card not-there bad-text" role="alert"><Icon is="warn" />{fault.value}</p>}
        <div id="plan" role="tabpanel" aria-labelledby={`plan-tab-${part}`}>{part === "outlook" ? <Outlook /> : <Rosters />}</div>
      </main>
      <KeySheet keys={keys} />
    </>
  );
}

await begin({ words, Page });
if (session.peek()) {
  // Days are those of the site, so its zone comes first.
  await loadNames();
  await loadQueues();
}
