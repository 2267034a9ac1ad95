// The wall: a few large figures for everybody in the room. `/wall/NAME#TOKEN`; the token stays in the fragment, so that a screen that
// is switched on again opens the same wall, and it is remembered nowhere else. Figures are pushed, clocks are counted here, and how
// old what is shown is stands there in words. It comes back by itself for ever. Nothing moves but the digits.
import "../styles/base.css";
import "./wall.css";
import { computed, effect, signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { getIfThere } from "../core/api.ts";
import { openLink } from "../core/live.ts";
import { loadNames, nameOf } from "../core/names.ts";
import { session } from "../core/session.ts";
import { clockOf, percentOf, setZone, timeOf } from "../core/spans.ts";
import { now } from "../core/ticks.ts";
import { language, of, t, titleOf, type Language, type Title } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { begin, Language as Tongue } from "../ui/page.tsx";

const words = (language: Language): Promise<string[]> =>
  Promise.all(language === "en"
    ? [import("../words/en/core.ftl"), import("../words/en/wall.ftl")]
    : [import("../words/zh-CN/core.ftl"), import("../words/zh-CN/wall.ftl")]).then((files) => files.map((file) => file.default));

interface Figure { id: string; version: number; value: number | null; numerator: number; denominator: number }
interface Figures { offered: number; answered: number; abandoned: number; sl: Figure | null; asa_ms: number | null }
interface Row { queue?: string; state?: string; waiting: number; oldest_waiting_at: string | null; today: Figures | null; interval: Figures | null; [figure: string]: unknown }
interface Tile { kind: "figures" | "queues" | "clock"; queue: string | null; figures: string[]; columns: number }
interface Settings { zone?: string; walls: { wall: string; name: Title; queues: string[]; tiles: Tile[] }[]; stale_ms: { banner: number; grey: number }; thresholds: { waiting_ms: Record<string, { amber: number; red: number }> } }

const name = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const token = location.hash.slice(1);
if (token) session.value = { token, account: "", roles: ["wall"], agent: null, teams: [], queues: [] };

const WAITING = { amber: 20_000, red: 60_000 };
const ASK_AGAIN_MS = 10_000;
// Where the server tells no layout.
const SHIPPED: Tile[] = [
  { kind: "figures", queue: null, columns: 9, figures: ["waiting", "oldest_waiting_at", "ready", "talking", "today.sl", "interval.sl"] },
  { kind: "clock", queue: null, columns: 3, figures: [] },
  { kind: "queues", queue: null, columns: 12, figures: ["waiting", "oldest_waiting_at", "ready", "talking", "interval.sl", "today.answered", "today.abandoned"] },
];

const link = openLink("wall");
const settings = signal<Settings | null>(null);
const rows = signal<ReadonlyMap<string, Row>>(new Map());
const site = signal<Row | null>(null);
const hasCome = signal(false);
const age = signal(0);
let seq = 0;

link.on("wall", (frame) => {
  if (!frame["whole"] && frame["prev"] !== seq) return link.forget();
  seq = frame["seq"];
  const next = new Map(frame["whole"] ? [] : rows.peek());
  for (const row of frame["queues"] as Row[]) next.set(row.queue!, row);
  rows.value = next;
  if (frame["site"]) site.value = frame["site"] as Row;
  link.clock.tell(frame["at"]);
  hasCome.value = true;
});

const wall = computed(() => settings.value?.walls.find((one) => one.wall === name) ?? null);
const stale = computed(() => settings.value?.stale_ms ?? { banner: 5_000, grey: 15_000 });

async function learn(): Promise<void> {
  const told = await getIfThere<Settings>("/api/v1/page-settings").catch(() => undefined);
  if (told === undefined) return void setTimeout(() => void learn(), ASK_AGAIN_MS);
  if (told) settings.value = told;
  if (told?.zone) setZone(told.zone);
}

// ---- Figures.

const at = (row: Row, path: string): unknown => path.split(".").reduce<any>((value, part) => value?.[part], row);

function levelOf(row: Row, figure: string, instant: number): "" | "amber" | "red" {
  if (figure !== "oldest_waiting_at" || !row.oldest_waiting_at) return "";
  const limits = settings.value?.thresholds.waiting_ms[row.queue ?? ""] ?? WAITING;
  const waited = instant - Date.parse(row.oldest_waiting_at);
  return waited >= limits.red ? "red" : waited >= limits.amber ? "amber" : "";
}

function textOf(row: Row, figure: string, instant: number): string {
  const value = at(row, figure);
  if (value === null || value === undefined) return "–";
  if (figure.endsWith("_at")) return clockOf(instant - Date.parse(String(value)));
  if (figure.endsWith("_ms")) return clockOf(Number(value));
  if (figure.endsWith(".sl")) return percentOf((value as Figure).numerator, (value as Figure).denominator);
  return String(value);
}

function Value({ of: row, figure }: { of: Row | null | undefined; figure: string }) {
  const text = useMemo(() => computed(() => (row ? textOf(row, figure, now.value) : "–")), [row, figure]);
  const level = useMemo(() => computed(() => (row ? levelOf(row, figure, now.value) : "")), [row, figure]);
  const how = level.value;
  return <span class={`value ${how}`}>{text}{how && <em>{how === "red" ? t("too-long") : t("long")}</em>}</span>;
}

const figureName = (figure: string): string => of("figure-", figure.replaceAll(".", "-"));

function FiguresTile({ tile }: { tile: Tile }) {
  const row = tile.queue ? rows.value.get(tile.queue) : site.value;
  return (
    <section class="tile figures" style={{ gridColumn: `span ${tile.columns}` }}>
      {tile.queue && <h2>{nameOf("queues", tile.queue)}</h2>}
      <dl>{tile.figures.map((figure) => <div key={figure} data-figure={figure}><dt>{figureName(figure)}</dt><dd><Value of={row} figure={figure} /></dd></div>)}</dl>
    </section>
  );
}

function QueuesTile({ tile }: { tile: Tile }) {
  const ids = [...rows.value.keys()].sort();
  return (
    <section class="tile queues" style={{ gridColumn: `span ${tile.columns}` }}>
      <table>
        <thead><tr><th scope="col">{t("queue")}</th>{tile.figures.map((figure) => <th scope="col" key={figure}>{figureName(figure)}</th>)}</tr></thead>
        <tbody>{ids.map((id) => {
          const row = rows.value.get(id)!;
          return (
            <tr key={id} data-queue={id}>
              <th scope="row">{nameOf("queues", id)}{row.state && row.state !== "open" && <small>{of("door-", row.state)}</small>}</th>
              {tile.figures.map((figure) => <td key={figure}><Value of={row} figure={figure} /></td>)}
            </tr>
          );
        })}</tbody>
      </table>
    </section>
  );
}

function ClockTile({ tile }: { tile: Tile }) {
  const text = useMemo(() => computed(() => timeOf(now.value, language.value)), []);
  return <section class="tile clock" style={{ gridColumn: `span ${tile.columns}` }}><p class="wall-title">{titleOf(wall.value?.name, name)}</p><time>{text}</time></section>;
}

// ---- The page.

function Said({ children }: { children: string }) {
  return <main class="said"><p role="status"><Icon is="warn" />{children}</p><div class="foot"><Tongue /></div></main>;
}

function Page() {
  document.title = titleOf(wall.value?.name, t("title"));
  if (!token) return <Said>{t("no-token")}</Said>;
  if (link.phase.value === "over") return <Said>{t("expired")}</Said>;
  if (settings.value && !wall.value) return <Said>{t("unknown-wall", { wall: name })}</Said>;
  if (!hasCome.value) return <Said>{link.phase.value === "live" ? t("waiting-for-figures") : t("connecting")}</Said>;
  const tiles = wall.value?.tiles ?? SHIPPED;
  const old = age.value;
  return (
    <main class={old >= stale.value.grey ? "is-old" : ""}>
      <h1 class="visually-hidden">{titleOf(wall.value?.name, name)}</h1>
      <div class="tiles">
        {tiles.map((tile, nth) => (tile.kind === "clock" ? <ClockTile key={nth} tile={tile} /> : tile.kind === "queues" ? <QueuesTile key={nth} tile={tile} /> : <FiguresTile key={nth} tile={tile} />))}
      </div>
      <div class="foot">
        <span id="age" role="status" class={old ? "late" : ""}>{old ? <><Icon is="warn" />{t("data-old", { seconds: Math.floor(old / 1000) })}</> : <><Icon is="check" />{t("fresh")}</>}</span>
        <Tongue />
      </div>
    </main>
  );
}

await begin({ words, Page, needsSession: false });
if (token) {
  void learn();
  void loadNames();
  link.on("welcome", () => void loadNames());
  void link.subscribe("wall.subscribe", { wall: name });
  setInterval(() => {
    const silence = link.phase.peek() === "idle" ? 0 : link.silence();
    if (link.phase.peek() === "live" && silence > 2_500) link.probe();
    age.value = silence > stale.peek().banner ? silence : 0;
  }, 1_000);
  // What an expired link showed last is not shown on.
  effect(() => { if (link.phase.value === "over") hasCome.value = false; });
  link.start();
}
