// A crowd of agents on links of their own, as softphones would be: each a plain WebSocket from this process, because a browser opens no
// five hundred to one address. They answer what they are told to and keep their leases; nothing of the server is imitated.
import { createHash, randomBytes } from "node:crypto";
import net from "node:net";

// One link. `told` hears every frame.
export function connect(server, token, told = () => {}) {
  return new Promise((opened, failed) => {
    const socket = net.connect(server.port, "127.0.0.1");
    const key = randomBytes(16).toString("base64");
    const wanted = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    let heard = Buffer.alloc(0);
    let isOpen = false;
    let last = 0;
    const answers = new Map();
    const send = (text, opcode = 1) => {
      const body = Buffer.from(text);
      const size = body.length < 126 ? Buffer.from([0x80 | opcode, 0x80 | body.length]) : Buffer.from([0x80 | opcode, 0x80 | 126, body.length >> 8, body.length & 255]);
      // A mask of zeros is a mask.
      socket.write(Buffer.concat([size, Buffer.alloc(4), body]));
    };
    const link = {
      agent: null,
      say: (cmd, args = {}) => new Promise((done) => {
        const id = `x-${++last}-${key.slice(0, 8)}`;
        answers.set(id, done);
        send(JSON.stringify({ t: "cmd", id, cmd, args }));
      }),
      close: () => { clearInterval(beat); socket.destroy(); },
    };
    const beat = setInterval(() => isOpen && send(JSON.stringify({ t: "ping" })), 2_000);
    const take = (text) => {
      const frame = JSON.parse(text);
      if (frame.t === "snapshot") opened(link);
      if (frame.t === "ack" || frame.t === "nack") {
        answers.get(frame.id)?.(frame);
        answers.delete(frame.id);
      }
      told(frame, link);
    };
    socket.on("connect", () => socket.write(`GET /link HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\n`
      + `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: cordboard.v1.json\r\nAuthorization: Bearer ${token}\r\n\r\n`));
    socket.on("error", failed);
    socket.on("close", () => { clearInterval(beat); failed(new Error("the link was closed")); });
    socket.on("data", (bytes) => {
      heard = heard.length ? Buffer.concat([heard, bytes]) : bytes;
      if (!isOpen) {
        const end = heard.indexOf("\r\n\r\n");
        if (end < 0) return;
        const head = heard.subarray(0, end).toString();
        if (!head.includes(" 101 ") || !head.includes(wanted)) return failed(new Error(head));
        heard = heard.subarray(end + 4);
        isOpen = true;
        send(JSON.stringify({ t: "hello" }));
      }
      for (;;) {
        if (heard.length < 2) return;
        const opcode = heard[0] & 15;
        let size = heard[1] & 127;
        let from = 2;
        if (size === 126) { if (heard.length < 4) return; size = heard.readUInt16BE(2); from = 4; }
        else if (size === 127) { if (heard.length < 10) return; size = Number(heard.readBigUInt64BE(2)); from = 10; }
        if (heard.length < from + size) return;
        const body = heard.subarray(from, from + size);
        heard = heard.subarray(from + size);
        if (opcode === 1) take(body.toString());
        else if (opcode === 9) send(body, 10);
      }
    });
  });
}

// Agents who sign in, become ready, take what rings and talk for a while.
export async function atWork(server, agents, { talkMs = 6_000, wrapMs = 2_000, answerMs = 800, chance = Math.random } = {}) {
  const people = [];
  const timers = new Set();
  const later = (ms, what) => { const timer = setTimeout(() => { timers.delete(timer); what(); }, ms * (0.5 + chance())); timers.add(timer); };
  for (const [nth, agent] of agents.entries()) {
    const link = await connect(server, server.tokens[`a${agent}`], (frame, own) => {
      if (frame.t !== "ev") return;
      if (frame.ev === "offer.created" && frame.data.agent === agent) later(answerMs, () => void own.say("offer.accept", { offer: frame.data.offer }));
      if (frame.ev === "contact.connected" && frame.data.agent === agent) later(talkMs, () => void own.say("contact.end", { contact: frame.data.contact }));
      if (frame.ev === "wrapup.started" && frame.data.agent === agent) later(wrapMs, () => void own.say("wrapup.complete", { contact: frame.data.contact, code: "advised" }));
    });
    link.agent = agent;
    await link.say("agent.sign_in", { seat: `A${String(nth + 1).padStart(2, "0")}` });
    await link.say("agent.set_state", { state: "ready" });
    people.push(link);
  }
  return { people, of: (agent) => people.find((link) => link.agent === agent), close: () => { timers.forEach(clearTimeout); people.forEach((link) => link.close()); } };
}
