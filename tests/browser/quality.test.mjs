// Quality in a real Chromium against a real server, once in each language: a contact is drawn, replayed, marked and published; its
// agent appeals, a director reviews; points are proposed, confirmed, appealed and decided. And each page by keys, and to axe.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { accessible, desk, FLOOR, launch, root, serve, until } from "./harness.mjs";

const T = { timeout: 240_000 };
const ACCOUNTS = [
  ["crm", "integrator", null], ["qa1", "qa", null], ["qa2", "qa", null], ["lead", "shift_leader", null], ["lead2", "shift_leader", null], ["boss", "director", null],
  ["a1001", "agent", "1001"], ["a1002", "agent", "1002"],
];
// Conversations of a test are short.
const files = { "quality/sampling.toml": readFileSync(`${root}config/quality/sampling.toml`, "utf8").replace(/^talk_ms_min = .*$/m, "talk_ms_min = 0").replace(/^second_percent = .*$/m, "second_percent = 100") };
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

const seen = (page, selector, ms = 15_000) => page.locator(selector).first().waitFor({ timeout: ms });
const gone = (page, selector, ms = 15_000) => page.locator(selector).first().waitFor({ state: "detached", timeout: ms });
const quality = async (server, path, account) => (await server.ask("GET", `/api/v1/quality${path}`, undefined, account)).body;
const says = async (page, text) => until(`“${text}” is said`, async () => (await page.locator(".toasts").innerText()).includes(text));

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
  await seen(agent, "#note");
  await agent.locator("body").press("1");
  await agent.keyboard.press("Alt+W");
  await until("the contact is done with", async () => (await server.agent("1001")).contacts.length === 0);
  return contact;
}

