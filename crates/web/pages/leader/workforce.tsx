// The leader's side of the workforce desk, in place of the floor while she looks at it: who is not where the plan has her, what waits for a
// word, who came, who stands at muster, who relieves whom. A chunk of its own.
import { useEffect } from "preact/hooks";
import { t } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { Adherence } from "./adherence.tsx";
import { Approvals } from "./approvals.tsx";
import { AttendancePart } from "./attendance.tsx";
import { Muster } from "./muster.tsx";
import { Relief } from "./relief.tsx";
import { isMissing, load, part, toDecide } from "./crew.ts";

const EVERY_MS = 5_000;

export default function Workforce() {
  useEffect(() => {
    void load();
    const again = setInterval(() => { if (!document.hidden) void load(); }, EVERY_MS);
    return () => clearInterval(again);
  }, []);
  return (
    <section class="card" aria-labelledby="crew-title">
      <header><Icon is="user" /><h2 id="crew-title">{t("shift-crew")}</h2>
        <Tabs label={t("shift-parts")} panel="crew" current={part.value} onChoose={(id) => { part.value = id; void load(); }} tabs={[
          { id: "adherence", label: t("shift-adherence") }, { id: "approvals", label: t("shift-approvals"), count: toDecide.value }, { id: "attendance", label: t("shift-attendance") },
          { id: "muster", label: t("shift-muster") }, { id: "relief", label: t("shift-handover") },
        ]} />
      </header>
      <div id="crew" class="crew-body" role="tabpanel" aria-labelledby={`crew-tab-${part.value}`} tabIndex={0}>
        {isMissing.value ? <p class="hint card-body"><Icon is="message" /> {t("shift-not-there")}</p>
          : part.value === "approvals" ? <Approvals /> : part.value === "attendance" ? <AttendancePart /> : part.value === "muster" ? <Muster /> : part.value === "relief" ? <Relief /> : <Adherence />}
      </div>
    </section>
  );
}
