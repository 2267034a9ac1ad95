// Quality in a real Chromium against a real server, once in each language: a contact is drawn, replayed, marked and published; its
// agent appeals, a director reviews; points are proposed, confirmed, appealed and decided. And each page by keys, and to axe.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { accessible, desk, FLOOR, gone, launch, root, seen, serve, until } from "./harness.mjs";

const T = { timeout: 240_000 };
const ACCOUNTS = [
  ["crm", "integrator", null], ["qa1", "qa", null], ["qa2", "qa", null], ["lead", "shift_leader", null], ["lead2", "shift_leader", null], ["boss", "director", null], ["head", "manager", null],
  ["a1001", "agent", "1001"], ["a1002", "agent", "1002"],
];
// Conversations of a test are short; any hold is a long one.
const files = { "quality/sampling.toml": readFileSync(`${root}config/quality/sampling.toml`, "utf8").replace(/^talk_ms_min = .*$/m, "talk_ms_min = 0").replace(/^second_percent = .*$/m, "second_percent = 100")
  .replace(/^long_hold_ms = .*$/m, "long_hold_ms = 1") };
const SAYS = {
  "zh-CN": { desk: "质检台", published: "有新的质检评分", reviewed: "您的申诉已有结果", confirmed: "有一条扣分已确认", note: "没有报公司名称", appeal: "当时线路有杂音", review: "录音里报了公司", noise: "现场大声喧哗" },
  en: { desk: "QA desk", published: "A new evaluation", reviewed: "Your appeal was reviewed", confirmed: "Points were confirmed", note: "no company named", appeal: "The line was noisy", review: "She did name it", noise: "Loud on the floor" },
};
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

function on(what, run) {
  test(what, T, async () => {
    const server = await serve({ floor: FLOOR, accounts: ACCOUNTS, files });
    try {
      await run(server);
    } finally {
      await Promise.all(browser.contexts().map((context) => context.close()));
      await server.stop();
    }
  });
}

const quality = async (server, path, account) => (await server.ask("GET", `/api/v1/quality${path}`, undefined, account)).body;
async function say(server, path, body, account) {
  const told = await server.ask("POST", `/api/v1/quality${path}`, body, account);
  assert.ok(told.status < 300, JSON.stringify(told));
  return told.body;
}
const says = async (page, text) => until(`“${text}” is said`, async () => (await page.locator(".toasts").innerText()).includes(text));

// What somebody has proposed, the newest first; detectors propose beside her.
const proposed = async (server, who) => (await quality(server, "/ledger", "lead")).entries.filter((line) => line.by === who);

// A conversation that 1001 takes, holds for a moment, ends and wraps up, by her keys.
async function conversation(server, agent) {
  const contact = await server.call("loans");
  await seen(agent, "[data-act=accept]");
  await agent.keyboard.press("Alt+A");
  await seen(agent, `.workspace.connected[data-contact="${contact}"]`);
  await agent.keyboard.press("Alt+H");
  await seen(agent, `.workspace.held[data-contact="${contact}"] [data-act=hold]:not(:disabled)`);
  await agent.keyboard.press("Alt+H");
  await seen(agent, `.workspace.connected[data-contact="${contact}"] [data-act=hold]:not(:disabled)`);
  await agent.keyboard.press("Alt+X");
  await seen(agent, `.wrap_up[data-contact="${contact}"] #note`);
  await agent.locator("body").press("1");
  await agent.keyboard.press("Alt+W");
  await until("the contact is done with", async () => (await server.agent("1001")).contacts.length === 0);
  return contact;
}

// Answers the questions from some on with the first choice, by its key.
async function answerAll(page, from = 0) {
  const questions = await page.locator(".filling [data-question]").evaluateAll((rows) => rows.map((row) => row.dataset.question));
  for (const question of questions.slice(from)) {
    await page.locator(`.filling [data-question="${question}"] legend`).click();
    await page.keyboard.press("1");
  }
  await until("nothing is left to answer", async () => page.locator("#submit:not(:disabled)").count());
}

