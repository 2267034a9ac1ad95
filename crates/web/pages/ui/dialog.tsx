// The browser's own dialog: it holds the focus, closes by Escape, and gives the focus back.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../core/words.ts";
import { Icon } from "./icons.tsx";

export interface DialogProps { title: string; onClose: () => void; children: ComponentChildren; wide?: boolean; foot?: ComponentChildren; id?: string }

let last = 0;

export function Dialog({ title, onClose, children, wide, foot, id }: DialogProps) {
  const own = useRef<HTMLDialogElement>(null);
  const name = useRef(`dialog-${++last}`).current;
  useEffect(() => {
    const dialog = own.current;
    const before = document.activeElement;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => {
      dialog?.close();
      // A dialog that is taken out of the page gives the focus to nobody.
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog ref={own} id={id} class={wide ? "wide" : ""} aria-labelledby={name} onCancel={(event) => { event.preventDefault(); onClose(); }}
      onClick={(event) => event.target === own.current && onClose()}>
      <div class="dialog">
        <header>
          <h2 id={name}>{title}</h2>
          <button type="button" class="plain" aria-label={t("close")} title={t("close")} onClick={onClose}><Icon is="cross" /></button>
        </header>
        <div class="dialog-body">{children}</div>
        {foot && <footer>{foot}</footer>}
      </div>
    </dialog>
  );
}

// Whether a dialog is open: then the keys of the desk below are still.
export const isDialogOpen = (): boolean => document.querySelector("dialog[open]") !== null;
