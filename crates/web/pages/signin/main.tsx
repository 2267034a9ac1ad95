// Who are you, and at which desk do you work? `/?why=…&back=/agent` says why somebody was sent here, and where she wants to go.
import "../styles/base.css";
import "./signin.css";
import { signal } from "@preact/signals";
import { get, Problem, signIn } from "../core/api.ts";
import { loadNames, siteTitle } from "../core/names.ts";
import { desksOf, session, setSession, type DeskName, type Session } from "../core/session.ts";
import { of, t, type Language as Tongue } from "../core/words.ts";
import { Icon, type IconName } from "../ui/icons.tsx";
import { begin, Language, leave } from "../ui/page.tsx";

const words = (language: Tongue): Promise<string[]> =>
  Promise.all(language === "en"
    ? [import("../words/en/core.ftl"), import("../words/en/signin.ftl")]
    : [import("../words/zh-CN/core.ftl"), import("../words/zh-CN/signin.ftl")]).then((files) => files.map((file) => file.default));

const asked = new URLSearchParams(location.search);
const SIGNS: Record<DeskName, IconName> = { agent: "phone", leader: "user", intraday: "chart", quality: "pen", planner: "clock" };
const isBusy = signal(false);
const refused = signal<{ code: string; seconds: number } | null>(null);

async function submit(event: SubmitEvent): Promise<void> {
  event.preventDefault();
  const form = new FormData(event.target as HTMLFormElement);
  isBusy.value = true;
  refused.value = null;
  try {
    const who = await signIn(String(form.get("account")).trim(), String(form.get("password")));
    setSession(who);
    choose(who);
  } catch (fault) {
    refused.value = fault instanceof Problem ? { code: fault.code, seconds: fault.retryAfterS ?? 0 } : { code: "no_network", seconds: 0 };
  } finally {
    isBusy.value = false;
  }
}

// Straight to the desk that was asked for, or to the only one there is.
function choose(who: Session): void {
  const desks = desksOf(who);
  const back = asked.get("back") ?? "";
  const wanted = desks.find((desk) => `/${desk}` === back) ?? (desks.length === 1 ? desks[0] : undefined);
  void loadNames();
  if (wanted) location.assign(`/${wanted}`);
}

function SignIn() {
  const why = asked.get("why");
  const fault = refused.value;
  return (
    <section class="card">
      <form onSubmit={(event) => void submit(event as unknown as SubmitEvent)}>
        {why && !fault && <p class="said plain-said" role="status"><Icon is="message" />{of("why-", why)}</p>}
        <label><span>{t("account")}</span><input name="account" autocomplete="username" autocapitalize="off" spellcheck={false} required autofocus /></label>
        <label><span>{t("password")}</span><input name="password" type="password" autocomplete="current-password" required /></label>
        {fault && <p class="said" role="alert"><Icon is="warn" />{of("refused-", fault.code, { seconds: fault.seconds })}</p>}
        <button class="strong" disabled={isBusy.value}>{isBusy.value ? t("signing-in") : t("sign-in")}</button>
      </form>
    </section>
  );
}

function Desks({ who }: { who: Session }) {
  const desks = desksOf(who);
  return (
    <section class="card desks">
      <h2>{t("welcome", { account: who.account })}</h2>
      <p>{desks.length ? t("choose-desk") : t("no-desk")}</p>
      <ul>
        {desks.map((desk) => (
          <li key={desk}><a href={`/${desk}`} data-desk={desk}><b><Icon is={SIGNS[desk]} />{of("desk-", desk)}</b><span>{of("about-", desk)}</span></a></li>
        ))}
      </ul>
      <footer><button type="button" onClick={() => void leave()}><Icon is="out" />{t("sign-out")}</button></footer>
    </section>
  );
}

function Page() {
  const who = session.value;
  document.title = t("title");
  return (
    <main class="sign-in">
      <div class="top"><Language /></div>
      <div class="head"><span class="mark" aria-hidden="true" /><div><h1>{siteTitle.value || t("product")}</h1><p>{t("tag-line")}</p></div></div>
      {who ? <Desks who={who} /> : <SignIn />}
    </main>
  );
}

// A token of yesterday is none.
if (session.peek()) await get("/api/v1/me").catch((fault) => fault instanceof Problem && fault.status === 401 && setSession(null));
void loadNames();
await begin({ words, Page, needsSession: false });
