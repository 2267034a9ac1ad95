import assert from "node:assert/strict";
import { test } from "node:test";
import { setZone } from "../pages/core/spans.ts";
import { between, daysFrom, daysOfMonth, isDay, mondayOf, nextMonth, plus, weekdayOf } from "../pages/shifts/days.ts";
import { barsOf, cellsOf, changedIn, deficitsOf, faultsOf, headsOf, keyOf, letterOf, lookOf, moved, overlaid, put, retimed, sketchOf, spanOf, stretchesOf } from "../pages/shifts/grid.ts";
import { judgementOf, revision, rosterOf } from "../pages/shifts/told.ts";
import type { Shift } from "../pages/shifts/shapes.ts";

const shift = (agent: string, day: string, more: Partial<Shift> = {}): Shift => ({
  shift: null, agent, day, code: "early", from: `${day}T00:00:00.000Z`, until: `${day}T08:00:00.000Z`, relief: false,
  parts: [{ activity: "break", from: `${day}T02:00:00.000Z`, until: `${day}T02:15:00.000Z` }, { activity: "meal", from: `${day}T04:00:00.000Z`, until: `${day}T04:30:00.000Z` }], ...more,
});

test("days are reckoned without a zone", () => {
  assert.equal(plus("2026-12-31", 1), "2027-01-01");
  assert.equal(plus("2028-03-01", -1), "2028-02-29");
  assert.equal(between("2026-11-30", "2026-12-02"), 2);
  assert.deepEqual(daysFrom("2026-11-29", 3), ["2026-11-29", "2026-11-30", "2026-12-01"]);
  assert.equal(weekdayOf("2026-11-30"), 0, "a Monday");
  assert.equal(mondayOf("2026-11-29"), "2026-11-23");
  assert.equal(nextMonth("2026-12-15"), "2027-01-01");
  assert.deepEqual(["2026-11-15", "2027-02-01", "2028-02-01"].map(daysOfMonth), [30, 28, 29]);
  assert.deepEqual(["2026-11-27", "2026-1-1", "x", ""].map(isDay), [true, false, false, false]);
});

test("a shift that is moved keeps its clocks, also over a night on which clocks change", () => {
  setZone("Europe/Berlin");
  // 22:00 to 06:00 on the night before the clocks go back, and a day before that.
  const night = shift("1001", "2026-10-23", { code: "night", from: "2026-10-23T20:00:00.000Z", until: "2026-10-24T04:00:00.000Z", parts: [{ activity: "meal", from: "2026-10-24T00:00:00.000Z", until: "2026-10-24T00:30:00.000Z" }] });
  const next = moved(night, "1002", "2026-10-24");
  assert.deepEqual([next.agent, next.day, next.from, next.until], ["1002", "2026-10-24", "2026-10-24T20:00:00.000Z", "2026-10-25T05:00:00.000Z"], "nine hours: 06:00 is 06:00");
  assert.equal(next.parts[0]?.activity, "meal");
  setZone("Asia/Shanghai");
});

test("two cells change places, and what is put where it was stays", () => {
  const [a, b, c] = [shift("1001", "2026-12-01"), shift("1002", "2026-12-03", { code: "late" }), shift("1003", "2026-12-01")];
  const all = [a, b, c];
  const swapped = put(all, a, "1002", "2026-12-03");
  assert.deepEqual(swapped.map((one) => [one.agent, one.day, one.code]), [["1002", "2026-12-03", "early"], ["1001", "2026-12-01", "late"], ["1003", "2026-12-01", "early"]]);
  assert.deepEqual(put(all, a, "1001", "2026-12-01"), all);
  assert.deepEqual(put(all, a, "1009", "2026-12-02")[0]?.agent, "1009", "an empty cell takes it alone");
  assert.equal(cellsOf(swapped).get(keyOf("1002", "2026-12-03"))?.length, 1);
});

