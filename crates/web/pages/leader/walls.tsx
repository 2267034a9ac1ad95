// Links to walls: made with an end, listed, taken back. The token stands in the fragment, so that no server ever logs it.
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { getIfThere, post, Problem, remove } from "../core/api.ts";
import { momentOf } from "../core/spans.ts";
import { language, of, t, titleOf } from "../core/words.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { Table } from "../ui/table.tsx";
import { toast } from "../ui/toast.tsx";
import { open, settings } from "./desk.ts";

interface WallLink { id: string; wall: string; by?: string; made_by?: string; made_at?: string; expires_at: string }
const LIVES_H = [8, 12, 24, 168, 720];

const links = signal<WallLink[] | null>([]);
const load = async () => {
  const told = await getIfThere<{ walls: WallLink[] } | WallLink[]>("/api/v1/walls").catch(() => undefined);
  if (told !== undefined) links.value = Array.isArray(told) ? told : told?.walls ?? null;
};
const faultText = (why: unknown): string => (why instanceof Problem ? (of("refused-", why.code) === why.code ? t("refused", { why: why.detail }) : of("refused-", why.code)) : String(why));

export function Walls() {
  const [wall, setWall] = useState("");
  const [hours, setHours] = useState(12);
  const [made, setMade] = useState("");
  const [fault, setFault] = useState("");
  useEffect(() => void load(), []);
  const walls = settings.value.walls;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setFault("");
    try {
      const told = await post<{ url: string }>("/api/v1/walls", { wall: wall || walls[0]?.wall, life_ms: hours * 3_600_000 });
      setMade(new URL(told.url, location.origin).href);
      void load();
    } catch (why) {
      setFault(faultText(why));
    }
  };
  const revoke = async (id: string) => {
    try {
      await remove(`/api/v1/walls/${encodeURIComponent(id)}`);
      toast(t("wall-revoked"), "good");
      setMade("");
      void load();
    } catch (why) {
      setFault(faultText(why));
    }
  };
  const list = links.value;
  return (
    <Dialog title={t("walls")} onClose={() => open(null)} wide id="walls-dialog">
      {list === null || walls.length === 0 ? <p>{t("walls-not-there")}</p> : (
        <>
          <form class="wall-form" onSubmit={(event) => void submit(event as unknown as SubmitEvent)}>
            <label><span>{t("which-wall")}</span>
              <select name="wall" value={wall || walls[0]?.wall} onChange={(event) => setWall(event.currentTarget.value)}>{walls.map((one) => <option key={one.wall} value={one.wall}>{titleOf(one.name, one.wall)}</option>)}</select>
            </label>
            <label><span>{t("good-for")}</span>
              <select name="hours" value={hours} onChange={(event) => setHours(Number(event.currentTarget.value))}>{LIVES_H.map((h) => <option key={h} value={h}>{h < 48 ? t("hours", { n: h }) : t("days", { n: h / 24 })}</option>)}</select>
            </label>
            <button class="strong" id="make-wall"><Icon is="plus" />{t("make-wall")}</button>
          </form>
          {made && (
            <div class="made" role="status">
              <p class="hint">{t("wall-made")}</p>
              <div class="made-line">
                <input id="wall-url" readOnly value={made} aria-label={t("wall-url")} onFocus={(event) => event.currentTarget.select()} />
                <button type="button" onClick={() => void navigator.clipboard?.writeText(made).then(() => toast(t("copied"), "good"))}>{t("copy")}</button>
                <a class="button" href={made} target="_blank" rel="noopener">{t("open-wall")}</a>
              </div>
            </div>
          )}
          <Table label={t("walls")} rows={list} idOf={(row) => row.id} empty={t("no-walls")} columns={[
            { id: "wall", head: t("which-wall"), width: "1fr", cell: (row) => titleOf(walls.find((one) => one.wall === row.wall)?.name, row.wall) },
            { id: "by", head: t("made-by"), width: "140px", cell: (row) => row.by ?? row.made_by ?? "–" },
            { id: "until", head: t("good-until"), width: "140px", cell: (row) => momentOf(row.expires_at, language.value) },
            { id: "end", head: t("revoke"), width: "100px", cell: (row) => <button type="button" class="danger small" data-revoke={row.id} onClick={() => void revoke(row.id)}>{t("revoke")}</button> },
          ]} />
        </>
      )}
      {fault && <p class="bad-text" role="alert"><Icon is="warn" />{fault}</p>}
    </Dialog>
  );
}
