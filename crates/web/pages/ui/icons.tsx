// Signs, drawn by ourselves on a grid of 16. They never stand for a word alone: a label or a title is always beside them.
const PATHS = {
  phone: "M4 2.5h2.2l1.1 3-1.5 1.2a8 8 0 0 0 3.5 3.5l1.2-1.5 3 1.1V12c0 .8-.7 1.5-1.5 1.5A9.5 9.5 0 0 1 2.5 4c0-.8.7-1.5 1.5-1.5Z",
  hangup: "M1.8 9.8c3.4-3.4 9-3.4 12.4 0l-1.6 2-2.4-.9V9.2a8 8 0 0 0-4.4 0v1.7l-2.4.9Z",
  hold: "M5 3v10M11 3v10",
  play: "M5 3l8 5-8 5Z",
  mic: "M8 2a2 2 0 0 1 2 2v4a2 2 0 0 1-4 0V4a2 2 0 0 1 2-2ZM3.5 8a4.5 4.5 0 0 0 9 0M8 12.5V14.5",
  muted: "M8 2a2 2 0 0 1 2 2v4a2 2 0 0 1-4 0V4a2 2 0 0 1 2-2ZM3.5 8a4.5 4.5 0 0 0 9 0M8 12.5V14.5M2.5 2.5l11 11",
  transfer: "M2.5 5.5h9.5M9 2.5l3 3-3 3M13.5 10.5H4M7 7.5l-3 3 3 3",
  consult: "M2.5 3h8v5.5h-5L2.5 11ZM7 11h3.5l3 2.5V6",
  conference: "M5.5 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM11 7.5a1.7 1.7 0 1 0 0-3.4M1.8 13c0-2.2 1.6-3.7 3.7-3.7S9.2 10.8 9.2 13M11 9.3c1.9 0 3.2 1.5 3.2 3.5",
  leave: "M6.5 2.5h-4v11h4M6.5 8h7M10.5 5l3 3-3 3",
  check: "M2.5 8.5l3.5 3.5 7.5-8",
  cross: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.5V8l2.5 1.5",
  cup: "M3 5.5h8v4.5a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3ZM11 6.5h1.5a1.5 1.5 0 0 1 0 3H11M5.5 1.5v2M8.5 1.5v2",
  hand: "M5 8V3.5a1 1 0 0 1 2 0V7M7 7V2.5a1 1 0 0 1 2 0V7M9 7V3.5a1 1 0 0 1 2 0v6M5 8.5 3.7 7.2a1 1 0 0 0-1.5 1.4L5 12c.8 1.2 1.7 2 3.5 2 2.5 0 4-1.7 4-4.5V6",
  keys: "M1.5 4h13v8h-13ZM4 6.5h.5M7 6.5h.5M10 6.5h.5M12 6.5h.5M4 9.5h8",
  message: "M2 3h12v8H7l-3 2.5V11H2Z",
  book: "M3 2.5h4.5c.5 0 .5.5.5.5v10.5s0-1-1-1H3ZM13 2.5H8.5M8 3s0-.5.5-.5H13v10H9c-1 0-1 1-1 1",
  chart: "M2 13.5h12M4 11V8M7 11V4.5M10 11V6.5M13 11V3",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.6 10.6 14 14",
  warn: "M8 2 14.5 13.5h-13ZM8 6.5v3.5M8 11.8v.2",
  link: "M6.5 9.5l3-3M5 7 3.3 8.7a2.8 2.8 0 0 0 4 4L9 11M11 9l1.7-1.7a2.8 2.8 0 0 0-4-4L7 5",
  out: "M6.5 2.5h-4v11h4M6 8h8M11 5l3 3-3 3",
  user: "M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8ZM2.5 14c0-2.8 2.4-4.5 5.5-4.5s5.5 1.7 5.5 4.5",
  queue: "M2.5 4h11M2.5 8h11M2.5 12h7",
  down: "M4 6l4 4 4-4",
  dot: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
  ring: "M8 2.5a4 4 0 0 1 4 4V10l1.5 2h-11L4 10V6.5a4 4 0 0 1 4-4ZM6.5 14h3",
  pen: "M10.5 3l2.5 2.5L6 12.5l-3 .5.5-3Z",
  plus: "M8 3v10M3 8h10",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ is }: { is: IconName }) {
  const solid = is === "dot" || is === "play";
  return (
    <svg class={solid ? "icon solid" : "icon"} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[is]} />
    </svg>
  );
}
