// The agent desk in a real Chromium against a real server: a whole day, and everything that goes wrong in one.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, bounded, cable, command, desk, FLOOR, gone, launch, PASSWORD, seen, serve, until, watch } from "./harness.mjs";

const T = { timeout: 180_000 };
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

// A test with a server of its own, and every context that it opened closed.
function on(what, options, run) {
  test(what, T, async () => {
    const server = await serve(options);
    try {
      await run(server);
    } finally {
      await Promise.all(browser.contexts().map((context) => context.close()));
      await server.stop();
    }
  });
}

const activity = (server, agent, wanted) => until(`${agent} is ${wanted}`, async () => (await server.agent(agent)).activity === wanted);
const text = (page, said, ms = 15_000) => page.getByText(said).first().waitFor({ timeout: ms });
const ready = async (server, page, agent) => {
  await page.keyboard.press("Alt+Y");
  await activity(server, agent, "idle");
};
const talks = async (server, page, agent, queue = "loans", more = {}) => {
  const contact = await server.call(queue, more);
  await seen(page, ".incoming");
  await page.keyboard.press("Alt+A");
  await seen(page, `.workspace[data-contact="${contact}"]`);
  await activity(server, agent, "talking");
  return contact;
};

const SAYS = {
  "zh-CN": {
    wrong: "账号或密码不正确", microphone: "麦克风可用", ringing: "来电", waited: "已等待", held: "保持中", hungUp: "来电者已挂断", asked: "已申请", granted: "小休已批准", pending: "话后转为",
    hand: "放下举手", out: "您已签出", title: /空闲/, masked: "此队列没有话术", noted: "客户要求提前还款", abandoned: "放弃 1 次",
  },
  en: {
    wrong: "The account or its password is not right", microphone: "The microphone works", ringing: "Incoming", waited: "Waited", held: "On hold", hungUp: "The caller hung up", asked: "Asked for", granted: "Break granted",
    pending: "After this", hand: "Lower hand", out: "nothing will be offered", title: /Ready/, masked: "This queue has no script", noted: "wants to repay early", abandoned: "1 abandoned",
  },
};

