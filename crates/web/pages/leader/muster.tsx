// 点到: who stands here before the shift; and who let it be known that she does not come.
import { signal } from "@preact/signals";
import { now } from "../core/ticks.ts";
import { language, t } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { Until } from "../ui/ticks.tsx";
import { does, once } from "../shifts/ask.ts";
import { wholeOf } from "../shifts/days.ts";
import { clocksText } from "../shifts/text.ts";
import { Code } from "../shifts/parts.tsx";
import type { Shift } from "../shifts/shapes.ts";
import { load, may, shifts } from "./crew.ts";

// What was said here: the server tells who stood at muster, and not yet who was reported as not coming.
const marked = signal<Record<string, boolean>>({});
// Whether she stood here, or was reported as not coming; undefined: nobody has said yet.
const saidOf = ({ shift, mustered }: Shift): boolean | undefined => mustered || marked.value[shift ?? ""];
// From the shift that goes on to those of the next half day.
const AHEAD_MS = 12 * 3_600_000;

export function Muster() {
  const list = shifts.value.filter((shift) => Date.parse(shift.until) > now.value && Date.parse(shift.from) < now.value + AHEAD_MS);
  const codes = [...new Set(list.map((shift) => shift.code))].sort();
  const mark = (shift: Shift, present: boolean) => void does(present ? t("shift-mark-present") : t("shift-mark-absent"), () => once(present ? "/muster" : "/absences/report", present ? { shifts: [shift.shift] } : { shift: shift.shift })).then((done) => { if (done && shift.shift) marked.value = { ...marked.peek(), [shift.shift]: present }; return load(); });
  return (
    <div class="crew-parts" id="muster">
      <p class="hint">{t("shift-muster-hint")}</p>
      {list.length === 0 && <p class="hint">{t("shift-nobody-planned")}</p>}
      <ul class="request-list">
        {list.map((shift) => (
          <li key={shift.shift} data-muster={shift.shift}>
            <span><b class="number">{shift.agent}</b> <Code code={shift.code} codes={codes} wide /> {wholeOf(shift.day, language.value)} <span class="number">{clocksText(shift)}</span></span>
            {Date.parse(shift.from) > now.value ? <span class="badge"><Icon is="clock" />{t("shift-begins-in")} <Until at={shift.from} /></span> : <span class="badge info">{t("shift-goes-on")}</span>}
            {saidOf(shift) === true && <span class="badge good" data-mustered={shift.shift}><Icon is="check" />{t("shift-mustered")}</span>}
            {saidOf(shift) === false && <span class="badge warn"><Icon is="cross" />{t("shift-reported")}</span>}
            {may.mark.value && saidOf(shift) === undefined && <span class="request-acts"><button type="button" class="good small" data-present={shift.shift} onClick={() => mark(shift, true)}><Icon is="check" />{t("shift-mark-present")}</button><button type="button" class="small" data-absent={shift.shift} onClick={() => mark(shift, false)}>{t("shift-mark-absent")}</button></span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
