// The board: what a wall shows of the floor. Rows come from the link; whatever ticks is counted here from instants.

import { Floor } from "./link.js";

const LANGUAGES = ["zh-CN", "en"];
const AWAY = ["not_ready", "on_break", "unreachable"];
const LOOKS = { idle: "ready", resting: "ready", ringing: "ringing", talking: "talking", held: "talking",
  consulting: "talking", wrap_up: "wrap", not_ready: "away", on_break: "away", unreachable: "lost" };
const SIGNS = { ready: "●", ringing: "◉", talking: "▶", wrap: "✎", away: "‖", lost: "✕" };
const OLD_S = 5;
const DEAD_S = 15;
// A wait is amber from the service level's threshold on, and red from twice of it.
const AMBER_S = 20;

const $ = (id) => document.getElementById(id);
const fragment = new URLSearchParams(location.hash.slice(1));
const cards = new Map();
let language = fragment.get("lang") ?? recall("language") ?? "zh-CN";
let words = {};
let titles = { site: "", queues: {} };
let floor = null;

// A browser may keep nothing: then it is asked again next time.
function recall(key, where = "localStorage") {
  try { return globalThis[where].getItem(key); } catch { return null; }
}

function keep(key, value, where = "localStorage") {
  try { value === null ? globalThis[where].removeItem(key) : globalThis[where].setItem(key, value); } catch { /* see above */ }
}

const text = (key, n) => (words[key] ?? key).replace("{n}", n);
const titleOf = (title, otherwise) => title?.[language.slice(0, 2)] ?? title?.[""] ?? Object.values(title ?? {})[0] ?? otherwise;

async function speak(wanted) {
  language = LANGUAGES.includes(wanted) ? wanted : LANGUAGES[0];
  words = await (await fetch(`/board/strings/${language}.json`)).json();
  keep("language", language);
  document.documentElement.lang = language;
  $("language").textContent = text("other");
  for (const label of document.querySelectorAll("[data-text]")) label.textContent = text(label.dataset.text);
  $("heads").replaceChildren(...["queue", "waiting", "longest", "ringing", "talking", "ready", "wrap", "away", "offered",
    "answered", "abandoned", "within"].map((key) => element("th", text(key))));
  draw();
}

function element(kind, content = "", name = "") {
  const made = document.createElement(kind);
  made.textContent = content;
  made.className = name;
  return made;
}

