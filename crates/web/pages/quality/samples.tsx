// The queue of samples: what was drawn, for whom it is, how far it is; and drawing anew, which says what it covers.
import { useSignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { nameOf } from "../core/names.ts";
import { civilOf, clockOf, dayOf, dayStartOf, isoOf, momentOf, numberOf, percentOf } from "../core/spans.ts";
import { nowMs } from "../core/ticks.ts";
import { language, of, t } from "../core/words.ts";
import { act, once, whyNot } from "../marks/ask.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { Table } from "../ui/table.tsx";
import { toast } from "../ui/toast.tsx";
import { account, go, isMine, lacking, loadPicks, loadSamples, may, picks, plan, samples, type Coverage, type PickRow, type Plan, type Sample, type Stand } from "./desk.ts";
import { AccountField, Begin } from "./fields.tsx";

const STANDINGS = ["unassigned", "assigned", "drafted", "submitted", "withdrawn"];
const WHY_NOT = ["no_recording", "wrong_contact", "personal"];
const DAYS_BACK = 7;

async function begin(row: PickRow): Promise<void> {
  if (row.evaluation) return go(row.evaluation);
  // As what follows from whose look it is.
  const begun = await act<{ evaluation: string }>("/evaluations", { contact: row.contact, agent: row.agent });
  if (begun) go(begun.evaluation);
}

export function Samples() {
  const standing = useSignal("");
  const isDrawing = useSignal(false);
  const isBeginning = useSignal(false);
  const changed = useSignal<{ row: PickRow; what: "reassign" | "withdraw" } | null>(null);
  useEffect(() => { void loadPicks(); void loadSamples(); }, []);
  const rows = (picks.value ?? []).filter((row) => !standing.value || row.standing === standing.value);
  if (lacking.value.has("picks") && lacking.value.has("samples")) return <p class="card not-there" role="status"><Icon is="message" />{t("part-not-there")}</p>;
  return (
    <div class="part">
      <div class="asked" role="group" aria-label={t("picks-filter")}>
        {may.evaluate.value && !lacking.value.has("samples") && <label class="line"><input type="checkbox" id="mine" checked={isMine.value} onChange={(event) => { isMine.value = event.currentTarget.checked; void loadPicks(); }} /><span>{t("picks-mine")}</span></label>}
        <label><span>{t("standing")}</span><select id="standing" value={standing.value} onChange={(event) => (standing.value = event.currentTarget.value)}>
          <option value="">{t("all-standings")}</option>{STANDINGS.map((one) => <option key={one} value={one}>{of("pick-", one)}</option>)}
        </select></label>
        <span class="acts-end">
          {may.evaluate.value && <button type="button" id="begin" onClick={() => (isBeginning.value = true)}><Icon is="plus" />{t("evaluate-one")}</button>}
          {may.draw.value && <button type="button" id="draw" class="strong" onClick={() => (isDrawing.value = true)}><Icon is="queue" />{t("draw")}</button>}
        </span>
      </div>
      <section class="card">
        <h2 id="picks-title"><Icon is="queue" />{t("picks")}<span class="number soft">{rows.length}</span></h2>
        <div class="scroll" tabIndex={0} role="region" aria-labelledby="picks-title">
          <Table label={t("picks")} rows={rows} idOf={(row) => `${row.contact} ${row.second}`} empty={picks.value ? t("no-picks") : t("loading")} class="wide-table" columns={[
            { id: "contact", head: t("contact"), width: "100px", cell: (row) => <a href={`#${row.contact}`} data-contact={row.contact}>{row.contact}</a> },
            { id: "agent", head: t("agent"), width: "80px", cell: (row) => row.agent },
            { id: "queue", head: t("queue"), width: "minmax(90px,1fr)", cell: (row) => nameOf("queues", row.queue) },
            { id: "at", head: t("at"), width: "110px", cell: (row) => (row.at ? momentOf(row.at, language.value) : "–") },
            { id: "talk", head: t("talked"), width: "70px", end: true, cell: (row) => (row.talk_ms === null ? "–" : clockOf(row.talk_ms)) },
            { id: "why", head: t("drawn-because"), width: "130px", cell: (row) => (row.why === "representative" ? t("why-representative") : <span class="badge warn small" data-risk={row.why.risk} title={row.why.risk}><Icon is="warn" />{of("why-", row.why.risk.replace(".", "-"))}</span>) },
            { id: "who", head: t("evaluator"), width: "110px", cell: (row) => <>{row.evaluator ?? "–"}{row.second && <span class="badge small">{t("second-look")}</span>}</> },
            { id: "standing", head: t("standing"), width: "100px", cell: (row) => of("pick-", row.standing) },
            { id: "acts", head: t("acts"), width: "250px", cell: (row) => <PickActs row={row} onChange={(what) => (changed.value = { row, what })} /> },
          ]} />
        </div>
      </section>
      <Drawn />
      {isDrawing.value && <DrawDialog onClose={() => (isDrawing.value = false)} />}
      {isBeginning.value && <Begin onClose={() => (isBeginning.value = false)} />}
      {changed.value && <ChangePick {...changed.value} onClose={() => (changed.value = null)} />}
    </div>
  );
}

function PickActs({ row, onChange }: { row: PickRow; onChange: (what: "reassign" | "withdraw") => void }) {
  const own = !row.evaluator || row.evaluator === account.value;
  const over = row.standing === "submitted" || row.standing === "withdrawn";
  return (
    <span class="row-acts">
      {row.evaluation && row.standing === "submitted" && <a class="button small" href={`#${row.evaluation}`}>{t("open-it")}</a>}
      {may.evaluate.value && own && !over && <button type="button" class="small strong" data-begin={row.contact} onClick={() => void begin(row)}>{row.evaluation ? t("go-on") : t("begin")}</button>}
      {may.draw.value && !over && <button type="button" class="small" data-reassign={row.contact} onClick={() => onChange("reassign")}>{t("reassign")}</button>}
      {may.draw.value && !over && <button type="button" class="small" data-withdraw={row.contact} onClick={() => onChange("withdraw")}>{t("withdraw")}</button>}
    </span>
  );
}

function ChangePick({ row, what, onClose }: { row: PickRow; what: "reassign" | "withdraw"; onClose: () => void }) {
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const body = what === "reassign" ? { second: row.second, to: text("to") } : { why: text("why"), ...(text("note") ? { note: text("note") } : {}) };
    if (await act(`/picks/${row.contact}/${what}`, body, t("done"))) { void loadPicks(); onClose(); }
  };
  return (
    <Dialog title={what === "reassign" ? t("reassign-title", { contact: row.contact }) : t("withdraw-title", { contact: row.contact })} onClose={onClose}>
      <form class="form" onSubmit={(event) => void submit(event as unknown as SubmitEvent)}>
        {what === "reassign" ? (
          <AccountField name="to" label={t("reassign-to")} />
        ) : (
          <>
            <label><span>{t("why")}</span><select name="why" required>{WHY_NOT.map((one) => <option key={one} value={one}>{of("withdrawn-", one)}</option>)}</select></label>
            <label><span>{t("note")}</span><textarea name="note" /></label>
          </>
        )}
        <button class="strong">{what === "reassign" ? t("reassign") : t("withdraw")}</button>
      </form>
    </Dialog>
  );
}

