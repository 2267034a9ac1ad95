// A button that opens a list of acts: arrows move, a letter or digit finds, Escape closes and gives the focus back.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

export interface Item { id: string; label: string; hint?: string; current?: boolean; disabled?: boolean; group?: string; run: () => void }
export interface MenuProps { label: ComponentChildren; title: string; items: Item[]; class?: string; id?: string; open?: boolean; onOpen?: (open: boolean) => void }

export function Menu({ label, title, items, class: name, id, open: asked, onOpen }: MenuProps) {
  const [own, setOwn] = useState(false);
  const open = asked ?? own;
  const setOpen = (next: boolean) => (onOpen ? onOpen(next) : setOwn(next));
  const whole = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const list = [...(whole.current?.querySelectorAll<HTMLElement>("[role^=menuitem]:not([aria-disabled=true])") ?? [])];
    (list.find((item) => item.getAttribute("aria-checked") === "true") ?? list[0])?.focus();
    const outside = (event: Event) => !whole.current?.contains(event.target as Node) && setOpen(false);
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const move = (event: KeyboardEvent) => {
    const list = [...(whole.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
    const at = list.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 }[event.key];
    if (to !== undefined) {
      list.at(to % list.length)?.focus();
      event.preventDefault();
    } else if (event.key === "Escape" || event.key === "Tab") {
      if (event.key === "Escape") event.preventDefault();
      close();
    } else if (/^\d$/.test(event.key)) {
      list[Number(event.key) - 1]?.click();
      event.preventDefault();
    }
    event.stopPropagation();
  };
  let group: string | undefined;
  return (
    <div class={`menu ${name ?? ""}`} ref={whole}>
      <button ref={button} id={id} type="button" class="menu-button" aria-haspopup="menu" aria-expanded={open} title={title} onClick={() => setOpen(!open)}>{label}</button>
      {open && (
        <div role="menu" aria-label={title} class="menu-list" onKeyDown={move}>
          {items.map((item, at) => {
            const head = item.group !== group && item.group ? <div class="menu-group" role="presentation" key={`g-${item.group}`}>{item.group}</div> : null;
            group = item.group;
            return [head, (
              <button key={item.id} type="button" tabIndex={-1} data-item={item.id} aria-disabled={item.disabled ?? false}
                role={item.current === undefined ? "menuitem" : "menuitemradio"} aria-checked={item.current}
                onClick={() => { if (item.disabled) return; close(); item.run(); }}>
                <span class="menu-mark" aria-hidden="true">{item.current ? "✓" : at < 9 ? at + 1 : ""}</span>
                <span>{item.label}</span>
                {item.hint && <small>{item.hint}</small>}
              </button>
            )];
          })}
        </div>
      )}
    </div>
  );
}
