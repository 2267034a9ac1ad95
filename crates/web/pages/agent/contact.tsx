// What rings, what is in her hands, and the one that she works on.
import { useEffect, useRef } from "preact/hooks";
import { getIfThere } from "../core/api.ts";
import { nameOf, names } from "../core/names.ts";
import { clockOf, momentOf } from "../core/spans.ts";
import { language, of, t, titleOf } from "../core/words.ts";
import { signal, useSignal } from "@preact/signals";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { Act } from "../ui/keys.tsx";
import { Table } from "../ui/table.tsx";
import { Drain, Since, Until } from "../ui/ticks.tsx";
import { canMute, keys, open } from "./actions.ts";
import type { Card } from "./desk.ts";
import { LOOKS, QueueName, Who } from "./parts.tsx";
import { act, chosen, current, draftOf, hands, isDoing, keepDraft, lacks, offers, reasonLabel, reasons } from "./state.ts";
import { codesOf, WrapUp } from "./wrapup.tsx";

// ---- what rings

export function Incoming() {
  return <>{offers.value.map((card, at) => <Ringing key={card.id} card={card} first={at === 0} />)}</>;
}

function Ringing({ card, first }: { card: Card; first: boolean }) {
  const to = Date.parse(card.answerBy ?? "");
  const from = Date.parse(card.since);
  const purpose = card.offer?.purpose ?? "queue";
  const busy = isDoing("offer.accept");
  return (
    <section class="card incoming" data-offer={card.offer?.offer} aria-labelledby={`ring-${card.contact}`}>
      <header>
        <span class="ring-sign"><Icon is="ring" /></span>
        <h2 id={`ring-${card.contact}`}>{card.offer?.callback ? t("incoming-callback") : of("incoming-", purpose)}</h2>
        <span class="countdown">{t("answer-within")} <Until at={to} /></span>
      </header>
      <Drain from={from} to={to} label={t("answer-within")} />
      <div class="incoming-body">
        <div class="incoming-who"><Who from={card.from} /><QueueName queue={card.queue} /></div>
        <dl class="facts">
          <div><dt>{t("waited")}</dt><dd>{card.waitedMs === null ? "–" : <Since at={from - card.waitedMs} />}</dd></div>
          <div><dt>{t("channel")}</dt><dd>{of("channel-", card.channel)}</dd></div>
          <div><dt>{t("priority")}</dt><dd class="number">{card.priority ?? "–"}</dd></div>
        </dl>
        <Attributes card={card} />
        <Earlier contact={card.contact} brief />
      </div>
      <footer>
        {first
          ? <Act keys={keys} id="accept" icon="phone" class="good big" disabled={busy} label={card.offer?.callback ? t("accept-callback") : t("accept")} />
          : <button type="button" class="good big" disabled={busy} onClick={() => void act("offer.accept", { offer: card.offer?.offer })}><Icon is="phone" /><span>{t("accept")}</span></button>}
        {first
          ? <Act keys={keys} id="reject" icon="hangup" class="danger big" label={t("reject")} />
          : <button type="button" class="danger big" onClick={() => void act("offer.reject", { offer: card.offer?.offer })}><Icon is="hangup" /><span>{t("reject")}</span></button>}
        <button type="button" class="plain" title={t("device-fails-title")} onClick={() => void act("offer.fail", { offer: card.offer?.offer })}><Icon is="muted" /><span>{t("device-fails")}</span></button>
      </footer>
    </section>
  );
}

// Why she declines: a configured reason, or none.
export function RejectDialog() {
  const card = offers.value[0];
  useEffect(() => {
    if (!card) open.value = null;
  }, [card === undefined]);
  if (!card) return null;
  const why = reasons.value.filter((reason) => reason.active && reason.for === "reject");
  const reject = (reason?: string) => {
    open.value = null;
    void act("offer.reject", reason ? { offer: card.offer?.offer, reason } : { offer: card.offer?.offer });
  };
  return (
    <Dialog id="reject" title={t("reject-title")} onClose={() => (open.value = null)}>
      <p class="hint">{t("reject-hint")}</p>
      <ul class="choices">
        {why.map((reason, at) => <li key={reason.slug}><button type="button" data-first={at === 0 || undefined} onClick={() => reject(reason.slug)}>{reasonLabel(reason)}</button></li>)}
        <li><button type="button" class="danger" data-first={why.length === 0 || undefined} onClick={() => reject()}>{t("reject-plain")}</button></li>
      </ul>
    </Dialog>
  );
}

// ---- what is in hand

