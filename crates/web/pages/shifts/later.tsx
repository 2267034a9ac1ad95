// A part of a page that comes as a chunk of its own, so that the page stands before it.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

const come = new Map<() => Promise<ComponentType>, ComponentType>();

export function Later({ load }: { load: () => Promise<ComponentType> }) {
  const [Part, setPart] = useState<ComponentType | null>(() => come.get(load) ?? null);
  useEffect(() => {
    let isOver = false;
    if (!Part) {
      void load().then((made) => {
        come.set(load, made);
        if (!isOver) setPart(() => made);
      }, () => undefined);
    }
    return () => void (isOver = true);
  }, []);
  return Part ? <Part /> : null;
}
