import assert from "node:assert/strict";
import { test } from "node:test";
import { canBeClosed, givenOf, isAsked, lacksNote, leftOver, momentText, offeredOf, questionsOf, sentOf, taken, withMoment, type Givens } from "../pages/marks/answers.ts";
import { lastAt, lineOf, shareOf } from "../pages/marks/bands.ts";
import { Player } from "../pages/marks/player.ts";
import type { Form, Leg, Question, Replay, ReplayEvent } from "../pages/marks/shapes.ts";

const words = (text: string) => ({ zh: text, en: text });
const question = (id: string, part: Partial<Question> = {}): Question => ({
  id, text: words(id), guidance: words(""), kind: "yes_no", worth: { points: 10 }, weight: 1, na: false, critical: "none", fatal: null, note: "never", only_if: null, suggested_by: null, source: "", ...part,
});
const choice = (id: string, points: number, part = {}) => ({ id, points, text: words(id), fatal: null, note: false, ...part });
const FORM: Form = {
  form: "service", version: 1, title: words("service"), channels: [], method: "points", bands: [],
  sections: [
    { id: "opening", title: words("opening"), weight: 0, questions: [question("greets", { worth: { deduct: 2 }, note: "when_lost" }), question("kind", { kind: { choice: [choice("good", 10), choice("bad", 0, { note: true })] }, na: true })] },
    { id: "ending", title: words("ending"), weight: 0, questions: [
      question("resolved"), question("why_not", { only_if: { question: "resolved", is: ["no"] }, note: "always" }), question("deeper", { only_if: { question: "why_not", is: ["no"] } }),
      question("points", { kind: "number", worth: { points: 5 } }), question("remark", { kind: "text", worth: "unscored" }), question("praise", { worth: { bonus: 3 }, note: "when_lost" }),
    ] },
  ],
};
const one = (id: string): Question => questionsOf(FORM).find((known) => known.id === id)!;
const text = "";

test("a question is asked after the answer that it depends on, and not after one that is itself not asked", () => {
  const asked = (given: Givens) => questionsOf(FORM).filter((known) => isAsked(FORM, known, given)).map(({ id }) => id);
  assert.equal(asked({}).includes("why_not"), false);
  assert.equal(asked({ resolved: { choice: "yes", text } }).includes("why_not"), false);
  assert.equal(asked({ resolved: { choice: "no", text } }).includes("why_not"), true);
  assert.equal(asked({ resolved: { choice: "no", text }, why_not: { choice: "no", text } }).includes("deeper"), true);
  assert.equal(asked({ resolved: { choice: "yes", text }, why_not: { choice: "no", text } }).includes("deeper"), false, "an answer of before is no reason");
});

test("number keys choose in the order of the form, what does not apply comes last", () => {
  assert.deepEqual(offeredOf(one("greets")).map(({ id }) => id), ["yes", "no"]);
  assert.deepEqual(offeredOf(one("kind")).map(({ id }) => id), ["good", "bad", "na"]);
  assert.deepEqual(offeredOf(one("points")), []);
  assert.equal(offeredOf(question("fatal", { fatal: "form" }))[1]!.fatal, "form", "the answer that earns nothing is the fatal one");
});

test("a note is needed when something was lost, when its choice says so, or always", () => {
  const lacks = (id: string, given: object) => lacksNote(one(id), { text, ...given });
  assert.equal(lacks("greets", { choice: "yes" }), false);
  assert.equal(lacks("greets", { choice: "no" }), true);
  assert.equal(lacks("greets", { choice: "no", text: "02:05 no company" }), false);
  assert.equal(lacks("greets", { choice: "no", text: "  " }), true, "blanks are no note");
  assert.equal(lacks("kind", { choice: "bad" }), true);
  assert.equal(lacks("kind", { choice: "na" }), false);
  assert.equal(lacks("why_not", { choice: "yes" }), true);
  assert.equal(lacks("praise", { choice: "no" }), false, "a bonus that was not earned is no loss");
  assert.deepEqual(leftOver(FORM, { greets: { choice: "no", text } }), { unanswered: ["kind", "resolved", "points", "remark", "praise"], unnoted: ["greets"] });
});

test("only what was asked and answered is sent", () => {
  const given: Givens = {
    greets: { choice: "no", text: " 00:03 hello only ", at_ms: 3_000, suggested: true }, kind: { choice: "good", text }, resolved: { choice: "yes", text }, why_not: { choice: "no", text: "of before" },
    points: { value: 4, text }, remark: { text: "calm" },
  };
  assert.deepEqual(sentOf(FORM, given), [
    { question: "greets", choice: "no", note: "00:03 hello only", at_ms: 3_000, suggested: true }, { question: "kind", choice: "good" }, { question: "resolved", choice: "yes" }, { question: "points", value: 4 }, { question: "remark", note: "calm" },
  ]);
  assert.deepEqual(sentOf(FORM, { points: { value: 6, text } }), [], "more than it is worth is no answer");
});

test("a suggestion is taken with her own note, and a review begins with what was submitted", () => {
  assert.deepEqual(taken({ question: "greets", choice: "no", fact: "f", evidence: [7] }, { choice: "yes", text: "00:01 x" }), { choice: "no", text: "00:01 x", suggested: true });
  const answers = [{ question: "greets", choice: "no", value: null, note: { text: "n", masked: false }, at_ms: 5, suggested: true }, { question: "points", choice: null, value: 3, note: null, at_ms: null, suggested: false }, { question: "remark", choice: null, value: null, note: { text: "w" }, at_ms: null, suggested: false }];
  assert.deepEqual(givenOf(answers), { greets: { choice: "no", text: "n", at_ms: 5 }, points: { value: 3, text: "" }, remark: { text: "w" } });
});

