// Writes a picture of every page in both languages into target/screenshots (git ignores it), for people to look at:
//   npm run screenshots
// Chinese needs a font on the machine (as fonts-noto-cjk or fonts-wqy-zenhei).
import { mkdirSync } from "node:fs";
import { atWork } from "./crowd.mjs";
import { desk, FLOOR, launch, PASSWORD, root, serve, until } from "./harness.mjs";

const shots = process.env.CORDBOARD_SCREENSHOTS ?? `${root}target/screenshots`;
mkdirSync(shots, { recursive: true });
const server = await serve({ passwords: ["lead"], floor: FLOOR });
const browser = await launch();
const ATTRIBUTES = { level: "金卡 Gold", business: "提前还款", path: "1-3-2" };
const activity = (agent, wanted) => until(`${agent} is ${wanted}`, async () => (await server.agent(agent)).activity === wanted);

async function shoot(page, name) {
  // Until the second has turned and the page has settled.
  await page.waitForTimeout(1_200);
  await page.screenshot({ path: `${shots}/${name}.png` });
  console.log(`${shots}/${name}.png`);
}

async function signIn(language) {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  await page.goto(server.url(`/?lang=${language}`));
  await page.locator("form").waitFor();
  await shoot(page, `sign-in-${language}`);
  await page.fill("[name=account]", "lead");
  await page.fill("[name=password]", PASSWORD);
  await page.keyboard.press("Enter");
  await page.locator("[data-desk]").first().waitFor({ timeout: 60_000 });
  await shoot(page, `desks-${language}`);
  await page.close();
}

async function agentDesk(language, account, agent, queue) {
  const { page, context } = await desk(browser, server, account, { language });
  await page.locator("[name=seat]").waitFor();
  await shoot(page, `agent-seat-${language}`);
  await page.fill("[name=seat]", `A${agent}`);
  await page.keyboard.press("Enter");
  await page.locator("#state").waitFor();
  await shoot(page, `agent-not-ready-${language}`);
  await page.keyboard.press("Alt+Y");
  await activity(agent, "idle");
  await shoot(page, `agent-ready-${language}`);
  const missed = await server.call(queue, { attributes: ATTRIBUTES });
  await page.locator(".incoming").waitFor();
  await server.hangUp(missed);
  await until("she is free", async () => (await server.agent(agent)).activity === "idle");
  await server.call(queue, { attributes: ATTRIBUTES });
  await page.locator(".incoming").waitFor();
  await shoot(page, `agent-ringing-${language}`);
  await page.keyboard.press("Alt+A");
  await page.locator(".workspace").waitFor();
  await shoot(page, `agent-talking-${language}`);
  await page.keyboard.press("Alt+S");
  await page.locator("[role=menu]").waitFor();
  await shoot(page, `agent-states-${language}`);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Alt+C");
  await page.locator("#directory [data-entry]").first().waitFor();
  await shoot(page, `agent-directory-${language}`);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Alt+H");
  await activity(agent, "held");
  await page.click("#state");
  await page.click("[data-item=meeting]");
  await shoot(page, `agent-held-${language}`);
  await page.keyboard.press("Alt+X");
  await page.locator("[data-wrapup]").waitFor();
  await shoot(page, `agent-wrap-up-${language}`);
  await page.keyboard.press("?");
  await page.locator(".key-sheet").waitFor();
  await shoot(page, `agent-keys-${language}`);
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 683, height: 384 });
  await shoot(page, `agent-wrap-up-zoomed-${language}`);
  await page.setViewportSize({ width: 1366, height: 768 });
  const other = await desk(browser, server, account, { language, context });
  await other.page.locator("#stated-elsewhere").waitFor();
  await shoot(other.page, `agent-elsewhere-${language}`);
  await context.close();
}

// A floor at work: some talk, one asks for a break, one has her hand up, one has lost her link; some wait.
const BUSY = `${FLOOR.split("[agents.")[0]}
[skills]
english = { zh = "英语", en = "English" }
[queues.service]
title = { zh = "客服", en = "Service" }
${Array.from({ length: 24 }, (_, nth) => `[agents.${1001 + nth}]\nteam = "${nth % 2 ? "blue" : "red"}"\nqueues = ${['["loans", "cards"]', '["cards", "service"]', '["loans", "service"]'][nth % 3]}\nskills = { english = ${40 + nth} }`).join("\n")}
`;

