// The leader desk, and the board, which is the same without the acts.
import "../styles/base.css";
import "../marks/marks.css";
import "./leader.css";
import "../shifts/shifts.css";
import { session } from "../core/session.ts";
import { loadNames } from "../core/names.ts";
import { clockOf } from "../core/spans.ts";
import { of, t, type Language } from "../core/words.ts";
import { Later } from "../shifts/later.tsx";
import { Icon } from "../ui/icons.tsx";
import { Act, KeySheet, keysOf, isSheetOpen } from "../ui/keys.tsx";
import { Bar, begin, leave, LinkBadge, LinkBanner } from "../ui/page.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { WallClock } from "../ui/ticks.tsx";
import { toSignIn } from "../core/session.ts";
import { AgentFilters, Agents } from "./agents.tsx";
import { AlertButton, Alerts, followAlerts } from "./alerts.tsx";
import { age, askedFor, go, isBoard, link, loadTerms, may, open, opened, part, parts, past, settings, takeToken, toggle, view, watchAge, type Part } from "./desk.ts";
import { Explain } from "./explain.tsx";
import { Ledger } from "./ledger.tsx";
import { followMessages, Messages } from "./messages.tsx";
import { back, followPast, isLooking, look, PastBanner, PastEvents, TimeBar } from "./past.tsx";
import { followPlaces, Queues, Waiting } from "./queues.tsx";
import { AgentDialog, ContactDialog, QueueDialog } from "./subjects.tsx";
import { Walls } from "./walls.tsx";

const words = (language: Language): Promise<string[]> =>
  Promise.all(language === "en"
    ? [import("../words/en/core.ftl"), import("../words/en/marks.ftl"), import("../words/en/leader.ftl"), import("../words/en/shifts.ftl")]
    : [import("../words/zh-CN/core.ftl"), import("../words/zh-CN/marks.ftl"), import("../words/zh-CN/leader.ftl"), import("../words/zh-CN/shifts.ftl")]).then((files) => files.map((file) => file.default));

await takeToken();
const keys = keysOf(session.peek()?.account ?? "");
const focus = (selector: string) => document.querySelector<HTMLElement>(selector)?.focus();
const onFloor = () => part.peek() === "floor";
keys.add(
  { id: "search", key: "/", scope: "desk", can: onFloor, run: () => focus("#search") },
  { id: "agents", key: "Alt+G", scope: "desk", can: onFloor, run: () => focus(".agents-body [tabindex='0']") },
  { id: "waiting", key: "Alt+Q", scope: "desk", can: onFloor, run: () => focus(".waiting .ref, .queues .ref") },
  { id: "alerts", key: "Alt+L", scope: "desk", run: () => open({ what: "alerts" }) },
  { id: "messages", key: "Alt+M", scope: "desk", run: () => open({ what: "messages" }) },
  { id: "walls", key: "Alt+W", scope: "desk", can: () => !isBoard, run: () => open({ what: "walls" }) },
  { id: "past", key: "Alt+P", scope: "desk", run: look },
  ...(isBoard ? [] : [{ id: "ledger", key: "Alt+D", scope: "desk", can: () => may.ledger.peek(), run: () => toggle("ledger") }]),
  { id: "live", key: "Alt+B", scope: "desk", can: () => past.peek() !== null, run: () => { back(); isLooking.value = false; } },
  { id: "crew", key: "Alt+S", scope: "desk", can: () => may.crew.peek(), run: () => toggle("crew") },
  { id: "keys", key: "?", scope: "desk", run: () => (isSheetOpen.value = true) },
);

function Opened() {
  const what = opened.value;
  switch (what?.what) {
    case "agent": return <AgentDialog key={what.id} id={what.id} act={what.act} />;
    case "queue": return <QueueDialog key={what.id} id={what.id} act={what.act} />;
    case "contact": return <ContactDialog key={what.id} id={what.id} act={what.act} />;
    case "explain": return <Explain key={what.id} id={what.id} at={what.at} />;
    case "alerts": return <Alerts />;
    case "messages": return <Messages />;
    case "walls": return <Walls />;
    default: return null;
  }
}

