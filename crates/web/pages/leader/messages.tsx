// Words to a team or to all, and who has not yet said that she has read them.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { getIfThere } from "../core/api.ts";
import type { Actor, Personal } from "../core/frames.ts";
import { nameOf } from "../core/names.ts";
import { momentOf } from "../core/spans.ts";
import { language, t } from "../core/words.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { ActForm, speakAct } from "./acts.tsx";
import { link, may, open } from "./desk.ts";

interface Said { message: string; at: string; actor: Actor; team: string | null; text: Personal | string; acknowledge: boolean; addressed?: string[] | number; acknowledged?: { agent: string; at: string }[]; missing?: string[] }

const messages = signal<Said[] | null>([]);
const load = async () => {
  const told = await getIfThere<{ messages: Said[] }>("/api/v1/messages?limit=50").catch(() => undefined);
  if (told !== undefined) messages.value = told?.messages ?? null;
};

let timer: ReturnType<typeof setTimeout> | undefined;
export function followMessages(): void {
  link.on("ev", (frame) => {
    if (frame.ev !== "team.messaged" && frame.ev !== "message.acknowledged") return;
    clearTimeout(timer);
    timer = setTimeout(() => void load(), 250);
  });
}

const textOf = (text: Personal | string): string => (typeof text === "string" ? text : text?.text ?? t("masked"));

export function Messages() {
  useEffect(() => {
    void load();
    // Who acknowledges is told to no topic of its own: it is asked while somebody looks.
    const again = setInterval(() => void load(), 3_000);
    return () => clearInterval(again);
  }, []);
  const list = messages.value;
  return (
    <Dialog title={t("messages")} onClose={() => open(null)} wide id="messages-dialog">
      {may.speak.value && <ActForm act={speakAct} onDone={() => void load()} />}
      <section>
        <h3>{t("messages-sent")}</h3>
        {list === null && <p class="hint">{t("messages-not-there")}</p>}
        {list?.length === 0 && <p class="hint">{t("no-messages")}</p>}
        <ul class="message-list">
          {(list ?? []).map((one) => (
            <li key={one.message} data-message={one.message}>
              <p class="message-text">{textOf(one.text)}</p>
              <p class="hint">{t("said-by", { who: one.actor.id, to: one.team ? nameOf("teams", one.team) : t("to-all"), at: momentOf(one.at, language.value) })}</p>
              {one.acknowledge && (
                <p class="hint">
                  <span class={`badge ${one.missing?.length ? "warn" : "good"}`}><Icon is={one.missing?.length ? "clock" : "check"} />{t("acknowledged-of", { n: one.acknowledged?.length ?? 0, of: (one.acknowledged?.length ?? 0) + (one.missing?.length ?? 0) })}</span>{" "}
                  {(one.missing?.length ?? 0) > 0 && t("missing", { who: one.missing!.join(" · ") })}
                </p>
              )}
            </li>
          ))}
        </ul>
      </section>
    </Dialog>
  );
}