for (const language of ["zh-CN", "en"]) {
  const says = SAYS[language];
  on(`an agent's day, ${language}`, { passwords: ["a1001"] }, async (server) => {
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, permissions: ["microphone"], reducedMotion: "reduce" });
    const page = await context.newPage();
    const troubles = watch(page);
    await page.goto(server.url("/"));
    await seen(page, "form");
    assert.equal(await page.evaluate(() => document.documentElement.lang), "zh-CN", "Chinese first");
    if (language === "en") await page.click("#language");
    await page.fill("[name=account]", "a1001");
    await page.fill("[name=password]", "not the password");
    await page.keyboard.press("Enter");
    await text(page, says.wrong, 40_000);
    await page.fill("[name=password]", PASSWORD);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/agent", { timeout: 40_000 });
    assert.equal(await page.evaluate(() => localStorage.getItem("cordboard.session")), null, "the token is kept by this tab alone");

    // She sits down, after a look at her microphone.
    await seen(page, "[name=seat]");
    await page.click("#device-check");
    await text(page, says.microphone);
    await page.fill("[name=seat]", "A12");
    await page.keyboard.press("Enter");
    await seen(page, "#state");
    await activity(server, "1001", "not_ready");
    await ready(server, page, "1001");
    await until("the window says it", async () => says.title.test(await page.title()));

    // A caller rings: everything that is known of her is there, also that she gave up before.
    const before_that = await server.call("loans");
    await seen(page, ".incoming");
    await server.hangUp(before_that);
    await gone(page, ".incoming");
    const first = await server.call("loans", { attributes: { level: "gold", path: "1-3-2" } });
    await seen(page, ".incoming");
    const card = await page.locator(".incoming").innerText();
    for (const fact of [says.ringing, "13800001234", says.waited, "gold", "1-3-2", language === "en" ? "Loans" : "贷款"]) assert.ok(card.includes(fact), `${fact} in ${card}`);
    assert.match(await page.title(), /☎/);
    await text(page, says.abandoned);
    await seen(page, "#script .markdown h3");
    await page.keyboard.press("Alt+A");
    await activity(server, "1001", "talking");
    await seen(page, `.workspace.connected[data-contact="${first}"]`);
    await page.keyboard.press("Alt+H");
    await activity(server, "1001", "held");
    await text(page, says.held);
    await page.click("[data-act=hold]");
    await activity(server, "1001", "talking");
    await page.keyboard.press("Alt+M");
    await seen(page, "#muted");
    await until("the floor knows it", async () => (await server.agent("1001")).contacts[0].muted === true);
    await page.keyboard.press("Alt+M");
    await gone(page, "#muted");
    await page.fill("#note", says.noted);

    // What is to follow is set while she talks.
    await page.click("#state");
    await page.click("[data-item=meeting]");
    await seen(page, "#pending");
    assert.ok((await page.locator("#pending").innerText()).includes(says.pending));
    await server.hangUp(first);
    await text(page, says.hungUp);

    // Wrap-up: her note is still there, a digit chooses the code, there is more time.
    await seen(page, "[data-wrapup]");
    assert.equal(await page.inputValue("#note"), says.noted);
    await seen(page, "[name=code]");
    await page.locator("body").press("2");
    assert.equal(await page.locator("[name=code]:checked").getAttribute("value"), "applied");
    const before = (await server.agent("1001")).contacts[0].ends_at;
    await page.keyboard.press("Alt+G");
    await until("it was extended", async () => (await server.agent("1001")).contacts[0].ends_at > before);
    await page.keyboard.press("Alt+W");
    await gone(page, "[data-wrapup]");
    await activity(server, "1001", "not_ready");
    assert.equal((await server.agent("1001")).reason.slug, "meeting");
    const events = await server.ask("GET", `/api/v1/events?contact=${first}&limit=100`, undefined, "lead");
    const completed = events.body.events.find((event) => event.ev === "wrapup.completed");
    assert.equal(completed.data.code, "applied");
    assert.equal(completed.data.by_default, false);
    assert.ok(completed.data.note, "the note is in the log, sealed");

    // A break is asked for and granted.
    await page.click("[data-break=short_break]");
    await seen(page, "#break-asked");
    assert.ok((await page.locator("#break-asked").innerText()).includes(says.asked));
    const granted = await command(browser, server, "lead", "break.decide", { agent: "1001", granted: true });
    assert.equal(granted.t, "ack", JSON.stringify(granted));
    await text(page, says.granted);
    await activity(server, "1001", "on_break");
    await until("the page says it", async () => (await page.locator("#state").innerText()).length > 0 && await page.locator("#breaks .badge .tick").count() === 1);

    // A leader comes.
    await page.keyboard.press("Alt+U");
    await text(page, says.hand);
    assert.equal((await server.agent("1001")).hand_raised, true);
    await page.keyboard.press("Alt+U");
    await until("it is down", async () => !(await server.agent("1001")).hand_raised);

    // A word from a leader.
    await command(browser, server, "lead", "team.message", { team: "red", text: "14:00 例会", acknowledge: true });
    await seen(page, "#messages li");
    assert.ok((await page.locator("#messages li").innerText()).includes("14:00 例会"));
    await page.reload();
    await seen(page, "#messages li");
    await page.locator("#messages li button").click();
    await gone(page, "#messages");
    const { messages } = (await server.ask("GET", "/api/v1/messages?limit=10", undefined, "lead")).body;
    assert.deepEqual(messages[0].acknowledged.map(({ agent }) => agent), ["1001"]);

    // Her own figures: one handled, nobody else's are shown of so small a team.
    await until("her day is counted", async () => /(^|\D)1(\D|$)/.test(await page.locator("#figures dd").first().innerText()));

    // Home.
    await page.click("#account");
    await page.click("[data-item=sign-out]");
    await seen(page, "#stated-signed-out");
    assert.ok((await page.locator("#stated-signed-out").innerText()).includes(says.out));
    await activity(server, "1001", "signed_out");
    await page.locator("#stated-signed-out button").click();
    await seen(page, "[name=seat]");
    assert.equal(await page.inputValue("[name=seat]"), "A12", "the seat is remembered");
    assert.deepEqual(troubles, [], "nothing is refused by the page's own policy, nothing throws");
  });
}

