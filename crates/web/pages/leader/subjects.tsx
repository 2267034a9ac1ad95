// What is known of one agent, queue or contact, and what can be done about it.
import { useEffect, useState } from "preact/hooks";
import { get } from "../core/api.ts";
import type { ContactRow } from "../core/frames.ts";
import { nameOf, reasonName } from "../core/names.ts";
import { clockOf, timeOf } from "../core/spans.ts";
import { language, of, t } from "../core/words.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { ActForm, Acts, agentActs, contactActs, queueActs, type Act } from "./acts.tsx";
import { skillsText, State } from "./agents.tsx";
import { isLive, levelOf, may, open, view } from "./desk.ts";
import { Door, formulaOf, isWaiting, whyOf, type Place } from "./queues.tsx";
import { Lasted } from "./ticks.tsx";
import type { ComponentChildren, ComponentType } from "preact";

export function Facts({ facts }: { facts: [string, ComponentChildren][] }) {
  return <dl class="facts">{facts.filter(([, what]) => what !== "" && what !== null && what !== undefined).map(([name, what]) => <div key={name}><dt>{name}</dt><dd>{what}</dd></div>)}</dl>;
}

const close = () => open(null);

function Doing({ acts, chosen, choose, form }: { acts: Act[]; chosen: string | undefined; choose: (id: string) => void; form: (act: Act) => ComponentChildren }) {
  if (!isLive.value) return <p class="hint"><Icon is="clock" /> {t("past-no-acts")}</p>;
  const act = acts.find(({ id }) => id === chosen);
  return <><Acts acts={acts} chosen={chosen} onChoose={choose} />{act && form(act)}</>;
}

export function AgentDialog({ id, act: first }: { id: string; act?: string | undefined }) {
  const [chosen, choose] = useState(first);
  const row = view.value.agents.row(id)?.value;
  if (!row) return <Dialog title={id} onClose={close}><p>{t("not-seen")}</p></Dialog>;
  const acts = agentActs(row, { lead: may.lead.value, signOut: may.signOut.value });
  return (
    <Dialog title={t("agent-title", { agent: id })} onClose={close} id="agent-dialog">
      <Facts facts={[
        [t("state"), <State row={row} />],
        [t("lasted"), row.activity === "signed_out" ? "" : <Lasted at={row.activity_since} level={(now) => levelOf(row, now)} of={row.activity} />],
        [t("team"), nameOf("teams", row.team)],
        [t("seat"), row.seat],
        [t("queues"), row.queues.map((queue) => nameOf("queues", queue)).join(" · ")],
        [t("skills"), skillsText(row)],
        [t("link"), row.state === "signed_out" ? "" : row.reachable ? t("link-good") : t("no-link")],
        [t("signed-out-at"), row.sign_out_at && timeOf(row.sign_out_at, language.value)],
        [t("next-state"), row.next && (row.next.state === "not_ready" ? reasonName(row.next.reason?.slug) : of("activity-", row.next.state))],
        [t("break-request"), row.break_request && t("asked-at", { reason: reasonName(row.break_request.slug), at: row.break_asked_at ? timeOf(row.break_asked_at, language.value) : "–" })],
        [t("hand"), row.hand_raised ? t("hand-up") : ""],
        [t("allowed-until"), row.allowed_until && timeOf(row.allowed_until, language.value)],
      ]} />
      {row.contacts.length > 0 && (
        <ul class="hands">
          {row.contacts.map((hand) => (
            <li key={hand.contact}>
              <button type="button" class="ref" onClick={() => open({ what: "contact", id: hand.contact })}>{hand.contact}</button>
              <span>{nameOf("queues", hand.queue)}</span><span>{of("hand-", hand.state)}</span><Lasted at={hand.since} />
              {hand.offer && <button type="button" class="small" data-explain={hand.offer} onClick={() => open({ what: "explain", id: hand.offer! })}>{t("why-this-agent")}</button>}
            </li>
          ))}
        </ul>
      )}
      {isLive.value && <DayOf agent={id} />}
      <Doing acts={acts} chosen={chosen} choose={choose} form={(act) => <ActForm key={act.id} act={act} agent={row} onDone={close} />} />
    </Dialog>
  );
}

