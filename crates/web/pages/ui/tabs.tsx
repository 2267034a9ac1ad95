// Parts of a page of which one is shown: arrows move between them, as people know it from tabs.
import { useRef } from "preact/hooks";

export interface Tab { id: string; label: string; count?: number | undefined }
export interface TabsProps { label: string; tabs: Tab[]; current: string; onChoose: (id: string) => void; panel: string }

export function Tabs({ label, tabs, current, onChoose, panel }: TabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ id }) => id === current);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = tabs.at(to % tabs.length);
    if (!next) return;
    onChoose(next.id);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <div role="tablist" aria-label={label} class="tabs" ref={list} onKeyDown={move}>
      {tabs.map(({ id, label: name, count }) => (
        <button key={id} type="button" role="tab" id={`${panel}-tab-${id}`} data-tab={id} aria-selected={id === current} aria-controls={id === current ? panel : undefined} tabIndex={id === current ? 0 : -1} onClick={() => onChoose(id)}>
          {name}{count ? <span class="badge warn small">{count}</span> : null}
        </button>
      ))}
    </div>
  );
}
