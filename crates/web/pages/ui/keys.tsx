// Keys on a page: one listener, buttons that know their key, and the sheet on which they are shown and changed.
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { keep, recall } from "../core/keep.ts";
import { isTaken, Keys, nameOfStroke, type Maps, type Stroke } from "../core/keys.ts";
import { of, t } from "../core/words.ts";
import { Dialog, isDialogOpen } from "./dialog.tsx";
import { Icon, type IconName } from "./icons.tsx";

// Moves when an action comes or goes, or gets another key.
const turn = signal(0);
export const isSheetOpen = signal(false);

// The keys of one account, remembered on this machine.
export function keysOf(account: string): Keys {
  const name = `keys.${account}`;
  const keys = new Keys(recall<Maps>(name) ?? {}, (maps) => keep(name, Object.keys(maps).length ? maps : null), () => performance.now());
  keys.onChange(() => (turn.value = turn.peek() + 1));
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    if (keys.take(strokeOf(event), isDialogOpen())) event.preventDefault();
  });
  return keys;
}

export function strokeOf(event: KeyboardEvent): Stroke {
  const { code, key, altKey, ctrlKey, metaKey, shiftKey, isComposing, keyCode, repeat } = event;
  // Nothing is typed into a choice or a slider.
  const field = event.target instanceof Element && event.target.closest("input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable=true]");
  return { code, key, altKey, ctrlKey, metaKey, shiftKey, isComposing, keyCode, repeat, inField: Boolean(field) };
}

export function Key({ keys, id }: { keys: Keys; id: string }) {
  turn.value;
  const key = keys.keyOf(id);
  return key ? <kbd aria-hidden="true">{key}</kbd> : null;
}

export interface ActProps { keys: Keys; id: string; label: string; icon?: IconName; class?: string; disabled?: boolean; pressed?: boolean; children?: ComponentChildren; hideKey?: boolean }

// A button for an action of the registry: its tooltip names the key.
export function Act({ keys, id, label, icon, class: name, disabled, pressed, children, hideKey }: ActProps) {
  turn.value;
  const key = keys.keyOf(id);
  return (
    <button type="button" data-act={id} class={name ?? ""} disabled={disabled} aria-pressed={pressed} title={key ? t("with-key", { label, key }) : label}
      aria-keyshortcuts={key || undefined} onClick={() => keys.run(id)}>
      {icon && <Icon is={icon} />}
      <span>{label}</span>
      {children}
      {!hideKey && <Key keys={keys} id={id} />}
    </button>
  );
}

// All keys, by where they are good; each can be given another one.
export function KeySheet({ keys }: { keys: Keys }) {
  turn.value;
  const [listening, setListening] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  // Before the next key can come: an effect after the frame would miss a quick hand.
  useLayoutEffect(() => {
    if (listening === null) return;
    const heard = (event: KeyboardEvent) => {
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Escape") return setListening(null);
      if (event.key === "Backspace" || event.key === "Delete") {
        keys.map(listening, "");
        return setListening(null);
      }
      const key = nameOfStroke(strokeOf(event));
      if (key === null) return;
      if (isTaken(key)) return setSaid(t("keys-taken", { key }));
      keys.map(listening, key);
      setSaid("");
      setListening(null);
    };
    document.addEventListener("keydown", heard, true);
    return () => document.removeEventListener("keydown", heard, true);
  }, [listening]);
  if (!isSheetOpen.value) return null;
  const conflicts = keys.conflicts();
  const scopes = [...new Set(keys.actions.map((action) => action.scope))];
  return (
    <Dialog title={t("keys-title")} wide onClose={() => { setListening(null); isSheetOpen.value = false; }}
      foot={<button type="button" onClick={() => keys.reset()}>{t("keys-reset")}</button>}>
      <p class="hint">{t("keys-hint")}</p>
      <p role="status" class="bad-text">{said}</p>
      <div class="key-sheet">
        {scopes.map((scope) => (
          <section key={scope}>
            <h3>{of("keys-scope-", scope)}</h3>
            <ul>
              {keys.actions.filter((action) => action.scope === scope).map(({ id }) => {
                const key = keys.keyOf(id);
                const others = (conflicts.get(key) ?? []).filter((other) => other !== id);
                const label = of("act-", id);
                return (
                  <li key={id} class={others.length ? "conflict" : ""}>
                    <span class="key-label">{label}</span>
                    <button type="button" class="key-button" data-key-of={id} aria-pressed={listening === id} aria-label={t("keys-change", { label, key: key || t("keys-none") })}
                      onClick={() => { setSaid(""); setListening(id); }}>
                      {listening === id ? t("keys-press") : <kbd>{key || t("keys-none")}</kbd>}
                    </button>
                    {keys.isOwn(id) && <button type="button" class="plain small" onClick={() => keys.map(id, null)}>{t("keys-back")}</button>}
                    {others.length > 0 && <span class="bad-text"><Icon is="warn" />{t("keys-conflict", { others: others.map((other) => of("act-", other)).join(" · ") })}</span>}
                  </li>
                );
              })}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
