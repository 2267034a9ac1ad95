// How a desk of the server is asked over HTTP: reads, and acts that are carried out once, however often the network has to be asked.
import { get, getIfThere, post, Problem } from "./api.ts";

const TRIES_MAX = 3;
const AGAIN_AFTER_MS = 700;

type Asked = Record<string, string | number | boolean | null | undefined>;

// What is empty, or no, is not asked about.
export function query(given: Asked): string {
  const kept = Object.entries(given).filter(([, value]) => value !== "" && value !== null && value !== undefined && value !== false).map(([key, value]) => [key, String(value)]);
  return kept.length ? `?${new URLSearchParams(kept)}` : "";
}

export const pause = (ms: number): Promise<void> => new Promise((next) => setTimeout(next, ms));
// The network was not there, or the server had no time: it can be asked again.
export const isLost = (fault: unknown): boolean => fault instanceof Problem && (fault.status === 0 || fault.status === 503);
const newKey = (): string => [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");

export function deskAt(base: string) {
  return {
    read: <T>(path: string): Promise<T> => get<T>(base + path),
    // The part of a page that this server does not have, or that is not this account's to see, is left out.
    readIfThere: <T>(path: string): Promise<T | null> => getIfThere<T>(base + path),
    // One act under one key: a network that fails is asked again, and the server carries it out once.
    async once<T = { seq: number }>(path: string, body: unknown = {}): Promise<T> {
      const key = newKey();
      for (let tries = 1; ; tries += 1) {
        try {
          return await post<T>(base + path, body, { "idempotency-key": key });
        } catch (fault) {
          if (!isLost(fault) || tries >= TRIES_MAX) throw fault;
          await pause(AGAIN_AFTER_MS * tries);
        }
      }
    },
  };
}