export function Hands() {
  const list = hands.value;
  if (list.length < 2) return null;
  return (
    <nav class="hands" aria-label={t("hands")}>
      {list.map((card) => {
        const look = LOOKS[card.state]!;
        return (
          <button key={card.id} type="button" aria-current={card.id === current.value?.id} onClick={() => (chosen.value = card.id)}>
            <span class={`badge ${look.kind}`}><Icon is={look.icon} />{of("hand-", card.state)}</span><Who from={card.from} /><Since at={card.since} />
          </button>
        );
      })}
    </nav>
  );
}

export function Workspace() {
  const card = current.value;
  if (!card) return null;
  return card.state === "wrap_up" ? <WrapUp key={card.id} card={card} /> : <Talking key={card.id} card={card} />;
}

function Talking({ card }: { card: Card }) {
  const look = LOOKS[card.state]!;
  const own = card.role === "owner";
  const asked = card.others.find((other) => other.role === "consulted");
  useEffect(() => void (card.queue && codesOf(card.queue).catch(() => undefined)), [card.queue]);
  return (
    <section class={`card workspace ${card.state}`} data-contact={card.contact} aria-labelledby="workspace-title">
      <header>
        <div class="workspace-who"><h2 id="workspace-title"><Who from={card.from} /></h2><QueueName queue={card.queue} /></div>
        <div class="workspace-state">
          <span class={`badge ${look.kind}`}><Icon is={look.icon} />{card.dialling ? t("dialling") : own ? of("hand-", card.state) : of("role-", card.role)}</span>
          {card.dialling ? <Until at={card.dialling} class="big-tick" /> : <Since at={card.since} class="big-tick" />}
          {card.muted && <span class="badge bad" id="muted"><Icon is="muted" />{t("muted")}</span>}
        </div>
      </header>
      <div class="controls" role="toolbar" aria-label={t("controls")}>
        {card.dialling && <>
          <button type="button" class="good" onClick={() => void act("callback.answered", { contact: card.contact })}><Icon is="check" /><span>{t("callback-answered")}</span></button>
          <button type="button" class="danger" onClick={() => void act("callback.failed", { contact: card.contact })}><Icon is="cross" /><span>{t("callback-failed")}</span></button>
        </>}
        {own && !card.dialling && <Act keys={keys} id="hold" icon={card.state === "held" ? "play" : "hold"} pressed={card.state === "held"} label={card.state === "held" ? t("resume") : t("hold")} disabled={isDoing("contact.hold") || isDoing("contact.resume")} />}
        {canMute() && !card.dialling && !lacks("contact.mute") && <Act keys={keys} id="mute" icon={card.muted ? "muted" : "mic"} pressed={card.muted} label={card.muted ? t("unmute") : t("mute")} />}
        {own && !card.dialling && !asked && card.asked === null && card.others.length === 0 && <Act keys={keys} id="consult" icon="consult" label={t("consult")} />}
        {own && asked && <Act keys={keys} id="conference" icon="conference" label={t("conference")} />}
        {own && !card.dialling && <Act keys={keys} id="transfer" icon="transfer" label={asked ? t("transfer-to", { agent: asked.agent }) : t("transfer")} />}
        {card.others.length > 0 && <Act keys={keys} id="leave" icon="leave" label={own ? t("leave") : t("leave-consult")} />}
        {own && <Act keys={keys} id="end" icon="hangup" class="danger full" label={t("end")} disabled={isDoing("contact.end")} />}
      </div>
      {(card.others.length > 0 || card.asked) && (
        <ul class="others" aria-label={t("others")}>
          {card.asked && <li class="badge info"><Icon is="ring" />{t("asked-rings", { agent: card.asked.agent })} <Since at={card.asked.since} /></li>}
          {card.others.map((other) => <li key={other.agent} class="badge info"><Icon is="user" /><span class="number">{other.agent}</span> {of("role-", other.role)} <Since at={other.since} /></li>)}
        </ul>
      )}
      <div class="workspace-body">
        <dl class="facts">
          <div><dt>{t("waited")}</dt><dd class="number">{card.waitedMs === null ? "–" : clockOf(card.waitedMs)}</dd></div>
          <div><dt>{t("channel")}</dt><dd>{of("channel-", card.channel)}</dd></div>
          <div><dt>{t("priority")}</dt><dd class="number">{card.priority ?? "–"}</dd></div>
          <div><dt>{t("contact-id")}</dt><dd class="number">{card.contact}</dd></div>
        </dl>
        <Attributes card={card} />
        <Note card={card} />
        <Earlier contact={card.contact} />
      </div>
    </section>
  );
}

