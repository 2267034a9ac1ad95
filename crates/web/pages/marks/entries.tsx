// Lines of the points ledger as everybody sees them: what was measured against what was allowed, by which rule, on which events.
import { clockOf, numberOf } from "../core/spans.ts";
import { language, of, t } from "../core/words.ts";
import { Icon, type IconName } from "../ui/icons.tsx";
import { said } from "./ask.ts";
import type { Entry, Rule, Standing } from "./shapes.ts";

const LOOKS: Record<Standing, [IconName, string]> = {
  proposed: ["clock", "info"], confirmed: ["check", "warn"], dismissed: ["cross", ""], appealed: ["message", "busy"], upheld: ["check", "warn"], struck: ["cross", "good"], revoked: ["cross", "good"],
};

export function EntryStanding({ is }: { is: Standing }) {
  const [icon, kind] = LOOKS[is] ?? LOOKS.proposed;
  return <span class={`badge ${kind}`} data-standing={is}><Icon is={icon} />{of("entry-standing-", is)}</span>;
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
