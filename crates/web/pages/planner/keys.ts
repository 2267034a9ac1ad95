// Everything that a key can do at the planner; buttons run the same.
import { signal } from "@preact/signals";
import { session } from "../core/session.ts";
import { isSheetOpen, keysOf } from "../ui/keys.tsx";
import { canUndo, isChanged, look, looked, may, roster, undo } from "./desk.ts";

export type Opened = null | "forecast" | "requirement" | "new-roster" | "shift" | "publish";
export const opened = signal<Opened>(null);
export const keys = keysOf(session.peek()?.account ?? "");

// What the grid lends to the registry while it is there.
export const grid = signal<{ move: () => void; edit: () => void; remove: () => void; isAt: () => boolean; hasShift: () => boolean } | null>(null);
export const isDay = signal(false);
export const keep = signal<(() => void) | null>(null);
const onRosters = (): boolean => looked.peek().part === "rosters" && roster.peek() !== null;
const mayPlan = (): boolean => may.plan.peek();

keys.add(
  { id: "outlook", key: "Alt+F", scope: "desk", run: () => look({ part: "outlook" }) },
  { id: "rosters", key: "Alt+R", scope: "desk", run: () => look({ part: "rosters" }) },
  { id: "forecast", key: "Alt+N", scope: "outlook", can: () => looked.peek().part === "outlook" && mayPlan(), run: () => void (opened.value = "forecast") },
  { id: "requirement", key: "Alt+Q", scope: "outlook", can: () => looked.peek().part === "outlook" && mayPlan(), run: () => void (opened.value = "requirement") },
  { id: "new-roster", key: "Alt+G", scope: "roster", can: () => looked.peek().part === "rosters" && mayPlan(), run: () => void (opened.value = "new-roster") },
  { id: "day", key: "Alt+D", scope: "roster", can: onRosters, run: () => void (isDay.value = !isDay.peek()) },
  { id: "undo", key: "Alt+Z", scope: "roster", can: () => onRosters() && canUndo.peek(), run: undo },
  { id: "keep", key: "Alt+S", scope: "roster", can: () => onRosters() && isChanged.peek() && keep.peek() !== null, run: () => keep.peek()?.() },
  { id: "publish", key: "Alt+P", scope: "roster", throttleMs: 1_000, can: () => onRosters() && roster.peek()!.draft && may.publish.peek(), run: () => void (opened.value = "publish") },
  { id: "move-shift", key: "M", scope: "grid", can: () => mayPlan() && (grid.peek()?.hasShift() ?? false), run: () => grid.peek()?.move() },
  { id: "edit-shift", key: "E", scope: "grid", can: () => mayPlan() && (grid.peek()?.isAt() ?? false), run: () => grid.peek()?.edit() },
  { id: "remove-shift", key: "Delete", scope: "grid", throttleMs: 300, can: () => mayPlan() && (grid.peek()?.hasShift() ?? false), run: () => grid.peek()?.remove() },
  { id: "sheet", key: "?", scope: "always", run: () => void (isSheetOpen.value = !isSheetOpen.peek()) },
);