// ---- what a draw covers: never only how many, always of how many

// Which contacts are alike, in words: bands as the plan cuts them.
function stratumText(stratum: Stand[], plan: Plan | undefined): string {
  const band = (at: number, edges: number[] | undefined, say: (edge: number) => string): string => {
    const [from, until] = [edges?.[at - 1], edges?.[at]];
    if (from === undefined) return until === undefined ? t("band-any") : t("band-below", { until: say(until) });
    return until === undefined ? t("band-from", { from: say(from) }) : t("band-between", { from: say(from), until: say(until) });
  };
  const days = (n: number): string => t("days", { n });
  return stratum.map((part) => {
    if ("queue" in part) return nameOf("queues", part.queue);
    if ("channel" in part) return part.channel;
    if ("length" in part) return band(part.length, plan?.length_bands_ms, clockOf);
    if ("tenure" in part) return band(part.tenure, plan?.tenure_bands_days, days);
    return part.outcome ? nameOf("codes", part.outcome) : t("no-code");
  }).join(" · ");
}

function Strata({ coverage, plan }: { coverage: Coverage; plan: Plan | undefined }) {
  const strata = coverage.strata ?? [];
  if (strata.length === 0) return null;
  return (
    <table class="figures-table strata">
      <caption>{t("coverage-strata")}</caption>
      <thead><tr><th scope="col">{t("stratum")}</th><th scope="col">{t("coverage-eligible")}</th><th scope="col">{t("coverage-representative")}</th></tr></thead>
      <tbody>{strata.map((one, at) => (
        <tr key={at}><th scope="row">{stratumText(one.stratum, plan)}</th><td class="number">{one.eligible}</td><td class="number">{one.drawn} · {percentOf(one.drawn, one.eligible)}</td></tr>
      ))}</tbody>
    </table>
  );
}

export function CoverageFacts({ coverage, plan }: { coverage: Coverage; plan?: Plan | undefined }) {
  const tongue = language.value;
  const short = coverage.agents.filter((one) => one.drawn < one.quota);
  return (
    <div class="coverage">
      <dl class="facts">
        <div><dt>{t("coverage-eligible")}</dt><dd>{t("of-all", { n: numberOf(coverage.eligible, tongue), of: numberOf(coverage.candidates, tongue) })}</dd></div>
        <div><dt>{t("coverage-representative")}</dt><dd>{t("of-all", { n: numberOf(coverage.representative, tongue), of: numberOf(coverage.eligible, tongue) })} · {percentOf(coverage.representative, coverage.eligible)}</dd></div>
        <div><dt>{t("coverage-risk")}</dt><dd>{t("of-all", { n: numberOf(coverage.risk_drawn, tongue), of: numberOf(coverage.risky, tongue) })}</dd></div>
        <div><dt>{t("coverage-twice")}</dt><dd>{coverage.twice}</dd></div>
        <div><dt>{t("coverage-left-out")}</dt><dd>{t("left-out", { used: coverage.used, short: coverage.too_short, channel: coverage.other_channel })}</dd></div>
        {coverage.unassigned > 0 && <div><dt>{t("coverage-unassigned")}</dt><dd class="bad-text">{coverage.unassigned}</dd></div>}
      </dl>
      <p class="hint">{t("coverage-agents", { n: coverage.agents.length })} {short.length > 0 && t("coverage-short", { who: short.map(({ agent, drawn, quota }) => `${agent} ${drawn}/${quota}`).join(" · ") })}</p>
      <Strata coverage={coverage} plan={plan} />
    </div>
  );
}