for (const language of ["zh-CN", "en"]) {
  const words = SAYS[language];

  on(`sample, replay, score, publish, appeal, review, ledger, ${language}`, async (server) => {
    const her = await desk(browser, server, "a1001", { language, seat: "A1" });
    await her.page.keyboard.press("Alt+Y");
    const contact = await conversation(server, her.page);

    // Sample: the draw says what it covers.
    const qa = await desk(browser, server, "qa1", { language, path: "/quality" });
    const page = qa.page;
    await seen(page, "#draw");
    assert.equal(await page.locator(".desk-name").innerText(), words.desk);
    await accessible(page, "the queue of samples");
    // The draw ends at a whole second: what ended before it is in.
    await server.later(1_100);
    await page.locator("#draw").click();
    await page.fill("#draw-dialog [name=seed]", "42");
    await page.fill("#draw-dialog [name=evaluators]", "qa1, qa2");
    await accessible(page, "the dialog of a draw");
    await page.locator("#draw-dialog form button").click();
    await seen(page, "[data-drawn]");
    assert.match(await page.locator("#draw-dialog .coverage").innerText(), /1/);
    await page.locator("#draw-dialog footer button").click();
    await gone(page, "#draw-dialog");
    const drawn = await quality(server, "/picks", "qa1");
    assert.deepEqual(drawn.picks.map((pick) => pick.contact), [contact, contact], "a first look and a second");
    const first = drawn.picks.find((pick) => !pick.second).evaluator;
    if (first !== "qa1") await server.ask("POST", `/api/v1/quality/picks/${contact}/reassign`, { second: true, to: "lead" }, "qa1").then(() => server.ask("POST", `/api/v1/quality/picks/${contact}/reassign`, { second: false, to: "qa1" }, "qa1"));
    await page.reload();
    await page.locator(`[data-begin="${contact}"]`).first().click();

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
    await page.locator(".events [data-ev='contact.held'] button").first().click();
    const held = await at();
    assert.ok(held >= 0);
    assert.ok(await page.locator(".events [data-ev='offer.created'] [data-explain]").count(), "why this agent is a click away");
    assert.ok((await quality(server, `/replay/${contact}`, "qa1")).events.length > 5);

    // Score: by number keys, a note at a moment, the running mark as the server counts it.
    const lost = await page.locator(".filling [data-question]").first().getAttribute("data-question");
    await page.locator(`[data-question="${lost}"] legend`).click();
    await page.keyboard.press("2");
    await page.keyboard.press(",");
    await page.keyboard.press("M");
    await until("the moment is in the note", async () => /^\d\d:\d\d $/.test(await page.locator(`[data-note="${lost}"]`).inputValue()));
    await page.locator(`[data-note="${lost}"]`).pressSequentially(words.note);
    await page.locator("#marking-title").click();
    const questions = await page.locator(".filling [data-question]").evaluateAll((rows) => rows.map((row) => row.dataset.question));
    for (const question of questions.slice(1)) {
      await page.locator(`[data-question="${question}"] legend`).click();
      await page.keyboard.press("1");
    }
    await until("nothing is left to answer", async () => page.locator("#submit:not(:disabled)").count());
    await until("a running mark", async () => (await page.locator("[data-running]").getAttribute("data-running")) === "9800");
    await accessible(page, "the scoring screen");
    await page.reload();
    await until("answers outlive a reload", async () => page.locator("#submit:not(:disabled)").count());
    await page.keyboard.press("Alt+S");
    await seen(page, "#publish");
    assert.equal(await page.locator(".total").getAttribute("data-mark"), "9800");

    // Publish: she is told at once.
    assert.equal(await her.page.locator("#inbox").getAttribute("data-waiting"), "0", "what is not published is not hers to see");
    await page.locator("#publish").click();
    await seen(page, "[data-step=published]");
    await says(her.page, words.published);
    await until("it waits for her", async () => (await her.page.locator("#inbox").getAttribute("data-waiting")) === "1");

    // Appeal: with one answer, and why.
    const evaluation = (await quality(server, "/evaluations", "qa1")).evaluations[0].evaluation;
    await her.page.keyboard.press("Alt+I");
    await her.page.locator(`[data-inbox="${evaluation}"]`).click();
    await seen(her.page, ".scorecard");
    assert.match(await her.page.locator(`.scorecard [data-question="${lost}"]`).innerText(), new RegExp(words.note));
    await accessible(her.page, "her inbox");
    await her.page.locator("#appeal").click();
    await her.page.locator("#appeal-form [name=question]").first().check();
    await her.page.locator("#appeal-form textarea").fill(words.appeal);
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
    await until("it is under appeal", async () => (await quality(server, `/evaluations/${evaluation}`, "qa1")).evaluation.step === "appealed");

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
    await accessible(boss.page, "both versions");
    await says(her.page, words.reviewed);
    await until("she sees both", async () => (await her.page.locator("#inbox-dialog .scorecard.is-two").count()) === 1);
    await her.page.keyboard.press("Escape");

    // Ledger: proposed by one leader, confirmed by another.
    const lead = await desk(browser, server, "lead", { language, path: "/leader" });
    await lead.page.locator("[data-tab=ledger]").click();
    await seen(lead.page, "#propose");
    await accessible(lead.page, "the ledger");
    await lead.page.locator("#propose").click();
    await lead.page.fill("#propose-dialog [name=agent]", "1001");
    await lead.page.locator("#propose-dialog [name=rule]").selectOption("conduct.noise");
    await lead.page.fill("#propose-dialog [name=note]", words.noise);
    await accessible(lead.page, "proposing");
    await lead.page.locator("#propose-send").click();
    await seen(lead.page, "#entry-dialog");
    const [{ entry }] = (await quality(server, "/ledger", "lead")).entries;
    await lead.page.locator("#confirm").click();
    await until("nobody confirms what she proposed", async () => lead.page.locator(".toast.bad").count());
    assert.equal((await quality(server, "/ledger", "lead")).entries[0].standing, "proposed");

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
    await until("the line is under appeal", async () => (await quality(server, "/ledger", "boss")).entries[0].standing === "appealed");
    assert.equal(await other.page.locator("[data-total='1001'] b").innerText(), language === "en" ? "−1" : "−1 分", "it counts until it is decided");

    await boss.page.goto(server.url("/leader"));
    await boss.page.locator("[data-tab=ledger]").click();
    await boss.page.locator(`[data-entry="${entry}"]`).click();
    assert.match(await boss.page.locator("#entry-dialog [data-appeal]").innerText(), new RegExp(words.appeal));
    await boss.page.locator("#strike").click();
    await seen(boss.page, "#entry-dialog [data-standing=struck]");
    await until("it counts no more", async () => (await boss.page.locator("[data-total='1001']").count()) === 0);

    for (const { troubles } of [her, qa, boss, lead, other]) assert.deepEqual(troubles, []);
  });
}