for (const language of ["zh-CN", "en"]) {
  const words = SAYS[language];

  on(`sample, replay, score, publish, appeal, review, ledger, ${language}`, async (server) => {
    const her = await desk(browser, server, "a1001", { language, seat: "A1" });
    await her.page.keyboard.press("Alt+Y");
    const contact = await conversation(server, her.page);

    // Sample: the draw says what it covers.
    // An address that names nothing is the first part.
    const drawer = await desk(browser, server, "qa1", { language, path: "/quality#%" });
    await seen(drawer.page, "#draw");
    assert.equal(await drawer.page.locator(".desk-name").innerText(), words.desk);
    await accessible(drawer.page, "the queue of samples");
    // The draw ends at a whole second: what ended before it is in.
    await server.later(1_100);
    await drawer.page.locator("#draw").click();
    await drawer.page.fill("#draw-dialog [name=seed]", "42");
    await drawer.page.fill("#draw-dialog [name=quota]", "2");
    await drawer.page.fill("#draw-dialog [name=evaluators]", "qa1, qa2");
    await accessible(drawer.page, "the dialog of a draw");
    await drawer.page.locator("#draw-dialog form button").click();
    await seen(drawer.page, "[data-drawn]");
    const all = language === "en" ? "1 of 1" : "1 / 1";
    assert.deepEqual((await drawer.page.locator("#draw-dialog .coverage dd").allInnerTexts()).slice(0, 4), [all, `${all} · 100%`, all.replaceAll("1", "0"), "1"], "eligible, representative, at risk besides, heard twice");
    await drawer.page.locator("#draw-dialog footer button").click();
    await gone(drawer.page, "#draw-dialog");
    const drawn = await quality(server, "/picks", "qa1");
    assert.deepEqual(drawn.picks.map((pick) => pick.contact), [contact, contact], "a first look and a second");
    // Whose the first look is follows from the seed: she reads her own queue of samples.
    const marks = drawn.picks.find((pick) => !pick.second).evaluator;
    const qa = marks === "qa1" ? drawer : await desk(browser, server, marks, { language, path: "/quality" });
    const { page } = qa;
    await seen(page, "#mine");
    await page.locator("#mine").setChecked(true);
    await page.locator(`[data-begin="${contact}"]`).click();

    // Replay: bands, events, states; by click and by key.
    await seen(page, ".filling [data-question]");
    await seen(page, ".events [data-ev='contact.connected']");
    for (const lane of ["caller", "ring", "talk", "hold", "wrap_up"]) assert.ok(await page.locator(`.band.is-${lane}`).count(), `a band of ${lane}`);
    const at = () => page.evaluate(() => Number(document.querySelector("#seek").value));
    await page.locator(".events [data-ev='contact.connected'] button").first().click();
    assert.equal(await at(), 0, "0 is when she came onto it");
    await page.locator("#speed").selectOption("0.5");
    await page.locator("#marking-title").click();
    await page.keyboard.press("K");
    await until("it plays", async () => (await at()) > 0);
    await page.keyboard.press("K");
    const stopped = await at();
    await page.keyboard.press("J");
    assert.ok((await at()) < stopped, "back");
    await page.locator("body").press("Space");
    await until("the space bar plays", async () => (await page.locator("#play").getAttribute("aria-pressed")) === "true");
    await page.locator("body").press("Space");
    await until("and stops it", async () => (await page.locator("#play").getAttribute("aria-pressed")) === "false");
    // On the slider the arrows move it, and all other keys are as everywhere.
    await page.locator("#seek").focus();
    await page.keyboard.press("K");
    await until("it plays from the slider", async () => (await page.locator("#play").getAttribute("aria-pressed")) === "true");
    await page.keyboard.press("Space");
    await until("and stops", async () => (await page.locator("#play").getAttribute("aria-pressed")) === "false");
    await page.locator(".events [data-ev='contact.held'] button").first().click();
    const { events } = await quality(server, `/replay/${contact}`, marks);
    const [connectedAt, heldAt] = ["contact.connected", "contact.held"].map((name) => Date.parse(events.find(({ ev }) => ev === name).at));
    assert.ok(Math.abs((await at()) - (heldAt - connectedAt)) <= 100, "where she put the caller on hold, to the slider's step");
    const [why] = await Promise.all([page.context().waitForEvent("page"), page.locator(".events [data-ev='offer.created'] [data-explain]").click()]);
    await seen(why, "#explain-dialog .badge.good", 30_000);
    await why.close();
    assert.ok(events.length > 5);

    // What a fact of the engine suggests is marked as such, and is no answer until it is taken.
    const suggestion = page.locator("[data-suggestion='script.asks_to_wait']");
    assert.equal(await page.locator("[data-question='script.asks_to_wait'] input:checked").count(), 0);
    await suggestion.locator("summary").click();
    await until("the events it stands on", async () => (await suggestion.locator(".evidence time").count()) > 0);
    await suggestion.locator("button").click();
    await seen(page, "[data-question='script.asks_to_wait'] input[value=no]:checked");

    // Score: by number keys, a note at a moment, the running mark as the server counts it.
    const lost = await page.locator(".filling [data-question]").first().getAttribute("data-question");
    await page.locator(`[data-question="${lost}"] legend`).click();
    await page.keyboard.press("2");
    await page.keyboard.press(",");
    await page.keyboard.press("M");
    await until("the moment is in the note", async () => /^\d\d:\d\d $/.test(await page.locator(`[data-note="${lost}"]`).inputValue()));
    await page.locator(`[data-note="${lost}"]`).pressSequentially(words.note);
    await page.locator("#marking-title").click();
    await answerAll(page, 1);
    await until("a running mark", async () => (await page.locator("[data-running]").getAttribute("data-running")) === "9800");
    await accessible(page, "the scoring screen");
    await page.reload();
    await until("answers outlive a reload", async () => page.locator("#submit:not(:disabled)").count());
    await page.keyboard.press("Alt+S");
    await seen(page, "#publish");
    assert.equal(await page.locator(".total").getAttribute("data-mark"), "9800");
    assert.equal(await page.locator("#close-evaluation").count(), 0, "it is published first: nothing has been said to it");

    // Publish: she is told at once.
    assert.deepEqual((await quality(server, "/evaluations?agent=1001", "a1001")).evaluations, [], "what is not published is not hers to see");
    await page.locator("#publish").click();
    await seen(page, "[data-step=published]");
    await says(her.page, words.published);
    await until("it waits for her", async () => (await her.page.locator("#inbox").getAttribute("data-waiting")) === "1");

    // Appeal: with one answer, and why.
    const evaluation = (await quality(server, "/evaluations", marks)).evaluations[0].evaluation;
    await her.page.keyboard.press("Alt+I");
    await her.page.locator(`[data-inbox="${evaluation}"]`).click();
    await seen(her.page, ".scorecard");
    assert.match(await her.page.locator(`.scorecard [data-question="${lost}"]`).innerText(), new RegExp(words.note));
    await accessible(her.page, "her inbox");
    await her.page.locator("#appeal").click();
    await her.page.locator("#appeal-form [name=question]").first().check();
    await her.page.locator("#appeal-form textarea").fill(words.appeal);
    // Whatever else is said of her meanwhile takes nothing from what she writes.
    const now = (await (await fetch(server.url("/version"))).json()).now;
    const read = her.page.waitForResponse((answer) => answer.url().includes("/quality/ledger?"));
    const line = await say(server, "/entries", { rule: "conduct.noise", agent: "1001", from: now, until: now }, "lead");
    await say(server, `/entries/${line.entry}/confirm`, {}, "lead2");
    await says(her.page, words.confirmed);
    await read;
    await say(server, `/entries/${line.entry}/revoke`, { why: "mistaken" }, "lead2");
    await server.later(1_000);
    assert.equal(await her.page.locator("#appeal-form textarea").inputValue(), words.appeal);
    assert.ok(await her.page.locator("#appeal-form [name=question]").first().isChecked());
    // What rings comes first, and takes no word from her.
    const second = await server.call("loans");
    await seen(her.page, "[data-act=reject]");
    await gone(her.page, "#inbox-dialog");
    await server.hangUp(second);
    await gone(her.page, "[data-act=reject]");
    await her.page.keyboard.press("Alt+I");
    await her.page.locator(`[data-inbox="${evaluation}"]`).click();
    await her.page.locator("#appeal").click();
    assert.equal(await her.page.locator("#appeal-form textarea").inputValue(), words.appeal);
    await her.page.locator("#appeal-form [name=question]").first().check();
    await her.page.locator("#appeal-send").click();
    await until("it is under appeal", async () => (await quality(server, `/evaluations/${evaluation}`, marks)).evaluation.step === "appealed");

    // Review: by another, with both versions side by side.
    const boss = await desk(browser, server, "boss", { language, path: "/quality#evaluations" });
    await boss.page.locator(`[data-evaluation="${evaluation}"]`).click();
    await seen(boss.page, "[data-appeal]");
    assert.match(await boss.page.locator("[data-appeal]").innerText(), new RegExp(words.appeal));
    await accessible(boss.page, "a review");
    await boss.page.locator("#review [name=outcome][value=changed]").check();
    await boss.page.locator(`#review [data-question="${lost}"] input[value=yes]`).check();
    await boss.page.locator("#review [name=text]").fill(words.review);
    await boss.page.locator("#review-submit").click();
    await seen(boss.page, ".scorecard.is-two");
    assert.deepEqual(await boss.page.locator(".total").evaluateAll((rows) => rows.map((row) => row.dataset.mark)), ["9800", "10000"]);
    // A word that passes: looked for before what takes its time.
    await says(her.page, words.reviewed);
    await accessible(boss.page, "both versions");
    await until("she sees both", async () => (await her.page.locator("#inbox-dialog .scorecard.is-two").count()) === 1);
    await her.page.keyboard.press("Escape");
    // Nothing more is to be said: whoever marked it closes it.
    await page.goto(server.url(`/quality#${evaluation}`));
    await page.reload();
    await page.locator("#close-evaluation").click();
    await seen(page, "[data-step=closed]");

    // Ledger: proposed by one leader, confirmed by another.
    const lead = await desk(browser, server, "lead", { language, path: "/leader" });
    await lead.page.locator("[data-tab=ledger]").click();
    await seen(lead.page, "#propose");
    await accessible(lead.page, "the ledger");
    await lead.page.locator("#propose").click();
    await lead.page.fill("#propose-dialog [name=agent]", "1001");
    // A time that she filled in stays, however the clock goes on and whatever she chooses next.
    const from = lead.page.locator("#propose-dialog [name=from]");
    const minute = new Date(Date.parse(`${(await from.inputValue()).slice(0, 16)}:01Z`) - 60_000).toISOString().slice(0, 19);
    await from.fill(minute);
    await server.later(1_100);
    await lead.page.locator("#propose-dialog [name=rule]").selectOption("conduct.noise");
    await seen(lead.page, "#propose-dialog .hint >> nth=1");
    assert.equal(await from.inputValue(), minute);
    await lead.page.fill("#propose-dialog [name=note]", words.noise);
    await accessible(lead.page, "proposing");
    await lead.page.locator("#propose-send").click();
    await seen(lead.page, "#entry-dialog");
    const [{ entry }] = await proposed(server, "lead");
    await lead.page.locator("#confirm").click();
    await until("nobody confirms what she proposed", async () => lead.page.locator(".toast.bad").count());
    assert.equal((await proposed(server, "lead"))[0].standing, "proposed");

    const other = await desk(browser, server, "lead2", { language, path: "/leader" });
    await other.page.locator("[data-tab=ledger]").click();
    await other.page.locator(`[data-entry="${entry}"]`).click();
    assert.match(await other.page.locator("#entry-dialog").innerText(), new RegExp(words.noise));
    await accessible(other.page, "a line of the ledger");
    await other.page.locator("#confirm").click();
    await seen(other.page, "#entry-dialog [data-standing=confirmed]");
    await says(her.page, words.confirmed);
    await her.page.keyboard.press("Alt+I");
    await her.page.locator(`[data-inbox="${entry}"]`).click();
    await her.page.locator("#inbox-dialog textarea").fill(words.appeal);
    await her.page.locator("#entry-appeal").click();
    await until("the line is under appeal", async () => (await proposed(server, "lead"))[0].standing === "appealed");
    await seen(other.page, `[role=row]:has([data-entry="${entry}"]) [data-standing=appealed]`, 30_000);
    assert.equal(await other.page.locator("[data-total='1001'] b").innerText(), language === "en" ? "−1" : "−1 分", "it counts until it is decided");

    await boss.page.goto(server.url("/leader"));
    await boss.page.locator("[data-tab=ledger]").click();
    await boss.page.locator(`[data-entry="${entry}"]`).click();
    assert.match(await boss.page.locator("#entry-dialog [data-appeal]").innerText(), new RegExp(words.appeal));
    await boss.page.locator("[data-form=decide] [name=text]").fill(words.review);
    await boss.page.locator("#strike").click();
    await seen(boss.page, "#entry-dialog [data-standing=struck]");
    // Who said what, to the leaders and to her.
    const told = ["proposed", "confirmed", "appealed", "decided"].map((step) => `deduction.${step}`);
    const steps = async (on) => on.locator("[data-story] li").evaluateAll((rows) => rows.map((row) => row.dataset.ev));
    await until("every step is told", async () => JSON.stringify(await steps(boss.page)) === JSON.stringify(told));
    for (const said of [words.noise, words.appeal, words.review]) assert.match(await boss.page.locator("[data-story]").innerText(), new RegExp(said));
    await accessible(boss.page, "a line that was decided");
    await until("she is told too", async () => (await steps(her.page)).length === told.length);
    assert.match(await her.page.locator("[data-ev='deduction.decided']").innerText(), new RegExp(`boss[^]*${words.review}`));
    await until("it counts no more", async () => (await boss.page.locator("[data-total='1001']").count()) === 0);

    for (const { troubles } of [her, drawer, qa, boss, lead, other]) assert.deepEqual(troubles, []);
  });
}

