// A field by which a list is filtered: what is typed stays while the list is read again, and is asked for when it is done.
import { useSignal } from "@preact/signals";

export function Asked({ id, label, value, onAsk }: { id: string; label: string; value: string; onAsk: (value: string) => void }) {
  const typed = useSignal<string | null>(null);
  const ask = (field: HTMLInputElement) => {
    typed.value = null;
    onAsk(field.value.trim());
  };
  return (
    <label><span>{label}</span>
      <input id={id} value={typed.value ?? value} autocomplete="off" onInput={(event) => (typed.value = event.currentTarget.value)} onChange={(event) => ask(event.currentTarget)} />
    </label>
  );
}
