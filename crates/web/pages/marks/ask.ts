// How pages ask the quality desk, and what they say of its refusals.
import { Problem } from "../core/api.ts";
import { deskAt } from "../core/desk.ts";
import { of, titleOf } from "../core/words.ts";
import { toast } from "../ui/toast.tsx";
import type { Words } from "./shapes.ts";

// Many of one page: what is longer is asked for with a filter.
export const PAGE_MAX = 500;

export { query } from "../core/desk.ts";
export const { read, readIfThere, once } = deskAt("/api/v1/quality");

// Why not, in words where there are some; else in the server's own.
export function whyNot(fault: unknown): string {
  if (!(fault instanceof Problem)) return String(fault);
  const said = of("refused-quality-", fault.code);
  return said === fault.code ? fault.detail || fault.code : said;
}

// An act of a page: done and said, or why not. What it answers; null if it was not done.
export async function act<T>(path: string, body: unknown, done?: string): Promise<T | null> {
  try {
    const told = await once<T>(path, body);
    if (done) toast(done, "good");
    return told ?? ({} as T);
  } catch (fault) {
    toast(whyNot(fault), "bad");
    return null;
  }
}

export const said = (words: Words | null | undefined, otherwise = ""): string => (words ? titleOf({ zh: words.zh, en: words.en }, otherwise) : otherwise);
