// A table as a grid of fixed columns: rows of one height lie still while their cells change, and are laid out only when seen.
import type { ComponentChildren } from "preact";

export interface Column<T> { id: string; head: string; width: string; cell: (row: T) => ComponentChildren; end?: boolean }
export interface TableProps<T> { label: string; columns: Column<T>[]; rows: readonly T[]; idOf: (row: T) => string; empty?: string; class?: string }

export function Table<T>({ label, columns, rows, idOf, empty, class: name }: TableProps<T>) {
  const widths = columns.map((column) => column.width).join(" ");
  return (
    <div role="table" aria-label={label} aria-rowcount={rows.length + 1} class={`table ${name ?? ""}`} style={{ "--columns": widths } as never}>
      <div role="rowgroup" class="table-head">
        <div role="row" class="table-row">
          {columns.map((column) => <div role="columnheader" key={column.id} class={column.end ? "end" : ""}>{column.head}</div>)}
        </div>
      </div>
      <div role="rowgroup" class="table-body">
        {rows.map((row) => (
          <div role="row" class="table-row" key={idOf(row)}>
            {columns.map((column) => <div role="cell" key={column.id} class={column.end ? "end" : ""}>{column.cell(row)}</div>)}
          </div>
        ))}
        {rows.length === 0 && empty && <div role="row" class="table-row none"><div role="cell">{empty}</div></div>}
      </div>
    </div>
  );
}
