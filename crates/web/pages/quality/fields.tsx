// Fields that several forms of the desk have, and beginning an evaluation of a contact that somebody chose.
import { useSignal } from "@preact/signals";
import { language, of, t } from "../core/words.ts";
import { once, said, whyNot } from "../marks/ask.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { forms, go, herself, may } from "./desk.ts";

// As what she may mark: a mystery contact is marked as such by QA alone, oneself by whoever takes contacts.
const raters = (): string[] => [...(may.evaluate.value ? ["quality", ...(may.markMystery.value ? ["mystery"] : []), "peer"] : []), ...(may.evaluateHerself.value ? ["own"] : [])];

export function AgentField({ value, isFixed }: { value?: string; isFixed?: boolean }) {
  return <label><span>{t("agent")}</span><input name="agent" required inputMode="numeric" autocomplete="off" defaultValue={value} readOnly={isFixed} /></label>;
}

export function ContactField({ value }: { value?: string }) {
  return <label><span>{t("contact")}</span><input name="contact" required pattern="c-\d+" placeholder="c-1" autocomplete="off" spellcheck={false} defaultValue={value} data-first /></label>;
}

export function AccountField({ name, label }: { name: string; label: string }) {
  return <label><span>{label}</span><input name={name} required autocomplete="off" autocapitalize="off" spellcheck={false} data-first /></label>;
}

// No form named: the server takes the one that is meant for the contact's channel.
export function FormField() {
  void language.value;
  return (
    <label><span>{t("form")}</span><select name="form">
      <option value="">{t("form-by-channel")}</option>
      {forms.value.map((form) => <option key={form.form} value={form.form}>{said(form.title, form.form)}</option>)}
    </select></label>
  );
}

export function Begin({ contact, agent, onClose }: { contact?: string; agent?: string; onClose: () => void }) {
  const refusal = useSignal("");
  const rater = useSignal(raters()[0] ?? "quality");
  const whose = may.evaluate.value ? agent : (herself.value ?? agent);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(given.get(name) ?? "").trim();
    try {
      // A mystery contact leaves the figures before anybody marks it; said again it is the same.
      if (text("rater") === "mystery") await once("/mystery", { contact: text("contact") });
      const begun = await once<{ evaluation: string }>("/evaluations", { contact: text("contact"), agent: text("agent"), rater: text("rater"), ...(text("form") ? { form: text("form") } : {}) });
      onClose();
      go(begun.evaluation);
    } catch (fault) {
      refusal.value = whyNot(fault);
    }
  };
  return (
    <Dialog title={t("evaluate-one")} onClose={onClose} id="begin-dialog">
      <form class="form" onSubmit={(event) => void submit(event as unknown as SubmitEvent)}>
        <ContactField {...(contact ? { value: contact } : {})} />
        <AgentField {...(whose ? { value: whose } : {})} isFixed={!may.evaluate.value} />
        <FormField />
        <label><span>{t("as-what")}</span><select name="rater" value={rater.value} onChange={(event) => (rater.value = event.currentTarget.value)}>{raters().map((one) => <option key={one} value={one}>{of("rater-", one)}</option>)}</select></label>
        {rater.value === "mystery" && <p class="hint" data-mystery-hint>{t("mystery-hint")}</p>}
        {refusal.value && <p class="bad-text" role="alert"><Icon is="warn" />{refusal.value}</p>}
        <button class="strong">{t("begin")}</button>
      </form>
    </Dialog>
  );
}
