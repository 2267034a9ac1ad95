import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock } from "../pages/core/clock.ts";
import { Keys, nameOfStroke, type Stroke } from "../pages/core/keys.ts";
import { Rows } from "../pages/core/rows.ts";
import { desksOf } from "../pages/core/session.ts";
import { civilOf, clockOf, dayStartOf, instantOf, isoOf, leftOf, percentOf, setZone, timeOf } from "../pages/core/spans.ts";

test("the clock believes the sample that is furthest ahead, and forgets it in time", () => {
  let local = 0;
  const clock = new Clock(() => local, 5_000_000);
  assert.equal(clock.now(), 5_000_000, "nothing was told yet");
  clock.tell(1_000_000);
  assert.equal(clock.now(), 1_000_000);
  local = 1_000;
  clock.tell(1_000_400);
  assert.equal(clock.now(), 1_001_000, "a stamp of a quiet floor is old");
  clock.tell(1_001_200);
  assert.equal(clock.now(), 1_001_200);
  local = 2_000;
  clock.tell(1_002_000, 1_600);
  assert.equal(clock.now(), 1_002_200, "400 ms there and back: it is not believed to be ahead of the better sample");
  local = 700_000;
  clock.tell(1_700_100);
  assert.equal(clock.now(), 1_700_100, "old samples are forgotten: clocks drift");
});

test("a clock that runs faster goes on from where it is", () => {
  let local = 0;
  const clock = new Clock(() => local, 0);
  clock.tell(1_000_000);
  clock.setScale(60);
  local = 1_000;
  assert.equal(clock.now(), 1_060_000);
  clock.tell(1_060_500);
  assert.equal(clock.now(), 1_060_500);
});

test("spans read as people say them", () => {
  assert.deepEqual([0, 999, 5_000, 65_000, 3_723_000, -5_000].map((ms) => clockOf(ms)), ["0:00", "0:00", "0:05", "1:05", "1:02:03", "0:00"]);
  assert.deepEqual([20_000, 19_001, 1, 0, -1].map(leftOf), ["0:20", "0:20", "0:01", "0:00", "0:00"]);
  assert.equal(clockOf(-65_000, true), "−1:05");
  assert.deepEqual([percentOf(1, 3), percentOf(0, 0)], ["33%", "–"]);
});

test("instants read by the site's clocks, also on the day that they are set", () => {
  setZone("Asia/Shanghai");
  const at = Date.parse("2026-11-26T17:00:05Z");
  assert.equal(civilOf(at), "2026-11-27T01:00:05");
  assert.equal(instantOf("2026-11-27T01:00:05"), at);
  assert.equal(isoOf("2026-11-27T01:00:05"), new Date(at).toISOString());
  assert.equal(isoOf("2026-11-27T01:00"), new Date(at - 5_000).toISOString(), "a field of minutes has no seconds");
  assert.throws(() => isoOf(""));
  assert.equal(dayStartOf(at), Date.parse("2026-11-26T16:00:00Z"));
  assert.equal(timeOf(at, "en"), "01:00:05");
  setZone("Europe/Berlin");
  for (const instant of ["2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-10-25T02:30:00Z"].map(Date.parse)) assert.equal(instantOf(civilOf(instant)), instant);
  assert.equal(dayStartOf(Date.parse("2026-03-29T12:00:00Z")), Date.parse("2026-03-28T23:00:00Z"));
  assert.ok(Math.abs(instantOf("2026-03-29T02:30:00") - Date.parse("2026-03-29T01:30:00Z")) <= 3_600_000, "it is never far off");
  setZone("Nowhere/AtAll");
  assert.equal(timeOf(at, "en"), "18:00:05", "a zone that nobody knows changes nothing");
  assert.ok(Number.isNaN(instantOf("soon")));
});

const stroke = (more: Partial<Stroke>): Stroke => ({ code: "", key: "", altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, isComposing: false, keyCode: 0, repeat: false, inField: false, ...more });

test("a stroke is named by the place of its letter, and not at all while somebody composes", () => {
  assert.equal(nameOfStroke(stroke({ code: "KeyA", key: "å", altKey: true })), "Alt+A");
  assert.equal(nameOfStroke(stroke({ code: "KeyA", key: "a", altKey: true, shiftKey: true, ctrlKey: true })), "Ctrl+Alt+Shift+A");
  assert.equal(nameOfStroke(stroke({ code: "Digit3", key: "3" })), "3");
  assert.equal(nameOfStroke(stroke({ code: "Numpad3", key: "3" })), "3");
  assert.equal(nameOfStroke(stroke({ code: "Slash", key: "?", shiftKey: true })), "?");
  assert.equal(nameOfStroke(stroke({ code: "Slash", key: "？", shiftKey: true })), "?");
  assert.equal(nameOfStroke(stroke({ code: "F2", key: "F2" })), "F2");
  assert.equal(nameOfStroke(stroke({ code: "AltLeft", key: "Alt", altKey: true })), null);
  assert.equal(nameOfStroke(stroke({ code: "KeyA", key: "a", altKey: true, isComposing: true })), null);
  assert.equal(nameOfStroke(stroke({ code: "KeyA", key: "Process", altKey: true, keyCode: 229 })), null);
  assert.equal(nameOfStroke(stroke({ code: "Digit1", key: "1", keyCode: 229 })), null, "a digit chooses a candidate then");
});

