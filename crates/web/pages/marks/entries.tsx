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

// Spans are told in ms and counts plain: what reaches a second is a span.
const COUNTED_MAX = 999;
const measure = (value: number): string => (Math.abs(value) > COUNTED_MAX ? clockOf(value) : numberOf(value, language.value));

export function measuredText({ measured, allowed }: Pick<Entry, "measured" | "allowed">): string {
  return measured || allowed ? t("measured-of", { measured: measure(measured), allowed: measure(allowed) }) : "";
}

export function pointsText({ points, points_max }: Pick<Rule, "points" | "points_max">): string {
  return points_max !== null && points_max !== undefined && points_max !== points ? t("points-range", { from: points, to: points_max }) : t("points-off", { n: points });
}

export const ruleName = (entry: Pick<Entry, "rule" | "rule_text">): string => said(entry.rule_text, entry.rule);
