// The engine's time on a page that has no link to be told it by: it is asked for.
import { get } from "./api.ts";
import { Clock } from "./clock.ts";
import { beginTicks } from "./ticks.ts";

const clock = new Clock(() => performance.now(), Date.now());

export async function readClock(): Promise<void> {
  const asked = performance.now();
  const told = await get<{ now: string; clock_scale: number }>("/version").catch(() => null);
  if (!told) return;
  clock.setScale(told.clock_scale);
  clock.tell(told.now, asked);
}

// Everything on the page that asks for the time has this one from now on.
export async function beginClock(): Promise<void> {
  await readClock();
  beginTicks(clock);
}
