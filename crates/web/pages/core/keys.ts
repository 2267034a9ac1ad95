// One registry of everything that a key can do. Keys, tooltips, the sheet of keys and remapping all come from it.
//
// A key is written "Alt+A", "Ctrl+Shift+1", "3" or "?". Letters and digits go by their place on the keyboard (`event.code`), so a Chinese or
// German layout and an Alt that makes another letter change nothing. While an input method composes, no key is ours.

export interface Stroke {
  code: string; key: string; altKey: boolean; ctrlKey: boolean; metaKey: boolean; shiftKey: boolean;
  isComposing: boolean; keyCode: number; repeat: boolean; inField: boolean;
}

export interface Action {
  id: string;
  // "" is no key at all.
  key: string;
  // Where it is offered: "desk" everywhere, others while that part is there.
  scope: string;
  // Pressed again within this it is passed over: for what cannot be taken back.
  throttleMs?: number;
  run: () => void;
  // Whether it can be done now.
  can?: () => boolean;
}

export type Maps = Record<string, string>;

const MODIFIERS = ["Ctrl", "Alt", "Shift", "Meta"] as const;
// Browsers keep these for themselves.
const TAKEN = new Set(["Ctrl+T", "Ctrl+N", "Ctrl+W", "Ctrl+Shift+T", "Ctrl+Shift+N", "Ctrl+Shift+W", "Ctrl+Shift+I", "Ctrl+Shift+J", "Ctrl+Shift+C", "Alt+F4",
  "Ctrl+Tab", "Ctrl+R", "Ctrl+L", "F5", "F12", "Tab", "Shift+Tab", "Escape", "Enter"]);

// What a stroke is called; nothing while it composes or is but a modifier.
export function nameOfStroke(stroke: Omit<Stroke, "repeat" | "inField">): string | null {
  if (stroke.isComposing || stroke.keyCode === 229) return null;
  if (["Control", "Alt", "Shift", "Meta", "AltGraph", "Process", "Dead", "Unidentified"].includes(stroke.key)) return null;
  const letter = /^Key([A-Z])$/.exec(stroke.code)?.[1] ?? /^(?:Digit|Numpad)(\d)$/.exec(stroke.code)?.[1];
  const plain = !stroke.ctrlKey && !stroke.altKey && !stroke.metaKey;
  // Without a modifier a sign is what was typed: "?" is on another place of every layout.
  const sign = plain && stroke.key.length === 1 && !/[a-z0-9 ]/i.test(stroke.key);
  if (sign) return stroke.key === "？" ? "?" : stroke.key;
  const name = letter ?? (stroke.key === " " ? "Space" : stroke.key.length === 1 ? stroke.key.toUpperCase() : stroke.key);
  const held = [stroke.ctrlKey, stroke.altKey, stroke.shiftKey, stroke.metaKey];
  return [...MODIFIERS.filter((_, at) => held[at]), name].join("+");
}

export const isTaken = (key: string): boolean => TAKEN.has(key);
// A key that types something has its say only where nothing is typed.
const types = (key: string): boolean => !/^(Ctrl|Alt|Meta)\+/.test(key) && !/^(Shift\+)?F\d+$/.test(key);

export class Keys {
  #actions = new Map<string, Action>();
  #maps: Maps;
  #last = new Map<string, number>();
  #told = new Set<() => void>();

  constructor(maps: Maps, readonly keep: (maps: Maps) => void, readonly local: () => number) {
    this.#maps = { ...maps };
  }

  add(...actions: Action[]): void {
    for (const action of actions) this.#actions.set(action.id, action);
    this.#tell();
  }

  drop(...ids: string[]): void {
    for (const id of ids) this.#actions.delete(id);
    this.#tell();
  }

  get actions(): Action[] {
    return [...this.#actions.values()];
  }

  get(id: string): Action | undefined {
    return this.#actions.get(id);
  }

  keyOf(id: string): string {
    return this.#maps[id] ?? this.#actions.get(id)?.key ?? "";
  }

  isOwn(id: string): boolean {
    return this.#maps[id] !== undefined;
  }

  // Gives an action another key; "" takes it away, null gives it back its own.
  map(id: string, key: string | null): void {
    if (key === null) delete this.#maps[id];
    else this.#maps[id] = key;
    this.keep({ ...this.#maps });
    this.#tell();
  }

  reset(): void {
    this.#maps = {};
    this.keep({});
    this.#tell();
  }

  // Keys that more than one action answers to, in scopes that are there at the same time.
  conflicts(): Map<string, string[]> {
    const by = new Map<string, string[]>();
    for (const { id } of this.#actions.values()) {
      const key = this.keyOf(id);
      if (key) by.set(key, [...(by.get(key) ?? []), id]);
    }
    for (const [key, ids] of by) if (ids.length < 2) by.delete(key);
    return by;
  }

  onChange(told: () => void): () => void {
    this.#told.add(told);
    return () => void this.#told.delete(told);
  }

  // Carries out what a stroke stands for; whether it was ours.
  take(stroke: Stroke, isBlocked = false): boolean {
    const key = nameOfStroke(stroke);
    if (key === null || (stroke.inField && types(key))) return false;
    const action = this.actions.find((action) => this.keyOf(action.id) === key && (!action.can || action.can()));
    // A key of ours that can do nothing now still does nothing else.
    if (!action) return !types(key) && this.actions.some(({ id }) => this.keyOf(id) === key);
    if (isBlocked && action.scope !== "always") return false;
    if (stroke.repeat) return true;
    this.run(action.id);
    return true;
  }

  // The same for a button: the throttle holds for both.
  run(id: string): void {
    const action = this.#actions.get(id);
    if (!action || (action.can && !action.can())) return;
    const at = this.local();
    if (action.throttleMs && at - (this.#last.get(id) ?? -Infinity) < action.throttleMs) return;
    this.#last.set(id, at);
    action.run();
  }

  #tell(): void {
    for (const told of this.#told) told();
  }
}
