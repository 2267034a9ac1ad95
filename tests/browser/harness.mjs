// What every test of the pages stands on: a real server with a floor of its own, accounts, contacts that come in over HTTP, a cable that
// can be cut, and a real Chromium. Nothing here is a stand-in for the server. Every wait has an end; only processes that were begun here
// are ended here.
//
// Needs the binary (CORDBOARD, else target/debug/cordboard) and Chromium (CHROMIUM, else /usr/bin/chromium). With CORDBOARD_WEB_DIR the
// pages come from that folder, so that they can be worked on without building the binary.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { chromium } from "playwright-core";

export const root = new URL("../../", import.meta.url).pathname;
export const binary = process.env.CORDBOARD ?? `${root}target/debug/cordboard`;
export const PASSWORD = "correct horse battery";
const WAIT_MS_MAX = 60_000;

// Two queues, two teams, four agents, a quota of breaks, short timers that a test can wait for.
export const FLOOR = `
[site]
id = "north"
title = "北区客服中心"
reject_rest_ms = 1_000
sign_out_delay_ms = 120_000

[limits]
link_heartbeat_ms = 1_000
link_lease_ms = 6_000

[queue_defaults]
offer_timeout_ms = 30_000
wrapup_ms = 60_000
wrapup_extend_ms = 30_000
codes = ["advised", "applied", "complaint", "none"]
plan.guards = { no_answer_rest_ms = 0, missed_max = 1 }

[teams]
red = { zh = "红组", en = "Red team" }
blue = { zh = "蓝组", en = "Blue team" }
[codes]
advised = { zh = "已答复", en = "Advised" }
applied = { zh = "已申请", en = "Applied" }
complaint = { zh = "投诉", en = "Complaint" }
[attributes]
level = { zh = "客户等级", en = "Level" }
business = { zh = "业务", en = "Business" }
path = { zh = "导航", en = "Menu" }
[scripts.loans]
zh = "shipped:loans.zh.md"
en = "shipped:loans.en.md"
[scripts.cards]
zh = "shipped:cards.zh.md"
en = "shipped:cards.en.md"

[queues.loans]
title = { zh = "贷款", en = "Loans" }
[queues.cards]
title = { zh = "信用卡", en = "Cards" }

[agents.1001]
team = "red"
queues = ["loans"]
[agents.1002]
team = "red"
queues = ["loans", "cards"]
[agents.1003]
team = "blue"
queues = ["cards"]
[agents.1004]
team = "blue"
queues = ["cards"]
capacity = 2
`;

const ACCOUNTS = [
  ["lead", "shift_leader", null], ["crm", "integrator", null],
  ["a1001", "agent", "1001"], ["a1002", "agent", "1002"], ["a1003", "agent", "1003"], ["a1004", "agent", "1004"],
];

