// Two drawings of the planner, a chunk of their own: what was forecast with its band beside what came, and the people that it takes.
import uPlot from "uplot";

export interface Series { label: string; values: (number | null)[]; stroke: string; dash?: number[]; width?: number; fill?: string }
export interface Band { low: (number | null)[]; high: (number | null)[]; fill: string }
export interface Drawing { box: HTMLElement; times: number[]; ends: number; series: Series[]; band?: Band | undefined; height: number; hour: (seconds: number) => string }

const INK = "#46535f";
const GRID = { stroke: "#e3e8ee", width: 1 };

export function draw({ box, times, ends, series, band, height, hour }: Drawing): () => void {
  const axis = { stroke: INK, font: `12px ${getComputedStyle(document.body).fontFamily}`, ticks: GRID };
  const steps = uPlot.paths.stepped!({ align: 1 });
  // What holds for an interval holds until its end.
  const held = (values: (number | null)[]) => values.flatMap((value) => [value, value]);
  const edges: Series[] = band ? [{ label: "", values: band.high, stroke: "transparent", width: 0 }, { label: "", values: band.low, stroke: "transparent", width: 0 }] : [];
  const all = [...edges, ...series];
  const width = () => Math.max(280, box.clientWidth);
  const chart = new uPlot({
    width: width(), height, legend: { show: false }, cursor: { drag: { x: false, y: false }, y: false },
    scales: { x: { time: true, range: () => [times[0] ?? 0, ends] }, y: { range: (_, __, max) => [0, Math.max(4, (max ?? 0) * 1.12)] } },
    axes: [{ ...axis, grid: { show: false }, space: 64, values: (_, splits) => splits.map(hour) }, { ...axis, grid: GRID, size: 46 }],
    series: [{}, ...all.map(({ label, stroke, dash, width: wide, fill }) => ({ label, stroke, width: wide ?? 2, ...(dash ? { dash } : {}), ...(fill ? { fill } : {}), paths: steps, points: { show: false } }))],
    ...(band ? { bands: [{ series: [1, 2] as [number, number], fill: band.fill }] } : {}),
  }, [times.flatMap((from, at) => [from, (times[at + 1] ?? ends) - 1]), ...all.map(({ values }) => held(values))], box);
  const watch = new ResizeObserver(() => chart.setSize({ width: width(), height }));
  watch.observe(box);
  return () => { watch.disconnect(); chart.destroy(); };
}
