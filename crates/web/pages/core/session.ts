// Who is signed in on this page. The token lives in this tab alone (sessionStorage) and goes with it.
import { signal } from "@preact/signals";
import { keep, recall } from "./keep.ts";

export interface Session { token: string; account: string; roles: string[]; agent: string | null; teams: string[]; queues: string[]; expires_at?: string }

export const session = signal<Session | null>(recall<Session>("session", "sessionStorage"));

export function setSession(next: Session | null): void {
  session.value = next;
  keep("session", next, "sessionStorage");
}

export type DeskName = "agent" | "leader" | "intraday" | "quality" | "planner";

// Whoever leads sees the floor; whoever works as an agent has her desk.
const FLOOR = ["team_leader", "shift_leader", "director", "manager", "qa", "coordinator", "planner", "inspector", "admin"];

// Whoever marks conversations, leads those who do, or looks over both.
const QUALITY = ["qa", "team_leader", "shift_leader", "director", "manager", "inspector"];
// Who makes plans, or lets them hold.
const PLANS = ["planner", "shift_leader", "director", "manager"];

export function desksOf(who: Pick<Session, "roles" | "agent">): DeskName[] {
  const sees = who.roles.some((role) => FLOOR.includes(role));
  const desks: DeskName[] = [];
  if (who.agent !== null && (who.roles.includes("agent") || sees)) desks.push("agent");
  if (sees) desks.push("leader", "intraday");
  if (who.roles.some((role) => QUALITY.includes(role))) desks.push("quality");
  if (who.roles.some((role) => PLANS.includes(role))) desks.push("planner");
  return desks;
}

// To the sign-in page, and back here afterwards.
export function toSignIn(why = ""): void {
  setSession(null);
  const back = location.pathname === "/" ? "" : `back=${encodeURIComponent(location.pathname)}`;
  const said = why ? `why=${encodeURIComponent(why)}` : "";
  location.assign(`/?${[back, said].filter(Boolean).join("&")}`);
}
