// 话后整理: a code, a note, a countdown that the engine keeps, and a little more time where the queue allows it.
import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { get, getIfThere } from "../core/api.ts";
import { nameOf } from "../core/names.ts";
import { t, titleOf, type Title } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { Act } from "../ui/keys.tsx";
import { Drain, Since, Until } from "../ui/ticks.tsx";
import { now } from "../core/ticks.ts";
import { codes as keyed, complete, keys } from "./actions.ts";
import { Attributes, Note } from "./contact.tsx";
import type { Card } from "./desk.ts";
import { QueueName, Who } from "./parts.tsx";
import { act, draftOf, isDoing, keepDraft, lacks } from "./state.ts";

interface Codes { codes: { code: string; name: Title }[]; default: string }

const known = new Map<string, Promise<Codes>>();

// A queue's codes, asked for while she still talks; an older server tells them with the queue, without names.
export function codesOf(queue: string): Promise<Codes> {
  const asked = known.get(queue) ?? askCodes(queue);
  known.set(queue, asked);
  asked.catch(() => known.delete(queue));
  return asked;
}

async function askCodes(queue: string): Promise<Codes> {
  const told = await getIfThere<Codes>(`/api/v1/queues/${queue}/codes`);
  if (told) return told;
  const row = await get<{ codes: string[]; default_code: string }>(`/api/v1/queues/${queue}`);
  return { codes: row.codes.map((code) => ({ code, name: null })), default: row.default_code };
}

export function WrapUp({ card }: { card: Card }) {
  const told = useSignal<Codes | null>(null);
  const code = useSignal(draftOf(card.contact).code);
  const sought = useSignal("");
  const ends = Date.parse(card.endsAt ?? "");
  useEffect(() => {
    if (card.queue) void codesOf(card.queue).then((codes) => (told.value = codes), () => undefined);
  }, [card.queue]);
  const choose = (next: string) => {
    code.value = next;
    keepDraft(card.contact, { ...draftOf(card.contact), code: next });
  };
  const list = told.value?.codes ?? [];
  const nameOfCode = (row: Codes["codes"][number]) => titleOf(row.name, "") || nameOf("codes", row.code);
  const shown = list.filter((row) => !sought.value || `${row.code} ${nameOfCode(row)}`.toLowerCase().includes(sought.value.toLowerCase()));
  const finish = async () => {
    const { note } = draftOf(card.contact);
    const args: Record<string, unknown> = { contact: card.contact };
    if (code.peek()) args["code"] = code.peek();
    if (note.trim()) args["note"] = note.trim();
    if (await act("wrapup.complete", args)) keepDraft(card.contact, null);
  };
  useEffect(() => {
    keyed.value = shown.slice(0, 9).map((row) => ({ code: row.code, choose: () => choose(row.code) }));
    complete.value = () => void finish();
    return () => {
      keyed.value = [];
      complete.value = null;
    };
  });
  const late = useComputed(() => (ends - now.value < 10_000 ? "big-tick late" : "big-tick"));
  return (
    <section class="card workspace wrap_up" data-contact={card.contact} data-wrapup aria-labelledby="workspace-title">
      <header>
        <div class="workspace-who"><h2 id="workspace-title"><Who from={card.from} /></h2><QueueName queue={card.queue} /></div>
        <div class="workspace-state">
          <span class="badge busy"><Icon is="pen" />{t("wrap-up")}</span><Since at={card.since} />
          <span class="wrap-left">{t("wrap-up-left")} <b class={late.value}><Until at={ends} /></b></span>
        </div>
      </header>
      <Drain from={Date.parse(card.since)} to={ends} label={t("wrap-up-left")} />
      <div class="workspace-body wrap-up">
        <fieldset class="codes">
          <legend>{t("code")}</legend>
          {list.length > 9 && <input type="search" class="code-search" placeholder={t("code-search")} aria-label={t("code-search")} value={sought.value}
            onInput={(event) => (sought.value = event.currentTarget.value)}
            onKeyDown={(event) => { if (event.key === "Enter" && !event.isComposing && shown[0]) { choose(shown[0].code); event.preventDefault(); } }} />}
          {shown.map((row, at) => (
            <label key={row.code} class={code.value === row.code ? "code chosen" : "code"}>
              <input type="radio" name="code" value={row.code} checked={code.value === row.code} onChange={() => choose(row.code)} />
              <span>{nameOfCode(row)}</span>{at < 9 && <kbd aria-hidden="true">{keys.keyOf(`code-${at + 1}`)}</kbd>}
            </label>
          ))}
          {told.value && !code.value && <p class="hint">{t("code-default", { code: nameOf("codes", told.value.default) })}</p>}
        </fieldset>
        <Note card={card} rows={4} />
        <Attributes card={card} />
      </div>
      <footer>
        <Act keys={keys} id="complete" icon="check" class="strong big" label={t("complete")} disabled={isDoing("wrapup.complete")} />
        {!lacks("wrapup.extend") && <Act keys={keys} id="extend" icon="clock" label={card.extended ? t("extend-again", { n: card.extended }) : t("extend")} disabled={isDoing("wrapup.extend")} />}
        <span class="hint">{t("wrap-up-hint")}</span>
      </footer>
    </section>
  );
}
