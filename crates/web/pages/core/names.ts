// What queues, reasons, codes, teams and skills are called on this site. Until the server tells (an older one does not), an id is
// its own name, and a queue's title is what the board was told.
import { signal } from "@preact/signals";
import { getIfThere } from "./api.ts";
import { setZone } from "./spans.ts";
import { of, titleOf, type Title } from "./words.ts";

export type Kind = "queues" | "reasons" | "codes" | "teams" | "skills" | "attributes" | "walls";
type Names = Partial<Record<Kind, Record<string, Title>>> & { site?: string };

export const names = signal<Names>({});
export const siteTitle = signal("");

export async function loadNames(): Promise<void> {
  const [told, titles, terms] = await Promise.all([
    getIfThere<Names>("/api/v1/names").catch(() => null),
    getIfThere<{ site?: string; queues?: Record<string, Title> }>("/board/titles.json").catch(() => null),
    getIfThere<{ zone?: string }>("/api/v1/page-settings").catch(() => null),
  ]);
  if (terms?.zone) setZone(terms.zone);
  siteTitle.value = told?.site ?? titles?.site ?? "";
  names.value = { ...(titles?.queues ? { queues: titles.queues } : {}), ...told };
}

export const nameOf = (kind: Kind, id: string | null | undefined): string => (id ? titleOf(names.value[kind]?.[id], id) : "");

// A reason: the site's own name for it, or ours for those of the system.
export function reasonName(slug: string | null | undefined): string {
  if (!slug) return "";
  return titleOf(names.value.reasons?.[slug], "") || of("reason-", slug);
}