export function Note({ card, onChange, rows = 3 }: { card: Card; onChange?: (note: string) => void; rows?: number }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const note = useSignal(draftOf(card.contact).note);
  return (
    <label class="note">
      <span>{t("note")}</span>
      <textarea id="note" ref={field} rows={rows} maxLength={2000} placeholder={t("note-hint")} value={note.value} aria-keyshortcuts={keys.keyOf("note") || undefined}
        onInput={(event) => {
          note.value = event.currentTarget.value;
          keepDraft(card.contact, { ...draftOf(card.contact), note: note.value });
          onChange?.(note.value);
        }} />
    </label>
  );
}

export function Attributes({ card }: { card: Card }) {
  const told = card.attributes;
  if (!told) return null;
  if (told.erased || told.unreadable || (told.masked && !told.values)) return <p class="hint">{told.erased ? t("attributes-erased") : t("attributes-hidden")}</p>;
  const entries = Object.entries(told.values ?? {});
  if (entries.length === 0) return null;
  return (
    <dl class="attributes" aria-label={t("attributes")}>
      {entries.map(([name, value]) => (
        <div key={name}><dt>{titleOf(names.value.attributes?.[name], name)}</dt><dd>{typeof value === "object" ? JSON.stringify(value) : String(value)}</dd></div>
      ))}
    </dl>
  );
}

// ---- earlier contacts of the same caller

interface EarlierRow { contact: string; channel: string; arrived_at: string; ended_at: string | null; queue: string | null; end: string | null; stage: string | null; waited_ms: number | null; talked_ms: number | null; agent: string | null; code: string | null }
interface EarlierTold { contacts: EarlierRow[]; total: number; abandoned: number; waited_ms: number | null }
const earlier = signal<Record<string, EarlierTold | null | "asked">>({});

function Earlier({ contact, brief = false }: { contact: string; brief?: boolean }) {
  useEffect(() => {
    if (earlier.peek()[contact] !== undefined || lacks("earlier")) return;
    earlier.value = { ...earlier.peek(), [contact]: "asked" };
    void getIfThere<EarlierTold>(`/api/v1/contacts/${contact}/earlier?limit=20`).catch(() => null).then((told) => {
      earlier.value = { ...Object.fromEntries(Object.entries(earlier.peek()).slice(-10)), [contact]: told };
    });
  }, [contact]);
  const told = earlier.value[contact];
  if (told === null) return <p class="hint">{t("earlier-missing")}</p>;
  if (told === undefined || told === "asked") return <p class="hint">{t("loading")}</p>;
  if (told.total === 0) return <p class="hint"><Icon is="clock" /> {t("earlier-none")}</p>;
  const sums = <p class="earlier-sum"><span>{t("earlier-total", { n: told.total })}</span>{told.abandoned > 0 && <span class="badge warn"><Icon is="warn" />{t("earlier-abandoned", { n: told.abandoned })}</span>}{told.waited_ms !== null && <span>{t("earlier-waited", { span: clockOf(told.waited_ms) })}</span>}</p>;
  const endOf = (row: EarlierRow) => of("end-", row.end === "abandoned" && row.stage ? `abandoned-${row.stage}` : (row.end ?? "open"));
  if (brief) {
    return <div class="earlier brief">{sums}<ul>{told.contacts.slice(0, 3).map((row) => <li key={row.contact}><time>{momentOf(row.arrived_at, language.value)}</time> {nameOf("queues", row.queue)} · {endOf(row)}{row.waited_ms !== null ? ` · ${t("waited")} ${clockOf(row.waited_ms)}` : ""}</li>)}</ul></div>;
  }
  return (
    <section class="earlier">
      <h3>{t("earlier")}</h3>
      {sums}
      <Table label={t("earlier")} rows={told.contacts} idOf={(row) => row.contact} columns={[
        { id: "at", head: t("earlier-at"), width: "92px", cell: (row) => <time>{momentOf(row.arrived_at, language.value)}</time> },
        { id: "queue", head: t("queue"), width: "minmax(60px,1fr)", cell: (row) => nameOf("queues", row.queue) },
        { id: "end", head: t("earlier-end"), width: "minmax(80px,2fr)", cell: endOf },
        { id: "waited", head: t("waited"), width: "52px", end: true, cell: (row) => (row.waited_ms === null ? "–" : clockOf(row.waited_ms)) },
        { id: "talked", head: t("talked"), width: "52px", end: true, cell: (row) => (row.talked_ms === null ? "–" : clockOf(row.talked_ms)) },
        { id: "agent", head: t("agent"), width: "56px", cell: (row) => row.agent ?? "–" },
        { id: "code", head: t("code"), width: "minmax(60px,1fr)", cell: (row) => (row.code ? nameOf("codes", row.code) : "–") },
      ]} />
    </section>
  );
}