function span(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (n) => String(n).padStart(2, "0");
  return s < 3600 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

const since = (at) => floor.now() - Date.parse(at);
const urgency = (ms) => (ms >= AMBER_S * 2000 ? "bad" : ms >= AMBER_S * 1000 ? "warn" : "");
const share = (part, whole) => (whole ? `${Math.round((100 * part) / whole)}%` : "–");

function draw() {
  const open = floor && floor.seq > 0;
  document.querySelector("main").hidden = !open;
  if (!floor) return;
  drawHeader();
  if (!open) return;
  const queues = [...floor.queues.values()].filter((row) => row.active);
  const agents = [...floor.agents.values()].filter((row) => row.active);
  const doing = {};
  for (const row of agents) doing[row.activity] = (doing[row.activity] ?? 0) + 1;
  drawTiles(queues, doing);
  $("queues").replaceChildren(...queues.map(queueRow));
  $("states").replaceChildren(...Object.entries(doing).map(([activity, n]) => element("li", `${text(`activity.${activity}`)} ${n}`)));
  drawAgents(agents);
}

function drawHeader() {
  const age = floor.age() / 1000;
  const old = floor.state !== "fresh" || age > OLD_S;
  const seconds = Math.floor(age);
  $("age").textContent = floor.state === "fresh" ? (old ? text("old", seconds) : text("fresh"))
    : `${text(floor.state)}${floor.seq ? ` ${text("old", seconds)}` : ""}`;
  $("age").classList.toggle("late", old);
  document.querySelector("main").classList.toggle("old", age > DEAD_S);
  $("scale").hidden = floor.scale === 1;
  $("scale").textContent = text("scale", floor.scale);
  $("clock").textContent = new Date(floor.now()).toLocaleTimeString(language, { hour12: false });
  $("site").textContent = titles.site || "Cordboard";
  document.title = $("site").textContent;
}

function drawTiles(queues, doing) {
  const sum = (of) => queues.reduce((all, row) => all + of(row), 0);
  const starts = queues.map((row) => row.longest_since).filter(Boolean);
  const longest = Math.max(0, ...starts.map(since));
  const offered = sum((row) => row.today.offered);
  const count = (...activities) => activities.reduce((all, activity) => all + (doing[activity] ?? 0), 0);
  const tiles = [
    ["waiting", sum((row) => row.waiting), urgency(longest)],
    ["longest", span(longest), urgency(longest)],
    ["ready", count("idle", "resting"), ""],
    ["talking", count("talking", "held", "consulting"), ""],
    ["wrap", count("wrap_up"), ""],
    ["away", count(...AWAY), ""],
    ["answered", sum((row) => row.today.answered), ""],
    ["abandoned", share(sum((row) => row.today.abandoned), offered), ""],
  ];
  $("tiles").replaceChildren(...tiles.map(([key, value, name]) => {
    const tile = element("div", "", `tile ${name}`);
    tile.append(element("b", value), element("span", text(key)));
    return tile;
  }));
}

function queueRow(row) {
  const wait = row.longest_since ? since(row.longest_since) : 0;
  const { agents, today } = row;
  const cells = [
    titleOf(titles.queues[row.queue], row.queue) + text(`state.${row.emergency && row.state === "closed" ? "emergency" : row.state}`),
    row.waiting, row.waiting ? span(wait) : "–", row.ringing, row.connected, agents.idle + agents.resting, agents.wrap_up,
    agents.not_ready + agents.on_break + agents.unreachable, today.offered, today.answered, today.abandoned,
    share(today.answered_within, today.answered + today.abandoned),
  ];
  const line = document.createElement("tr");
  line.append(...cells.map((cell, at) => element("td", cell, at === 1 || at === 2 ? urgency(wait) : "")));
  return line;
}

// Cards stay and change in place, so that thousands of them cost little.
function drawAgents(agents) {
  const here = agents.filter((row) => row.activity !== "signed_out");
  const seen = new Set(here.map((row) => row.agent));
  for (const [agent, card] of cards) {
    if (!seen.has(agent)) {
      card.whole.remove();
      cards.delete(agent);
    }
  }
  for (const row of here) {
    let card = cards.get(row.agent);
    if (!card) {
      card = { whole: element("div"), head: element("b"), name: element("span"), time: element("span"), what: element("span") };
      card.head.append(card.name, card.time);
      card.whole.append(card.head, card.what);
      cards.set(row.agent, card);
      $("agents").append(card.whole);
    }
    const look = LOOKS[row.activity] ?? "";
    const queue = row.contacts[0]?.queue;
    const more = queue ? titleOf(titles.queues[queue], queue) : row.activity === "not_ready" ? (row.reason?.slug ?? "") : "";
    put(card.whole, "className", `agent ${look}`);
    put(card.name, "textContent", row.agent);
    put(card.time, "textContent", span(since(row.activity_since)));
    put(card.what, "textContent", `${SIGNS[look] ?? ""} ${text(`activity.${row.activity}`)} ${more}`);
  }
}

function put(node, property, value) {
  if (node[property] !== value) node[property] = value;
}

function watch(token) {
  $("sign-in").hidden = true;
  keep("token", token, "sessionStorage");
  let due = false;
  const changed = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => { due = false; draw(); });
  };
  floor = new Floor(token, changed, () => {
    keep("token", null, "sessionStorage");
    floor = null;
    draw();
    ask("expired");
  });
}

function ask(why) {
  $("sign-in").hidden = false;
  $("refused").textContent = why ? text(why) : "";
  $("age").textContent = "";
}

$("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { account, password } = Object.fromEntries(new FormData(event.target));
  const answer = await fetch("/api/v1/sessions", { method: "POST", headers: { "content-type": "application/json" },
    body: JSON.stringify({ account, password }) });
  if (answer.ok) watch((await answer.json()).token);
  else ask("refused");
});
$("language").addEventListener("click", () => speak(LANGUAGES[(LANGUAGES.indexOf(language) + 1) % LANGUAGES.length]));

await speak(language);
fetch("/board/titles.json").then((answer) => answer.ok && answer.json()).then((found) => { titles = found || titles; draw(); });
// The token leaves the address bar, and with it what is copied from there; it lasts as long as the tab.
const token = fragment.get("token") ?? recall("token", "sessionStorage");
if (location.hash) history.replaceState(null, "", location.pathname);
if (token) watch(token);
else ask();
setInterval(draw, 1000);
