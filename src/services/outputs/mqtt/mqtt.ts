// MQTT: the site's states, retained, and its events; commands back; Home Assistant finds the chargers by itself.
import { alarmText } from "../../../i18n/alarm_text.ts";
import type { Config } from "../../../config.ts";
import { ownAddresses } from "../../../machine/addresses.ts";
import { type Event, type Events, PUBLIC } from "../../../site/events.ts";
import type { Charger, Transaction } from "../../../store/store.ts";
import { brokerOptionsOf, connectionKeyOf } from "./broker_options.ts";
import { askRest, readCommand } from "./commands.ts";
import { BrokerConnection } from "./connection.ts";
import { chargerDiscovery, type DiscoveryOptions, discoveryTopic, siteDiscovery } from "./discovery.ts";
import { chargerState, connectorStates, Registers, siteState, type StatesDeps } from "./states.ts";
import { Topics } from "./topics.ts";

/** The parts that the service works with. */
export interface MqttDeps extends StatesDeps {
  events: Events;
  config: Pick<Config, "public_url">;
  /** Answers a request as the listeners do. */
  rest: (request: Request) => Promise<Response>;
  ws_port: () => number;
  now: () => number;
}

/** The state of the connection, as REST shows it. */
export interface MqttState {
  state: "off" | "connecting" | "connected";
  connected_since: string | null;
  /** The reason of the last failure; null: there was none since the last connection. */
  last_error: string | null;
}

/** States are published at most so often, ms. */
const PUMP_MS = 1_000;
const BIRTH_MS = 2_000; // Home Assistant subscribes to states after it has read the discovery
const AWAY_MS = 15 * 60_000;
/** A connection that has lasted for less was none: a broker may take it and end it again and again. */
const SETTLED_MS = 30_000;
const MAX_COMMANDS = 20;
/** Bytes of a message to a listener. */
const MAX_HEARD = 65_536;