function Drawn() {
  const list = samples.value ?? [];
  if (list.length === 0) return null;
  return (
    <section class="card" aria-labelledby="drawn-title">
      <h2 id="drawn-title"><Icon is="book" />{t("drawn")}</h2>
      <ul class="drawn">
        {list.map((sample) => (
          <li key={sample.sample} data-sample={sample.sample}>
            <details>
              <summary>{t("drawn-line", { sample: sample.sample, from: dayOf(sample.from, language.value), until: dayOf(sample.until, language.value), n: sample.count, seed: String(sample.seed) })}</summary>
              <CoverageFacts coverage={sample.coverage} plan={sample.plan} />
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

// ---- drawing

const asPlanned = (n: number | undefined): string => (n === undefined ? t("as-planned") : t("as-planned-of", { n }));

function DrawDialog({ onClose }: { onClose: () => void }) {
  const told = useSignal<Sample | null>(null);
  const said = useSignal("");
  const isBusy = useSignal(false);
  const [opened] = useState(nowMs);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const plan = { ...(text("quota") ? { quota: Number(text("quota")) } : {}), ...(text("quota_new") ? { quota_new: Number(text("quota_new")) } : {}), ...(text("second_percent") ? { second_percent: Number(text("second_percent")) } : {}) };
    const evaluators = text("evaluators").split(/[\s,，、]+/).filter(Boolean);
    isBusy.value = true;
    try {
      told.value = await once<Sample>("/samples", {
        from: isoOf(text("from")), until: isoOf(text("until")),
        ...(Object.keys(plan).length ? { plan } : {}), ...(text("seed") ? { seed: Number(text("seed")) } : {}), ...(evaluators.length ? { evaluators } : {}),
      });
      said.value = "";
      toast(t("drawn-now", { sample: told.value.sample }), "good");
      isMine.value = false;
      void loadPicks();
      void loadSamples();
    } catch (fault) {
      said.value = whyNot(fault);
    }
    isBusy.value = false;
  };
  const drawn = told.value;
  useEffect(() => { if (drawn) document.querySelector<HTMLElement>("#to-the-queue")?.focus(); }, [drawn?.sample]);
  return (
    <Dialog title={t("draw-title")} wide onClose={onClose} id="draw-dialog" foot={drawn ? <button type="button" class="strong" id="to-the-queue" onClick={onClose}>{t("to-the-queue")}</button> : undefined}>
      {drawn ? (
        <>
          <p role="status" data-drawn={drawn.sample}>{t("drawn-line", { sample: drawn.sample, from: momentOf(drawn.from, language.value), until: momentOf(drawn.until, language.value), n: drawn.count, seed: String(drawn.seed) })}</p>
          <CoverageFacts coverage={drawn.coverage} plan={drawn.plan} />
        </>
      ) : (
        <form class="form two" onSubmit={(event) => void submit(event as unknown as SubmitEvent)}>
          <label><span>{t("from")}</span><input name="from" type="datetime-local" step={1} required defaultValue={civilOf(dayStartOf(opened) - DAYS_BACK * 86_400_000)} data-first /></label>
          <label><span>{t("until")}</span><input name="until" type="datetime-local" step={1} required defaultValue={civilOf(opened)} /></label>
          <label><span>{t("quota")}</span><input name="quota" type="number" min={0} max={1000} placeholder={asPlanned(plan.value?.quota)} /></label>
          <label><span>{t("quota-new")}</span><input name="quota_new" type="number" min={0} max={1000} placeholder={asPlanned(plan.value?.quota_new)} /></label>
          <label><span>{t("second-percent")}</span><input name="second_percent" type="number" min={0} max={100} placeholder={asPlanned(plan.value?.second_percent)} /></label>
          <label><span>{t("seed")}</span><input name="seed" inputMode="numeric" pattern="\d*" placeholder={t("seed-by-chance")} /></label>
          <label class="whole"><span>{t("evaluators")}</span><input name="evaluators" placeholder={t("evaluators-hint")} /></label>
          <p class="hint whole">{t("draw-hint")}</p>
          {said.value && <p class="bad-text whole" role="alert"><Icon is="warn" />{said.value}</p>}
          <button class="strong whole" disabled={isBusy.value}>{isBusy.value ? t("drawing") : t("draw")}</button>
        </form>
      )}
    </Dialog>
  );
}

