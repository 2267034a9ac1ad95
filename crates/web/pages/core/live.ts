// A link in a real browser: sockets, tickets, what is kept beyond a reload, and everything that says that the line should be looked at.
import { ask, Problem } from "./api.ts";
import { keep, recall } from "./keep.ts";
import { Link, PROTOCOL, TicketRefused, type Pending, type SocketLike, type World } from "./link.ts";
import { beginTicks } from "./ticks.ts";

// `name` keeps the commands of one page apart from those of another in this tab.
export function openLink(name: string): Link {
  const world: World = {
    open: () => new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/link`, [PROTOCOL]) as unknown as SocketLike,
    async ticket() {
      try {
        return (await ask<{ ticket: string }>("POST", "/api/v1/tickets")).ticket;
      } catch (fault) {
        if (fault instanceof Problem && (fault.status === 401 || fault.status === 403)) throw new TicketRefused(fault.detail);
        throw fault;
      }
    },
    version: () => ask("GET", "/version"),
    local: () => performance.now(),
    wall: () => Date.now(),
    after: (ms, what) => setTimeout(what, ms),
    cancel: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
    hidden: () => document.hidden,
    chance: () => crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32,
    keep: (commands) => keep(`commands.${name}`, commands.length ? commands : null, "sessionStorage"),
    recall: () => recall<Pending[]>(`commands.${name}`, "sessionStorage") ?? [],
  };
  const link = new Link(world);
  beginTicks(link.clock);
  watch(link);
  return link;
}

// A tab that was hidden or frozen, a machine that slept, a network that came back.
function watch(link: Link): void {
  const look = () => link.probe();
  window.addEventListener("online", look);
  window.addEventListener("pageshow", (event) => event.persisted && look());
  document.addEventListener("resume", look);
  document.addEventListener("visibilitychange", () => !document.hidden && look());
}
