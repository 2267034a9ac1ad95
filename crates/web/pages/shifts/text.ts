// Small things that are said of shifts and spans on several pages.
import { nameOf } from "../core/names.ts";
import { civilOf, momentOf } from "../core/spans.ts";
import { language, t } from "../core/words.ts";
import { clockAt } from "./grid.ts";
import { wholeOf } from "./days.ts";
import type { Side } from "./shapes.ts";

// A length as people say it: 3 h, 1 h 05 min, 40 min, 20 s.
export function spanText(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  if (minutes === 0) return t("shift-span-seconds", { s: Math.ceil(Math.abs(ms) / 1000) });
  const [h, min] = [Math.floor(minutes / 60), minutes % 60];
  if (h >= 48 && min === 0 && h % 24 === 0) return t("shift-span-days", { n: h / 24 });
  return h === 0 ? t("shift-span-minutes", { min }) : min === 0 ? t("shift-span-hours", { h }) : t("shift-span-hours-minutes", { h, min });
}

export const clocksText = ({ from, until }: { from: string; until: string }): string => `${clockAt(from)}–${clockAt(until)}`;
export const sideText = (side: Side | null | undefined, otherwise: string): string =>
  side ? `${wholeOf(side.day, language.value)} ${side.code} ${clocksText(side)}` : otherwise;

// From when until when; the day of the end is said where it is another.
export function whenText(from: string, until: string): string {
  const [a, b] = [civilOf(Date.parse(from)), civilOf(Date.parse(until))];
  return `${momentOf(from, language.value)} – ${a.slice(0, 10) === b.slice(0, 10) ? b.slice(11, 16) : momentOf(until, language.value)}`;
}

export const queueText = (queue: string | null | undefined): string => (queue ? nameOf("queues", queue) : "");
// Cut and not rounded, so that 99.96 % is no 100 %.
export const shareText = (share: number | null | undefined): string => (share === null || share === undefined ? "–" : `${(Math.floor(share * 1000) / 10).toFixed(1)}%`);
