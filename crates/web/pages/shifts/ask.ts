// How pages ask the workforce desk, what they say of its refusals, and long work that is followed until it is done.
import { signal } from "@preact/signals";
import { Problem, remove } from "../core/api.ts";
import { deskAt, isLost, pause } from "../core/desk.ts";
import { momentOf } from "../core/spans.ts";
import { language, of, t } from "../core/words.ts";
import { toast } from "../ui/toast.tsx";
import { spanText } from "./text.ts";
import type { Job, Made } from "./shapes.ts";

const WORKFORCE = "/api/v1/workforce";
const JOB_EVERY_MS = 500;
// An answer that is lost says nothing about the work: it is asked again, for a quarter of an hour.
const JOB_LOST_EVERY_MS = 3_000;
const JOB_LOST_MAX = 300;

export { query } from "../core/desk.ts";
export const { read, readIfThere, once } = deskAt(WORKFORCE);

// A refusal in the reader's language, with its numbers; the server's own sentence where we have no words for it.
export function refusalText(fault: unknown): string {
  if (!(fault instanceof Problem)) return String(fault);
  const { told, detail } = fault;
  // Numbers stand in fields where the server tells them so, else in its sentence, in their order.
  const written = [...detail.matchAll(/\d+(?= ms\b| swaps?\b| days?\b| people\b)|(?<=less than )\d+/g)].map(([n]) => Number(n));
  const number = (name: string, at = 0): number => Number(told[name] ?? written[at] ?? 0);
  const key = fault.code === "too_late_to_ask" && number("short_by_ms") === 0 ? "too_late_to_ask_plain" : fault.code;
  const said = of("shift-no-", key, {
    short: spanText(number("short_by_ms")), rest: spanText(number("rest_ms")), least: spanText(number("rest_ms_min", 1)), n: number("n"),
    who: of("shift-approver-", String(told["needed"] ?? (/shift leader/.test(detail) ? "shift_leader" : "director"))), at: momentIn(detail),
  });
  return said === key ? fault.detail || fault.code : said;
}

// The same of long work that failed: its code, and the server's own sentence.
const refusalOf = (code: string, why = ""): string => refusalText(new Problem(422, code, why));

const momentIn = (detail: string): string => {
  const at = /\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(detail)?.[0];
  return at ? momentOf(at, language.value) : "";
};

// Does something, and says what came of it. False: it was refused, and why was said.
export async function does<T>(what: string, act: () => Promise<T>): Promise<T | null> {
  try {
    const done = await act();
    toast(t("shift-done", { act: what }), "good");
    return done ?? ({} as T);
  } catch (fault) {
    toast(t("shift-not-done-why", { act: what, why: refusalText(fault) }), "bad");
    return null;
  }
}

// ---- long work

export interface Followed { what: string; job: Job }
export const jobs = signal<readonly Followed[]>([]);

const set = (what: string, job: Job): void => void (jobs.value = [...jobs.peek().filter((one) => one.job.job !== job.job), { what, job }]);
const drop = (job: string): void => void (jobs.value = jobs.peek().filter((one) => one.job.job !== job));

// Until somebody looks: what nobody sees is not asked for.
async function looked(): Promise<void> {
  while (document.hidden) await new Promise((next) => document.addEventListener("visibilitychange", next, { once: true }));
}

// How it stands when it is over; meanwhile, how far it is.
async function overOf(what: string, job: string): Promise<Job> {
  for (let lost = 0; ; ) {
    await pause(lost > 0 ? JOB_LOST_EVERY_MS : JOB_EVERY_MS);
    await looked();
    try {
      const told = await read<Job>(`/jobs/${job}`);
      if (told.state !== "running") return told;
      lost = 0;
      set(what, { ...told, job });
    } catch (fault) {
      lost += 1;
      if (!isLost(fault) || lost > JOB_LOST_MAX) throw fault;
    }
  }
}

// Until it is done; what it made, or null if it failed or was given up. What is done at once needs no following.
export async function follow(what: string, begin: () => Promise<Made>): Promise<Made & Partial<Job> | null> {
  let followed: string | undefined;
  try {
    const made = await begin();
    followed = made.job;
    if (!followed) {
      toast(t("shift-done", { act: what }), "good");
      return made;
    }
    set(what, { job: followed, state: "running", progress: 0 });
    const job = await overOf(what, followed);
    if (job.state === "done") toast(t("shift-done", { act: what }), "good");
    else toast(job.state === "cancelled" ? t("shift-job-cancelled", { act: what }) : t("shift-not-done-why", { act: what, why: job.code ? refusalOf(job.code, job.why) : "" }), job.state === "cancelled" ? "plain" : "bad");
    return job.state === "done" || job.roster ? ({ ...made, ...job } as Made & Partial<Job>) : null;
  } catch (fault) {
    toast(t("shift-not-done-why", { act: what, why: refusalText(fault) }), "bad");
    return null;
  } finally {
    if (followed) drop(followed);
  }
}

export const cancelJob = (job: string): Promise<unknown> => remove(`${WORKFORCE}/jobs/${job}`).catch((fault) => toast(refusalText(fault), "bad"));
