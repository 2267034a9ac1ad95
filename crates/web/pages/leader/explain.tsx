// Why this agent, and why each other was not: an explanation, rebuilt by the server from the log.
import { useEffect, useState } from "preact/hooks";
import { get, Problem } from "../core/api.ts";
import { nameOf, reasonName } from "../core/names.ts";
import { clockOf, timeOf } from "../core/spans.ts";
import { language, of, t } from "../core/words.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { Table } from "../ui/table.tsx";
import { open, past } from "./desk.ts";
import { Facts } from "./subjects.tsx";

interface Skill { skill: string; level: number }
interface Candidate { rank: number; agent: string; in_hand: number; selection: string; measure: number | null; weight?: number | null; idle_since: string }
interface Obstacle { agent?: string; standing: string; reason?: string; until?: string; offer?: string; in_hand?: number; skill?: string; asked?: number; level?: number; any_of?: Skill[]; wanted?: string }
interface InLine { place: number; contact: string; queue: string; score_ms: number; waited_ms: number; priority: number; credit_ms: number; passed_over: boolean }
interface Ended { end: string; at: string; rang_ms: number; reason: { slug: string } | null }
interface Told {
  kind: string; offer?: string; contact?: string; agent?: string; at?: string; purpose?: string; decided_by?: { kind: string; id: string }; agrees?: boolean; account?: string | null;
  disagreements?: { field: string; recorded: string; rebuilt: string }[]; recorded?: { rank: number | null; candidates: number; rule_version: number; step: number; queue: string | null; digest: string };
  asks?: { queues: string[]; skills: Skill[]; wanted: string | null } | null; free?: Candidate[]; others?: Obstacle[]; end?: Ended | string | null; state?: string; moment?: { seq: number; at: string };
  line?: { waiting: number; waiting_in_queue: number; place: number | null; place_in_queue: number | null; itself: InLine | null; before: InLine[]; behind: InLine[] };
  waits_because?: string[]; offers?: { offer: string; agent: string; at: string; purpose: string; end: Ended | null }[]; priority?: number; queue?: string | null; step?: number | null;
}

const at = (instant: string) => timeOf(instant, language.value);

// Measures are counted in what the selection looks at.
function measureOf({ selection, measure, weight }: Candidate): string {
  if (measure === null) return "–";
  if (selection === "least_occupied" || selection === "least_talk") return clockOf(measure);
  return weight ? `${measure} / ${weight}` : String(measure);
}

function obstacleText(row: Obstacle): string {
  const more: string[] = [];
  if (row.reason) more.push(reasonName(row.reason));
  if (row.skill) more.push(t("skill-lacking", { skill: nameOf("skills", row.skill), asked: row.asked ?? 0, level: row.level ?? 0 }));
  if (row.until) more.push(t("until", { at: at(row.until) }));
  if (row.in_hand) more.push(t("has-in-hand", { n: row.in_hand }));
  if (row.offer) more.push(row.offer);
  if (row.wanted) more.push(row.wanted);
  return more.join(" · ");
}

export function Explain({ id, at: moment }: { id: string; at?: string | undefined }) {
  const [told, setTold] = useState<Told | null>(null);
  const [fault, setFault] = useState("");
  const when = moment ?? (past.peek() && !id.startsWith("o-") ? String(past.peek()!.seq.peek()) : "");
  useEffect(() => {
    let isOld = false;
    setTold(null);
    setFault("");
    get<Told>(`/api/v1/explanations/${encodeURIComponent(id)}${when ? `?at=${encodeURIComponent(when)}` : ""}`)
      .then((answer) => !isOld && setTold(answer))
      .catch((why) => !isOld && setFault(why instanceof Problem ? (of("refused-", why.code) === why.code ? t("refused", { why: why.detail }) : of("refused-", why.code)) : String(why)));
    return () => void (isOld = true);
  }, [id, when]);
  const isOffer = id.startsWith("o-");
  return (
    <Dialog title={isOffer ? t("explain-offer-title", { id }) : t("explain-contact-title", { id })} onClose={() => open(null)} wide id="explain-dialog">
      {fault && <p class="bad-text" role="alert"><Icon is="warn" />{fault}</p>}
      {!told && !fault && <p role="status">{t("rebuilding")}</p>}
      {told && <Whole told={told} />}
    </Dialog>
  );
}

