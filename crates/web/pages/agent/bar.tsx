// The head of the desk: who she is, how she stands, how the line is.
import { session } from "../core/session.ts";
import { nameOf, reasonName } from "../core/names.ts";
import { of, t } from "../core/words.ts";
import { Icon } from "../ui/icons.tsx";
import { Act, isSheetOpen } from "../ui/keys.tsx";
import { Menu, type Item } from "../ui/menu.tsx";
import { Bar, leave, LinkBadge } from "../ui/page.tsx";
import { Since, Until, WallClock } from "../ui/ticks.tsx";
import { isStateMenuOpen, keys, open } from "./actions.ts";
import { microphone } from "./devices.ts";
import { InboxButton } from "./inbox.tsx";
import { LOOKS } from "./parts.tsx";
import { act, agent, desk, link, me, reasonLabel, reasons } from "./state.ts";

export function Head() {
  const row = agent.value;
  const here = row !== null && row.state !== "signed_out";
  return (
    <Bar desk="agent" end={<>
      <WallClock />
      <LinkBadge link={link} />
      <InboxButton />
      {here && <Device />}
      {here && <Act keys={keys} id="hand" icon="hand" class="plain" hideKey pressed={row.hand_raised} label={row.hand_raised ? t("hand-down") : t("hand-up")} />}
      <button type="button" class="plain" title={t("with-key", { label: t("keys-title"), key: keys.keyOf("sheet") })} onClick={() => (isSheetOpen.value = true)}><Icon is="keys" /><span>{t("keys-title")}</span></button>
      <Menu class="end" id="account" title={t("account-menu")} label={<><Icon is="user" /><span class="number">{me}</span><Icon is="down" /></>} items={[
        ...(here ? [{ id: "devices", label: t("devices-title"), run: () => void (open.value = "devices") }, { id: "sign-out", label: t("sign-out-seat"), run: () => void act("agent.sign_out") }] : []),
        { id: "leave", label: t("leave-account", { account: session.value?.account ?? "" }), run: () => void leave() },
      ]} />
    </>}>
      {here && <State />}
    </Bar>
  );
}

function Device() {
  const is = microphone.value;
  if (is === "ok" || is === "unasked" || is === "asking") return null;
  const plain = is === "without";
  return <button type="button" class={`plain badge ${plain ? "" : "bad"}`} onClick={() => (open.value = "devices")}><Icon is="muted" />{of("microphone-short-", is)}</button>;
}

function State() {
  const row = agent.value!;
  const look = LOOKS[row.activity] ?? LOOKS["idle"]!;
  const why = row.state === "not_ready" && (row.activity === "not_ready" || row.activity === "on_break") ? reasonName(row.reason?.slug) : row.activity === "resting" ? reasonName(row.resting_reason?.slug) : "";
  const inHand = desk.value.cards.some((card) => card.state !== "reserved");
  const away = reasons.value.filter((reason) => reason.active && reason.for === "not_ready");
  const items: Item[] = [
    { id: "ready", label: t("state-ready"), current: row.state === "ready" && !row.next, run: () => void act("agent.set_state", { state: "ready" }) },
    ...away.filter((reason) => !reason.is_break).map((reason) => ({
      id: reason.slug, label: reasonLabel(reason), group: t("state-group-away"), current: row.state === "not_ready" && row.reason?.slug === reason.slug,
      run: () => void act("agent.set_state", { state: { not_ready: reason.slug } }),
    })),
    ...away.filter((reason) => reason.is_break).map((reason) => ({
      id: reason.slug, label: reasonLabel(reason), group: t("state-group-breaks"), current: row.state === "not_ready" && row.reason?.slug === reason.slug, hint: t("state-asks"),
      run: () => void act("agent.request_break", { reason: reason.slug }),
    })),
    { id: "sign-out", label: t("sign-out-seat"), group: t("state-group-end"), run: () => void act("agent.sign_out") },
  ];
  return (
    <div class="state-now">
      <Menu id="state" class="state-menu" title={t("with-key", { label: t("state-change"), key: keys.keyOf("state") })} open={isStateMenuOpen.value} onOpen={(is) => (isStateMenuOpen.value = is)} items={items}
        label={<><span class={`state-sign ${look.kind}`}><Icon is={look.icon} /></span><b>{of("activity-", row.activity)}</b>{why && <span>· {why}</span>}<Since at={row.activity_since} /><Icon is="down" /></>} />
      {row.allowed_until && !inHand && <span class="badge warn"><Icon is="clock" />{t("allowance-left")} <Until at={row.allowed_until} over /></span>}
      {row.resting_until && !inHand && <span class="badge info"><Icon is="clock" /><Until at={row.resting_until} /></span>}
      {row.next && (
        <span class="badge info" id="pending"><Icon is="clock" />{t("next-state", { state: row.next.state === "signed_out" ? t("sign-out-seat") : reasonName(row.next.reason?.slug) })}
          <button type="button" class="plain small" title={t("next-cancel")} onClick={() => void act("agent.set_state", { state: "ready" })}><Icon is="cross" /><span>{t("next-cancel")}</span></button>
        </span>
      )}
      {row.break_request && (
        <span class="badge info" id="break-asked"><Icon is="cup" />{t("break-asked", { reason: reasonName(row.break_request.slug) })} {row.break_asked_at && <Since at={row.break_asked_at} />}
          <button type="button" class="plain small" title={t("break-take-back")} onClick={() => void act("break.decide", { agent: me, granted: false })}><Icon is="cross" /><span>{t("break-take-back")}</span></button>
        </span>
      )}
      <span class="seat">{t("seat-now", { seat: row.seat ?? "" })}{row.team ? ` · ${nameOf("teams", row.team)}` : ""}</span>
    </div>
  );
}
