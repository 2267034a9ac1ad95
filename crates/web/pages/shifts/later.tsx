// A part of a page that comes as a chunk of its own, so that the page stands before it.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";

const come = new Map<() => Promise<ComponentType>, ComponentType>();

export function Later({ load }: { load: () => Promise<ComponentType> }) {
  const [Part, setPart] = useState<ComponentType | null>(() => come.get(load) ?? null);
  const [isLost, setLost] = useState(false);
  // How often it was asked for: once more is another try.
  const [tries, setTries] = useState(1);
  useEffect(() => {
    let isOver = false;
    if (!Part) {
      void load().then((made) => {
        come.set(load, made);
        if (!isOver) setPart(() => made);
      }, () => { if (!isOver) setLost(true); });
    }
    return () => void (isOver = true);
  }, [tries]);
  if (Part) return <Part />;
  if (!isLost) return null;
  return (
    <p class="card not-there" role="alert"><Icon is="warn" />{t("shift-chunk-lost")}
      <button type="button" data-again onClick={() => { setLost(false); setTries(tries + 1); }}>{t("shift-chunk-again")}</button></p>
  );
}
