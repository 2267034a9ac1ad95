// One line of the ledger: what it stands on, and what its reader may do about it.
import { useSignal } from "@preact/signals";
import { saidText } from "../core/said.ts";
import { clockOf, momentOf } from "../core/spans.ts";
import { language, of, t } from "../core/words.ts";
import { act } from "../marks/ask.ts";
import { EntryStanding, EntryStory, measuredText, pointsText, ruleName } from "../marks/entries.tsx";
import { Evidence } from "../marks/evidence.tsx";
import type { Entry } from "../marks/shapes.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { go, may } from "./desk.ts";
import { loadLedger, ruleOf } from "./ledger.ts";
import { lookAt } from "./past.tsx";
import { Facts } from "./subjects.tsx";

const DISMISS_WHY = ["incident", "visitors", "approved", "mistaken"];
const REVOKE_WHY = ["mistaken", "incident", "approved"];

export function EntryDialog({ entry: is, onClose }: { entry: Entry; onClose: () => void }) {
  const rule = ruleOf(is.rule);
  // The floor as it stood when it began.
  const look = () => { onClose(); go("floor"); lookAt(Date.parse(is.from)); };
  return (
    <Dialog title={t("entry-title", { entry: is.entry, agent: is.agent })} wide onClose={onClose} id="entry-dialog">
      <Facts facts={[
        [t("ledger-rule"), <span>{ruleName(is)} <small class="soft">{t("rule-version", { rule: is.rule, version: is.version })}</small></span>],
        [t("rule-source"), rule?.source],
        [t("rule-costs"), rule ? pointsText(rule) : ""],
        [t("entry-standing"), <EntryStanding is={is.standing} />],
        [t("points"), String(is.points)],
        [t("grave"), is.grave ? t("grave-yes") : ""],
        [t("when"), t("entry-span", { from: momentOf(is.from, language.value), until: momentOf(is.until, language.value) })],
        [t("lasted"), is.until === is.from ? "" : clockOf(Date.parse(is.until) - Date.parse(is.from))],
        [t("measured"), measuredText(is)],
        [t("proposed-by"), is.by ?? t("by-detector")],
        [t("decided-by-leader"), is.leader],
        [t("ledger-appeal-by"), is.appeal_by && momentOf(is.appeal_by, language.value)],
        [t("ledger-note"), is.note && saidText(is.note)],
        [t("ledger-appeal"), is.appeal && <span data-appeal>{saidText(is.appeal)}</span>],
      ]} />
      <EntryStory story={is.story} />
      <section><h3>{t("evidence")}</h3><Evidence seqs={is.evidence} />
        <p><button type="button" data-look onClick={look}><Icon is="clock" />{t("look-then")}</button></p>
      </section>
      <Acts entry={is} onDone={() => void loadLedger()} />
    </Dialog>
  );
}

function Acts({ entry: is, onDone }: { entry: Entry; onDone: () => void }) {
  const rule = ruleOf(is.rule);
  const [least, most] = [rule?.points ?? 0, is.points_max ?? rule?.points_max ?? rule?.points ?? is.points];
  const grave = is.rule_grave ?? rule?.grave ?? "never";
  const points = useSignal(String(is.points));
  const severe = useSignal(false);
  const words = useSignal("");
  const decide = (upheld: boolean, more: object = {}) => say("decide", { upheld, ...more, ...(words.value.trim() ? { text: words.value.trim() } : {}) });
  const say = async (what: string, body: unknown) => { if (await act(`/entries/${is.entry}/${what}`, body, t("ledger-done", { what: of("entry-act-", what) }))) onDone(); };
  const submit = (what: string, body: () => unknown) => (event: SubmitEvent) => { event.preventDefault(); void say(what, body()); };
  const counted = is.standing === "confirmed" || is.standing === "appealed" || is.standing === "upheld";
  return (
    <div class="entry-acts">
      {may.confirm.value && is.standing === "proposed" && (
        <>
          <form class="form" data-form="confirm" onSubmit={submit("confirm", () => ({ ...(Number(points.value) !== is.points ? { points: Number(points.value) } : {}), ...(severe.value ? { severe: true } : {}) })) as never}>
            <label><span>{most > least ? t("points-within", { from: least, to: most }) : t("points")}</span><input name="points" type="number" min={least} max={most} step={1} required readOnly={most <= least} value={points.value} onInput={(event) => (points.value = event.currentTarget.value)} /></label>
            {grave === "when_severe" && <label class="line"><input name="severe" type="checkbox" checked={severe.value} onChange={(event) => (severe.value = event.currentTarget.checked)} /><span>{t("severe")}</span></label>}
            <button class="strong" id="confirm"><Icon is="check" />{of("entry-act-", "confirm")}</button>
          </form>
          <Because what="dismiss" whys={DISMISS_WHY} onSay={say} />
        </>
      )}
      {may.confirm.value && counted && <Because what="revoke" whys={REVOKE_WHY} onSay={say} />}
      {may.decide.value && is.standing === "appealed" && (
        <form class="form" data-form="decide" onSubmit={(event) => { event.preventDefault(); void decide(true, Number(points.value) !== is.points ? { points: Number(points.value) } : {}); }}>
          <label><span>{t("points-at-most", { most: is.points })}</span><input name="points" type="number" min={0} max={is.points} step={1} required value={points.value} onInput={(event) => (points.value = event.currentTarget.value)} /></label>
          <label><span>{t("decision-text")}</span><textarea name="text" value={words.value} onInput={(event) => (words.value = event.currentTarget.value)} /></label>
          <p class="choices"><button class="strong" id="uphold"><Icon is="check" />{t("uphold")}</button><button type="button" id="strike" onClick={() => void decide(false)}><Icon is="cross" />{t("strike")}</button></p>
        </form>
      )}
    </div>
  );
}

// What takes a line out says why.
function Because({ what, whys, onSay }: { what: "dismiss" | "revoke"; whys: string[]; onSay: (what: string, body: unknown) => Promise<void> }) {
  const why = useSignal("");
  return (
    <form class="form" data-form={what} onSubmit={(event) => { event.preventDefault(); void onSay(what, { why: why.value }); }}>
      <label><span>{t("ledger-why")}</span><select name="why" required value={why.value} onChange={(event) => (why.value = event.currentTarget.value)}>
        <option value="" />{whys.map((one) => <option key={one} value={one}>{of("ledger-why-", one)}</option>)}
      </select></label>
      <button id={what}><Icon is="cross" />{of("entry-act-", what)}</button>
    </form>
  );
}