test("who is spared of a shift is not there, and what she is spared of does not go along with it", () => {
  const away = [{ from: "2026-12-01T00:00:00.000Z", until: "2026-12-01T02:00:00.000Z", why: "leave" }];
  const spared = shift("1001", "2026-12-01", { shift: "sh-1", away });
  const from = Date.parse("2026-12-01T00:00:00.000Z");
  assert.deepEqual(headsOf([spared, shift("1002", "2026-12-01")], from, 3_600_000, 4), [1, 1, 2, 2]);
  assert.deepEqual(moved(spared, "1001", "2026-12-02").away, []);
  assert.deepEqual(moved(spared, "1002", "2026-12-01").away, []);
  const told = { roster: "ro-1", name: "x", from: "2026-12-01", days: 1, people: 2, state: "published" as const, drafted: null, class: ["1001"], slot_minutes: 30, shifts: [spared], judgement: { broken: [], uncovered: [], cost: 0 } };
  const made = rosterOf({ ...told, overtime: [shift("1009", "2026-12-01", { shift: "sh-2", code: "overtime" })] });
  assert.deepEqual([made.shifts[0]?.away, made.overtime[0]?.agent, rosterOf(told).overtime], [away, "1009", []]);
});

test("clocks become instants of the site, over midnight too; what cannot be is none", () => {
  setZone("Asia/Shanghai");
  assert.deepEqual(spanOf("2026-12-01", "08:00", "16:00"), { from: "2026-12-01T00:00:00.000Z", until: "2026-12-01T08:00:00.000Z" });
  assert.deepEqual(spanOf("2026-12-01", "22:00", "06:00"), { from: "2026-12-01T14:00:00.000Z", until: "2026-12-01T22:00:00.000Z" });
  assert.equal(spanOf("2026-12-01", "8", "16:00"), null);
  const later = retimed(shift("1001", "2026-12-01"), "late", "2026-12-01T01:00:00.000Z", "2026-12-01T05:00:00.000Z");
  assert.deepEqual(later.parts.map((part) => part.from), ["2026-12-01T03:00:00.000Z"], "what no longer lies within it is gone");
});

test("what differs from what is kept is told as changed, added or gone", () => {
  const before = [shift("1001", "2026-12-01", { shift: "sh-1" }), shift("1002", "2026-12-01", { shift: "sh-2" })];
  const after = [moved(before[0]!, "1001", "2026-12-02"), shift("1003", "2026-12-01")];
  const { changed, added, gone } = changedIn(before, after);
  assert.deepEqual([changed.map((one) => one.shift), added.map((one) => one.agent), gone.map((one) => one.shift)], [["sh-1"], ["1003"], ["sh-2"]]);
  assert.deepEqual(changedIn(before, before), { changed: [], added: [], gone: [] });
  const draft = [shift("1001", "2026-12-01")];
  const other = changedIn(draft, [moved(draft[0]!, "1002", "2026-12-01")]);
  assert.deepEqual([other.added.length, other.gone.length], [1, 1], "a shift of a draft has no name: it is gone and another is there");
  assert.equal("away" in sketchOf({ ...draft[0]!, away: [] }), false);
});

test("what was not carried out lies over what holds now", () => {
  const [one, two, three] = [shift("1001", "2026-12-01", { shift: "sh-1" }), shift("1001", "2026-12-02", { shift: "sh-2" }), shift("1002", "2026-12-01", { shift: "sh-3" })];
  const refused = moved(two, "1002", "2026-12-02");
  // Somebody else has withdrawn sh-4 and moved sh-1 meanwhile.
  const held = [moved(one, "1003", "2026-12-01"), two, three];
  const left = { changed: [refused, shift("1004", "2026-12-01", { shift: "sh-4" })], gone: [three] };
  const now = overlaid(held, left);
  assert.deepEqual(now.map((one) => [one.shift, one.agent]), [["sh-1", "1003"], ["sh-2", "1002"]]);
  const { changed, added, gone } = changedIn(held, now);
  assert.deepEqual([changed.map((one) => one.shift), added.length, gone.map((one) => one.shift)], [["sh-2"], 0, ["sh-3"]], "it is as much a change as it was");
  assert.deepEqual(overlaid(held, { changed: [], gone: [] }), held);
});