test("by hand an evaluation is closed where the desk allows it: all has been said, or it is for the evaluators alone", () => {
  const steps = ["drafted", "discarded", "submitted", "published", "acknowledged", "appealed", "reviewed", "closed"] as const;
  const closes = (rater: string) => steps.filter((step) => canBeClosed({ rater, step }));
  assert.deepEqual(["quality", "own", "peer", "mystery"].map(closes), Array(4).fill(["acknowledged", "reviewed"]));
  assert.deepEqual(["calibration", "second"].map(closes), Array(2).fill(["submitted", "acknowledged", "reviewed"]));
});

test("a moment stands before what is said of it", () => {
  assert.deepEqual([0, 125_400, -35_000, 3_723_000, -400].map(momentText), ["00:00", "02:05", "−00:35", "62:03", "00:00"]);
  assert.equal(withMoment("", 5_000), "00:05 ");
  assert.equal(withMoment("00:05 late", 61_000), "00:05 late\n01:01 ");
});

const at = (s: number) => new Date(Date.UTC(2026, 10, 27, 8, 0, s)).toISOString();
const leg = (kind: string, from: number, to: number | null, part: Partial<Leg> = {}): Leg => ({ kind, agent: null, role: null, queue: null, offer: null, code: null, outcome: null, reason: null, from: at(from), to: to === null ? null : at(to), ...part });
const event = (seq: number, s: number, ev: string, data = {}): ReplayEvent => ({ seq, at: at(s), ev, data });
const REPLAY: Replay = {
  contact: "c-1", from: at(0), until: at(80), offers: [], evaluations: [], recording: null, seq: 99,
  legs: [leg("queue", 0, 20, { queue: "loans" }), leg("step", 0, 20), leg("offer", 10, 20, { agent: "1001", offer: "o-1", outcome: "accepted" }), leg("talk", 20, 50, { agent: "1001" }), leg("hold", 30, 35, { agent: "1001" }), leg("wrap_up", 50, 80, { agent: "1001" })],
  events: [event(1, 0, "contact.arrived"), event(2, 10, "offer.created", { agent: "1001", offer: "o-1" }), event(3, 20, "contact.connected", { agent: "1001" }), event(4, 25, "contact.muted", { agent: "1001" }), event(5, 28, "contact.unmuted", { agent: "1001" }), event(6, 40, "contact.muted", { agent: "1001" }), event(7, 45, "contact.transferred", { agent: "1001", to: "1002" }), event(8, 50, "contact.ended")],
  states: [{ agent: "1001", state: "idle", reason: null, seq: 1, from: at(-600), until: at(20) }, { agent: "1001", state: "not_ready", reason: "training", seq: 9, from: at(80), until: null }, { agent: "1002", state: "idle", reason: null, seq: 2, from: at(-900), until: at(-800) }],
};

test("bands lie on a line that is counted from when she came onto it", () => {
  const line = lineOf(REPLAY, "1001");
  assert.deepEqual([line.from, line.until], [-20_000, 60_000]);
  const lanes = (lane: string) => line.bands.filter((band) => band.lane === lane).map(({ from, until }) => [from, until]);
  assert.deepEqual(lanes("caller"), [[-20_000, 0]], "a step within a stay is no band of its own");
  assert.deepEqual(lanes("ring"), [[-10_000, 0]]);
  assert.deepEqual(lanes("talk"), [[0, 30_000]]);
  assert.deepEqual(lanes("hold"), [[10_000, 15_000]]);
  assert.deepEqual(lanes("mute"), [[5_000, 8_000], [20_000, 30_000]], "a muting that nobody ended ends with the contact");
  assert.deepEqual(lanes("transfer"), [[25_000, 25_000]]);
  assert.deepEqual(lanes("wrap_up"), [[30_000, 60_000]]);
  assert.deepEqual(line.stays, [{ agent: "1001", state: "idle", reason: null, from: -80_000, until: 0 }, { agent: "1001", state: "not_ready", reason: "training", from: 60_000, until: 120_000 }], "cut to what lies around it");
  assert.equal(lastAt(line.moments, 12_000)?.seq, 5);
  assert.equal(lastAt(line.moments, -30_000), null);
  assert.deepEqual([-20_000, 20_000, 60_000, 99_000].map((ms) => shareOf(line, ms)), [0, 50, 100, 100]);
});

test("the play-head follows its speed, stays within the span, and begins again after the end", () => {
  let [local, tick] = [0, () => {}];
  const player = new Player(() => local, (_, what) => { tick = what; return 1; }, () => { tick = () => {}; });
  const pass = (ms: number) => { local += ms; tick(); };
  player.span(-20_000, 60_000);
  assert.equal(player.at.value, 0, "where she came onto it");
  player.toggle();
  pass(1_000);
  player.setSpeed(8);
  pass(1_000);
  assert.equal(player.at.value, 9_000);
  player.by(-90_000);
  assert.equal(player.at.value, -20_000);
  player.setSpeed(0.5);
  pass(1_000);
  assert.equal(player.at.value, -19_500);
  player.setSpeed(1e9);
  assert.equal(player.speed.value, 100, "any speed, up to the named limit");
  pass(5_000);
  assert.deepEqual([player.at.value, player.isPlaying.value], [60_000, false]);
  player.toggle();
  assert.equal(player.at.value, -20_000);
  player.setSpeed(1);
  player.shift(1);
  player.shift(1);
  assert.equal(player.speed.value, 2);
  player.shift(-1);
  assert.equal(player.speed.value, 1.5);
});
