// Rows by id, each a signal of its own: what changes in one row draws that row alone. The list of ids is a signal too, and changes
// only when a row comes or goes.
import { batch, signal, type ReadonlySignal, type Signal } from "@preact/signals";

export class Rows<T> {
  #rows = new Map<string, Signal<T>>();
  #ids = signal<readonly string[]>([]);

  constructor(readonly idOf: (row: T) => string) {}

  get ids(): ReadonlySignal<readonly string[]> {
    return this.#ids;
  }

  row(id: string): ReadonlySignal<T> | undefined {
    return this.#rows.get(id);
  }

  // Without following it.
  peek(id: string): T | undefined {
    return this.#rows.get(id)?.peek();
  }

  all(): T[] {
    return this.#ids.value.flatMap((id) => this.#rows.get(id)?.value ?? []);
  }

  // Takes changed rows in, and those that are gone out. `whole` says that there are no others.
  take(rows: readonly T[], gone: readonly string[] = [], whole = false): void {
    batch(() => {
      const out = new Set(gone);
      if (whole) {
        const here = new Set(rows.map(this.idOf));
        for (const id of this.#rows.keys()) if (!here.has(id)) out.add(id);
      }
      let moved = false;
      for (const id of out) moved = this.#rows.delete(id) || moved;
      for (const row of rows) {
        const id = this.idOf(row);
        const known = this.#rows.get(id);
        if (known) known.value = row;
        else {
          this.#rows.set(id, signal(row));
          moved = true;
        }
      }
      if (moved) this.#ids.value = [...this.#rows.keys()].sort();
    });
  }
}
