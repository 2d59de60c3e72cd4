// A charger that a test plays over a real websocket; both directions are checked against OCPP's schemas.
import { assertEquals, assertMatch } from "@std/assert";
import { RawClient, type RawClientOptions } from "../../src/ocpp/client/raw_client.ts";
import type { RestAnswer } from "./gateway.ts";
import { assertValid } from "./schemas.ts";
import { type Json, type Site, time } from "./site.ts";

/** The options of a charger's connection. */
export interface WireChargerOptions extends RawClientOptions {
  charger_id?: string;
  /** Default: the site's plain listener. */
  url?: string;
}

/** A received CALL. */
export interface Received {
  id: string;
  action: string;
  payload: Json;
}

/** The outcome of a command: the answer of REST and the CALL that the charger received. */
export interface CommandOutcome extends RestAnswer {
  action: string;
  /** Payload of the CALL. */
  request: Json;
}

const BOOT = { chargePointVendor: "Vendor", chargePointModel: "Model" };

/** A charger with a websocket. */
export class WireCharger implements AsyncDisposable {
  readonly #calls: Received[] = [];
  /** Last answer to BootNotification. */
  booted: Json = {};

  private constructor(readonly site: Site, readonly charger_id: string, readonly wire: RawClient) {}

  /** Connects without a BootNotification. */
  static async connect(site: Site, options: WireChargerOptions = {}): Promise<WireCharger> {
    const { charger_id = site.freshId(), url = site.ws_url, ...dialing } = options;
    const path = encodeURIComponent(charger_id);
    return new WireCharger(site, charger_id, await RawClient.connect(url, { path, ...dialing }));
  }

  /** Connects the same charger with a new socket. */
  again(options: WireChargerOptions = {}): Promise<WireCharger> {
    return WireCharger.connect(this.site, { charger_id: this.charger_id, ...options });
  }

  get path(): string {
    return `/ocpp/chargers/${encodeURIComponent(this.charger_id)}/`;
  }

  /** Returns the charger as REST has it. */
  view(): Promise<Json> {
    return this.site.get(this.path);
  }

  /** Returns a connector as REST has it. */
  async connector(connector_id: number): Promise<Json> {
    return (await this.view()).connectors.find((each: Json) => each.connector_id === connector_id);
  }

  /** Returns records of the charger: `reservations`, `jobs`, `profiles` or `security_events`. */
  async list(what: string): Promise<Json[]> {
    return (await this.site.get(`${this.path}${what}/`))[what];
  }

  /** Sends a CALL and returns the payload of its CALLRESULT. CALLs received before it are kept for next(). */
  async call(action: string, payload: Json = {}): Promise<Json> {
    const frame = await this.exchange(action, payload);
    assertEquals(frame[0], 3, `${action}: ${JSON.stringify(frame)}`);
    assertEquals(frame.length, 3);
    assertValid(`${action}.conf`, frame[2]);
    return frame[2];
  }

  /** Sends a CALL and returns the error code of its CALLERROR. */
  async refused(action: string, payload: unknown = {}): Promise<string> {
    const frame = await this.exchange(action, payload);
    assertEquals([frame[0], frame.length], [4, 5], JSON.stringify(frame));
    return frame[2];
  }

  /** Sends a CALL and returns the frame that answers it. */
  // deno-lint-ignore no-explicit-any
  async exchange(action: string, payload: unknown, id: unknown = crypto.randomUUID()): Promise<any[]> {
    this.wire.send([2, id, action, payload]);
    for (;;) {
      const frame = await this.wire.next();
      if (frame[0] !== 2) {
        assertEquals(frame[1], id);
        return frame;
      }
      this.#queue(frame);
    }
  }

  /** Returns the next received CALL. */
  async next(action?: string): Promise<Received> {
    if (this.#calls.length === 0) this.#queue(await this.wire.next());
    const received = this.#calls.shift()!;
    if (action) assertEquals(received.action, action, JSON.stringify(received));
    return received;
  }

  // deno-lint-ignore no-explicit-any
  #queue(frame: any[]): void {
    assertEquals([frame[0], frame.length], [2, 4], JSON.stringify(frame));
    assertMatch(frame[1], /^.{1,36}$/);
    assertValid(`${frame[2]}.req`, frame[3]);
    this.#calls.push({ id: frame[1], action: frame[2], payload: frame[3] });
  }

  /** Answers a received CALL. */
  answer({ id, action }: Received, payload: Json): void {
    assertValid(`${action}.conf`, payload);
    this.wire.send([3, id, payload]);
  }

  /** Sends a command by REST, answers its CALL, and returns the outcome. */
  async answerCommand(name: string, payload: Json | undefined, reply: Json): Promise<CommandOutcome> {
    const asked = this.site.command(this.charger_id, name, payload);
    const received = await this.sent(asked);
    this.answer(received, reply);
    return { ...await asked, action: received.action, request: received.payload };
  }

  /** Returns the CALL of a command; throws when REST refuses the command. */
  async sent(asked: Promise<RestAnswer>): Promise<Received> {
    const refused = asked.then((answer): never => {
      throw new Error(`Refused: ${answer.status} ${JSON.stringify(answer.body)}`);
    });
    refused.catch(() => {});
    return await Promise.race([this.next(), refused]);
  }

  /** Asserts that the gateway sends nothing: no CALL comes before the answer to a Heartbeat. */
  async assertSilent(): Promise<void> {
    await this.call("Heartbeat");
    assertEquals(this.#calls, []);
  }

  async boot(more: Json = {}): Promise<Json> {
    this.booted = await this.call("BootNotification", { ...BOOT, ...more });
    return this.booted;
  }

  async status(connectorId: number, status: string, more: Json = {}): Promise<void> {
    const report = { connectorId, errorCode: "NoError", status, timestamp: time(), ...more };
    assertEquals(await this.call("StatusNotification", report), {});
  }

  authorize(idTag: string): Promise<Json> {
    return this.call("Authorize", { idTag });
  }

  /** Sends StartTransaction, by default on connector 1, now, at 1000 Wh. */
  start(idTag: string, more: Json = {}): Promise<Json> {
    return this.call("StartTransaction", {
      connectorId: 1,
      idTag,
      meterStart: 1000,
      timestamp: time(),
      ...more,
    });
  }

  /** Starts a session, reports Charging, and returns the transaction id. */
  async charge(idTag: string, more: Json = {}): Promise<number> {
    const { idTagInfo, transactionId } = await this.start(idTag, more);
    assertEquals(idTagInfo.status, "Accepted");
    await this.status(more.connectorId ?? 1, "Charging");
    return transactionId;
  }

  /** Sends StopTransaction, by default now, at 2000 Wh. */
  stop(transactionId: unknown, more: Json = {}): Promise<Json> {
    return this.call("StopTransaction", { transactionId, meterStop: 2000, timestamp: time(), ...more });
  }

  /** Sends one register sample. */
  async meter(value: number, more: Json = {}, timestamp = time()): Promise<void> {
    const meterValue = [{ timestamp, sampledValue: [{ value: String(value) }] }];
    assertEquals(await this.call("MeterValues", { connectorId: 1, meterValue, ...more }), {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.wire[Symbol.asyncDispose]();
  }
}
