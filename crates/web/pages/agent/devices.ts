// Microphone and loudspeaker: whether they are there, whether they may be used, and what is the matter if not. A site without
// telephony in the browser works without them.
import { signal } from "@preact/signals";
import { keep, recall } from "../core/keep.ts";

// `unasked` → asking → ok | insecure | refused | none | busy | failed; `without` is a choice.
export type Microphone = "unasked" | "asking" | "ok" | "insecure" | "refused" | "none" | "busy" | "failed" | "lost" | "without";
export interface Choice { microphone: string; speaker: string; without: boolean }

export const microphone = signal<Microphone>("unasked");
export const inputs = signal<MediaDeviceInfo[]>([]);
export const outputs = signal<MediaDeviceInfo[]>([]);
// How loud it is, 0 to 100, while the check runs.
export const level = signal(0);
export const choice = signal<Choice>(recall<Choice>("devices") ?? { microphone: "", speaker: "", without: false });

let stream: MediaStream | null = null;
let meter: AudioContext | null = null;

export function choose(next: Partial<Choice>): void {
  choice.value = { ...choice.value, ...next };
  keep("devices", choice.value);
}

// Asks for the microphone and listens to it until `release`.
export async function check(): Promise<void> {
  release();
  if (!navigator.mediaDevices?.getUserMedia) {
    microphone.value = "insecure";
    return;
  }
  microphone.value = "asking";
  try {
    const wanted = choice.peek().microphone;
    stream = await navigator.mediaDevices.getUserMedia({ audio: wanted ? { deviceId: { ideal: wanted } } : true });
    microphone.value = "ok";
    choose({ without: false });
    await list();
    listen(stream);
  } catch (fault) {
    microphone.value = whyOf(fault);
  }
}

export function whyOf(fault: unknown): Microphone {
  switch ((fault as DOMException)?.name) {
    case "NotAllowedError":
    case "SecurityError":
      return "refused";
    case "NotFoundError":
    case "OverconstrainedError":
      return "none";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "failed";
  }
}

async function list(): Promise<void> {
  const all = await navigator.mediaDevices.enumerateDevices();
  inputs.value = all.filter((device) => device.kind === "audioinput");
  outputs.value = all.filter((device) => device.kind === "audiooutput");
}

function listen(from: MediaStream): void {
  meter = new AudioContext();
  const analyser = meter.createAnalyser();
  meter.createMediaStreamSource(from).connect(analyser);
  const samples = new Uint8Array(analyser.fftSize);
  const context = meter;
  const look = () => {
    if (meter !== context) return;
    analyser.getByteTimeDomainData(samples);
    const loud = Math.round(Math.min(100, Math.max(...samples.map((sample) => Math.abs(sample - 128))) * 1.6));
    if (loud !== level.peek()) level.value = loud;
    setTimeout(look, 120);
  };
  look();
}

export function release(): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  void meter?.close();
  meter = null;
  level.value = 0;
}

// What becomes of them later: a permission that was taken back, a headset that was pulled out.
export async function watch(): Promise<void> {
  navigator.mediaDevices?.addEventListener?.("devicechange", () => {
    void list().then(() => {
      const { microphone: wanted } = choice.peek();
      if (microphone.peek() === "ok" && (inputs.peek().length === 0 || (wanted && !inputs.peek().some((device) => device.deviceId === wanted)))) microphone.value = "lost";
    });
  });
  try {
    const permission = await navigator.permissions.query({ name: "microphone" as PermissionName });
    permission.addEventListener("change", () => {
      if (permission.state === "denied" && microphone.peek() !== "without") microphone.value = "refused";
      if (permission.state === "granted" && microphone.peek() === "refused") microphone.value = "unasked";
    });
  } catch {
    // This browser does not tell.
  }
}

// A short sign on the chosen loudspeaker: for the check, and while it rings.
export function beep(times = 1): void {
  try {
    const context = new AudioContext();
    const { speaker } = choice.peek();
    if (speaker && "setSinkId" in context) void (context as unknown as { setSinkId(id: string): Promise<void> }).setSinkId(speaker).catch(() => undefined);
    for (let at = 0; at < times; at += 1) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      const from = context.currentTime + at * 0.28;
      tone.frequency.value = at % 2 ? 660 : 880;
      volume.gain.setValueAtTime(0, from);
      volume.gain.linearRampToValueAtTime(0.12, from + 0.02);
      volume.gain.linearRampToValueAtTime(0, from + 0.2);
      tone.connect(volume).connect(context.destination);
      tone.start(from);
      tone.stop(from + 0.22);
    }
    setTimeout(() => void context.close(), times * 280 + 400);
  } catch {
    // No sound here; the page says it all the same.
  }
}
