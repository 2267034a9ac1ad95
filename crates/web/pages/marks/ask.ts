// How pages ask the quality desk: reads, and acts that are carried out once, however often the network has to be asked.
import { get, post, Problem } from "../core/api.ts";
import { of, titleOf } from "../core/words.ts";
import { toast } from "../ui/toast.tsx";
import type { Words } from "./shapes.ts";

export const QUALITY = "/api/v1/quality";
const TRIES_MAX = 3;
const AGAIN_AFTER_MS = 700;

// Many of one page: what is longer is asked for with a filter.
export const PAGE_MAX = 500;

export const read = <T>(path: string): Promise<T> => get<T>(QUALITY + path);

// The part of a page that this server does not have, or that is not this account's to see, is left out.
export async function readIfThere<T>(path: string): Promise<T | null> {
  try {
    return await read<T>(path);
  } catch (fault) {
    if (fault instanceof Problem && (fault.isMissing || fault.status === 403)) return null;
    throw fault;
  }
}

export const query = (given: Record<string, string | number | boolean | null | undefined>): string => {
  const kept = Object.entries(given).filter(([, value]) => value !== "" && value !== null && value !== undefined && value !== false).map(([key, value]) => [key, String(value)]);
  return kept.length ? `?${new URLSearchParams(kept)}` : "";
};

const newKey = (): string => [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");

// One act under one key: a network that fails is asked again, and the server carries it out once.
export async function once<T>(path: string, body: unknown = {}): Promise<T> {
  const key = newKey();
  for (let tries = 1; ; tries += 1) {
    try {
      return await post<T>(QUALITY + path, body, { "idempotency-key": key });
    } catch (fault) {
      const again = fault instanceof Problem && (fault.status === 0 || fault.status === 503) && tries < TRIES_MAX;
      if (!again) throw fault;
      await new Promise((next) => setTimeout(next, AGAIN_AFTER_MS * tries));
    }
  }
}

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