on("a patrol, an excuse, points within a range, and a calibration that is blind until it closes", async (server) => {
  const language = "en";
  const her = await desk(browser, server, "a1001", { language, seat: "A1" });
  await her.page.keyboard.press("Alt+Y");
  const contact = await conversation(server, her.page);

  // What is found on a round is proposed, and only that which has a rule and an agent.
  const lead = await desk(browser, server, "lead", { language, path: "/leader" });
  const ledger = lead.page;
  await seen(ledger, "[data-agent]");
  await ledger.keyboard.press("Alt+D");
  await ledger.locator("#checklist").click();
  await ledger.locator("#checklist-dialog [name=checklist]").selectOption("patrol");
  await ledger.locator("[data-item=posture] button").first().click();
  await ledger.locator("[data-item=posture] .finding input").first().fill("1001");
  await ledger.locator("[data-item=dress] button").first().click();
  await accessible(ledger, "a round");
  await ledger.locator("#round-send").click();
  await gone(ledger, "#checklist-dialog");
  const found = await proposed(server, "lead");
  assert.deepEqual(found.map(({ rule, agent, standing }) => [rule, agent, standing]), [["conduct.posture", "1001", "proposed"]]);
  // Both are read again, also what no rule and no agent stands behind.
  await ledger.locator("#checklist").click();
  await seen(ledger, "[data-record] [data-found=dress]");
  assert.match(await ledger.locator("[data-record] [data-found=posture]").innerText(), new RegExp(`1001.*${found[0].entry}`));
  assert.match(await ledger.locator("#rounds-counts").innerText(), /Dress × 1/);
  await accessible(ledger, "rounds that were recorded");
  await ledger.keyboard.press("Escape");

  // An excuse is granted, and taken back.
  await ledger.locator("#excuses").click();
  await ledger.locator("#excuses-dialog [name=why]").selectOption("visitors");
  await ledger.locator("#excuse-send").click();
  await seen(ledger, "[data-excuse]");
  await accessible(ledger, "excuses");
  await ledger.locator("[data-excuse] button").click();
  await gone(ledger, "[data-excuse]");
  await ledger.keyboard.press("Escape");

  // A rule with a range: another leader says how much. What she proposed herself another dismisses, with a reason.
  await ledger.locator("#propose").click();
  await ledger.fill("#propose-dialog [name=agent]", "1001");
  await ledger.locator("#propose-dialog [name=rule]").selectOption("conduct.damaged_equipment");
  await ledger.locator("#propose-send").click();
  await seen(ledger, "#entry-dialog");
  const [ranged] = await proposed(server, "lead");
  const other = await desk(browser, server, "lead2", { language, path: "/leader" });
  await other.page.locator("[data-tab=ledger]").click();
  await other.page.locator(`[data-entry="${ranged.entry}"]`).click();
  await other.page.locator("[data-form=confirm] [name=points]").fill("9");
  await other.page.locator("#confirm").click();
  assert.equal(await other.page.locator("[name=points]:invalid").count(), 1, "not more than the rule allows");
  await other.page.locator("[data-form=confirm] [name=points]").fill("3");
  await other.page.locator("#confirm").click();
  await seen(other.page, "#entry-dialog [data-standing=confirmed]");
  await until("three points count", async () => (await other.page.locator("[data-total='1001'] b").innerText()) === "−3");
  await other.page.keyboard.press("Escape");
  await other.page.locator(`[data-entry="${found[0].entry}"]`).click();
  await other.page.locator("#dismiss").click();
  assert.equal(await other.page.locator("[data-form=dismiss] select:invalid").count(), 1, "a dismissal says why");
  await other.page.locator("[data-form=dismiss] select").selectOption("mistaken");
  await other.page.locator("#dismiss").click();
  await seen(other.page, "#entry-dialog [data-standing=dismissed]");
  // The floor as it was when it began.
  await other.page.locator("[data-look]").click();
  await seen(other.page, ".banner.past", 30_000);
  assert.equal(await other.page.locator("[data-tab=floor]").getAttribute("aria-selected"), "true");

  // Calibration: two mark the same contact; neither sees the other's mark until it is closed.
  const [one, two] = [await desk(browser, server, "qa1", { language, path: "/quality#calibration" }), await desk(browser, server, "qa2", { language, path: "/quality#calibration" })];
  await one.page.locator("#open-round").click();
  await one.page.fill("#round-dialog [name=contact]", contact);
  await one.page.fill("#round-dialog [name=agent]", "1001");
  await one.page.fill("#round-dialog [name=raters]", "qa1, qa2");
  await accessible(one.page, "opening a round");
  await one.page.locator("#round-dialog form button").click();
  await seen(one.page, "[data-round]");
  for (const [nth, { page }] of [one, two].entries()) {
    await page.goto(server.url("/quality#calibration"));
    await page.reload();
    await page.locator("[data-round] button.strong").click();
    await seen(page, ".filling [data-question]");
    await answerAll(page);
    if (nth === 1) {
      await page.locator(".filling [data-question] legend").first().click();
      await page.keyboard.press("2");
    }
  }
  await two.page.locator(".filling [data-question]").first().locator("textarea").fill("00:01 hm");
  for (const { page } of [one, two]) {
    await page.locator("#submit:not(:disabled)").click();
    await seen(page, ".scorecard");
  }
  const own = (await quality(server, "/evaluations?mine=true", "qa2")).evaluations[0].evaluation;
  await one.page.goto(server.url(`/quality#${own}`));
  await until("it is hidden", async () => (await one.page.locator(".marking").count()) === 1 && (await one.page.locator(".scorecard").count()) === 0);
  await one.page.goto(server.url("/quality#calibration"));
  await one.page.locator("[data-round] button:not(.strong)").click();
  await seen(one.page, "[data-round] table");
  assert.match(await one.page.locator("[data-round] tbody tr").first().innerText(), /Yes × 1 · No × 1|No × 1 · Yes × 1/, "where they part comes first");
  await accessible(one.page, "a closed round");
  await one.page.goto(server.url("/quality#figures"));
  await seen(one.page, ".figure b.number");
  await accessible(one.page, "agreement and scores");
  for (const { troubles } of [her, lead, other, one, two]) assert.deepEqual(troubles, []);
});

