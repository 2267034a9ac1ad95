// The link of a page that only looks: a ticket for each opening, the floor as rows, and a clock of the engine's time.
// It opens itself again for ever; a gap in the numbers is mended by asking for the whole floor anew.

const RETRY_MS_MAX = 15_000;
const SILENCE_MS_MAX = 12_000;

export class Floor {
  agents = new Map();
  queues = new Map();
  contacts = new Map();
  seq = 0;
  scale = 1;
  heardAt = 0;
  state = "connecting";
  #base = { at: Date.now(), on: performance.now() };
  #parts = 0;
  #retry = 500;

  // `token` gives the bearer token; `changed` is told of every change, `refused` that the token is good no more.
  constructor(token, changed, refused) {
    Object.assign(this, { token, changed, refused });
    this.open();
  }

  // The engine's time in ms.
  now() {
    return this.#base.at + (performance.now() - this.#base.on) * this.scale;
  }

  // Since when nothing was heard, in ms.
  age() {
    return performance.now() - this.heardAt;
  }

  async open() {
    try {
      const version = await (await fetch("/version", { cache: "no-store" })).json();
      this.scale = Math.max(1, version.clock_scale);
      this.tell(version.now);
      const answer = await fetch("/api/v1/tickets", { method: "POST", headers: { authorization: `Bearer ${this.token}` } });
      if (answer.status === 401 || answer.status === 403) return this.refused();
      if (!answer.ok) throw new Error(answer.statusText);
      this.talk((await answer.json()).ticket);
    } catch {
      this.again();
    }
  }

  again() {
    this.state = "lost";
    this.changed();
    setTimeout(() => this.open(), this.#retry * (0.5 + Math.random() / 2));
    this.#retry = Math.min(this.#retry * 2, RETRY_MS_MAX);
  }

  talk(ticket) {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/link`, ["cordboard.v1.json"]);
    let beat;
    let over = false;
    const say = (frame) => socket.readyState === 1 && socket.send(JSON.stringify(frame));
    const end = () => {
      if (over) return;
      over = true;
      clearInterval(beat);
      socket.close();
      this.again();
    };
    socket.onopen = () => say({ t: "hello", id: "h", ticket });
    socket.onclose = end;
    socket.onerror = end;
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      this.heardAt = performance.now();
      switch (frame.t) {
        case "welcome":
          this.#retry = 500;
          say({ t: "cmd", id: `floor-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`, cmd: "floor.subscribe", args: {} });
          beat = setInterval(() => (this.age() > SILENCE_MS_MAX ? end() : say({ t: "ping" })), 1_000);
          break;
        case "pong":
          this.tell(frame.at);
          break;
        case "nack":
          end();
          break;
        case "floor_snapshot":
          this.take(frame, frame.part === 1);
          this.#parts = frame.parts - frame.part;
          if (this.#parts === 0) this.state = "fresh";
          break;
        case "floor_delta":
          if (frame.prev !== this.seq) return end();
          this.take(frame, false);
          for (const gone of frame.gone) this.contacts.delete(gone);
      }
      this.changed();
    };
  }

  take(frame, whole) {
    if (whole) for (const rows of [this.agents, this.queues, this.contacts]) rows.clear();
    for (const row of frame.agents) this.agents.set(row.agent, row);
    for (const row of frame.queues) this.queues.set(row.queue, row);
    for (const row of frame.contacts) this.contacts.set(row.contact, row);
    this.seq = frame.seq;
  }

  // Sets the clock. Stamps follow commands, so a quiet floor's are old: the clock never goes back for them.
  tell(at) {
    const told = Date.parse(at);
    if (told > this.now() || this.heardAt === 0) this.#base = { at: told, on: performance.now() };
  }
}
