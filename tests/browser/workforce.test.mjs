// A month is planned from a log that was driven, judged while it is changed, and published; an agent swaps and takes leave; who comes late
// stands on the board and in the attendance of the month. In a real Chromium against a real server, once in each language.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { accessible, binary, desk, gone, launch, seen, serve, until } from "./harness.mjs";

const T = { timeout: 420_000 };
const AGENTS = ["1001", "1002", "1003", "1004", "1005", "1006"];
const ACCOUNTS = [["plan", "planner", null], ["boss", "director", null], ["lead", "shift_leader", null], ["crm", "integrator", null], ...AGENTS.map((agent) => [`a${agent}`, "agent", agent])];
const PAST_DAYS = 28;
const DAYS = 30;
const two = (n) => String(n).padStart(2, "0");

// A zone in which it is past nine in the morning now, so that a shift has just begun wherever and whenever this runs.
function morning() {
  const hour = new Date().getUTCHours();
  const ahead = 9 - hour < -12 ? 33 - hour : 9 - hour;
  const local = new Date(Date.now() + ahead * 3_600_000);
  const day = (days) => new Date(local.getTime() + days * 86_400_000).toISOString().slice(0, 10);
  const begin = local.getUTCHours() * 60 + Math.floor(local.getUTCMinutes() / 30) * 30;
  const clock = (minutes) => `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
  return { zone: ahead === 0 ? "Etc/GMT" : `Etc/GMT${ahead > 0 ? "-" : "+"}${Math.abs(ahead)}`, day, begin, clock };
}

const floor = ({ zone }) => `
[site]
id = "north"
title = "北区客服中心"
zone = "${zone}"
[queues.loans]
title = { zh = "贷款", en = "Loans" }
${AGENTS.map((agent) => `[agents.${agent}]\nqueues = ["loans"]\n`).join("")}
`;

// Two kinds of shift: one that began within the last half hour, one two hours later. Late before early leaves too little rest.
const rules = ({ begin, clock }) => `
slot_minutes = 30
rest_minutes = 900
customary = "full"
[costs]
missing = 10
surplus = 1
wish = 20
${[["early", begin], ["late", begin + 120]].map(([code, from]) => `[shifts.${code}]
from = "${clock(from)}"
minutes = 480
meal = { minutes = 60, earliest = 180, latest = 240 }
breaks = [{ minutes = 15, earliest = 60, latest = 150 }]
`).join("")}
[contracts.full]
minutes_week_max = 2400
run_max = 6
rest_min = 1
[classes.busy]
agents = [${AGENTS.map((agent) => `"${agent}"`).join(", ")}]
rest_days = 5
`;

const LAYOUT = ({ zone }) => `
layout = "north"
title = "A small centre"
zone = "${zone}"
[file]
delimiter = "comma"
quoted = false
[time]
format = "%Y-%m-%d %H:%M:%S"
[columns]
arrived = "arrived"
queue = "queue"
agent = "agent"
answered = "answered"
ended = "ended"
[queue]
prefix = ""
[abandoned]
in_menu_when = "never"
while_ringing_when = "never"
[handled]
from = "answered_to_ended"
[dirt]
[queue_settings]
credit_ms_per_priority_point = 0
kind_as_skill = false
`;

// Four weeks of calls, from an hour before the first shift begins; more in the middle of the day.
function calls({ day, begin }) {
  const rows = ["arrived,queue,agent,answered,ended"];
  for (let ago = PAST_DAYS; ago >= 1; ago -= 1) {
    for (let slot = 0; slot < 20; slot += 1) {
      const count = slot > 4 && slot < 14 ? 6 : 3;
      for (let nth = 0; nth < count; nth += 1) {
        const second = (begin - 60 + slot * 30 + nth * 5) * 60;
        const at = (s) => `${day(-ago)} ${two(Math.floor((second + s) / 3600))}:${two(Math.floor((second + s) / 60) % 60)}:${two((second + s) % 60)}`;
        rows.push(`${at(0)},loans,${AGENTS[nth % AGENTS.length]},${at(5)},${at(245)}`);
      }
    }
  }
  return `${rows.join("\n")}\n`;
}

// The log is driven by the server's own program, in virtual time.
const drive = (when) => (home) => {
  const at = (name) => join(home, name);
  mkdirSync(at("workforce"));
  writeFileSync(at("workforce/roster.toml"), rules(when));
  writeFileSync(at("layout.toml"), LAYOUT(when));
  writeFileSync(at("calls.csv"), calls(when));
  execFileSync(binary, ["drive", "--layout", at("layout.toml"), "--data", at("data"), at("calls.csv")], { stdio: ["ignore", "ignore", "pipe"] });
};

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const SAYS = {
  "zh-CN": { draft: "草案", published: "已发布", sound: "合乎全部规则", rest: "与前一班间隔太短", late: "迟到", tooLate: "提出得太晚", approved: "请假已批准", swapped: "换班已批准", out: "偏离班表", isIn: "按班表", gap: "至多", personal: "事假" },
  en: { draft: "Draft", published: "Published", sound: "It keeps every rule", rest: "Too little rest", late: "late", tooLate: "Asked for too late", approved: "Your leave was approved", swapped: "The swap was approved", out: "Out of adherence", isIn: "As planned", gap: "at most", personal: "Personal leave" },
};
const cell = (agent, day) => `[data-cell="${agent} ${day}"]`;

for (const language of ["zh-CN", "en"]) {
  test(`a month is planned and published; swap, leave and a late arrival, ${language}`, T, async () => {
    const when = morning();
    const says = SAYS[language];
    const [today, at] = [when.day(0), (days) => when.day(days)];
    const server = await serve({ floor: floor(when), accounts: ACCOUNTS, before: drive(when) });
    const ask = async (path, account = "lead") => (await server.ask("GET", `/api/v1/workforce${path}`, undefined, account)).body;
    const all = [];
    const open = async (account, path, more = {}) => {
      const opened = await desk(browser, server, account, { path, language, ...more });
      all.push([account, opened]);
      return opened.page;
    };
    try {
      // ---- What will come in, and whom it takes.
      const planner = await open("plan", "/planner");
      await seen(planner, "#no-forecast");
      await accessible(planner, "the planner before anything was planned");
      await planner.keyboard.press("Alt+N");
      await seen(planner, "#forecast-dialog[open]");
      await planner.fill("#forecast-dialog [name=from]", today);
      await planner.fill("#forecast-dialog [name=days]", String(DAYS));
      await accessible(planner, "a new forecast");
      await planner.keyboard.press("Enter");
      await seen(planner, "#method", 120_000);
      const noon = Math.floor((when.begin + 120) / 30);
      const volume = Number(await planner.locator(`[data-interval="${noon}"] td`).first().innerText());
      assert.ok(volume > 2 && volume < 10, `six calls came in each such half hour; ${volume} are forecast`);
      const [low, high] = (await planner.locator(`[data-interval="${noon}"] td`).nth(1).innerText()).split("–").map(Number);
      assert.ok(low <= volume && volume <= high && low < high, `an interval around it: ${low} to ${high}`);
      await planner.keyboard.press("Alt+Q");
      await seen(planner, "#requirement-dialog[open]");
      await accessible(planner, "a new requirement");
      await planner.keyboard.press("Enter");
      await seen(planner, "[data-chart=heads] canvas", 60_000);
      const heads = Number(await planner.locator(`[data-interval="${noon}"] td`).last().innerText());
      assert.ok(heads >= 2, `24 minutes of work in half an hour, with shrinkage: ${heads} people`);
      await seen(planner, "[data-chart=volume] canvas");
      await accessible(planner, "forecast and requirement");
      // The day page has it beside what comes.
      const daily = await open("lead", "/intraday");
      await seen(daily, "tbody [data-forecast]");
      assert.equal(await daily.locator(".none-yet").count(), 0, "forecast and requirement are published");
      const numbers = (cells) => cells.allInnerTexts().then((texts) => texts.map(Number).filter((value) => value > 0));
      assert.ok((await numbers(daily.locator("tbody [data-forecast]"))).some((value) => value > 2 && value < 10), "six calls a half hour are forecast here too");
      assert.ok((await numbers(daily.locator("tbody [data-expected]"))).length > 0, "and what is to come is expected");
      await accessible(daily, "the day beside its forecast");

      // ---- A roster of it: a draft, how far from the bound, judged.
      await planner.keyboard.press("Alt+R");
      await seen(planner, "[data-act=new-roster]");
      await planner.keyboard.press("Alt+G");
      await seen(planner, "#new-roster[open]");
      await planner.fill("#new-roster [name=from]", today);
      await planner.fill("#new-roster [name=days]", String(DAYS));
      await accessible(planner, "a new roster");
      // Far more rounds than anybody waits for, of a class that nobody can roster by its own quota, so that no plan is proven the
      // best before: it shows how far it is, and is given up.
      await planner.fill("#new-roster [name=rounds]", "1000000");
      await planner.locator("#new-roster [name=class]").selectOption("busy");
      await planner.locator("#new-roster button.strong").click();
      await seen(planner, "[data-job] progress");
      await accessible(planner, "while it is solved");
      // An answer that is lost on the way says nothing about the work.
      const lost = planner.waitForEvent("requestfailed");
      await planner.route("**/jobs/*", (route) => route.abort(), { times: 1 });
      await lost;
      await planner.waitForResponse((answer) => answer.url().includes("/jobs/") && answer.ok());
      await seen(planner, "[data-job] progress");
      await planner.locator("[data-cancel]").click();
      await gone(planner, "[data-job]", 60_000);
      assert.deepEqual((await ask("/rosters", "plan")).rosters, [], "what was given up leaves nothing");
      await planner.keyboard.press("Alt+G");
      await seen(planner, "#new-roster[open]");
      await planner.fill("#new-roster [name=from]", today);
      await planner.fill("#new-roster [name=days]", String(DAYS));
      await planner.fill("#new-roster [name=rounds]", "300");
      await planner.locator("#new-roster button.strong").click();
      await seen(planner, "#roster-standing[data-draft=true]", 180_000);
      assert.match(await planner.locator("#gap").innerText(), new RegExp(`${says.gap}.*%`));
      assert.equal(await planner.locator("[role=row] > .who > b").count(), AGENTS.length);
      assert.match(await planner.locator("#word").innerText(), new RegExp(says.sound));
      await accessible(planner, "a roster");

      // By keys alone: a late shift before an early one leaves too little rest, and the judge says so at its cell at once.
      const drafted = async () => {
        const { rosters } = await ask("/rosters", "plan");
        return ask(`/rosters/${rosters[0].roster}`, "plan");
      };
      const draft = await drafted();
      const has = (agent, day) => draft.shifts.find((shift) => shift.agent === agent && shift.day === day);
      const pair = draft.shifts.find((shift) => shift.day > today && has(shift.agent, at((Date.parse(shift.day) - Date.parse(today)) / 86_400_000 + 1)));
      assert.ok(pair, "somebody works on two days on end");
      const dayAfter = at((Date.parse(pair.day) - Date.parse(today)) / 86_400_000 + 1);
      const setCode = async (agent, day, code) => {
        await planner.locator(cell(agent, day)).focus();
        await planner.keyboard.press("Enter");
        await seen(planner, "#shift-dialog[open]");
        await planner.fill("#shift-dialog [name=code]", code);
        await planner.keyboard.press("Enter");
        await gone(planner, "#shift-dialog");
      };
      await setCode(pair.agent, pair.day, "late");
      await setCode(pair.agent, dayAfter, "early");
      await seen(planner, `${cell(pair.agent, dayAfter)}.is-bad`);
      assert.match(await planner.locator("#word").innerText(), new RegExp(says.rest));
      await accessible(planner, "a roster with a broken rule");
      // What is changed is still there after a look at the forecast.
      await planner.keyboard.press("Alt+F");
      await seen(planner, "[data-chart=volume] canvas");
      const opened = [];
      planner.on("request", (asked) => asked.method() === "GET" && /\/rosters\/[^/]+$/.test(asked.url()) && opened.push(asked.url()));
      const listed = planner.waitForResponse((answer) => answer.url().endsWith("/rosters") && answer.ok());
      await planner.keyboard.press("Alt+R");
      await listed;
      await seen(planner, `${cell(pair.agent, pair.day)}[data-code=late]`);
      await until("it is undone", async () => {
        if (await planner.locator("[data-act=undo]").isDisabled()) return true;
        await planner.keyboard.press("Alt+Z");
        return false;
      });
      assert.deepEqual(opened, [], "nothing was opened over what is changed");
      await until("it is sound again", async () => (await planner.locator("#word").innerText()).includes(says.sound));

      // A shift is carried to a free day by keys, and another dragged; both are kept.
      const free = (agent) => Array.from({ length: 9 }, (_, days) => at(days + 1)).find((day) => !has(agent, day));
      const [first, second] = draft.shifts.filter((shift, index, list) => shift.day > today && shift.day <= at(9) && list.findIndex((other) => other.agent === shift.agent && other.day > today) === index);
      const offset = (day) => (Date.parse(day) - Date.parse(today)) / 86_400_000;
      const [target, dropped] = [free(first.agent), free(second.agent)];
      await planner.locator(cell(first.agent, first.day)).focus();
      await planner.keyboard.press("m");
      await seen(planner, ".carry-hint");
      for (let step = Math.abs(offset(target) - offset(first.day)); step > 0; step -= 1) await planner.keyboard.press(offset(target) > offset(first.day) ? "ArrowRight" : "ArrowLeft");
      await planner.keyboard.press("Enter");
      await seen(planner, `${cell(first.agent, target)}[data-code=${first.code}]`);
      const [from, to] = [await planner.locator(cell(second.agent, second.day)).boundingBox(), await planner.locator(cell(second.agent, dropped)).boundingBox()];
      await planner.mouse.move(from.x + 12, from.y + 12);
      await planner.mouse.down();
      await planner.mouse.move(from.x + 30, from.y + 14, { steps: 3 });
      await planner.mouse.move(to.x + 12, to.y + 12, { steps: 5 });
      await planner.mouse.up();
      await seen(planner, `${cell(second.agent, dropped)}[data-code=${second.code}]`);
      await planner.keyboard.press("Alt+S");
      await until("the draft is kept", async () => {
        const kept = await drafted();
        const holds = (agent, day) => kept.shifts?.some((shift) => shift.agent === agent && shift.day === day);
        return kept.roster !== draft.roster && holds(first.agent, target) && !holds(first.agent, first.day) && holds(second.agent, dropped);
      });
      assert.equal(await planner.locator("[data-act=publish]").count(), 0, "a planner drafts, and does not publish");

      // Its days by half hours, with where people are missing.
      await planner.keyboard.press("Alt+D");
      await seen(planner, "#day-view");
      assert.ok((await planner.locator("#day-view [data-line] .bars i").count()) > 0);
      await seen(planner, "#deficit-list");
      await accessible(planner, "a day of a roster");
      await planner.keyboard.press("Alt+D");

      // ---- The director lets it hold.
      const director = await open("boss", "/planner");
      await director.keyboard.press("Alt+R");
      await seen(director, "#roster-standing[data-draft=true]");
      await director.keyboard.press("Alt+P");
      await seen(director, "#publish-dialog[open]");
      await accessible(director, "publishing");
      await director.locator("#publish-now").click();
      await seen(director, "#roster-standing[data-draft=false]", 60_000);
      assert.equal((await director.locator("#roster-standing").innerText()).trim(), says.published);

      // What holds is changed shift by shift, each by the desk's leave.
      const held = (await ask(`/schedule?from=${at(12)}&days=9`)).shifts;
      const shifted = held.find((shift) => !held.some((other) => other.agent === shift.agent && other.day === at(offset(shift.day) + 1)) && shift.day < at(20));
      const nextDay = at(offset(shifted.day) + 1);
      await director.locator(cell(shifted.agent, shifted.day)).focus();
      await director.keyboard.press("m");
      await director.keyboard.press("ArrowRight");
      await director.keyboard.press("Enter");
      await seen(director, `${cell(shifted.agent, nextDay)}[data-code=${shifted.code}]`);
      // What is refused is not lost: it stays on the grid, and can be kept again.
      const refusal = { status: 409, contentType: "application/problem+json", body: JSON.stringify({ code: "not_now", detail: "not now" }) };
      await director.route("**/shifts/*/change", (route) => route.fulfill(refusal), { times: 1 });
      await director.keyboard.press("Alt+S");
      await seen(director, ".toast.bad");
      await seen(director, "[data-act=keep]:not(:disabled)");
      await seen(director, `${cell(shifted.agent, nextDay)}[data-code=${shifted.code}]`);
      await director.keyboard.press("Alt+S");
      await until("the shift is on the next day", async () => (await ask(`/schedule?from=${nextDay}&days=1`)).shifts.some((shift) => shift.shift === shifted.shift && shift.day === nextDay));
      await until("nothing is left to keep", () => director.locator("[data-act=keep]").isDisabled());

      // ---- Another roster is not opened over changes before they were let go.
      await server.ask("POST", "/api/v1/workforce/rosters", { name: "B", from: today, days: 7, rounds: 1 }, "plan");
      await until("a second roster is made", async () => (await ask("/rosters", "plan")).rosters.length === 2);
      await planner.reload();
      await planner.locator("[data-tab=rosters]").click();
      await planner.locator("[data-cell][data-code]:not([data-code=''])").first().focus();
      await planner.keyboard.press("Delete");
      await seen(planner, "[data-act=keep]:not(:disabled)");
      const atHand = await planner.locator("#roster").inputValue();
      const [another] = (await ask("/rosters", "plan")).rosters.map(({ roster }) => roster).filter((roster) => roster !== atHand);
      await planner.locator("#roster").selectOption(another);
      await seen(planner, "#let-go-dialog[open]");
      await accessible(planner, "changes that are to be let go");
      await planner.keyboard.press("Escape");
      await gone(planner, "#let-go-dialog");
      assert.equal(await planner.locator("#roster").inputValue(), atHand);
      await seen(planner, "[data-act=keep]:not(:disabled)");
      await planner.locator("#roster").selectOption(another);
      await planner.locator("#let-go").click();
      await until("the other is open", async () => (await planner.locator("#roster").inputValue()) === another);
      await seen(planner, "[data-act=keep]:disabled");

      // ---- An agent sees her week and takes leave.
      const { shifts } = await ask(`/schedule?from=${today}&days=${DAYS}`);
      const early = shifts.filter((shift) => shift.day === today && shift.code === "early");
      assert.ok(early.length > 0, "somebody's shift has just begun");
      const late = early[0].agent;
      const asker = shifts.find((shift) => shift.day >= at(3) && shift.day <= at(9) && shift.agent !== late && shifts.some((other) => other.day === shift.day && other.code !== shift.code && other.agent !== late && other.agent !== shift.agent));
      assert.ok(asker, "two people have different shifts on one day");
      const other = shifts.find((shift) => shift.day === asker.day && shift.code !== asker.code && shift.agent !== asker.agent && shift.agent !== late);
      const desks = new Map();
      const deskOf = async (agent, how = {}) => {
        if (!desks.has(agent)) desks.set(agent, await open(`a${agent}`, "/agent", how));
        return desks.get(agent);
      };
      const her = await deskOf(asker.agent, { seat: "A1" });
      await seen(her, "#schedule");
      await her.keyboard.press("Alt+D");
      await seen(her, "#week [data-shift]");
      assert.equal(await her.locator("#week > li").count(), 7);
      await accessible(her, "her week");
      await her.locator("[data-tab=requests]").click();
      await seen(her, "[data-form=leave]");
      await accessible(her, "her requests");
      // Personal leave of tomorrow, asked for with less than a day's notice, is refused with by how much.
      const form = her.locator("[data-form=leave]");
      const own = (day) => shifts.find((shift) => shift.agent === asker.agent && shift.day === day);
      const soon = Date.now() + 12 * 3_600_000;
      const local = (ms) => {
        const shown = new Intl.DateTimeFormat("sv-SE", { timeZone: when.zone, dateStyle: "short", timeStyle: "short" }).format(new Date(ms));
        return shown.replace(" ", "T");
      };
      await form.locator("[name=kind]").selectOption("annual");
      await form.locator("[name=from]").fill(local(soon));
      await form.locator("[name=until]").fill(local(soon + 3 * 86_400_000));
      await form.locator("button.strong").click();
      await her.getByText(says.tooLate).first().waitFor();
      const away = shifts.find((shift) => shift.agent === asker.agent && shift.day >= at(2) && shift.day !== asker.day);
      assert.ok(own(away.day));
      await form.locator("[name=kind]").selectOption("personal");
      await form.locator("[name=from]").fill(local(Date.parse(away.from)));
      await form.locator("[name=until]").fill(local(Date.parse(away.until)));
      await form.locator("[name=text]").fill("家中有事");
      await form.locator("button.strong").click();
      await seen(her, "#leaves [data-leave] [data-standing=requested]");

      const leader = await open("lead", "/leader");
      await seen(leader, "[data-tab=crew]");
      await leader.keyboard.press("Alt+S");
      await seen(leader, "#crew");
      // The address says which part it is.
      await leader.reload();
      await seen(leader, "#crew");
      await leader.locator("[data-tab=approvals]").click();
      await seen(leader, "#leaves-to-decide [data-leave]");
      assert.match(await leader.locator("#leaves-to-decide").innerText(), /家中有事/);
      await accessible(leader, "approvals");
      await leader.locator("#leaves-to-decide [data-do=approve]").click();
      await gone(leader, "#leaves-to-decide [data-leave]");
      await her.getByText(says.approved).first().waitFor();
      await seen(her, "#leaves [data-standing=approved]");
      // Her shift stays hers, and the grid says that she is spared of it; her place in it is missing now.
      const holds = (await ask("/rosters", "plan")).rosters.find((one) => one.state === "published").roster;
      await director.reload();
      await director.locator("[data-tab=rosters]").click();
      await seen(director, "#roster");
      await director.locator("#roster").selectOption(holds);
      await seen(director, `${cell(asker.agent, away.day)}.is-away`);

      // ---- Who telephones has her leave taken down by the leader.
      const phone = leader.locator("[data-form=leave]");
      await phone.locator("[name=agent]").fill(other.agent);
      await phone.locator("[name=kind]").selectOption("sick");
      await phone.locator("[name=from]").fill(`${at(24)}T08:00`);
      await phone.locator("[name=until]").fill(`${at(24)}T20:00`);
      await phone.locator("button.strong").click();
      await until("her leave is taken down", async () => (await ask("/leaves")).leaves.some((leave) => leave.agent === other.agent && leave.kind === "sick" && leave.state === "requested"));

      // ---- More people are wanted: she says that she comes.
      const idle = Array.from({ length: 8 }, (_, days) => at(days + 2)).find((day) => !own(day));
      const wanted = leader.locator("[data-form=wanted]");
      await wanted.locator("[name=from]").fill(`${idle}T12:00`);
      await wanted.locator("[name=until]").fill(`${idle}T14:00`);
      await wanted.locator("[name=agents]").fill(asker.agent);
      await wanted.locator("button.strong").click();
      await seen(her, "#schedule-waiting");
      await her.locator("[data-tab=offers]").click();
      await seen(her, "[data-overtime] [data-answer=yes]");
      await accessible(her, "what she is offered");
      await her.locator("[data-overtime] [data-answer=yes]").click();
      await seen(her, "[data-overtime] .badge.good");
      await until("it is a shift of hers", async () => (await ask(`/schedule?agent=${asker.agent}&from=${idle}&days=1`)).shifts.some((shift) => shift.code === "overtime"));

      // ---- She swaps with another.
      await her.locator("[data-tab=requests]").click();
      const swap = her.locator("[data-form=swap]");
      await swap.locator("[name=mine]").selectOption(asker.shift);
      await until("the other's shift is to be had", async () => (await swap.locator(`[name=theirs] option[value="${other.shift}"]`).count()) === 1);
      await swap.locator("[name=theirs]").selectOption(other.shift);
      await swap.locator("button.strong").click();
      await seen(her, "#swaps [data-standing=requested]");
      const friend = await deskOf(other.agent, { seat: "A2" });
      await seen(friend, "#schedule-waiting");
      await friend.keyboard.press("Alt+D");
      await friend.locator("[data-tab=requests]").click();
      await friend.locator("#swaps [data-answer=yes]").click();
      await seen(friend, "#swaps [data-standing=agreed]");
      await seen(leader, "#swaps-to-decide [data-swap]");
      await leader.locator("#swaps-to-decide [data-do=approve]").click();
      await her.getByText(says.swapped).first().waitFor();
      await until("the shifts have changed hands", async () => {
        const now = (await ask(`/schedule?from=${asker.day}&days=1`)).shifts;
        return now.some((shift) => shift.agent === asker.agent && shift.code === other.code) && now.some((shift) => shift.agent === other.agent && shift.code === asker.code);
      });

      // ---- Who is late stands on the board, first; comes; and is late all the same.
      await leader.locator("[data-tab=adherence]").click();
      await seen(leader, `[data-late="${late}"]`);
      const row = leader.locator("#adherence .table-body [role=row]").filter({ has: leader.locator(`[data-stance="${late}"]`) });
      await until("she is not where the plan has her", async () => (await row.innerText()).includes(says.out));
      await accessible(leader, "the adherence board");
      const hers = await deskOf(late, { seat: "B7" });
      await hers.locator("#go-ready").click();
      await until("she is where the plan has her", async () => (await row.innerText()).includes(says.isIn), 30_000);
      assert.match(await row.innerText(), new RegExp(says.late));
      // Her day against the plan, in her leader's words and in her own.
      await row.locator(`[data-stance="${late}"]`).click();
      await seen(leader, "#agent-dialog[open]");
      await leader.locator("#agent-day summary").click();
      await seen(leader, "#agent-day [data-episodes]:not([data-episodes=none])");
      await accessible(leader, "an agent's day");
      await leader.keyboard.press("Escape");
      await gone(leader, "#agent-dialog");
      if (!(await hers.locator("#schedule-pane").count())) await hers.keyboard.press("Alt+D");
      await hers.locator("[data-tab=week]").click();
      await hers.locator("#own-day summary").click();
      await seen(hers, "#own-day [data-episodes]:not([data-episodes=none])");
      await leader.locator("[data-tab=attendance]").click();
      await seen(leader, `[data-attendance="${late}"]`);
      await until("her late is counted", async () => (await leader.locator(`[data-attendance="${late}"] [data-count=lates]`).innerText()).startsWith("1"));
      await leader.locator(`[data-attendance="${late}"] button`).first().click();
      const finding = leader.locator(`[data-attendance="${late}"] [data-finding=late]`);
      assert.match(await finding.innerText(), /#\d+/, "on which events it stands");
      await accessible(leader, "attendance");
      // Excused afterwards, it counts for nothing, and what it was stays to be seen.
      await finding.locator("[data-excuse]").click();
      await leader.locator("[data-form=excuse] [name=why]").selectOption({ index: 1 });
      await leader.locator("[data-form=excuse] button").click();
      await until("it counts no more", async () => /^0\s*\(1\)/.test(await leader.locator(`[data-attendance="${late}"] [data-count=lates]`).innerText()));
      await seen(leader, "#exceptions [data-exception]");
      // ---- Muster of who comes later, and who takes over from whom, after a look at each line of the list.
      const coming = shifts.find((shift) => shift.day === today && shift.code === "late" && shift.agent !== late);
      await leader.locator("[data-tab=muster]").click();
      await leader.locator(`[data-present="${coming.shift}"]`).click();
      await seen(leader, `[data-muster="${coming.shift}"] [data-mustered]`);
      await accessible(leader, "muster");
      await leader.locator("[data-tab=relief]").click();
      await seen(leader, "#unrelieved");
      const list = leader.locator("[data-form=handover]");
      await list.locator("[name=outgoing]").selectOption(early[0].shift);
      await list.locator("[name=incoming]").selectOption(coming.shift);
      await list.locator("[name=seat]").fill("B7");
      await list.locator("button.strong").click();
      await seen(leader, "#relief [data-handover]");
      await accessible(leader, "handover");
      const next = await deskOf(coming.agent, { seat: "C3" });
      await seen(next, "#schedule");
      if (!(await next.locator("#schedule-pane").count())) await next.keyboard.press("Alt+D");
      await next.locator("[data-tab=handover]").click();
      await seen(next, ".handover-form");
      assert.ok(await next.locator(".handover-form button.strong").isDisabled(), "nothing is taken over before it was looked at");
      for (const line of await next.locator(".check-line").all()) await line.locator("[value=yes]").check();
      await accessible(next, "taking over");
      await next.locator(".handover-form button.strong").click();
      await seen(next, "[data-handover] .badge.good");
      await seen(leader, "#relief [data-handover] .badge.good");
      for (const [account, { troubles }] of all) assert.deepEqual(troubles, [], account);
    } finally {
      for (const [, { context }] of all) await context.close();
      await server.stop();
    }
  });
}
