// What ticks here follows the time of what is shown: of the floor as it is, or of the moment that is looked back to.
import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { clockOf } from "../core/spans.ts";
import { t } from "../core/words.ts";
import { shownNow, type Level } from "./desk.ts";

export interface LastedProps { at: string | null | undefined; level?: (now: number) => Level; of?: string }

// How long something has been so, with a word beside it when that is too long; `of` names what the level hangs on.
export function Lasted({ at, level, of = "" }: LastedProps) {
  const from = at ? Date.parse(at) : NaN;
  const text = useMemo(() => computed(() => (Number.isNaN(from) ? "–" : clockOf(shownNow.value - from))), [from]);
  const how = useMemo(() => computed<Level>(() => level?.(shownNow.value) ?? ""), [from, of]);
  return <span class={`tick ${how.value}`}><span class="clock">{text}</span><Sign level={how.value} /></span>;
}

// Never the colour alone.
export function Sign({ level }: { level: Level }) {
  if (level === "") return null;
  return <em class={`sign ${level}`}>{level === "red" ? t("too-long") : t("long")}</em>;
}