on("the keyboard alone, from sitting down to a conference of three", {}, async (server) => {
  const { page, troubles } = await desk(browser, server, "a1001");
  const other = await desk(browser, server, "a1002", { seat: "B1", language: "en" });
  await seen(page, "[name=seat]:focus");
  await page.keyboard.type("A1");
  await page.keyboard.press("Enter");
  await seen(page, "#state");
  await ready(server, page, "1001");
  const contact = await server.call("loans");
  // The focus lies on what comes next, so that Enter is enough.
  await seen(page, "[data-act=accept]:focus");
  await page.keyboard.press("Enter");
  await activity(server, "1001", "talking");
  await ready(server, other.page, "1002");

  // Consult a queue, found by typing; the colleague answers by her own keys. A key is hers once the page knows what is in hand.
  await seen(page, "[data-act=consult]:enabled");
  await page.keyboard.press("Alt+C");
  await seen(page, "#directory input[type=search]:focus");
  await page.keyboard.type("贷款");
  await until("one is left", async () => await page.locator("#directory [data-entry]").count() === 1);
  await page.keyboard.press("ArrowDown");
  await seen(page, "[data-main]:focus");
  await page.keyboard.press("Enter");
  await seen(other.page, ".incoming");
  await other.page.keyboard.press("Alt+A");
  await activity(server, "1002", "consulting");
  await text(page, "咨询中");
  await page.keyboard.press("Alt+J");
  await until("three are on it", async () => (await server.contact(contact)).participants.some((one) => one.role === "conferenced"));
  await text(other.page, "in conference");
  // She leaves it to the colleague by giving it to her.
  await page.keyboard.press("Alt+L");
  await activity(server, "1002", "talking");
  await seen(page, "[data-wrapup]");
  await seen(page, "[name=code]");
  await page.keyboard.press("1");
  await page.keyboard.press("Alt+N");
  await seen(page, "#note:focus");
  await page.keyboard.type("1 2 3 note");
  assert.equal(await page.inputValue("#note"), "1 2 3 note", "digits in a field are text");
  assert.equal(await page.locator("[name=code]:checked").getAttribute("value"), "advised");
  await page.keyboard.press("Alt+W");
  await gone(page, "[data-wrapup]");

  // The state menu by arrows and by its numbers; Escape gives the focus back.
  await page.keyboard.press("Alt+S");
  await seen(page, "[role=menuitemradio]:focus");
  await page.keyboard.press("Escape");
  await seen(page, "#state:focus");
  await page.keyboard.press("Alt+S");
  await seen(page, "[role=menuitemradio]:focus");
  await page.keyboard.press("2");
  await activity(server, "1001", "not_ready");
  // A blind transfer by her colleague, to a queue that she reaches by Enter on the first that is found.
  await other.page.keyboard.press("Alt+T");
  await seen(other.page, "#directory");
  await other.page.keyboard.press("Escape");
  await gone(other.page, "#directory");
  await other.page.keyboard.press("Alt+X");
  await seen(other.page, "[data-wrapup]");
  assert.deepEqual([...troubles, ...other.troubles], []);
});

on("a network that is cut in mid-call: stated, resumed without a gap, and what was pressed is done once", {}, async (server) => {
  const line = await cable(server.port);
  try {
    const { page, troubles } = await desk(browser, server, "a1001", { seat: "A1", through: line.port });
    await ready(server, page, "1001");
    const contact = await talks(server, page, "1001");
    line.cut();
    await seen(page, ".banner.warn[role=alert]");
    assert.equal(await page.locator(".bar .badge[data-phase]").getAttribute("data-phase") === "live", false);
    await seen(page, `.workspace[data-contact="${contact}"]`);
    await page.keyboard.press("Alt+H");
    await text(page, "将在恢复后发送");
    await until("the floor knows it", async () => (await server.agent("1001")).reachable === false, 20_000);
    line.mend();
    await page.locator(".banner button").click().catch(() => undefined);
    await gone(page, ".banner.warn[role=alert]", 30_000);
    await text(page, "期间的事件全部补齐");
    await activity(server, "1001", "held");
    await seen(page, ".workspace.held");
    const held = (await server.ask("GET", `/api/v1/events?contact=${contact}&limit=100`, undefined, "lead")).body.events.filter((event) => event.ev === "contact.held");
    assert.equal(held.length, 1, "once");

    // What happens while the line is away is taken in when it is back: the caller hung up.
    line.cut();
    await seen(page, ".banner.warn[role=alert]");
    await server.hangUp(contact);
    line.mend();
    await seen(page, "[data-wrapup]", 30_000);
    await text(page, "来电者已挂断");

    // A router that swallows everything: the browser notices nothing, the page does.
    line.swallow();
    await seen(page, ".banner.warn[role=alert]", 30_000);
    line.mend();
    await gone(page, ".banner.warn[role=alert]", 40_000);
    assert.deepEqual(troubles, []);
  } finally {
    await line.close();
  }
});