// How old what is shown is; a page that hears nothing says so before anybody acts on it.
function AgeBanner() {
  const ms = age.value;
  if (!ms || past.value) return null;
  return <div class="banner warn" id="age"><Icon is="clock" />{t("data-old", { age: clockOf(ms) })}</div>;
}

function Ended() {
  const why = link.why.value;
  return (
    <main class="ended"><section class="card"><div class="card-body">
      <p><Icon is="warn" /> {of("why-", why?.code ?? "no-token")}</p>
      <button type="button" class="strong" onClick={() => toSignIn(why?.code ?? "no-token")}>{t("sign-in-again")}</button>
    </div></section></main>
  );
}

const crew = () => import("./workforce.tsx").then((made) => made.default);

function Floor() {
  const whole = view.value.isWhole.value;
  return (
    <>
      <section class="card floor-agents" aria-labelledby="agents-title">
        <h2 id="agents-title" class="visually-hidden">{t("agents")}</h2>
        <AgentFilters />
        {whole ? <Agents /> : <p class="card-body" role="status">{t("loading")}</p>}
      </section>
      <div class="side">
        <Queues />
        <Waiting />
        <PastEvents />
      </div>
    </>
  );
}

// The part that is looked at; it is one of several only where there are several.
function Shown() {
  const isOld = age.value >= settings.value.stale_ms.grey && !past.value;
  const at = part.value;
  const names = { floor: `floor ${isOld ? "is-old" : ""} ${past.value ? "is-past" : ""}`, ledger: "ledger-part", crew: "crew" };
  const panel = parts.value.length > 1 ? { role: "tabpanel" as const, "aria-labelledby": `leader-part-tab-${at}` } : {};
  return <div id="leader-part" class={names[at]} {...panel}>{at === "crew" ? <Later load={crew} /> : at === "ledger" ? <Ledger /> : <Floor />}</div>;
}

function Page() {
  document.title = isBoard ? t("board-title") : of("desk-", "leader");
  return (
    <>
      <Bar desk="leader" end={
        <>
          <AlertButton />
          {(may.speak.value || !isBoard) && <Act keys={keys} id="messages" icon="message" label={t("messages")} hideKey />}
          {!isBoard && <Act keys={keys} id="walls" icon="chart" label={t("walls")} hideKey />}
          <Act keys={keys} id="past" icon="clock" label={t("look-back")} pressed={isLooking.value} hideKey />
          {!isBoard && <a class="button" href="/intraday">{of("desk-", "intraday")}</a>}
          <Act keys={keys} id="keys" icon="keys" class="plain" label={t("keys-title")} hideKey />
          {!isBoard && <button type="button" class="plain" onClick={() => void leave()}><Icon is="out" />{session.value?.account}</button>}
        </>
      }>
        {isBoard && <span class="badge">{t("read-only")}</span>}
        {parts.value.length > 1 && <Tabs label={t("parts")} panel="leader-part" current={part.value} onChoose={(id) => go(id as Part)} tabs={parts.value.map((id) => ({ id, label: of("part-", id) }))} />}
        <LinkBadge link={link} />
        <WallClock />
      </Bar>
      <LinkBanner link={link} />
      <AgeBanner />
      <TimeBar />
      <PastBanner />
      {link.phase.value === "over" ? <Ended /> : <main class="leader-main"><Shown /></main>}
      <Opened />
      <KeySheet keys={keys} />
    </>
  );
}

if (session.peek() || !isBoard) {
  await begin({ words, Page });
  if (session.peek()) {
    link.on("welcome", () => { void loadTerms(); void loadNames(); });
    followAlerts();
    followMessages();
    followPast();
    followPlaces();
    watchAge();
    link.start();
    askedFor();
  }
} else toSignIn();
