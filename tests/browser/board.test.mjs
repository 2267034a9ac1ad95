// The board in a real Chromium, on a demo in a process of its own: what a visitor sees within the first
// minute. Needs the binary (CORDBOARD, else target/debug/cordboard) and Chromium (CHROMIUM, else
// /usr/bin/chromium). Screenshots go to target/screenshots.
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const root = new URL("../../", import.meta.url).pathname;
const binary = process.env.CORDBOARD ?? `${root}target/debug/cordboard`;
const shots = `${root}target/screenshots`;
let demo;
let board;
let browser;

before(async () => {
  mkdirSync(shots, { recursive: true });
  demo = spawn(binary, ["demo", "--listen", "127.0.0.1:0", "--minutes", "5"], { stdio: ["ignore", "ignore", "pipe"] });
  board = await new Promise((found, failed) => {
    let said = "";
    demo.stderr.setEncoding("utf8").on("data", (text) => {
      said += text;
      const address = said.match(/https?:\/\/\S+\/board#\S+/);
      if (address) found(address[0]);
    });
    demo.on("exit", (code) => failed(new Error(`the demo ended with ${code}: ${said}`)));
    setTimeout(() => failed(new Error(`no address of a board within 60 s: ${said}`)), 60_000).unref();
  });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
});

after(async () => {
  await browser?.close();
  if (demo && demo.exitCode === null) {
    const gone = new Promise((ended) => demo.on("exit", ended));
    demo.kill("SIGINT");
    await gone;
  }
});

test("a visitor sees contacts being answered, in Chinese first and in English at a click", { timeout: 120_000 }, async () => {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  const troubles = [];
  page.on("console", (line) => line.type() === "error" && troubles.push(line.text()));
  page.on("pageerror", (fault) => troubles.push(String(fault)));
  await page.goto(board);
  await page.getByText("排队").first().waitFor({ timeout: 30_000 });
  assert.equal(await page.evaluate(() => location.hash), "", "the token has left the address bar");
  // The third column from the right of each queue is how many were answered.
  await page.waitForFunction(
    () => [...document.querySelectorAll("#queues tr")].some((row) => Number(row.cells[9]?.textContent) > 0),
    undefined, { timeout: 60_000 });
  assert.equal(await page.locator("#queues tr").count(), 3);
  assert.ok(await page.locator("#agents .agent").count() >= 15, "agents are here");
  await page.screenshot({ path: `${shots}/board-zh-CN.png`, fullPage: true });
  await page.locator("#language").click();
  await page.getByText("Waiting").first().waitFor({ timeout: 10_000 });
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
  await page.screenshot({ path: `${shots}/board-en.png`, fullPage: true });
  assert.deepEqual(troubles, [], "nothing is refused by the page's own policy, nothing throws");
});

test("who has no token is asked to sign in, and told so when it is refused", { timeout: 60_000 }, async () => {
  const page = await browser.newPage();
  await page.goto(board.split("#")[0]);
  await page.locator("#sign-in").waitFor();
  await page.fill("[name=account]", "nobody");
  await page.fill("[name=password]", "not the password");
  await page.locator("#sign-in button").click();
  await page.getByText("账号或密码不正确").waitFor({ timeout: 20_000 });
});
