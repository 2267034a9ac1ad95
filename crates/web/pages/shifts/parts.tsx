// What pages about shifts are made of: a code with its sign, a day with its parts, how a request stands, long work.
import { of, t } from "../core/words.ts";
import { Icon, type IconName } from "../ui/icons.tsx";
import { cancelJob, jobs } from "./ask.ts";
import { barsOf, clockAt, letterOf, lookOf } from "./grid.ts";
import { clocksText } from "./text.ts";
import type { Shift } from "./shapes.ts";

// Signs differ by shape, so that no two codes differ by colour alone.
const SIGNS = ["●", "▲", "■", "◆", "▼", "★", "⬟", "✚"];

export function Code({ code, codes, wide }: { code: string; codes: readonly string[]; wide?: boolean }) {
  const look = lookOf(code, codes);
  return <span class={`shift-code look-${look}`}><i aria-hidden="true">{SIGNS[look]}</i><b>{wide ? code : letterOf(code, codes)}</b></span>;
}

// A stretch of time with what is planned in it, drawn; the same is said in words.
export function Bars({ shift, from, until, codes }: { shift: Shift; from: number; until: number; codes: readonly string[] }) {
  const look = lookOf(shift.code, codes);
  return (
    <span class="bars" aria-hidden="true">
      {barsOf(shift, from, until).map((bar, at) => (
        <i key={at} class={`bar-${bar.activity} look-${look}`} style={{ left: `${bar.from * 100}%`, width: `${(bar.until - bar.from) * 100}%` }} />
      ))}
    </span>
  );
}

export const partsText = (shift: Pick<Shift, "parts">): string => shift.parts.map((part) => `${of("shift-activity-plan-", part.activity)} ${clocksText(part)}`).join(" · ");
export const shiftText = (shift: Shift): string => [shift.code, clocksText(shift), partsText(shift), ...(shift.away ?? []).map((away) => `${of("shift-away-", away.why)} ${clockAt(away.from)}–${clockAt(away.until)}`)].filter(Boolean).join(" · ");

const STANDINGS: Record<string, [IconName, string]> = {
  requested: ["clock", "info"], agreed: ["user", "info"], approved: ["check", "good"], refused: ["cross", "bad"], declined: ["cross", "bad"], withdrawn: ["out", ""], expired: ["clock", ""],
  pending: ["clock", "warn"], borne_out: ["check", "good"], untrue: ["warn", "bad"], overdue: ["warn", "bad"], accepted: ["check", "good"], open: ["clock", "info"], missing: ["warn", "bad"], overridden: ["out", "warn"],
};

export function Standing({ is }: { is: string }) {
  const [icon, kind] = STANDINGS[is] ?? ["dot", ""];
  return <span class={`badge ${kind}`} data-standing={is}><Icon is={icon} />{of("shift-standing-", is)}</span>;
}

// Long work, and a way to end it.
export function Jobs() {
  return (
    <>
      {jobs.value.map(({ what, job }) => (
        <div key={job.job} class="banner info job" role="status" data-job={job.job}>
          <span>{t("shift-job-running", { act: what, share: `${Math.round(job.progress * 100)}%` })}</span>
          <progress max={100} value={Math.round(job.progress * 100)} aria-label={what} />
          {typeof job.gap === "number" && <span>{t("shift-gap-now", { gap: `${(job.gap * 100).toFixed(1)}%` })}</span>}
          <button type="button" data-cancel={job.job} onClick={() => void cancelJob(job.job)}><Icon is="cross" />{t("shift-cancel")}</button>
        </div>
      ))}
    </>
  );
}
