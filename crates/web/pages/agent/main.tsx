// The agent desk: what rings, what is in hand, what follows, and how she stands. One tab of it at a time.
import "../styles/base.css";
import "../marks/marks.css";
import "./agent.css";
import "../shifts/shifts.css";
import { effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { session, toSignIn } from "../core/session.ts";
import { clockOf } from "../core/spans.ts";
import { Tab } from "../core/tab.ts";
import { of, t, type Language } from "../core/words.ts";
import { Later } from "../shifts/later.tsx";
import { Icon } from "../ui/icons.tsx";
import { KeySheet } from "../ui/keys.tsx";
import { begin, LinkBanner } from "../ui/page.tsx";
import { keys, open } from "./actions.ts";
import { Head } from "./bar.tsx";
import { Hands, Incoming, RejectDialog, Workspace } from "./contact.tsx";
import { beep, choice, microphone, watch } from "./devices.ts";
import { DirectoryDialog } from "./directory.tsx";
import { followInbox } from "./inbox.ts";
import { Inbox } from "./inbox.tsx";
import { DevicesDialog, SeatForm } from "./seat.tsx";
import { BreakPanel, FiguresPanel, Idle, MessagesPanel, MissedPanel, ScriptPanel } from "./side.tsx";
import { agent, desk, hands, hasSnapshot, link, loadReasons, me, offers } from "./state.ts";

const words = (language: Language): Promise<string[]> =>
  Promise.all(language === "en"
    ? [import("../words/en/core.ftl"), import("../words/en/marks.ftl"), import("../words/en/agent.ftl"), import("../words/en/shifts.ftl")]
    : [import("../words/zh-CN/core.ftl"), import("../words/zh-CN/marks.ftl"), import("../words/zh-CN/agent.ftl"), import("../words/zh-CN/shifts.ftl")]).then((files) => files.map((file) => file.default));

// Whose desk this is: this tab's, another tab's, or taken over by one.
const tab = signal<"asking" | "mine" | "elsewhere" | "taken-over">("asking");
const lock = new Tab(`desk.${me}`, () => {
  tab.value = "taken-over";
  link.stop("taken-over");
});

async function takeSeat(byForce = false): Promise<void> {
  const got = await lock.take(byForce);
  tab.value = got;
  if (got === "mine") {
    link.start();
    void loadReasons();
  }
}

// Her schedule comes after the desk stands.
const ownSchedule = () => import("./schedule.tsx").then((made) => made.SchedulePanel);
const ownPane = () => import("./schedule.tsx").then((made) => made.SchedulePane);

function Page() {
  document.title = titleNow();
  return (
    <>
      <Head />
      <LinkBanner link={link} />
      <Slept />
      <Microphone />
      <main id="main">{body()}</main>
      {open.value === "transfer" || open.value === "consult" ? <DirectoryDialog key={open.value} mode={open.value} /> : null}
      {open.value === "reject" && <RejectDialog />}
      {open.value === "devices" && <DevicesDialog />}
      <Inbox />
      <KeySheet keys={keys} />
    </>
  );
}

function body() {
  if (!me) return <Stated id="no-agent" icon="warn" title={t("no-agent-title")} text={t("no-agent-text")} />;
  if (tab.value === "elsewhere" || tab.value === "taken-over") {
    return <Stated id={tab.value} icon="user" title={tab.value === "elsewhere" ? t("elsewhere-title") : t("taken-over-title")} text={t("elsewhere-text")} act={t("use-here")} onAct={() => void takeSeat(true)} />;
  }
  if (link.phase.value === "over") {
    const code = link.why.value?.code ?? "";
    if (code === "no-token" || code === "close-4001") return <Stated id="signed-off" icon="out" title={t("signed-off-title")} text={of("why-", code)} act={t("to-sign-in")} onAct={() => toSignIn("no-token")} />;
    if (code === "close-4005") return <Stated id="signed-out" icon="check" title={t("signed-out-title")} text={t("signed-out-text")} act={t("sign-in-again")} onAct={() => link.start()} />;
    return <Stated id="replaced" icon="user" title={t("replaced-title")} text={of("why-", code)} act={t("use-here")} onAct={() => link.start()} />;
  }
  if (!hasSnapshot.value) return <p class="waiting" role="status">{t("connecting")}</p>;
  if (!agent.value || agent.value.state === "signed_out") return <><SeatForm /><div class="seat-schedule"><Later load={ownSchedule} /><Later load={ownPane} /></div></>;
  const nothing = hands.value.length === 0 && offers.value.length === 0;
  return (
    <div class="desk">
      <div class="side left"><MessagesPanel /><Later load={ownSchedule} /><MissedPanel /><BreakPanel /><FiguresPanel /></div>
      <div class="middle"><Incoming /><Hands /><Workspace /><Later load={ownPane} />{nothing && <Idle />}</div>
      <div class="side right"><ScriptPanel /></div>
    </div>
  );
}

function Stated({ id, icon, title, text, act, onAct }: { id: string; icon: "warn" | "user" | "out" | "check"; title: string; text: string; act?: string; onAct?: () => void }) {
  return (
    <section class="card stated" id={`stated-${id}`} aria-labelledby="stated-title">
      <Icon is={icon} />
      <h2 id="stated-title">{title}</h2>
      <p>{text}</p>
      {act && <button type="button" class="strong big" onClick={onAct}>{act}</button>}
    </section>
  );
}

// A tab that the browser put to sleep, or a machine that was closed.
function Slept() {
  const ms = link.slept.value;
  if (!ms) return null;
  return (
    <div class="banner info" id="slept" role="status">
      <Icon is="clock" /><span>{t("slept", { span: clockOf(ms) })}</span>
      <button type="button" onClick={() => (link.slept.value = 0)}>{t("noted")}</button>
    </div>
  );
}

function Microphone() {
  const is = microphone.value;
  if (!agent.value || agent.value.state === "signed_out" || !["lost", "refused", "none", "busy", "failed"].includes(is)) return null;
  return (
    <div class="banner bad" role="alert">
      <Icon is="muted" /><span>{of("microphone-", is)}</span>
      <button type="button" onClick={() => (open.value = "devices")}>{t("devices-title")}</button>
    </div>
  );
}

function titleNow(): string {
  if (offers.value.length) return t("title-ringing", { n: offers.value.length });
  const activity = agent.value?.activity;
  return activity ? t("title-state", { state: of("activity-", activity), agent: me }) : t("title");
}

// A new offer is heard, and seen though the window is not.
let rung = "";
let bell: ReturnType<typeof setInterval> | undefined;
effect(() => {
  const first = offers.value[0]?.offer?.offer ?? "";
  if (first === rung) return;
  rung = first;
  clearInterval(bell);
  if (!first) return;
  beep(2);
  bell = setInterval(() => beep(2), 3_000);
  if (document.hidden && typeof Notification !== "undefined" && Notification.permission === "granted") {
    const note = new Notification(t("title-ringing", { n: 1 }), { tag: "cordboard-offer" });
    note.onclick = () => window.focus();
  }
});

// The focus goes where the next act is: to what rings, unless she is typing.
function Focus() {
  const first = offers.value[0]?.offer?.offer ?? "";
  useEffect(() => {
    const at = document.activeElement;
    if (first && (!at || at === document.body)) document.querySelector<HTMLElement>("[data-act=accept]")?.focus();
  }, [first]);
  return null;
}

if (session.peek()) {
  followInbox();
  if (choice.peek().without) microphone.value = "without";
  void watch();
  if (me) void takeSeat();
}
void desk;
await begin({ words, Page: () => <><Page /><Focus /></> });