// Her day against her plan; asked for, and its code fetched, when somebody opens it.
function DayOf({ agent }: { agent: string }) {
  const [Part, setPart] = useState<ComponentType<{ agent: string }> | null>(null);
  const show = (isOpen: boolean) => { if (isOpen && !Part) void import("../shifts/episodes.tsx").then(({ Episodes }) => setPart(() => Episodes), () => undefined); };
  return <details id="agent-day" onToggle={(event) => show(event.currentTarget.open)}><summary>{t("shift-episodes")}</summary>{Part && <Part agent={agent} />}</details>;
}

export function QueueDialog({ id, act: first }: { id: string; act?: string | undefined }) {
  const [chosen, choose] = useState(first);
  const row = view.value.queues.row(id)?.value;
  if (!row) return <Dialog title={id} onClose={close}><p>{t("not-seen")}</p></Dialog>;
  const breaks = row["breaks"] as { at_most: number | null; ready_at_least: number | null; on_break: number; waiting: number } | undefined;
  const acts = queueActs(row, { doors: may.doors.value, lead: may.lead.value });
  return (
    <Dialog title={t("queue-title", { queue: nameOf("queues", id) })} onClose={close} id="queue-dialog">
      <Facts facts={[
        [t("state"), <Door row={row} />],
        [t("since"), timeOf(row["state_since"], language.value)],
        [t("waiting"), row.waiting],
        [t("longest"), row["longest_since"] && <Lasted at={row["longest_since"]} />],
        [t("estimate"), row["estimate_ms"] === null ? "" : clockOf(row["estimate_ms"])],
        [t("callbacks"), row["callbacks"] || ""],
        [t("connected"), row["connected"]],
        [t("closes-at"), row["closes_at"] && timeOf(row["closes_at"], language.value)],
        [t("opens-at"), row["opens_at"] && timeOf(row["opens_at"], language.value)],
        [t("told"), row["message"]],
        [t("break-quota"), breaks && t("quota", { at_most: breaks.at_most ?? "–", ready: breaks.ready_at_least ?? "–", on_break: breaks.on_break, waiting: breaks.waiting })],
        [t("service-level"), formulaOf(row)],
      ]} />
      <Doing acts={acts} chosen={chosen} choose={choose} form={(act) => <ActForm key={act.id} act={act} queue={row} onDone={close} />} />
    </Dialog>
  );
}

export function ContactDialog({ id, act: first }: { id: string; act?: string | undefined }) {
  const [chosen, choose] = useState(first);
  const [asked, setAsked] = useState<ContactRow | null>(null);
  const known = view.value.contacts.row(id)?.value;
  const live = isLive.value;
  const seq = known?.seq;
  useEffect(() => {
    let isOld = false;
    if (live) void get<ContactRow>(`/api/v1/contacts/${id}`).catch(() => null).then((told) => !isOld && setAsked(told));
    return () => void (isOld = true);
  }, [id, seq, live]);
  const row = known ?? asked;
  if (!row) return <Dialog title={id} onClose={close}><p>{t("not-seen")}</p></Dialog>;
  const place = (asked?.["place"] ?? null) as Place | null;
  const acts = contactActs(row, may.lead.value);
  return (
    <Dialog title={t("contact-title", { contact: id })} onClose={close} id="contact-dialog">
      <Facts facts={[
        [t("state"), of("contact-", row.state)],
        [t("queue"), nameOf("queues", row.queue)],
        [t("arrived"), timeOf(row.arrived_at, language.value)],
        [t("waited"), isWaiting(row) && row.queued_at ? <Lasted at={row.queued_at} /> : row.waited_ms !== null ? clockOf(row.waited_ms) : ""],
        [t("priority"), row.priority],
        [t("place"), live && place ? t("place-of", { place: place.place, of: place.of }) : ""],
        [t("why"), live && isWaiting(row) && place ? t("place-why", { from: timeOf(place.counted_from, language.value), worth: clockOf(place.priority_worth_ms), order: timeOf(place.order, language.value) }) : ""],
        [t("besides"), live && isWaiting(row) && place ? whyOf(row, place).join(" · ") : ""],
        [t("step"), row["step"] ? Number(row["step"]) : ""],
        [t("wanted"), row["wanted"] ? String(row["wanted"]) : ""],
        [t("owner"), row.owner],
        [t("ended"), row.end && of("end-", row.end)],
      ]} />
      <p><button type="button" data-explain={id} onClick={() => open({ what: "explain", id })}><Icon is="search" />{t("explain-contact")}</button></p>
      <Doing acts={acts} chosen={chosen} choose={choose} form={(act) => <ActForm key={act.id} act={act} contact={row} onDone={close} />} />
    </Dialog>
  );
}