on("a reload in mid-call loses nothing, not even what was on its way", {}, async (server) => {
  const line = await cable(server.port);
  try {
    const { page, troubles } = await desk(browser, server, "a1001", { seat: "A1", through: line.port });
    await ready(server, page, "1001");
    const contact = await talks(server, page, "1001", "loans", { attributes: { level: "gold" } });
    await page.fill("#note", "写了一半");
    await until("some seconds have passed", async () => /0:0[2-9]/.test(await page.locator(".workspace .big-tick").innerText()));
    const seconds = async () => Number((await page.locator(".workspace .big-tick").innerText()).split(":")[1]);
    const before = await seconds();
    await page.reload();
    await seen(page, `.workspace.connected[data-contact="${contact}"]`);
    await text(page, "没有丢失");
    assert.ok((await seconds()) >= before, "the time is that of the conversation, not of the page");
    assert.equal(await page.inputValue("#note"), "写了一半");
    assert.ok((await page.locator(".workspace").innerText()).includes("gold"));
    assert.equal((await server.agent("1001")).activity, "talking");
    // A press that nobody has answered when the page goes.
    line.swallow();
    await page.keyboard.press("Alt+H");
    await until("it is kept", () => page.evaluate(() => sessionStorage.getItem("cordboard.commands.agent")?.includes("contact.hold")));
    line.mend();
    await page.reload();
    await seen(page, ".workspace.held", 30_000);
    await activity(server, "1001", "held");
    // In wrap-up too, with the chosen code.
    await page.keyboard.press("Alt+X");
    await seen(page, "[data-wrapup]");
    await seen(page, "[name=code]");
    await page.locator("body").press("3");
    await page.reload();
    await seen(page, "[data-wrapup]");
    await until("the code is chosen still", async () => await page.locator("[name=code]:checked").count() === 1);
    assert.equal(await page.locator("[name=code]:checked").getAttribute("value"), "complaint");
    assert.deepEqual(troubles, []);
  } finally {
    await line.close();
  }
});

on("one tab is the desk; another says so and can take it over; another machine, too", {}, async (server) => {
  const first = await desk(browser, server, "a1001", { seat: "A1" });
  await ready(server, first.page, "1001");
  const contact = await talks(server, first.page, "1001");
  const second = await desk(browser, server, "a1001", { context: first.context });
  await seen(second.page, "#stated-elsewhere");
  await seen(first.page, `.workspace[data-contact="${contact}"]`);
  await second.page.locator("#stated-elsewhere button").click();
  await seen(first.page, "#stated-taken-over");
  await seen(second.page, `.workspace.connected[data-contact="${contact}"]`);
  assert.equal((await server.agent("1001")).activity, "talking");
  // And back again.
  await first.page.locator("#stated-taken-over button").click();
  await seen(second.page, "#stated-taken-over");
  await seen(first.page, `.workspace.connected[data-contact="${contact}"]`);
  // Another machine: the server replaces the older link and says so.
  const elsewhere = await desk(browser, server, "a1001");
  await seen(elsewhere.page, `.workspace.connected[data-contact="${contact}"]`);
  await seen(first.page, "#stated-replaced");
  await first.page.locator("#stated-replaced button").click();
  await seen(first.page, `.workspace.connected[data-contact="${contact}"]`);
  await seen(elsewhere.page, "#stated-replaced");
  assert.deepEqual([...first.troubles, ...second.troubles, ...elsewhere.troubles], []);
});

on("a tab that was put to sleep says so when it wakes, and shows what is", {}, async (server) => {
  const { page, context } = await desk(browser, server, "a1001", { seat: "A1" });
  await ready(server, page, "1001");
  const contact = await talks(server, page, "1001");
  const session = await context.newCDPSession(page);
  // All of the page's script stands still, as under a closed lid; the time does not.
  await session.send("Debugger.enable");
  await session.send("Debugger.pause");
  await server.hangUp(contact);
  // Longer than a beat may be late.
  await server.later(12_000);
  await session.send("Debugger.resume");
  await session.send("Debugger.disable");
  await seen(page, "#slept", 20_000);
  await seen(page, "[data-wrapup]", 20_000);
  await page.locator("#slept button").click();
  await gone(page, "#slept");
});