// A server of its own, with tokens for everybody; `passwords` names the accounts that sign in by one.
// `files` stand beside the configuration; `before(home)` may lay more beside the configuration, or a log into `home`/data, before anything else is done there.
// With `provision` every agent of the floor has an account and a token under her own number, made in one go.
export async function serve({ floor = FLOOR, accounts = ACCOUNTS, passwords = [], args = [], provision = false, files = {}, before = () => {} } = {}) {
  const home = mkdtempSync(join(tmpdir(), "cordboard-browser-"));
  const config = join(home, "site.toml");
  const place = ["--config", config, "--data", join(home, "data")];
  writeFileSync(config, floor);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
  }
  before(home);
  const tokens = {};
  const who = {};
  for (const [account, role, agent] of accounts) {
    const add = ["account", "add", account, "--role", role, ...(agent ? ["--agent", agent] : []), ...place];
    if (passwords.includes(account)) execFileSync(binary, add, { input: PASSWORD, stdio: ["pipe", "ignore", "pipe"] });
    else execFileSync(binary, [...add, "--no-password"], { stdio: ["ignore", "ignore", "pipe"] });
    tokens[account] = execFileSync(binary, ["account", "token", account, ...place], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
    who[account] = { token: tokens[account], account, roles: [role], agent, teams: [], queues: [] };
  }
  if (provision) {
    const list = join(home, "tokens.csv");
    execFileSync(binary, ["account", "provision", "--from-config", "--tokens-out", list, ...place], { stdio: "ignore" });
    for (const line of readFileSync(list, "utf8").trim().split("\n").slice(1)) {
      const [agent, token] = line.split(",");
      tokens[agent] = token;
    }
  }
  const pages = process.env.CORDBOARD_WEB_DIR ? ["--web-dir", process.env.CORDBOARD_WEB_DIR] : [];
  const child = spawn(binary, ["serve", ...place, "--listen", "127.0.0.1:0", ...pages, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  const port = await bounded("the server listens", new Promise((found, failed) => {
    child.stderr.setEncoding("utf8").on("data", (text) => {
      said += text;
      const address = /listening on \S*?:(\d+)/.exec(said);
      if (address) found(Number(address[1]));
    });
    child.on("exit", (code) => failed(new Error(`the server ended with ${code}: ${said}`)));
  }));
  const server = {
    port, tokens, who, said: () => said,
    url: (path = "/", through = port) => `http://127.0.0.1:${through}${path}`,
    // Until the server's own clock has gone on by so much: where a test is about time itself.
    async later(ms) {
      const now = async () => Date.parse((await (await fetch(server.url("/version"))).json()).now);
      const from = await now();
      await until(`${ms} ms by the server's clock`, async () => (await now()) >= from + ms, ms + 15_000);
    },
    async ask(method, path, body, account = "crm") {
      const answer = await fetch(server.url(path), {
        method, headers: { authorization: `Bearer ${tokens[account]}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        body: body === undefined ? undefined : JSON.stringify(body), signal: AbortSignal.timeout(15_000),
      });
      const text = await answer.text();
      return { status: answer.status, body: text ? JSON.parse(text) : null };
    },
    // A caller: her contact's id.
    async call(queue = "loans", more = {}) {
      const { status, body } = await server.ask("POST", "/api/v1/contacts", { queue, channel: "voice", from: "13800001234", ...more });
      assert.equal(status, 201, JSON.stringify(body));
      return body.contact;
    },
    hangUp: (contact) => server.ask("POST", `/api/v1/contacts/${contact}/abandon`, {}),
    agent: async (agent) => (await server.ask("GET", `/api/v1/agents/${agent}`, undefined, "lead")).body,
    contact: async (contact) => (await server.ask("GET", `/api/v1/contacts/${contact}`, undefined, "lead")).body,
    async stop() {
      if (child.exitCode === null) {
        const gone = new Promise((ended) => child.on("exit", ended));
        child.kill("SIGTERM");
        const late = setTimeout(() => child.kill("SIGINT"), 3_000);
        const later = setTimeout(() => child.kill("SIGKILL"), 15_000);
        await gone;
        clearTimeout(late);
        clearTimeout(later);
      }
      rmSync(home, { recursive: true, force: true });
    },
  };
  return server;
}

export function bounded(what, promise, ms = WAIT_MS_MAX) {
  let timer;
  const late = new Promise((_, failed) => (timer = setTimeout(() => failed(new Error(`not within ${ms} ms: ${what}`)), ms)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// Polled until it holds.
export async function until(what, holds, ms = 15_000) {
  const end = Date.now() + ms;
  for (;;) {
    const found = await holds();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((next) => setTimeout(next, 50));
  }
}

// The first of what a selector names stands on the page, or none does any more.
export const seen = (page, selector, ms = 20_000) => page.locator(selector).first().waitFor({ timeout: ms });
export const gone = (page, selector, ms = 20_000) => page.locator(selector).first().waitFor({ state: "detached", timeout: ms });

// A cable between browser and server: `cut` breaks every connection and takes no new one, `mend` does again; `swallow` leaves
// connections up and carries nothing, as a dead router does.
export async function cable(to) {
  const pairs = new Set();
  let isCut = false;
  let isSwallowing = false;
  const server = net.createServer((near) => {
    if (isCut) return near.destroy();
    const far = net.connect(to, "127.0.0.1");
    const pair = [near, far];
    pairs.add(pair);
    const end = () => {
      near.destroy();
      far.destroy();
      pairs.delete(pair);
    };
    for (const [from, into] of [[near, far], [far, near]]) {
      from.on("data", (bytes) => isSwallowing || into.write(bytes));
      from.on("end", end).on("close", end).on("error", end);
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const breakAll = () => pairs.forEach((pair) => pair.forEach((socket) => socket.destroy()));
  return {
    port: server.address().port,
    cut: () => { isCut = true; breakAll(); },
    swallow: () => { isSwallowing = true; },
    mend: () => { if (isSwallowing) breakAll(); isCut = false; isSwallowing = false; },
    close: () => { breakAll(); return new Promise((closed) => server.close(closed)); },
  };
}

// A real browser with a microphone that hums; whether it may be used is granted unasked, or refused unasked.
export const launch = ({ refuses = false } = {}) => chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--use-fake-device-for-media-stream", refuses ? "--deny-permission-prompts" : "--use-fake-ui-for-media-stream", "--mute-audio"],
});

// A desk in a context of its own (as another person's browser): signed in with a token as if by the sign-in page, at a seat if one is
// named. What the page complains of is gathered in `troubles`.
export async function desk(browser, server, account, { language = "zh-CN", seat, path = "/agent", through, viewport = { width: 1366, height: 768 }, context: given } = {}) {
  const context = given ?? await browser.newContext({ viewport, reducedMotion: "reduce" });
  await context.addInitScript(([who, tongue]) => {
    sessionStorage.getItem("cordboard.session") ?? sessionStorage.setItem("cordboard.session", JSON.stringify(who));
    localStorage.getItem("cordboard.language") ?? localStorage.setItem("cordboard.language", JSON.stringify(tongue));
    localStorage.getItem("cordboard.devices") ?? localStorage.setItem("cordboard.devices", JSON.stringify({ microphone: "", speaker: "", without: true }));
  }, [server.who[account], language]);
  const page = await context.newPage();
  const troubles = watch(page);
  await page.goto(server.url(path, through));
  if (seat) {
    await page.fill("[name=seat]", seat);
    await page.keyboard.press("Enter");
    await page.locator("#state").waitFor({ timeout: 15_000 });
  }
  return { context, page, troubles };
}

// Faults of the page itself; a network that a test cuts is none.
export function watch(page) {
  const troubles = [];
  page.on("pageerror", (fault) => troubles.push(String(fault)));
  page.on("console", (line) => line.type() === "error" && !/Failed to load resource|WebSocket connection to/.test(line.text()) && troubles.push(line.text()));
  return troubles;
}

// Says a command on a link of its own, as another program would: from a blank page of the server's origin.
export async function command(browser, server, account, cmd, args) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(server.url("/"));
    return await bounded(cmd, page.evaluate(async ([token, cmd, args]) => {
      const answer = await fetch("/api/v1/tickets", { method: "POST", headers: { authorization: `Bearer ${token}` } });
      const { ticket } = await answer.json();
      const socket = new WebSocket(`ws://${location.host}/link`, ["cordboard.v1.json"]);
      return new Promise((done, failed) => {
        socket.onopen = () => socket.send(JSON.stringify({ t: "hello", ticket }));
        socket.onclose = ({ code, reason }) => failed(new Error(`${code} ${reason}`));
        socket.onmessage = ({ data }) => {
          const frame = JSON.parse(data);
          if (frame.t === "snapshot") socket.send(JSON.stringify({ t: "cmd", id: `t-${Math.random().toString(36).slice(2)}`, cmd, args }));
          if (frame.t === "ack" || frame.t === "nack") done(frame);
        };
      });
    }, [server.tokens[account], cmd, args]), 15_000);
  } finally {
    await context.close();
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// Nothing that axe finds, at 1366×768 and at what 200 % zoom of it leaves.
export async function accessible(page, what) {
  const before = page.viewportSize();
  for (const viewport of [{ width: 1366, height: 768 }, { width: 683, height: 384 }]) {
    await page.setViewportSize(viewport);
    await page.evaluate(`window.axe ?? (() => { ${axe} })()`).catch(() => undefined);
    const found = await page.evaluate(async () => {
      const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ") + " " + (node.any[0]?.message ?? "")).join(" | ")}`);
    });
    assert.deepEqual(found, [], `${what} at ${viewport.width}×${viewport.height}`);
    const across = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(across <= 0, `${what} at ${viewport.width}×${viewport.height} is ${across} px too wide`);
  }
  if (before) await page.setViewportSize(before);
}
