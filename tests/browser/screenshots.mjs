// Writes a picture of every page in both languages into target/screenshots (git ignores it), for people to look at:
//   npm run screenshots
// Chinese needs a font on the machine (as fonts-noto-cjk or fonts-wqy-zenhei).
import { mkdirSync } from "node:fs";
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
  await page.fill("[name=seat]", "A12");
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

try {
  for (const [language, account, agent, queue] of [["zh-CN", "a1001", "1001", "loans"], ["en", "a1003", "1003", "cards"]]) {
    await signIn(language);
    await agentDesk(language, account, agent, queue);
  }
} finally {
  await browser.close();
  await server.stop();
}