on("every missed offer says why, in words of its own", { floor: FLOOR.replace("offer_timeout_ms = 30_000", "offer_timeout_ms = 3_000") }, async (server) => {
  const line = await cable(server.port);
  try {
    const { page, context } = await desk(browser, server, "a1001", { seat: "A1", through: line.port });
    await ready(server, page, "1001");
    const said = () => page.locator("#missed li").first();
    const missed = async (how, words) => {
      await seen(page, `#missed li:first-child[data-how="${how}"]`, 30_000);
      const told = await said().innerText();
      assert.ok(told.includes(words), `${how}: ${told}`);
    };
    const again = async (contact) => {
      await server.hangUp(contact);
      await until("she is free", async () => ["idle", "not_ready"].includes((await server.agent("1001")).activity));
      await ready(server, page, "1001");
    };
    // The caller hangs up.
    let contact = await server.call();
    await seen(page, ".incoming");
    await server.hangUp(contact);
    await missed("cancelled", "来电者挂断");
    // It rings out.
    contact = await server.call();
    await missed("timed-out", "响铃超时");
    await until("she is not ready for it", async () => (await server.agent("1001")).reason?.slug === "no_answer");
    await text(page, "未应答");
    await again(contact);
    // She declines.
    contact = await server.call();
    await seen(page, ".incoming");
    await page.keyboard.press("Alt+R");
    await seen(page, "#reject");
    await page.keyboard.press("Enter");
    await missed("rejected", "您拒接了来电");
    await again(contact);
    // Her device fails.
    contact = await server.call();
    await seen(page, ".incoming");
    await page.locator(".incoming footer .plain").click();
    await missed("failed", "设备");
    await again(contact);
    // A leader takes her away from it.
    contact = await server.call();
    await seen(page, ".incoming");
    await command(browser, server, "lead", "agent.force_state", { agent: "1001", state: { not_ready: "meeting" } });
    await missed("rescinded", "值班长");
    await again(contact);
    // They are remembered over a reload, and cleared by her.
    const count = await page.locator("#missed li").count();
    assert.ok(count >= 5);
    await page.reload();
    await seen(page, "#missed li");
    assert.equal(await page.locator("#missed li").count(), count);
    const texts = await page.locator("#missed li p").allInnerTexts();
    assert.equal(new Set(texts).size, count, "no two alike");
    await page.locator("#missed header button").click();
    await gone(page, "#missed");
    await context.close();
  } finally {
    await line.close();
  }
});

on("a key can be another one, a conflict is shown, and while an input method composes no key is ours", {}, async (server) => {
  const { page } = await desk(browser, server, "a1001", { seat: "A1" });
  await ready(server, page, "1001");
  await page.keyboard.press("?");
  await page.locator("[data-key-of=accept]").click();
  await seen(page, "[data-key-of=accept][aria-pressed=true]");
  await page.keyboard.press("Alt+H");
  await seen(page, ".key-sheet .conflict");
  await page.locator("[data-key-of=accept]").click();
  await seen(page, "[data-key-of=accept][aria-pressed=true]");
  await page.keyboard.press("F2");
  await gone(page, ".key-sheet .conflict");
  await page.keyboard.press("Escape");
  await page.reload();
  await seen(page, "#state");
  const contact = await server.call();
  await seen(page, ".incoming");
  assert.ok((await page.locator("[data-act=accept]").innerText()).includes("F2"), "the button knows it");
  await page.keyboard.press("Alt+A");
  assert.equal((await server.agent("1001")).activity, "ringing", "the old key is no key any more");
  await page.keyboard.press("F2");
  await activity(server, "1001", "talking");
  await seen(page, ".workspace.connected");
  await page.keyboard.press("Alt+X");
  await seen(page, "[data-wrapup]");

  // Composing: a digit chooses a candidate, a letter with Alt is the input method's.
  const strokes = [["Digit1", "1", false], ["KeyW", "w", true], ["KeyY", "y", true]];
  for (const how of [{ isComposing: true }, { keyCode: 229 }]) {
    for (const [code, key, altKey] of strokes) {
      await page.evaluate(([code, key, altKey, how]) => document.body.dispatchEvent(new KeyboardEvent("keydown", { code, key, altKey, bubbles: true, cancelable: true, ...how })), [code, key, altKey, how]);
    }
  }
  assert.equal(await page.locator("[name=code]:checked").count(), 0);
  assert.equal((await server.agent("1001")).activity, "wrap_up");
  // A real composition in the note.
  await page.locator("#note").focus();
  const session = await page.context().newCDPSession(page);
  await session.send("Input.imeSetComposition", { text: "ni", selectionStart: 2, selectionEnd: 2 });
  await session.send("Input.insertText", { text: "你好" });
  assert.equal(await page.inputValue("#note"), "你好");
  assert.equal(await page.locator("[name=code]:checked").count(), 0);
  await page.keyboard.press("Alt+W");
  await gone(page, "[data-wrapup]");
  assert.ok(contact);
});