async function leaderDesk() {
  const busy = await serve({ floor: BUSY, accounts: [["lead", "shift_leader", null], ["crm", "integrator", null], ["qa1", "qa", null]], provision: true });
  for (const agent of Object.keys(busy.tokens)) busy.tokens[`a${agent}`] = busy.tokens[agent];
  const crowd = await atWork(busy, Array.from({ length: 20 }, (_, nth) => String(1001 + nth)), { talkMs: 16_000, wrapMs: 7_000 });
  let calls = 0;
  const callers = setInterval(() => {
    void busy.call(["loans", "cards", "service"][calls % 3], calls++ % 5 ? {} : { priority: 60 }).catch(() => undefined);
  }, 600);
  try {
    await crowd.of("1003").say("agent.raise_hand");
    await crowd.of("1005").say("agent.request_break", { reason: "short_break" });
    await crowd.of("1006").say("agent.set_state", { state: { not_ready: "training" } });
    crowd.of("1008").close();
    // Until thresholds are passed and alerts are raised.
    await busy.later(18_000);
    for (const language of ["zh-CN", "en"]) {
      const { page, context } = await desk(browser, busy, "lead", { path: "/leader", language });
      await page.locator("[data-agent]").first().waitFor();
      await shoot(page, `leader-${language}`);
      await page.locator("[data-agent='1005']").click();
      await page.locator("[data-do=force-state]").click();
      await shoot(page, `leader-act-${language}`);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Alt+L");
      await shoot(page, `leader-alerts-${language}`);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Alt+M");
      await shoot(page, `leader-messages-${language}`);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Alt+P");
      await page.locator("#time-slider").evaluate((slider) => { slider.value = String(Date.now() - 15_000); slider.dispatchEvent(new Event("input", { bubbles: true })); });
      await page.locator(".banner.past").waitFor();
      await page.locator("#play").click();
      await page.locator("[data-ev='offer.created']").first().waitFor();
      await shoot(page, `leader-past-${language}`);
      await page.locator("[data-ev='offer.created'] [data-explain^='o-']").first().click();
      await page.locator("#explain-dialog .candidates").waitFor();
      await shoot(page, `leader-explained-${language}`);
      await page.keyboard.press("Escape");
      await page.locator("#live").click();
      await page.keyboard.press("Alt+W");
      await page.locator("#make-wall").click();
      const url = await page.locator("#wall-url").inputValue();
      await shoot(page, `leader-walls-${language}`);
      await page.keyboard.press("Escape");
      await page.setViewportSize({ width: 683, height: 384 });
      await shoot(page, `leader-zoomed-${language}`);
      const wall = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
      await wall.goto(url.replace("#", `?lang=${language}#`));
      await wall.locator(".tile").first().waitFor();
      await shoot(wall, `wall-${language}`);
      await wall.context().close();
      const day = await desk(browser, busy, "lead", { path: "/intraday", language });
      await day.page.locator(".canvas canvas").first().waitFor();
      await shoot(day.page, `intraday-${language}`);
      await day.context.close();
      await page.setViewportSize({ width: 1366, height: 768 });
      await page.locator("[data-tab=ledger]").click();
      await page.locator("#propose").waitFor();
      await shoot(page, `ledger-${language}`);
      await context.close();
      await qualityDesk(busy, language);
    }
  } finally {
    clearInterval(callers);
    crowd.close();
    await busy.stop();
  }
}

// A conversation of the busy floor, beside its scorecard.
async function qualityDesk(busy, language) {
  const { events } = (await busy.ask("GET", "/api/v1/events?ev=wrapup.completed&limit=1", undefined, "lead")).body;
  const { contact, agent } = events[0].data;
  const { evaluation } = (await busy.ask("POST", "/api/v1/quality/evaluations", { contact, agent }, "qa1")).body;
  const { page, context } = await desk(browser, busy, "qa1", { path: `/quality#${evaluation}`, language });
  await page.locator(".events li").first().waitFor();
  await page.locator(".filling [data-question] legend").first().click();
  await page.keyboard.press("2");
  await page.keyboard.press(",");
  await page.keyboard.press("M");
  await shoot(page, `quality-scoring-${language}`);
  await page.goto(busy.url("/quality#evaluations"));
  await page.locator("[data-evaluation]").first().waitFor();
  await shoot(page, `quality-evaluations-${language}`);
  await context.close();
}

try {
  await leaderDesk();
  for (const [language, account, agent, queue] of [["zh-CN", "a1001", "1001", "loans"], ["en", "a1003", "1003", "cards"]]) {
    await signIn(language);
    await agentDesk(language, account, agent, queue);
  }
} finally {
  await browser.close();
  await server.stop();
}