function bench() {
  let time = 0;
  const done: string[] = [];
  const kept: Record<string, string>[] = [];
  const keys = new Keys({}, (maps) => kept.push(maps), () => time);
  keys.add(
    { id: "accept", key: "Alt+A", scope: "offer", run: () => done.push("accept") },
    { id: "end", key: "Alt+X", scope: "contact", throttleMs: 1_000, run: () => done.push("end") },
    { id: "code-1", key: "1", scope: "wrapup", run: () => done.push("code-1") },
    { id: "hold", key: "Alt+H", scope: "contact", can: () => false, run: () => done.push("hold") },
    { id: "sheet", key: "?", scope: "always", run: () => done.push("sheet") },
  );
  return { keys, done, kept, pass: (ms: number) => (time += ms) };
}

const press = (keys: Keys, key: string, more: Partial<Stroke> = {}, blocked = false) => {
  const parts = key.split("+");
  const last = parts.at(-1)!;
  const code = /^[A-Z]$/.test(last) ? `Key${last}` : /^\d$/.test(last) ? `Digit${last}` : last;
  return keys.take(stroke({ code, key: last.toLowerCase(), altKey: parts.includes("Alt"), ctrlKey: parts.includes("Ctrl"), ...more }), blocked);
};

test("keys do what they stand for, where they may", () => {
  const { keys, done } = bench();
  assert.ok(press(keys, "Alt+A"));
  assert.ok(press(keys, "Alt+A", { inField: true }), "with a modifier it types nothing, so a field does not keep it");
  assert.ok(!press(keys, "1", { inField: true }));
  assert.ok(press(keys, "1"));
  assert.ok(!press(keys, "Alt+A", { isComposing: true }));
  assert.ok(press(keys, "Alt+H"), "it is ours, so the browser's menu does not open, though nothing is done");
  assert.ok(!press(keys, "Alt+Z"));
  assert.deepEqual(done, ["accept", "accept", "code-1"]);
});

test("what cannot be taken back is throttled, and a held key counts once", () => {
  const { keys, done, pass } = bench();
  press(keys, "Alt+X");
  pass(999);
  press(keys, "Alt+X");
  keys.run("end");
  pass(2);
  press(keys, "Alt+X", { repeat: true });
  assert.deepEqual(done, ["end"]);
  press(keys, "Alt+X");
  assert.deepEqual(done, ["end", "end"]);
});

test("while a dialog is open only what is always good is", () => {
  const { keys, done } = bench();
  assert.ok(!press(keys, "Alt+A", {}, true));
  assert.ok(keys.take(stroke({ code: "Slash", key: "?" }), true));
  assert.deepEqual(done, ["sheet"]);
});

test("keys are given anew, conflicts are told, and all can be as before", () => {
  const { keys, done, kept } = bench();
  keys.map("end", "Alt+A");
  assert.deepEqual([...keys.conflicts()], [["Alt+A", ["accept", "end"]]]);
  keys.map("accept", "F2");
  assert.equal(keys.conflicts().size, 0);
  keys.map("code-1", "");
  assert.ok(!press(keys, "1"));
  press(keys, "Alt+A");
  keys.take(stroke({ code: "F2", key: "F2", inField: true }));
  assert.deepEqual(done, ["end", "accept"]);
  assert.deepEqual(kept.at(-1), { end: "Alt+A", accept: "F2", "code-1": "" });
  keys.reset();
  assert.equal(keys.keyOf("accept"), "Alt+A");
  assert.deepEqual(kept.at(-1), {});
});

test("a row is a signal: its neighbour's change does not touch it", () => {
  const rows = new Rows<{ id: string; n: number }>((row) => row.id);
  rows.take([{ id: "b", n: 1 }, { id: "a", n: 1 }]);
  assert.deepEqual(rows.ids.value, ["a", "b"]);
  const [ids, a] = [rows.ids.value, rows.row("a")];
  rows.take([{ id: "b", n: 2 }]);
  assert.equal(rows.ids.value, ids, "nobody came and nobody went");
  assert.equal(rows.row("a"), a);
  assert.equal(rows.peek("b")?.n, 2);
  rows.take([{ id: "c", n: 1 }], ["a"]);
  assert.deepEqual(rows.ids.value, ["b", "c"]);
  rows.take([{ id: "c", n: 5 }], [], true);
  assert.deepEqual(rows.all(), [{ id: "c", n: 5 }]);
});

test("desks follow roles", () => {
  const who = (roles: string[], agent: string | null = null) => desksOf({ roles, agent });
  assert.deepEqual(who(["agent"], "1001"), ["agent"]);
  assert.deepEqual(who(["shift_leader"]), ["leader", "intraday", "quality", "planner"]);
  assert.deepEqual(who(["team_leader"], "1001"), ["agent", "leader", "intraday", "quality"]);
  assert.deepEqual(who(["planner"]), ["leader", "intraday", "planner"]);
  assert.deepEqual(who(["integrator"]), []);
});
