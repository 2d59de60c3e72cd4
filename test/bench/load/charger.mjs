// A charger on a raw websocket: 8–10 µs of CPU a message, so that the generator is not the bottleneck.
import { Buffer } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import net from "node:net";
import { BOOT, isRight, SCRIPTS, STATUS } from "./messages.mjs";
import { options } from "./options.mjs";
import { fail, record, tally } from "./tally.mjs";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 §1.3
const CALL = 0x81, PONG = 0x8a;

/** Speaks OCPP-J 1.6 with one CALL outstanding. */
export class Charger {
  constructor(index, script) {
    this.index = index;
    this.name = `CP${String(index + 1).padStart(5, "0")}`;
    this.energy = 1000 + index;
    this.sequence = 0;
    this.script = SCRIPTS[script](this);
    this.answer = undefined;
    this.mask = randomBytes(4);
    this.waiting = []; // due times that an outstanding CALL holds up
    this.open = false;
  }

  /** Resolves when the websocket is open. */
  connect() {
    return new Promise((resolve, reject) => {
      this.open = false;
      this.rest = this.pending = null;
      const key = randomBytes(16).toString("base64");
      const socket = this.socket = net.connect(this.#address());
      socket.once("connect", () => socket.write(this.#request(key)));
      socket.on("error", (error) => {
        reject(error);
        if (this.open && !tally.stopping) fail("socket", error);
      });
      socket.on("close", () => this.#closed(reject));
      socket.on("data", (data) => this.#received(data, key, resolve));
    });
  }

  #address() {
    const { host, port, addresses } = options;
    const own = addresses > 1 ? { localAddress: `127.0.0.${1 + this.index % addresses}` } : {};
    return { host, port, noDelay: true, ...own };
  }

  #request(key) {
    const { path, host, port } = options;
    return `GET ${path}${this.name} HTTP/1.1\r\nHost: ${host}:${port}\r\nUpgrade: websocket\r\n` +
      `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n` +
      "Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n";
  }

  #closed(reject) {
    reject(new Error("closed during the handshake"));
    if (this.open && !tally.stopping) fail("closed", `${this.name} ${this.code ?? "without a close frame"}`);
    this.open = false;
  }

  #received(chunk, key, opened) {
    const data = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    this.rest = null;
    if (this.open) return this.#frames(data);
    const end = data.indexOf("\r\n\r\n");
    if (end < 0) return this.rest = data;
    const problem = problemOf(data.latin1Slice(0, end), key);
    if (problem) return this.socket.destroy(new Error(problem));
    this.open = true;
    opened();
    this.#frames(data.subarray(end + 4));
  }

  #frames(data) {
    let at = 0;
    while (data.length - at >= 2) {
      const short = data[at + 1] & 127;
      const head = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (data.length - at < head) break;
      const length = head === 2
        ? short
        : head === 4
        ? data.readUInt16BE(at + 2)
        : Number(data.readBigUInt64BE(at + 2));
      if (data.length - at < head + length) break;
      this.#frame(data[at], data, at + head, at + head + length);
      at += head + length;
    }
    if (at < data.length) this.rest = Buffer.from(data.subarray(at));
  }

  #frame(first, data, start, end) {
    const code = first & 15;
    if (first === CALL) this.#message(data.utf8Slice(start, end));
    else if (code === 9) this.#send(PONG, data.latin1Slice(start, end));
    else if (code === 8) {
      this.code = end - start >= 2 ? data.readUInt16BE(start) : 1005;
      this.socket.end();
    } else if (code !== 10) fail("fragment", `opcode ${first}`);
  }

  /** ASCII text only: every message here is. */
  #send(code, text) {
    const length = text.length, head = length < 126 ? 6 : 8, mask = this.mask;
    const frame = Buffer.allocUnsafe(head + length);
    frame[0] = code;
    frame[1] = 0x80 | (head === 6 ? length : 126);
    if (head === 8) frame.writeUInt16BE(length, 2);
    mask.copy(frame, head - 4);
    frame.latin1Write(text, head);
    for (let index = 0; index < length; index++) frame[head + index] ^= mask[index & 3];
    this.socket.write(frame);
  }

  /** Sends a CALL; `done(answer)` runs when the answer is in, or lost. Its time counts from `due`. */
  call(action, payload, done, due = performance.now()) {
    const id = `${this.index}-${++this.sequence}`;
    this.pending = { id, action, due, sent: performance.now(), done, counted: tally.measuring };
    this.#send(CALL, `[2,"${id}","${action}",${payload}]`);
  }

  #message(text) {
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return fail("json", text);
    }
    if (message[0] === 2) return this.#refuse(message[1]);
    const { pending } = this;
    if (!pending || message[1] !== pending.id) return fail("id", text);
    this.pending = null;
    const right = message[0] === 3 && isRight(pending.action, message[2]);
    if (!right) fail(message[0] === 3 ? "reply" : "callerror", `${pending.action} ${text}`);
    else if (pending.counted && tally.measuring) record(pending.action, performance.now() - pending.due);
    pending.done(right ? message[2] : {});
  }

  /** The server's own CALL: answered, but not served. */
  #refuse(id) {
    tally.server_calls++;
    this.#send(CALL, `[4,${JSON.stringify(id)},"NotImplemented","",{}]`);
  }

  /** Boots, and says what its connector does where that is wanted; resolves with whether the boot was accepted. */
  async boot() {
    const answer = await new Promise((done) => this.call("BootNotification", BOOT, done));
    if (options.status) await new Promise((done) => this.call("StatusNotification", STATUS, done));
    return answer.status === "Accepted";
  }

  /** Closed loop: the next CALL leaves as soon as the answer is in. */
  loop(answer) {
    if (tally.stopping || !this.open) return;
    const [action, payload] = this.script.next(answer).value;
    this.call(action, payload, (next) => this.loop(next));
  }

  /** Open loop: time counts from when the CALL was due, also where it had to wait its turn. */
  due(at) {
    if (!this.open) return;
    if (this.pending) return this.waiting.push(at);
    const [action, payload] = this.script.next(this.answer).value;
    this.call(action, payload, (answer) => {
      this.answer = answer;
      if (this.waiting.length) this.due(this.waiting.shift());
    }, at);
  }

  /** Gives up waiting for an answer; the charger continues, as a real one does. */
  giveUp(now) {
    const { pending } = this;
    if (!pending || now - pending.sent < options.timeout) return;
    fail("timeout", `${this.name} ${pending.action}`);
    this.pending = null;
    pending.done({});
  }
}

function problemOf(head, key) {
  const accept = createHash("sha1").update(key + GUID).digest("base64");
  if (!head.startsWith("HTTP/1.1 101")) return head.split("\r\n")[0];
  if (!head.includes(accept)) return "wrong Sec-WebSocket-Accept";
  return /^sec-websocket-protocol: ocpp1\.6$/im.test(head.replaceAll("\r", ""))
    ? null
    : "subprotocol not selected";
}
