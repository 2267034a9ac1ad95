// Sitting down: which seat, and whether microphone and loudspeaker are there.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { keep, recall } from "../core/keep.ts";
import { of, t } from "../core/words.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { open } from "./actions.ts";
import { beep, check, choice, choose, inputs, level, microphone, outputs, release } from "./devices.ts";
import { act, me } from "./state.ts";

export function SeatForm() {
  const seat = useSignal(recall<string>("seat") ?? "");
  const busy = useSignal(false);
  useEffect(() => release, []);
  const ready = microphone.value === "ok" || microphone.value === "without" || choice.value.without;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!seat.value.trim()) return;
    busy.value = true;
    keep("seat", seat.value.trim());
    if (choice.peek().without && microphone.peek() !== "ok") microphone.value = "without";
    if (await act("agent.sign_in", { seat: seat.value.trim() })) {
      release();
      // Only a click can ask for it.
      if (typeof Notification !== "undefined" && Notification.permission === "default") void Notification.requestPermission().catch(() => undefined);
    }
    busy.value = false;
  };
  return (
    <section class="card seat-card" aria-labelledby="seat-title">
      <h2 id="seat-title"><Icon is="user" />{t("seat-title", { agent: me })}</h2>
      <form class="card-body" onSubmit={(event) => void submit(event)}>
        <label><span>{t("seat")}</span><input name="seat" required maxLength={31} autocomplete="off" spellcheck={false} autofocus value={seat.value} placeholder={t("seat-hint")} onInput={(event) => (seat.value = event.currentTarget.value)} /></label>
        <DeviceCheck />
        <button class="strong big" disabled={busy.value || !seat.value.trim()}>{ready ? t("sign-in-seat") : t("sign-in-unchecked")}</button>
        {!ready && <p class="hint">{t("unchecked-hint")}</p>}
      </form>
    </section>
  );
}

function DeviceCheck() {
  const is = microphone.value;
  const bad = ["insecure", "refused", "none", "busy", "failed", "lost"].includes(is);
  return (
    <fieldset class="device-check">
      <legend>{t("devices-title")}</legend>
      <p class={bad ? "device-said bad" : is === "ok" ? "device-said good" : "device-said"} role="status" data-microphone={is}>
        <Icon is={bad ? "warn" : is === "ok" ? "check" : "mic"} /><span>{of("microphone-", is)}</span>
      </p>
      {is === "ok" && <>
        <label><span>{t("microphone")}</span>
          <select value={choice.value.microphone} onChange={(event) => { choose({ microphone: event.currentTarget.value }); void check(); }}>
            <option value="">{t("device-default")}</option>
            {inputs.value.map((device) => device.deviceId && <option key={device.deviceId} value={device.deviceId}>{device.label || device.deviceId}</option>)}
          </select>
        </label>
        <div class="level"><span>{t("level")}</span><meter min={0} max={100} value={level.value} aria-label={t("level")} /></div>
      </>}
      <label><span>{t("speaker")}</span>
        <span class="speaker">
          <select value={choice.value.speaker} onChange={(event) => choose({ speaker: event.currentTarget.value })}>
            <option value="">{t("device-default")}</option>
            {outputs.value.map((device) => device.deviceId && <option key={device.deviceId} value={device.deviceId}>{device.label || device.deviceId}</option>)}
          </select>
          <button type="button" onClick={() => beep(2)}><Icon is="ring" />{t("speaker-try")}</button>
        </span>
      </label>
      <div class="device-acts">
        <button type="button" id="device-check" disabled={is === "asking"} onClick={() => void check()}><Icon is="mic" />{is === "ok" ? t("check-again") : t("check")}</button>
        <label class="line"><input type="checkbox" id="without" checked={choice.value.without} onChange={(event) => {
          choose({ without: event.currentTarget.checked });
          if (event.currentTarget.checked) { release(); microphone.value = "without"; } else microphone.value = "unasked";
        }} /><span>{t("without")}</span></label>
      </div>
    </fieldset>
  );
}

export function DevicesDialog() {
  useEffect(() => release, []);
  return <Dialog id="devices" title={t("devices-title")} onClose={() => (open.value = null)}><DeviceCheck /></Dialog>;
}
