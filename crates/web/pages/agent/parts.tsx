// Small things that several parts of the desk show.
import type { Personal } from "../core/frames.ts";
import { nameOf } from "../core/names.ts";
import { t } from "../core/words.ts";
import { Icon, type IconName } from "../ui/icons.tsx";

// A number as the server lets her see it.
export function Who({ from }: { from: Personal | null }) {
  if (!from) return <span class="who">{t("number-none")}</span>;
  if (from.erased) return <span class="who">{t("number-erased")}</span>;
  if (from.unreadable || !from.text) return <span class="who">{t("number-hidden")}</span>;
  return <span class="who number">{from.text}{from.masked && <small> {t("number-masked")}</small>}</span>;
}

export function QueueName({ queue }: { queue: string | null }) {
  return queue ? <span class="queue-name"><Icon is="queue" />{nameOf("queues", queue)}</span> : <span class="queue-name">{t("queue-none")}</span>;
}

export const LOOKS: Record<string, { icon: IconName; kind: string }> = {
  signed_out: { icon: "out", kind: "" }, unreachable: { icon: "warn", kind: "bad" }, not_ready: { icon: "hold", kind: "warn" }, on_break: { icon: "cup", kind: "warn" },
  idle: { icon: "check", kind: "good" }, resting: { icon: "clock", kind: "good" }, ringing: { icon: "ring", kind: "info" }, talking: { icon: "phone", kind: "info" },
  held: { icon: "hold", kind: "warn" }, consulting: { icon: "consult", kind: "info" }, wrap_up: { icon: "pen", kind: "busy" },
  ready: { icon: "check", kind: "good" }, reserved: { icon: "ring", kind: "info" }, connected: { icon: "phone", kind: "info" },
};