on("a refused microphone is said, and she can go on without", {}, async (server) => {
  const strict = await launch({ refuses: true });
  try {
    const { page } = await desk(strict, server, "a1001");
    await seen(page, "[name=seat]");
    await page.uncheck("#without");
    await page.click("#device-check");
    await seen(page, "[data-microphone=refused]");
    await text(page, "浏览器拒绝了麦克风权限");
    await page.check("#without");
    await seen(page, "[data-microphone=without]");
    await page.fill("[name=seat]", "A1");
    await page.keyboard.press("Enter");
    await seen(page, "#state");
    await activity(server, "1001", "not_ready");
  } finally {
    await strict.close();
  }
});

on("axe finds nothing, at 1366×768 and at 200 %", {}, async (server) => {
  const sign = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  await sign.goto(server.url("/"));
  await seen(sign, "form");
  await accessible(sign, "sign-in");
  for (const language of ["zh-CN", "en"]) {
    const { page, context } = await desk(browser, server, language === "en" ? "a1002" : "a1001", { language });
    const agent = language === "en" ? "1002" : "1001";
    const queue = language === "en" ? "cards" : "loans";
    await seen(page, "[name=seat]");
    await accessible(page, `${language} seat`);
    await page.fill("[name=seat]", language);
    await page.keyboard.press("Enter");
    await seen(page, "#state");
    await accessible(page, `${language} not ready`);
    await ready(server, page, agent);
    const contact = await server.call(queue, { attributes: { level: "gold" } });
    await seen(page, ".incoming");
    await accessible(page, `${language} ringing`);
    await page.keyboard.press("Alt+R");
    await seen(page, "#reject");
    await accessible(page, `${language} declining`);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Alt+A");
    await seen(page, ".workspace.connected");
    await accessible(page, `${language} talking`);
    await page.keyboard.press("Alt+S");
    await seen(page, "[role=menu]");
    await accessible(page, `${language} state menu`);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Alt+T");
    await seen(page, "#directory [data-entry]");
    await accessible(page, `${language} directory`);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Alt+X");
    await seen(page, "[data-wrapup] [name=code]");
    await accessible(page, `${language} wrap-up`);
    await page.keyboard.press("?");
    await seen(page, ".key-sheet");
    await accessible(page, `${language} keys`);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Alt+W");
    await gone(page, "[data-wrapup]");
    await page.click("#account");
    await page.click("[data-item=sign-out]");
    await seen(page, "#stated-signed-out");
    await accessible(page, `${language} signed out`);
    await context.close();
    assert.ok(contact);
  }
});

on("no state is told by colour alone", {}, async (server) => {
  const { page } = await desk(browser, server, "a1001", { seat: "A1" });
  await ready(server, page, "1001");
  await talks(server, page, "1001");
  const bare = await page.evaluate(() => [...document.querySelectorAll(".badge, .state-sign, .toast, .banner")].filter((sign) => {
    const words = (sign.closest(".menu-button") ?? sign).textContent.trim();
    return !words || !sign.querySelector("svg");
  }).map((sign) => sign.className));
  assert.deepEqual(bare, [], "each has a sign and a word");
});

on("a token that is good no more sends her to sign in, with the reason", {}, async (server) => {
  const { page } = await desk(browser, server, "a1001", { seat: "A1" });
  await server.ask("DELETE", "/api/v1/sessions", undefined, "a1001");
  await page.reload();
  await bounded("she is told", Promise.race([seen(page, "#stated-signed-off"), page.waitForURL("**/?**")]));
  await page.locator("#stated-signed-off button").click();
  await page.waitForURL("**/?**");
  await text(page, "登录已失效");
});