/** The service. It is off while the setting `mqtt_url` is empty. */
export class Mqtt {
  readonly #deps: MqttDeps;
  readonly #registers: Registers;
  readonly #dirty = new Set<string>();
  /** The newest payload that was published, by topic: only what differs is sent. */
  readonly #sent = new Map<string, string>();
  /** Listeners to topics of others, such as those of meters. */
  readonly #listeners = new Map<string, Set<(text: string) => void>>();
  #connection: BrokerConnection | null = null;
  #topics = new Topics("");
  #settings = "";
  #state: MqttState = { state: "off", connected_since: null, last_error: null };
  #away_since = 0;
  /** Topics of deleted chargers that the broker still has to forget. */
  readonly #stale = new Set<string>();
  #commands = 0;
  #unsubscribe = () => {};
  #timer: ReturnType<typeof setInterval> | undefined;
  #birth: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: MqttDeps) {
    this.#deps = deps;
    this.#registers = new Registers(deps.store);
  }

  /** The state of the connection. */
  get state(): MqttState {
    return this.#state;
  }

  start(): void {
    this.#unsubscribe = this.#deps.events.subscribe(
      (event) => this.#onEvent(event),
      (type) => this.#connection !== null || type === "settings", // meter values cost nothing while MQTT is off
    );
    this.#timer = setInterval(() => this.#pump(), PUMP_MS);
    this.#connect();
  }

  async stop(): Promise<void> {
    this.#unsubscribe();
    clearInterval(this.#timer);
    clearTimeout(this.#birth);
    await this.#connection?.stop();
  }

  /**
   * Listens to a topic of others while there is a broker. A retained message is not heard, since its age is not known.
   * Returns the function that ends it.
   */
  listen(topic: string, heard: (text: string) => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(heard));
    this.#connection?.subscribe(topic);
    return () => {
      listeners.delete(heard);
      if (listeners.size > 0 || this.#listeners.get(topic) !== listeners) return;
      this.#listeners.delete(topic);
      this.#connection?.unsubscribe(topic);
    };
  }

  /** Connects by the settings of now, if there is a URL. */
  #connect(): void {
    const { store } = this.#deps;
    const { mqtt_url, mqtt_topic } = store.settings;
    this.#settings = connectionKeyOf(store.settings);
    this.#topics = new Topics(mqtt_topic);
    this.#sent.clear();
    if (mqtt_url === "") {
      this.#state = { state: "off", connected_since: null, last_error: null };
      this.#deps.alarms.clear("mqtt");
      return;
    }
    this.#away_since = this.#deps.now();
    this.#stale.clear();
    this.#away();
    this.#connection = new BrokerConnection(brokerOptionsOf(store, this.#topics), {
      connected: () => void this.#onConnected(),
      message: (topic, payload, retained) => this.#onMessage(topic, payload, retained),
      failed: (reason) => this.#away(reason),
    });
    void this.#connection.start();
  }

  #away(reason: string | null = null): void {
    const { now } = this.#deps;
    if (this.#is_settled) this.#away_since = now();
    this.#state = {
      state: "connecting",
      connected_since: null,
      last_error: reason ?? this.#state.last_error,
    };
  }

  get #is_settled(): boolean {
    const { connected_since } = this.#state;
    return connected_since !== null && this.#deps.now() - Date.parse(connected_since) >= SETTLED_MS;
  }

  async #onConnected(): Promise<void> {
    const { now, store } = this.#deps;
    this.#state = { state: "connected", connected_since: new Date(now()).toISOString(), last_error: null };
    for (const topic of this.#stale) this.#clear(topic);
    for (const topic of this.#listeners.keys()) this.#connection?.subscribe(topic);
    for (const { charger_id } of store.chargers.values()) {
      await this.#registers.load(charger_id).catch(() => {});
    }
    this.#announce();
  }

  /** Publishes everything again. */
  #announce(): void {
    this.#sent.clear();
    for (const { charger_id } of this.#deps.store.chargers.values()) this.#dirty.add(charger_id);
    const discovery = this.#discovery;
    if (discovery.prefix) this.#retain(siteDiscovery(discovery));
  }

  get #discovery(): DiscoveryOptions {
    const { store, config, ws_port } = this.#deps;
    const [address] = ownAddresses();
    const { mqtt_discovery_prefix, mqtt_command_token, name } = store.settings;
    return {
      topics: this.#topics,
      prefix: mqtt_discovery_prefix,
      site_id: store.site.site_id,
      site_name: name,
      url: config.public_url ?? (address ? `http://${address}:${ws_port()}` : null),
      commands: mqtt_command_token !== "",
    };
  }

  #onEvent({ type, charger_id, data }: Event): void {
    if (type === "settings" && connectionKeyOf(this.#deps.store.settings) !== this.#settings) {
      void this.#reconnect();
    }
    if (!this.#connection) return;
    if (type === "charger_deleted") this.#forget((data as { charger_id: string }).charger_id);
    else if (charger_id !== undefined) this.#dirty.add(charger_id);
    if (type === "transaction" && charger_id !== undefined) this.#noteEnd(charger_id, data as Transaction);
    if (!PUBLIC[type] || type === "meter" || !this.#connection.has_room) return; // meter values are in the states
    this.#connection.publish(this.#topics.events, JSON.stringify({ type, charger_id, data }));
  }

  #noteEnd(charger_id: string, { state, connector_id, meter_stop }: Transaction): void {
    if (state === "completed") this.#registers.ended(charger_id, connector_id, meter_stop);
  }

  async #reconnect(): Promise<void> {
    const before = this.#connection;
    this.#connection = null;
    this.#settings = connectionKeyOf(this.#deps.store.settings);
    await before?.stop();
    this.#connect();
  }

  /** Publishes what has changed since the last second, as long as the broker takes it. */
  #pump(): void {
    this.#lookAtBroker();
    if (!this.#connection?.connected) return;
    const { store } = this.#deps;
    const discovery = this.#discovery;
    for (const charger_id of this.#dirty) {
      if (!this.#connection.has_room) return;
      this.#dirty.delete(charger_id);
      const charger = store.chargers.get(charger_id);
      if (charger) this.#publishCharger(charger, discovery);
    }
    this.#retain({ topic: this.#topics.site, payload: siteState(this.#deps) });
  }

  #lookAtBroker(): void {
    const { alarms, now } = this.#deps;
    if (this.#is_settled) alarms.clear("mqtt");
    if (this.#state.state !== "connecting" || now() - this.#away_since < AWAY_MS) return;
    const { last_error } = this.#state;
    alarms.raise("mqtt", alarmText("mqtt", { reason: last_error ? `: ${last_error}` : "" }));
  }

  #publishCharger(charger: Charger, discovery: DiscoveryOptions): void {
    const { charger_id } = charger;
    if (discovery.prefix) this.#retain(chargerDiscovery(charger, discovery));
    this.#retain({
      topic: this.#topics.charger(charger_id, "state"),
      payload: chargerState(charger, this.#deps),
    });
    for (const connector of connectorStates(charger, this.#registers, this.#deps)) {
      const topic = this.#topics.connector(charger_id, connector.connector_id);
      this.#retain({ topic, payload: connector });
    }
  }

  #retain({ topic, payload }: { topic: string; payload: unknown }): void {
    const text = JSON.stringify(payload);
    if (this.#sent.get(topic) === text || !this.#connection?.connected) return;
    if (this.#connection.publish(topic, text, { retain: true, qos: 1 })) this.#sent.set(topic, text);
  }

  /** Clears a retained message, now or when the broker is back. */
  #clear(topic: string): void {
    if (this.#connection?.publish(topic, "", { retain: true, qos: 1 })) this.#stale.delete(topic);
    else this.#stale.add(topic);
  }

  /** Clears the retained states of a deleted charger. */
  #forget(charger_id: string): void {
    this.#dirty.delete(charger_id);
    const config = discoveryTopic(charger_id, this.#discovery);
    for (const topic of [...this.#sent.keys()]) {
      if (topic !== config && !this.#topics.isOf(charger_id, topic)) continue;
      this.#sent.delete(topic);
      this.#clear(topic);
    }
  }

  #onMessage(topic: string, payload: Uint8Array, retained: boolean): void {
    const listeners = this.#listeners.get(topic);
    if (listeners) return retained ? undefined : tell(listeners, payload);
    const { mqtt_discovery_prefix: prefix } = this.#deps.store.settings;
    if (prefix && topic === `${prefix}/status`) return this.#onBirth(new TextDecoder().decode(payload));
    if (payload.length === 0) return;
    if (retained) return void this.#connection?.publish(topic, "", { retain: true, qos: 1 }); // an old one must not act
    void this.#command(topic, payload);
  }

  #onBirth(text: string): void {
    if (text !== "online") return;
    clearTimeout(this.#birth);
    this.#birth = setTimeout(() => this.#announce(), BIRTH_MS);
    const discovery = this.#discovery;
    for (const charger of this.#deps.store.chargers.values()) {
      const message = chargerDiscovery(charger, discovery);
      this.#sent.delete(message.topic);
      this.#retain(message);
    }
  }

  async #command(topic: string, payload: Uint8Array): Promise<void> {
    const place = this.#topics.commandOf(topic);
    if (!place) return;
    const { mqtt_command_token: token, mqtt_id_tag: id_tag } = this.#deps.store.settings;
    const answer = (status: number, body: unknown, request_id: unknown = null) =>
      this.#connection?.publish(
        this.#topics.response(place),
        JSON.stringify({ request_id, status, body }),
        { qos: 1 },
      );
    if (token === "") return void answer(403, { error: "Commands by MQTT are off" });
    if (this.#commands >= MAX_COMMANDS) return void answer(429, { error: "Too many commands at once" });
    const command = readCommand(place, payload, { store: this.#deps.store, id_tag });
    if (typeof command === "string") return void answer(400, { error: command });
    this.#commands++;
    try {
      const { status, body } = await askRest(command, { token, rest: this.#deps.rest });
      answer(status, body, command.request_id);
    } finally {
      this.#commands--;
    }
  }
}

function tell(listeners: Iterable<(text: string) => void>, payload: Uint8Array): void {
  if (payload.length > MAX_HEARD) return;
  const text = new TextDecoder().decode(payload);
  for (const heard of listeners) heard(text);
}