test("the judge's word finds its cells, people and days, and missing people make stretches", () => {
  const faults = faultsOf({ cost: 9, uncovered: [], broken: [{ rule: "too_little_rest", agent: "1001", day: "2026-12-02" }, { rule: "minutes", agent: "1001", minutes: 9000 }, { rule: "rest_quota", day: "2026-12-05", resting: 9 }, { rule: "shape" }] });
  assert.equal(faults.cells.get(keyOf("1001", "2026-12-02"))?.length, 1);
  assert.equal(faults.people.get("1001")?.[0]?.rule, "minutes");
  assert.equal(faults.days.has("2026-12-05"), true);
  assert.equal(faults.whole.length, 1);
  const uncovered = [3, 4, 5, 8].map((interval) => ({ day: "2026-12-01", interval, missing: interval === 5 ? 3 : 2 }));
  assert.deepEqual(deficitsOf(uncovered).get("2026-12-01"), { intervals: 4, most: 3, missing: 9 });
  assert.deepEqual(stretchesOf(uncovered, "2026-12-01"), [{ from: 3, to: 5, missing: 2 }, { from: 5, to: 6, missing: 3 }, { from: 8, to: 9, missing: 2 }]);
  assert.deepEqual(stretchesOf(uncovered, "2026-12-02"), []);
});

test("the judge's word is read: slots by their place, unplaced shifts as broken, ranges", () => {
  const range = { least: 1, most: 4 };
  const told = judgementOf({ broken: [{ rule: "day_off", agent: "1001", day: "2026-12-02" }], unplaced: [{ agent: "1002", day: "2026-12-03", why: "unknown_code" }], uncovered: [{ day: "2026-12-02", interval: "10:30", missing: 2 }], cost: 7, fairness: { weekends: range, shifts: range, minutes: range, wishes_refused: range } }, 30);
  assert.deepEqual(told.uncovered, [{ day: "2026-12-02", interval: 21, missing: 2 }]);
  assert.deepEqual(told.broken.map((broken) => broken.rule), ["day_off", "unplaced_unknown_code"]);
  assert.deepEqual(told.fairness?.weekends, [1, 4]);
});

test("a grid that was changed is told by its cells: what they hold now, and which are empty now", () => {
  const before = [shift("1001", "2026-12-01"), shift("1002", "2026-12-02", { code: "late" }), shift("1003", "2026-12-03")];
  const told = revision(before, put(before, before[0]!, "1004", "2026-12-01"));
  assert.deepEqual(told.shifts.map((one) => [one.agent, one.day]), [["1004", "2026-12-01"]]);
  assert.deepEqual(told.off, [{ agent: "1001", day: "2026-12-01" }]);
  assert.deepEqual(revision(before, before), { shifts: [], off: [] });
  const swapped = revision(before, put(before, before[0]!, "1002", "2026-12-02"));
  assert.deepEqual([swapped.shifts.length, swapped.off.length], [2, 0], "both cells are another now");
});

test("a day is drawn without gaps, and whoever eats or is away is not counted", () => {
  const [from, until] = [Date.parse("2026-12-01T00:00:00Z"), Date.parse("2026-12-01T08:00:00Z")];
  const away = { from: "2026-12-01T06:00:00.000Z", until: "2026-12-01T08:00:00.000Z", why: "leave" };
  const bars = barsOf(shift("1001", "2026-12-01", { away: [away] }), from, until);
  assert.deepEqual(bars.map((bar) => bar.activity), ["work", "break", "work", "meal", "work", "away"]);
  assert.ok(bars.every((bar, at) => at === 0 || bar.from === bars[at - 1]!.until));
  assert.deepEqual([bars[0]?.from, bars.at(-1)?.until], [0, 1]);
  const heads = headsOf([shift("1001", "2026-12-01", { away: [away] }), shift("1002", "2026-12-01", { parts: [] })], from, 1_800_000, 16);
  assert.deepEqual(heads, [2, 2, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 1, 1, 1, 1]);
});

test("a code looks the same wherever it stands, and its letters tell it from the others", () => {
  const codes = ["early", "evening", "late", "night"];
  assert.deepEqual(codes.map((code) => letterOf(code, codes)), ["EA", "EV", "L", "N"]);
  assert.deepEqual(codes.map((code) => lookOf(code, codes)), [0, 1, 2, 3]);
  assert.equal(lookOf("unheard", codes), lookOf("unheard", []), "one that is not listed has a look of its own");
  assert.equal(letterOf("早", ["早", "晚"]), "早");
});
