// The events that a line of the ledger, or a suggestion, stands on, read from the log by their numbers.
import { useEffect, useState } from "preact/hooks";
import { get } from "../core/api.ts";
import { reasonName } from "../core/names.ts";
import { momentOf, timeOf } from "../core/spans.ts";
import { language, of, t } from "../core/words.ts";
import type { ReplayEvent } from "./shapes.ts";

const EVENTS_MAX = 40;

async function eventOf(seq: number): Promise<ReplayEvent | null> {
  const told = await get<{ events: ReplayEvent[] }>(`/api/v1/events?after=${seq - 1}&limit=1`).catch(() => null);
  return told?.events.find((event) => event.seq === seq) ?? null;
}

export function eventWords({ ev, data, reason }: ReplayEvent): string {
  const ids = ["agent", "contact", "offer", "queue"].map((key) => data?.[key]).filter((id): id is string => typeof id === "string");
  return [of("event-", ev.replaceAll(".", "-")), ...ids, ...(reason ? [reasonName(reason.slug)] : [])].join(" · ");
}

export function Evidence({ seqs }: { seqs: readonly number[] }) {
  const [events, setEvents] = useState<(ReplayEvent | null)[] | null>(null);
  const key = seqs.join();
  useEffect(() => {
    let isOld = false;
    void Promise.all(seqs.slice(0, EVENTS_MAX).map(eventOf)).then((told) => !isOld && setEvents(told));
    return () => void (isOld = true);
  }, [key]);
  if (seqs.length === 0) return <p class="hint">{t("evidence-none")}</p>;
  return (
    <ol class="evidence" aria-label={t("evidence")}>
      {seqs.slice(0, EVENTS_MAX).map((seq, at) => {
        const event = events?.[at];
        return <li key={seq} data-seq={seq}><span class="number">{t("event-number", { seq: String(seq) })}</span> {event ? <><time title={momentOf(event.at, language.value)}>{timeOf(event.at, language.value)}</time> {eventWords(event)}</> : events ? <span class="hint">{t("event-not-seen")}</span> : null}</li>;
      })}
    </ol>
  );
}
