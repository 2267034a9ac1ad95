// The points ledger 扣分台账 as a leader sees it: the lines of a month, the rules, who said what; and what can be done about a line.
import { batch, computed, signal } from "@preact/signals";
import { civilOf } from "../core/spans.ts";
import { nowMs } from "../core/ticks.ts";
import { PAGE_MAX, query, readIfThere, whyNot } from "../marks/ask.ts";
import { counts } from "../marks/entries.tsx";
import type { Entry, Rule, Words } from "../marks/shapes.ts";

export interface Excuse { excuse: string; agent: string | null; rule: string | null; from: string; until: string; why: string }
export interface Checklist { id: string; version: number; title: Words; item: { id: string; text: Words; rule: string | null }[] }
interface Told { entries: Entry[]; next?: string | null; total?: number | null; totals?: { agent: string; points: number }[] }

export const asked = signal({ month: "", agent: "", standing: "" });
export const entries = signal<Entry[] | null>(null);
export const rules = signal<Rule[]>([]);
export const excuses = signal<Excuse[] | null>(null);
export const checklists = signal<Checklist[]>([]);
export const isMissing = signal(false);
export const hasOlder = signal(false);
export const fault = signal("");
const toldTotals = signal<{ agent: string; points: number }[] | null>(null);
export const chosen = signal<string | null>(null);
export const chosenEntry = computed(() => entries.value?.find(({ entry }) => entry === chosen.value) ?? null);
let turn = 0;

export async function loadLedger(): Promise<void> {
  const own = ++turn;
  if (!asked.peek().month) asked.value = { ...asked.peek(), month: civilOf(nowMs()).slice(0, 7) };
  try {
    const told = await readIfThere<Told>(`/ledger${query({ ...asked.peek(), limit: PAGE_MAX })}`);
    if (own !== turn) return;
    batch(() => {
      isMissing.value = told === null;
      entries.value = told?.entries ?? [];
      hasOlder.value = Boolean(told?.next);
      toldTotals.value = told?.totals ?? null;
      fault.value = "";
    });
  } catch (why) {
    if (own === turn) fault.value = whyNot(why);
  }
}

export async function loadAround(): Promise<void> {
  const [told, granted, lists] = await Promise.all([
    readIfThere<{ rules: Rule[] }>("/rules").catch(() => null), readIfThere<{ excuses: Excuse[] }>("/excuses").catch(() => null),
    readIfThere<{ checklists: Checklist[] }>("/checklists").catch(() => null),
  ]);
  batch(() => {
    rules.value = told?.rules ?? [];
    excuses.value = granted?.excuses ?? null;
    checklists.value = lists?.checklists ?? [];
  });
}

export const ask = (given: Partial<typeof asked.value>): void => {
  asked.value = { ...asked.peek(), ...given };
  void loadLedger();
};

// What the month costs each agent: as the server says it; of an older one, the lines that count.
export const totals = computed(() => {
  if (toldTotals.value) return toldTotals.value;
  const sums = new Map<string, number>();
  for (const line of entries.value ?? []) if (counts(line.standing)) sums.set(line.agent, (sums.get(line.agent) ?? 0) + (line.counted ?? line.points));
  return [...sums].map(([agent, points]) => ({ agent, points })).sort((a, b) => b.points - a.points || a.agent.localeCompare(b.agent));
});

export const ruleOf = (id: string): Rule | undefined => rules.value.find((rule) => rule.id === id);
