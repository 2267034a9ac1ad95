// A reason of an act, chosen from those of the site.
import { reasonName } from "../core/names.ts";
import { of, t } from "../core/words.ts";
import { actReasons } from "./desk.ts";

const SHIPPED = ["staffing", "agent_asked", "technical", "correction"];

export function Why({ value, onChange, label }: { value: string; onChange: (why: string) => void; label?: string }) {
  const reasons = actReasons.value.length ? actReasons.value : SHIPPED;
  const name = (slug: string) => (reasonName(slug) === slug ? of("act-reason-", slug) : reasonName(slug));
  return (
    <select name="why" required aria-label={label ?? t("reason")} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="">{t("choose-reason")}</option>
      {reasons.map((slug) => <option key={slug} value={slug}>{name(slug)}</option>)}
    </select>
  );
}
