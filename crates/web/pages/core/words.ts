// Words. zh-CN is the source, en the second; a page brings its own messages besides those of `core`. The language is a signal, so
// whatever was drawn with a word is drawn anew when it changes. `scripts/words.mjs` holds every use against both files:
//   t("key", args)            one message
//   of("prefix-", value)      one of the messages that begin so; the value itself where there is none
import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import { signal } from "@preact/signals";
import { keep, recall } from "./keep.ts";

export const LANGUAGES = ["zh-CN", "en"] as const;
export type Language = (typeof LANGUAGES)[number];
export type Load = (language: Language) => Promise<string[]>;
export type Title = Partial<Record<"zh" | "en" | "", string>> | string | null | undefined;

export const language = signal<Language>("zh-CN");
const bundle = signal<FluentBundle | null>(null);
let load: Load = () => Promise.resolve([]);

function wanted(): Language {
  const asked = new URLSearchParams(location.search).get("lang") ?? recall<string>("language");
  return LANGUAGES.find((known) => known === asked) ?? LANGUAGES[0];
}

// Before anything is drawn.
export async function beginWords(loader: Load): Promise<void> {
  load = loader;
  await speak(wanted(), false);
}

export async function speak(next: Language, remember = true): Promise<void> {
  const made = bundleOf(next, await load(next));
  if (remember) keep("language", next);
  document.documentElement.lang = next;
  language.value = next;
  bundle.value = made;
}

export function bundleOf(next: Language, texts: string[]): FluentBundle {
  const made = new FluentBundle(next, { useIsolating: false });
  for (const text of texts) {
    const faults = made.addResource(new FluentResource(text));
    for (const fault of faults) console.error(fault);
  }
  return made;
}

export function t(key: string, args?: Record<string, FluentVariable>): string {
  return message(key, args) ?? key;
}

export function of(prefix: string, value: string, args?: Record<string, FluentVariable>): string {
  return message(prefix + value.replaceAll("_", "-"), args) ?? value;
}

function message(key: string, args?: Record<string, FluentVariable>): string | null {
  const words = bundle.value;
  const found = words?.getMessage(key);
  if (!words || !found?.value) return null;
  return words.formatPattern(found.value, args ?? null, []);
}

// What people called something in the configuration, in this language or another.
export function titleOf(title: Title, otherwise: string): string {
  if (typeof title === "string") return title;
  const short = language.value.slice(0, 2) as "zh" | "en";
  return title?.[short] ?? title?.[""] ?? title?.zh ?? title?.en ?? otherwise;
}