on("she reads where it was, how her month stands and what one came to, and agrees", async (server) => {
  const language = "en";
  const her = await desk(browser, server, "a1001", { language, seat: "A1" });
  await her.page.keyboard.press("Alt+Y");
  const contact = await conversation(server, her.page);
  const points = (over) => ({ figure: { over, under: 1, report: null } });
  const given = { evaluations: points(90), work: "not_applicable", exam: "not_applicable", attendance: points(0), conduct: points(2), satisfaction: "not_applicable" };
  const { assessment } = await say(server, "/assessments", { month: "2026-01", post: "agent", rows: [{ agent: "1001", bonus: 1, given }] }, "boss");
  await say(server, `/assessments/${assessment}/approve`, {}, "head");
  const { evaluation } = await say(server, "/evaluations", { contact, agent: "1001" }, "qa1");
  const { form } = await quality(server, `/evaluations/${evaluation}`, "qa1");
  const asked = form.sections.flatMap(({ questions }) => questions).filter(({ only_if }) => !only_if);
  const answers = asked.map(({ id, kind }) => (kind === "text" ? { question: id, note: "well done" } : { question: id, choice: "yes" }));
  await say(server, `/evaluations/${evaluation}/submit`, { answers }, "qa1");
  await say(server, `/evaluations/${evaluation}/publish`, {}, "qa1");
  await until("it waits for her", async () => Number(await her.page.locator("#inbox").getAttribute("data-waiting")) === 1);
  await her.page.locator("#inbox").click();
  await seen(her.page, "#own-month [data-points='0']");
  assert.match(await her.page.locator("#own-month").innerText(), /100[^]*–[^]*n = 1/, "her mean with its interval and of how many");
  // 35 × 90, 10 × 100 and 10 × 98 of 55, and 1 for praise.
  assert.equal(await her.page.locator("[data-month='2026-01'] [data-total]").innerText(), "94.27");
  await accessible(her.page, "her inbox");
  await her.page.locator(`[data-inbox="${evaluation}"]`).click();
  assert.match(await her.page.locator("[data-part]").innerText(), /Loans · \d+:\d\d/, "in which queue and how long");
  await her.page.locator("#inbox-dialog textarea").fill("thank you");
  await her.page.locator("#acknowledge").click();
  await gone(her.page, "#acknowledge");
  const told = await quality(server, `/evaluations/${evaluation}`, "qa1");
  assert.deepEqual([told.evaluation.step, told.story.at(-1).text.text], ["acknowledged", "thank you"]);
  // One conversation that hurt nobody, and how sure that is.
  const qa = await desk(browser, server, "qa1", { language, path: "/quality#figures" });
  await seen(qa.page, "#free-of");
  assert.match(await qa.page.locator("#free-of .figure").first().innerText(), /100\.0%[^]*20\.7% – 100\.0%[^]*n = 1/);
  await accessible(qa.page, "figures with their intervals");
  for (const { troubles } of [her, qa]) assert.deepEqual(troubles, []);
});

