// Rounds 巡视 and handovers 交接班 that were recorded: what was found of late, how often at which item, seat and shift, and by whom.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { saidText, type Said } from "../core/said.ts";
import { momentOf } from "../core/spans.ts";
import { nowMs } from "../core/ticks.ts";
import { language, t } from "../core/words.ts";
import { query, readIfThere, said, whyNot } from "../marks/ask.ts";
import type { Words } from "../marks/shapes.ts";
import { Icon } from "../ui/icons.tsx";
import { chosen } from "./ledger.ts";

interface Finding { item: string; text: Words | null; agent: string | null; seat: string | null; shift: string | null; note: Said | null; entry: string | null }
interface Round { record: string; checklist: string; title: Words | null; seen_at: string; by: string; findings: Finding[] }
interface Told {
  rounds: Round[]; next?: string | null;
  counts: { rounds: number; findings: number; items: { checklist: string; item: string; text: Words | null; n: number }[]; seats: { seat: string; n: number }[]; shifts: { shift: string | null; n: number }[] };
}

const DAY_MS = 86_400_000;
const SPANS = [1, 7, 31];

export function Recorded({ onClose }: { onClose: () => void }) {
  const days = useSignal(7);
  const told = useSignal<Told | null>(null);
  const fault = useSignal("");
  useEffect(() => {
    let isLate = false;
    const from = new Date(nowMs() - days.value * DAY_MS).toISOString();
    readIfThere<Told>(`/checklists/recorded${query({ from })}`)
      .then((answer) => { if (!isLate) [told.value, fault.value] = [answer, ""]; })
      .catch((why: unknown) => { if (!isLate) fault.value = whyNot(why); });
    return () => { isLate = true; };
  }, [days.value]);
  const known = told.value;
  const look = (entry: string) => { onClose(); chosen.value = entry; };
  return (
    <section class="recorded" aria-labelledby="recorded-title">
      <h3 id="recorded-title">{t("rounds-recorded")}</h3>
      <label class="line"><span>{t("rounds-since")}</span><select id="rounds-since" value={String(days.value)} onChange={(event) => (days.value = Number(event.currentTarget.value))}>
        {SPANS.map((n) => <option key={n} value={String(n)}>{t("rounds-days", { n })}</option>)}
      </select></label>
      {fault.value && <p class="bad-text" role="alert"><Icon is="warn" />{fault.value}</p>}
      {known && <Counts counts={known.counts} />}
      {known && (
        <ul class="plain-list" id="rounds">
          {known.rounds.map((round) => (
            <li key={round.record} data-record={round.record}>
              <span class="number soft">{momentOf(round.seen_at, language.value)}</span> <b>{said(round.title, round.checklist)}</b> <span>{round.by}</span>
              {round.findings.length === 0 && <span class="soft">{t("round-clean")}</span>}
              {round.findings.map((finding, at) => (
                <p key={at} class="mark-note" data-found={finding.item}>
                  {[said(finding.text, finding.item), finding.agent, finding.seat && t("at-seat", { seat: finding.seat }), finding.shift && t("in-shift", { shift: finding.shift }), finding.note && saidText(finding.note)].filter(Boolean).join(" · ")}
                  {finding.entry && <> <button type="button" class="ref" onClick={() => look(finding.entry!)}>{finding.entry}</button></>}
                </p>
              ))}
            </li>
          ))}
          {known.rounds.length === 0 && <li class="soft">{t("no-rounds-recorded")}</li>}
        </ul>
      )}
      {known?.next && <p class="hint">{t("only-newest", { n: known.rounds.length })}</p>}
    </section>
  );
}

function Counts({ counts }: { counts: Told["counts"] }) {
  const list = (rows: [string, number][]): string => rows.map(([what, n]) => t("found-times", { what, n })).join(" · ");
  const lines: [string, string][] = [
    [t("by-item"), list(counts.items.map(({ text, item, n }) => [said(text, item), n]))],
    [t("by-seat"), list(counts.seats.map(({ seat, n }) => [seat, n]))],
    [t("by-shift"), list(counts.shifts.map(({ shift, n }) => [shift ?? t("no-shift"), n]))],
  ];
  return (
    <>
      <p class="hint">{t("rounds-counted", { rounds: counts.rounds, findings: counts.findings })}</p>
      <dl class="facts" id="rounds-counts">{lines.filter(([, text]) => text).map(([what, text]) => <div key={what}><dt>{what}</dt><dd>{text}</dd></div>)}</dl>
    </>
  );
}
