// What every page begins with: words, names, the bar at its head, and what is said about the line.
import { render, type ComponentChildren, type ComponentType } from "preact";
import { useComputed } from "@preact/signals";
import { loadNames, siteTitle } from "../core/names.ts";
import { session, setSession, toSignIn, type DeskName } from "../core/session.ts";
import { beginWords, language, LANGUAGES, of, speak, t, type Load } from "../core/words.ts";
import type { Link } from "../core/link.ts";
import { now } from "../core/ticks.ts";
import { clockOf } from "../core/spans.ts";
import { remove } from "../core/api.ts";
import { Icon } from "./icons.tsx";
import { Toasts } from "./toast.tsx";

export interface Beginning { words: Load; Page: ComponentType; needsSession?: boolean }

export async function begin({ words, Page, needsSession = true }: Beginning): Promise<void> {
  await beginWords(words);
  if (needsSession && !session.peek()) return toSignIn();
  if (needsSession) void loadNames();
  render(<><Page /><Toasts /></>, document.body);
}

export function Language() {
  const next = LANGUAGES.find((other) => other !== language.value)!;
  return <button type="button" class="plain" id="language" lang={next} onClick={() => void speak(next)}>{t("other-language")}</button>;
}

export function Bar({ desk, children, end }: { desk: DeskName | "wall"; children?: ComponentChildren; end?: ComponentChildren }) {
  return (
    <header class="bar">
      <a class="brand" href="/" title={t("to-desks")}><span class="mark" aria-hidden="true" /><b>{siteTitle.value || t("product")}</b></a>
      <h1 class="desk-name">{of("desk-", desk)}</h1>
      {children}
      <div class="bar-end">{end}<Language /></div>
    </header>
  );
}

export async function leave(): Promise<void> {
  await remove("/api/v1/sessions").catch(() => undefined);
  setSession(null);
  location.assign("/");
}

// How the line is: a word and a sign, never a colour alone.
export function LinkBadge({ link }: { link: Link }) {
  const phase = link.phase.value;
  const [icon, name] = phase === "live" ? (["link", "good"] as const) : phase === "over" ? (["cross", "bad"] as const) : (["warn", "warn"] as const);
  return <span class={`badge ${name}`} data-phase={phase} role="status"><Icon is={icon} />{of("link-", phase)}</span>;
}

// What stands across the page while the line is not good.
export function LinkBanner({ link }: { link: Link }) {
  const since = useComputed(() => clockOf(now.value - (link.lostAt ?? now.value)));
  const phase = link.phase.value;
  if (phase === "live" || phase === "idle" || phase === "over" || link.lostAt === null) return null;
  return (
    <div class="banner warn" role="alert">
      <Icon is="warn" />
      <span>{of("why-", link.why.value?.code ?? "no-network")}</span>
      <span>{t("link-coming-back")}</span>
      <span class="tick" aria-hidden="true">{since}</span>
      <button type="button" onClick={() => link.probe()}>{t("link-now")}</button>
    </div>
  );
}