on("a mystery contact leaves the figures, what its caller said is read, and an agent marks herself", async (server) => {
  const language = "en";
  const her = await desk(browser, server, "a1001", { language, seat: "A1" });
  await her.page.keyboard.press("Alt+Y");
  const contact = await conversation(server, her.page);
  // A key that hangs up does so once a second.
  await server.later(1_100);
  const own = await conversation(server, her.page);
  const handled = async () => (await server.ask("GET", "/api/v1/me/figures", undefined, "a1001")).body.figures.find(({ id }) => id === "handled").numerator;
  await until("both are in the figures", async () => (await handled()) === 2, 30_000);
  await say(server, "/surveys", { contact }, "crm");
  await say(server, `/surveys/${contact}/answer`, { scores: [{ question: "all", score: 1 }], comment: "never again" }, "crm");

  // The plan has its numbers, a draw its strata, and what was drawn for a risk its reason.
  const { page, troubles } = await desk(browser, server, "qa1", { language, path: "/quality" });
  await server.later(1_100);
  await page.locator("#draw").click();
  await until("the plan's numbers", async () => (await page.locator("#draw-dialog [name=quota]").getAttribute("placeholder")) === "as planned: 3");
  await page.fill("#draw-dialog [name=quota]", "0");
  await page.fill("#draw-dialog [name=quota_new]", "0");
  await page.locator("#draw-dialog form button").click();
  await seen(page, "#draw-dialog .strata");
  assert.match(await page.locator("#draw-dialog .strata tbody").innerText(), /below 1:00\s+2\s+0/);
  await accessible(page, "a draw by strata");
  await page.locator("#draw-dialog footer button").click();
  await seen(page, `[data-risk='risk.low_satisfaction']`);
  assert.match(await page.locator("[data-risk='risk.low_satisfaction']").innerText(), /low satisfaction/);

  // What the caller said stands beside the contact; that she was none is said twice, and then it counts no more.
  await page.goto(server.url(`/quality#${contact}`));
  await seen(page, "[data-survey]");
  assert.match(await page.locator("[data-survey]").innerText(), /Overall 1 of 5[^]*never again/);
  await page.locator("#mystery").click();
  await accessible(page, "marking a mystery contact");
  await page.locator("#mystery-sure").click();
  await seen(page, "[data-mystery]");
  await gone(page, "#mystery");
  await until("it has left the figures", async () => (await handled()) === 1, 30_000);
  await page.locator("#evaluate-it").click();
  assert.equal(await page.locator("#begin-dialog [name=rater] option[value=own]").count(), 0, "who takes no contacts marks others");
  await page.locator("#begin-dialog [name=rater]").selectOption("mystery");
  await seen(page, "[data-mystery-hint]");
  await page.locator("#begin-dialog form button").click();
  await seen(page, ".filling [data-question]");
  assert.match(await page.locator(".about").innerText(), /Mystery caller/);

  // From her inbox she comes to her own evaluations, and to no other part.
  await her.page.keyboard.press("Alt+I");
  const [mine] = await Promise.all([her.page.context().waitForEvent("page"), her.page.locator("#own-marks").click()]);
  await seen(mine, "#evaluate-herself");
  assert.equal(await mine.locator("[role=tab]").count(), 1);
  await mine.locator("#evaluate-herself").click();
  assert.deepEqual(await mine.locator("#begin-dialog [name=rater] option").evaluateAll((rows) => rows.map(({ value }) => value)), ["own"]);
  assert.equal(await mine.locator("#begin-dialog [name=agent]").inputValue(), "1001");
  await mine.fill("#begin-dialog [name=contact]", own);
  await accessible(mine, "beginning to mark oneself");
  await mine.locator("#begin-dialog form button").click();
  await seen(mine, ".filling [data-question]");
  await seen(mine, ".events [data-ev='contact.connected']");
  await answerAll(mine);
  await mine.locator("#submit").click();
  await seen(mine, ".scorecard");
  const rows = (await quality(server, "/evaluations", "a1001")).evaluations;
  assert.deepEqual(rows.map(({ contact: of, rater, step }) => [of, rater, step]), [[own, "own", "submitted"]], "nothing of what others began");
  for (const said of [troubles, her.troubles]) assert.deepEqual(said, []);
});