function Whole({ told }: { told: Told }) {
  const isOffer = told.kind === "offer";
  const end = told.end;
  const asks = told.asks;
  return (
    <>
      <Facts facts={isOffer ? [
        [t("contact"), <button type="button" class="ref" onClick={() => open({ what: "explain", id: told.contact! })}>{told.contact}</button>],
        [t("agent"), told.agent],
        [t("when"), told.at && at(told.at)],
        [t("decided"), t("decided-by", { how: of("purpose-", told.purpose ?? ""), who: told.account ?? told.decided_by?.id ?? "–" })],
        [t("queue"), nameOf("queues", told.recorded?.queue)],
        [t("chosen-as"), told.recorded?.rank ? t("rank-of", { rank: told.recorded.rank, of: told.recorded.candidates }) : t("no-rank")],
        [t("rule"), told.recorded && t("rule-step", { version: told.recorded.rule_version, step: told.recorded.step })],
        [t("asked"), asksText(asks)],
        [t("offer-end"), end && typeof end === "object" ? t("ended-after", { end: of("offer-", end.end), span: clockOf(end.rang_ms) }) : t("rings-still")],
        [t("check"), told.agrees ? <span class="badge good"><Icon is="check" />{t("agrees")}</span> : <span class="badge bad"><Icon is="warn" />{t("disagrees")}</span>],
      ] : [
        [t("state"), told.state && of("contact-", told.state)],
        [t("queue"), nameOf("queues", told.queue)],
        [t("when"), told.moment && at(told.moment.at)],
        [t("priority"), told.priority],
        [t("step"), told.step ?? ""],
        [t("place"), told.line?.place_in_queue ? t("place-of", { place: told.line.place_in_queue, of: told.line.waiting_in_queue }) : ""],
        [t("waits-because"), (told.waits_because ?? []).map((why) => of("waits-", why)).join(" · ")],
        [t("asked"), asksText(asks)],
        [t("ended"), typeof end === "string" ? of("end-", end) : ""],
      ]} />
      {!told.agrees && (told.disagreements ?? []).map((one) => <p key={one.field} class="bad-text">{t("differs", { field: one.field, recorded: one.recorded, rebuilt: one.rebuilt })}</p>)}
      {(told.offers?.length ?? 0) > 0 && (
        <section><h3>{t("offers-so-far")}</h3>
          <Table label={t("offers-so-far")} idOf={(row) => row.offer} rows={told.offers!} columns={[
            { id: "offer", head: t("offer"), width: "90px", cell: (row) => <button type="button" class="ref" data-explain={row.offer} onClick={() => open({ what: "explain", id: row.offer })}>{row.offer}</button> },
            { id: "agent", head: t("agent"), width: "80px", cell: (row) => row.agent },
            { id: "at", head: t("when"), width: "90px", cell: (row) => at(row.at) },
            { id: "how", head: t("decided"), width: "120px", cell: (row) => of("purpose-", row.purpose) },
            { id: "end", head: t("offer-end"), width: "1fr", cell: (row) => (row.end ? t("ended-after", { end: of("offer-", row.end.end), span: clockOf(row.end.rang_ms) }) : t("rings-still")) },
          ]} />
        </section>
      )}
      <section><h3>{t("candidates")}</h3>
        <Table label={t("candidates")} idOf={(row) => row.agent} rows={told.free ?? []} empty={t("no-candidates")} class="candidates" columns={[
          { id: "rank", head: t("rank"), width: "44px", end: true, cell: (row) => row.rank },
          { id: "agent", head: t("agent"), width: "150px", cell: (row) => <>{row.agent}{row.agent === told.agent && <span class="badge good"><Icon is="check" />{t("chosen")}</span>}</> },
          { id: "by", head: t("selection"), width: "130px", cell: (row) => of("selection-", row.selection) },
          { id: "measure", head: t("measure"), width: "80px", end: true, cell: measureOf },
          { id: "idle", head: t("idle-since"), width: "100px", end: true, cell: (row) => at(row.idle_since) },
          { id: "hand", head: t("in-hand"), width: "1fr", end: true, cell: (row) => row.in_hand },
        ]} />
      </section>
      <section><h3>{t("others")}</h3>
        <Table label={t("others")} idOf={(row) => row.agent ?? ""} rows={told.others ?? []} empty={t("no-others")} class="others" columns={[
          { id: "agent", head: t("agent"), width: "90px", cell: (row) => row.agent },
          { id: "why", head: t("why-not"), width: "150px", cell: (row) => of("standing-", row.standing) },
          { id: "more", head: t("details"), width: "1fr", cell: obstacleText },
        ]} />
      </section>
      {told.line && told.line.waiting > 0 && <LineAround line={told.line} />}
    </>
  );
}

function asksText(asks: Told["asks"]): string {
  if (!asks) return "";
  const skills = asks.skills.map(({ skill, level }) => t("at-least", { skill: nameOf("skills", skill), level }));
  return [...asks.queues.map((queue) => nameOf("queues", queue)), ...skills, ...(asks.wanted ? [t("why-wanted", { agent: asks.wanted })] : [])].join(" · ");
}

function LineAround({ line }: { line: NonNullable<Told["line"]> }) {
  const rows = [...line.before, ...(line.itself ? [line.itself] : []), ...line.behind].slice(0, 40);
  if (rows.length === 0) return null;
  return (
    <section><h3>{t("line", { n: line.waiting })}</h3>
      <Table label={t("line", { n: line.waiting })} idOf={(row) => row.contact} rows={rows} columns={[
        { id: "place", head: t("place"), width: "44px", end: true, cell: (row) => row.place },
        { id: "contact", head: t("contact"), width: "90px", cell: (row) => row.contact },
        { id: "queue", head: t("queue"), width: "110px", cell: (row) => nameOf("queues", row.queue) },
        { id: "waited", head: t("waited"), width: "70px", end: true, cell: (row) => clockOf(row.waited_ms) },
        { id: "priority", head: t("priority"), width: "70px", end: true, cell: (row) => row.priority },
        { id: "worth", head: t("worth"), width: "80px", end: true, cell: (row) => clockOf(row.credit_ms) },
        { id: "score", head: t("score"), width: "1fr", end: true, cell: (row) => clockOf(row.score_ms, true) },
      ]} />
    </section>
  );
}
