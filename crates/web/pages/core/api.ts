// What is asked of the server over HTTP. A fault is a problem of RFC 9457 with a code for programs; a server that is not reached is
// one too, under our own code.
import { session, type Session } from "./session.ts";

// A network that swallows everything is one that is not there.
const ANSWER_MS_MAX = 12_000;

export class Problem extends Error {
  constructor(readonly status: number, readonly code: string, readonly detail: string, readonly retryAfterS: number | null = null,
    // All that the problem says besides, as its numbers.
    readonly told: Readonly<Record<string, unknown>> = {}) {
    super(`${status} ${code}: ${detail}`);
  }

  // The server does not know such a thing: an older one, or a part that is not built yet.
  get isMissing(): boolean {
    return this.status === 404 || this.status === 405 || this.status === 501;
  }
}

export async function ask<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  const token = session.peek()?.token;
  const init: RequestInit = { method, cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS_MAX), headers: { ...headers } };
  const given = init.headers as Record<string, string>;
  if (token) given["authorization"] = `Bearer ${token}`;
  if (body !== undefined) {
    given["content-type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  let answer: Response;
  try {
    answer = await fetch(path, init);
  } catch (fault) {
    throw new Problem(0, "no_network", String(fault));
  }
  if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T;
  const after = Number(answer.headers.get("retry-after"));
  let problem = { code: `http_${answer.status}`, detail: answer.statusText };
  try {
    problem = { ...problem, ...(await answer.json()) };
  } catch {
    // Not one of ours: a proxy's page, perhaps.
  }
  throw new Problem(answer.status, problem.code, problem.detail, after > 0 ? after : null, problem);
}

export const get = <T>(path: string): Promise<T> => ask<T>("GET", path);
export const post = <T>(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<T> => ask<T>("POST", path, body, headers);
export const remove = <T>(path: string): Promise<T> => ask<T>("DELETE", path);

// A read that the server may not have: nothing then, and so that a page can leave that part out.
export async function getIfThere<T>(path: string): Promise<T | null> {
  try {
    return await get<T>(path);
  } catch (fault) {
    if (fault instanceof Problem && (fault.isMissing || fault.status === 403)) return null;
    throw fault;
  }
}

export const signIn = (account: string, password: string): Promise<Session> => post<Session>("/api/v1/sessions", { account, password });
