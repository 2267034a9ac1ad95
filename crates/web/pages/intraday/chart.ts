// The chart itself: a chunk of its own, because a table says the same and comes first. Lines differ by dash and width too, not by colour alone.
import uPlot from "uplot";

export interface Line { label: string; values: (number | null)[]; stroke: string; dash?: number[]; width?: number; fill?: string; scale: "n" | "%"; kind: "steps" | "line" }
export interface Drawing { box: HTMLElement; times: number[]; lines: Line[]; height: number; hour: (seconds: number) => string; ends: number }

const INK = "#46535f";
const GRID = { stroke: "#e3e8ee", width: 1 };

export function draw({ box, times, lines, height, hour, ends }: Drawing): () => void {
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const axis = { stroke: INK, font, ticks: GRID };
  const hasShare = lines.some(({ scale }) => scale === "%");
  const steps = uPlot.paths.stepped!({ align: 1 });
  const chart = new uPlot({
    width: Math.max(280, box.clientWidth), height,
    legend: { show: false }, cursor: { drag: { x: false, y: false }, y: false },
    scales: {
      x: { time: true, range: () => [times[0] ?? 0, ends] },
      n: { range: (_, __, max) => [0, Math.max(4, (max ?? 0) * 1.15)] },
      "%": { range: () => [0, 100] },
    },
    axes: [
      { ...axis, grid: { show: false }, space: 64, values: (_, splits) => splits.map(hour) },
      { ...axis, scale: "n", grid: GRID, size: 46, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] },
      ...(hasShare ? [{ ...axis, scale: "%", side: 1 as const, grid: { show: false }, size: 52, values: (_: uPlot, splits: number[]) => splits.map((n) => `${n}%`) }] : []),
    ],
    series: [
      {},
      ...lines.map(({ label, stroke, dash, width, fill, scale, kind }) => ({
        label, stroke, scale, width: width ?? 2, ...(dash ? { dash } : {}), ...(fill ? { fill } : {}),
        ...(kind === "steps" ? { paths: steps, points: { show: false } } : { spanGaps: true, points: { show: true, size: 6 } }),
      })),
    ],
  }, [
    // What holds for an interval holds until its end; a share stands at its beginning.
    times.flatMap((from, at) => [from, (times[at + 1] ?? ends) - 1]),
    ...lines.map(({ values, kind }) => values.flatMap((value) => [value, kind === "steps" ? value : null])),
  ], box);
  const watch = new ResizeObserver(() => chart.setSize({ width: Math.max(280, box.clientWidth), height }));
  watch.observe(box);
  return () => { watch.disconnect(); chart.destroy(); };
}
