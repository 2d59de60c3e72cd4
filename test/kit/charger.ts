// A charger for tests of actions: handlers with a real store in memory, fed with raw frames, and commands it answers.
import { type Context, Refusal } from "../../src/site/context.ts";
import type { Command } from "../../src/ocpp/protocol.ts";
import { newCharger } from "../../src/store/new_charger.ts";
import { ChargerState } from "../../src/site/charger_state.ts";
import { ChargerKeys } from "../../src/site/security/charger_keys.ts";
import { type Event, Events } from "../../src/site/events.ts";
import { FROM_CHARGER } from "../../src/v16/from_charger.ts";
import { FROM_GATEWAY } from "../../src/v16/from_gateway.ts";
import { type Expected, readLeniently } from "../../src/ocpp/lenient.ts";
import type { TSchema } from "typebox";
import { LENIENT_RULES } from "../../src/v16/lenient_rules.ts";
import { checkerOf, sentenceOf } from "../../src/ocpp/schema.ts";
import { type Charger, type Rfid, type Settings, Store } from "../../src/store/store.ts";

/** The time of a test, unless it sets the clock. */
export const NOON = Date.parse("2026-06-15T12:00:00Z");

type Json = Record<string, unknown>;

function expected(action: string, schema: TSchema): Expected {
  return { action, checker: checkerOf(schema), rules: LENIENT_RULES };
}

/** A charger under test. */
export class TestCharger implements AsyncDisposable {
  readonly context: Context;
  readonly heard: Event[] = [];
  /** Wall clock, ms. */
  clock = NOON;
  #sequence = 0;

  private constructor(readonly store: Store, readonly charger_id: string) {
    const events = new Events();
    events.subscribe((event) => this.heard.push(event));
    const state = new ChargerState(charger_id, () => this.clock);
    state.connected_since = new Date(NOON - 60_000).toISOString();
    state.base_url = "http://10.0.0.1:8000";
    const keys = new ChargerKeys();
    this.context = { charger_id, store, state, events, keys, now: () => this.clock };
  }

  /** A charger that is known, accepted, and requires a tag. */
  static async make(charger: Partial<Charger> = {}, settings: Partial<Settings> = {}): Promise<TestCharger> {
    const store = await Store.open({ path: ":memory:", window_ms: 0 });
    await store.changeSettings(settings);
    return await TestCharger.beside(store, { charger_id: "CP1", ...charger });
  }

  /** Another charger of the same site. */
  static async beside(
    store: Store,
    charger: Partial<Charger> & { charger_id: string },
  ): Promise<TestCharger> {
    const made = new TestCharger(store, charger.charger_id);
    await store.chargers.put({
      ...newCharger(charger.charger_id, "Accepted", NOON),
      require_rfid: true,
      ...charger,
    });
    return made;
  }

  get record(): Charger {
    return this.store.chargers.get(this.charger_id)!;
  }

  /** Takes a frame as the charger sends it, and gives the answer's payload. */
  async receive(text: string): Promise<Json> {
    const [, , name, payload] = JSON.parse(text) as [number, string, keyof typeof FROM_CHARGER, unknown];
    const { request, response, handle } = FROM_CHARGER[name];
    const read = readLeniently(payload, expected(name, request)).payload;
    const answer = await handle(read as never, this.context) as Json;
    const wrong = checkerOf(response).violations(answer)[0];
    if (wrong) throw new Error(`The answer to ${name} is not valid: ${sentenceOf(wrong)}`);
    return answer;
  }

  /** Sends a message of the charger's. */
  call(name: keyof typeof FROM_CHARGER, payload: Json): Promise<Json> {
    return this.receive(JSON.stringify([2, String(++this.#sequence), name, payload]));
  }

  /** Has the gateway send a command, which the charger answers; gives the request that went out. */
  async command(name: keyof typeof FROM_GATEWAY, payload: Json, answer: Json): Promise<Json> {
    const action = FROM_GATEWAY[name] as unknown as Command<Context>;
    const request = await action.fillDefaults?.(payload, this.context) ?? payload;
    const wrong = checkerOf(action.request).violations(request)[0];
    if (wrong) throw new Refusal("input", sentenceOf(wrong));
    await action.validate?.(request, this.context);
    const read = readLeniently(answer, expected(name, action.response)).payload;
    await action.onResponse?.(request, read, this.context);
    return request as Json;
  }

  /** Puts a tag into the RFID table. */
  async tag(rfid: string, more: Partial<Rfid> = {}): Promise<void> {
    const unused = { expires_at: null, parent_id_tag: null, last_seen: null, last_charger_id: null };
    await this.store.rfids.put({ rfid, allowed: true, label: "", ...unused, ...more });
  }

  /** Starts a session and gives its id. */
  async start(more: Json = {}): Promise<number> {
    const answer = await this.call("StartTransaction", {
      connectorId: 1,
      idTag: "TAG1",
      meterStart: 1000,
      timestamp: new Date(this.clock).toISOString(),
      ...more,
    });
    return answer.transactionId as number;
  }

  /** Reports a connector's status. */
  status(status: string, connectorId = 1): Promise<Json> {
    const timestamp = new Date(this.clock).toISOString();
    return this.call("StatusNotification", { connectorId, errorCode: "NoError", status, timestamp });
  }

  /** Returns the data of the events of a type. */
  told(type: string): unknown[] {
    return this.heard.filter((event) => event.type === type).map(({ data }) => data);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store.close();
  }
}
