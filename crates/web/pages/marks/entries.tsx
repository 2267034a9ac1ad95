// Lines of the points ledger as everybody sees them: what was measured against what was allowed, by which rule, on which events.
import { saidText } from "../core/said.ts";
import { clockOf, momentOf, numberOf } from "../core/spans.ts";
import { language, of, t } from "../core/words.ts";
import { Icon, type IconName } from "../ui/icons.tsx";
import { said } from "./ask.ts";
import type { Entry, Rule, Standing, Taken } from "./shapes.ts";

const LOOKS: Record<Standing, [IconName, string]> = {
  proposed: ["clock", "info"], confirmed: ["check", "warn"], dismissed: ["cross", ""], appealed: ["message", "busy"], upheld: ["check", "warn"], struck: ["cross", "good"], revoked: ["cross", "good"],
};

export function EntryStanding({ is }: { is: Standing }) {
  const [icon, kind] = LOOKS[is] ?? LOOKS.proposed;
  return <span class={`badge ${kind}`} data-standing={is}><Icon is={icon} />{of("entry-standing-", is)}</span>;
}

// Who said what about it, the first first. What nobody says a word to stands there all the same: it was done.
export function EntryStory({ story }: { story: readonly Taken[] | undefined }) {
  if (!story?.length) return null;
  const who = ({ by }: Taken): string => (!by ? "–" : by.kind === "system" ? t("story-by-system") : by.id);
  return (
    <section class="entry-story"><h3>{t("story")}</h3>
      <ol class="plain-list" data-story>
        {story.map((step) => (
          <li key={step.seq} data-ev={step.ev}>
            <span class="number soft">{momentOf(step.at, language.value)}</span> <b>{of("story-", step.ev.replaceAll(".", "-"))}</b> <span>{who(step)}</span>
            {step.why && <span class="hint">{of("ledger-why-", step.why)}</span>}
            {step.text && <p class="mark-note">{saidText(step.text)}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}

// A line under appeal counts until it is decided.
export const counts = (is: Standing): boolean => is === "confirmed" || is === "appealed" || is === "upheld";

// Where the unit is not told, what reaches a second is taken for a span.
const COUNTED_MAX = 999;

export function measuredText({ measured, allowed, unit, by }: Pick<Entry, "measured" | "allowed" | "unit" | "by">): string {
  // What people say happened once measures nothing.
  if (by !== null && measured <= 1 && allowed === 0) return "";
  const isSpan = unit ? unit === "ms" : Math.max(Math.abs(measured), Math.abs(allowed)) > COUNTED_MAX;
  const say = (value: number): string => (isSpan ? clockOf(value) : numberOf(value, language.value));
  return measured || allowed ? t("measured-of", { measured: say(measured), allowed: say(allowed) }) : "";
}

export function pointsText({ points, points_max }: Pick<Rule, "points" | "points_max">): string {
  return points_max !== null && points_max !== undefined && points_max !== points ? t("points-range", { from: points, to: points_max }) : t("points-off", { n: points });
}

export const ruleName = (entry: Pick<Entry, "rule" | "rule_text">): string => said(entry.rule_text, entry.rule);
