// What a day of somebody came to against her plan: each stretch that did not fit, from when until when, and whether it was forgiven.
// Asked for when somebody looks at it, and again at another person or day.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { of, t } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { query, readIfThere } from "./ask.ts";
import { clockAt } from "./grid.ts";
import { shareText, spanText } from "./text.ts";
import type { DayOfAdherence } from "./shapes.ts";

export function Episodes({ agent, day }: { agent: string; day?: string | undefined }) {
  const told = useSignal<DayOfAdherence | null | undefined>(undefined);
  const ask = (again: boolean) => readIfThere<{ rows: DayOfAdherence[] }>(`/adherence/day${query({ agent, ...(day ? { day } : {}), ...(again ? { again: "true" } : {}) })}`);
  useEffect(() => {
    let isOld = false;
    told.value = undefined;
    void ask(false).then((answer) => { if (!isOld) told.value = answer?.rows[0] ?? null; }, () => { if (!isOld) told.value = null; });
    return () => void (isOld = true);
  }, [agent, day]);
  const is = told.value;
  if (is === undefined) return <p class="hint" role="status">{t("shift-loading")}</p>;
  if (is === null) return <p class="hint" data-episodes="none">{t("shift-episodes-no-shift")}</p>;
  const isStale = is.shifts.some((shift) => shift.stale);
  return (
    <div data-episodes={is.episodes.length}>
      <p class="hint">{t("shift-adherence-today")} {shareText(is.adherence)} · {t("shift-conformance-today")} {shareText(is.conformance)}</p>
      {is.episodes.length === 0 && <p class="hint"><Icon is="check" /> {t("shift-episodes-none")}</p>}
      <ul class="request-list">
        {is.episodes.map(({ span, planned, forgiven }) => (
          <li key={span.from} data-episode={span.from}>
            <span class="number">{clockAt(span.from)}–{clockAt(span.to)}</span> <span>{spanText(Date.parse(span.to) - Date.parse(span.from))}</span>
            <span class="hint">{t("shift-episode-planned", { what: of("shift-activity-plan-", planned) })}</span>
            {forgiven ? <span class="badge"><Icon is="check" />{t("shift-episode-forgiven")}</span> : <span class="badge warn"><Icon is="warn" />{t("shift-out-of-adherence")}</span>}
          </li>
        ))}
      </ul>
      {isStale && <p class="hint"><Icon is="warn" /> {t("shift-episodes-stale")} <button type="button" class="small" data-again onClick={() => void ask(true).then((answer) => (told.value = answer?.rows[0] ?? null), () => undefined)}>{t("shift-episodes-again")}</button></p>}
    </div>
  );
}