on("a month is submitted by the director, reckoned by the server, returned and approved by a manager", async (server) => {
  const language = "zh-CN";
  const words = { returned: "考试成绩有误" };
  const boss = await desk(browser, server, "boss", { language, path: "/leader" });
  await boss.page.locator("[data-tab=ledger]").click();
  await boss.page.locator("#assess").click();
  const dialog = boss.page.locator("#assess-dialog");
  // Everybody of the post is there, with what the server can reckon: of the ledger, that it took nothing.
  await seen(boss.page, "[data-cell='1001 conduct'] [data-evidence]");
  assert.equal(await dialog.locator("[data-cell='1001 conduct'] input").inputValue(), "0");
  await dialog.locator("[name=agents]").fill("1001 1002");
  const fill = async (agent, marks) => { for (const [line, mark] of Object.entries(marks)) await dialog.locator(`[data-cell="${agent} ${line}"] input`).fill(mark); };
  // What does not apply to her is left empty: 35 × 90, 15 × 80, 10 × 98 and 10 × 100 of 70, and 2 for praise.
  await fill("1001", { evaluations: "90", exam: "80", attendance: "2" });
  await dialog.locator("tbody tr").first().locator("[name=bonus]").fill("2");
  await fill("1002", { evaluations: "80", exam: "80", attendance: "0" });
  await accessible(boss.page, "a month's table");
  await dialog.locator("form > button").click();
  await gone(boss.page, "#assess-dialog");
  await seen(boss.page, "[data-assessment]");
  const head = await desk(browser, server, "head", { language, path: "/leader" });
  await head.page.locator("[data-tab=ledger]").click();
  await head.page.locator("[data-assessment] summary").click();
  const total = (page, agent) => page.locator(`[data-row="${agent}"] [data-total]`).innerText();
  assert.equal(await head.page.locator("[data-assessment] [data-row]").count(), 2);
  assert.equal(await total(head.page, "1001"), "92.43", "6330 ÷ 70, and 2");
  assert.equal(await total(head.page, "1002"), "85.71", "6000 ÷ 70");
  assert.equal(await head.page.locator("[data-row='1001'] [data-line=attendance]").innerText(), "2 → 98");
  await accessible(head.page, "a month to be approved");
  // She returns it, and says why: the director reads it, and begins from what was there.
  await head.page.locator("[data-assessment] form input").fill(words.returned);
  await head.page.locator("[data-assessment] form button:not([type=button])").click();
  await until("it is returned", async () => (await quality(server, "/assessments", "head")).assessments[0].standing === "returned");
  await boss.page.reload();
  await seen(boss.page, "[data-returned]");
  assert.match(await boss.page.locator("[data-returned]").innerText(), new RegExp(`head[^]*${words.returned}`));
  await boss.page.locator("#assess").click();
  await until("what was there is there again", async () => (await dialog.locator("[data-cell='1001 exam'] input").inputValue()) === "80");
  await fill("1001", { exam: "87" });
  await dialog.locator("form > button").click();
  await gone(boss.page, "#assess-dialog");
  await head.page.reload();
  const again = head.page.locator("[data-assessment]:has([data-approve])");
  await again.locator("summary").click();
  assert.equal(await again.locator("[data-row='1001'] [data-total]").innerText(), "93.93", "6435 ÷ 70, and 2");
  await again.locator("[data-approve]").click();
  await until("it holds", async () => (await quality(server, "/assessments", "head")).assessments[0].standing === "approved");
  await gone(head.page, "[data-approve]");
  for (const { troubles } of [boss, head]) assert.deepEqual(troubles, []);
});
