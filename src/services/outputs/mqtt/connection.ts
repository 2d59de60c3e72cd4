// The connection to a broker: it comes back by itself, and holds nothing for a broker that is away.
import type { MqttClient } from "mqtt";
import { loadClient } from "./load_client.ts";

/** The place of a broker, and what it is told when this side is lost. */
export interface BrokerOptions {
  url: string;
  username: string;
  password: string;
  client_id: string;
  status_topic: string;
  /** Filters of what is wanted from it. */
  filters: readonly string[];
  /** PEM texts for `mqtts` and `wss`: authorities of the broker, and the certificate and key that it asks for. */
  tls: { ca?: string; cert?: string; key?: string };
}

/** The events of a connection. */
export interface BrokerEvents {
  connected(): void;
  message(topic: string, payload: Uint8Array, retained: boolean): void;
  /** The connection has failed or ended. */
  failed(reason: string): void;
}

const KEEP_ALIVE_S = 30;
const CONNECT_MS = 10_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
/** A connection that has lasted so long was a good one: the next attempt comes soon. */
const SETTLED_MS = 30_000;
/** Beyond so many unsent bytes nothing more is sent: the next state replaces the last. */
const MAX_UNSENT = 262_144;
/** The same for messages that the broker has not acknowledged, which the client keeps. */
const MAX_UNACKNOWLEDGED = 2_000;
/** A broker that sends more in a second is left: it would keep the gateway from its chargers. */
const MAX_MESSAGES = 100;
const MAX_BYTES = 1_000_000;
const TOO_MUCH = `The broker sends more than ${MAX_MESSAGES} messages or ${MAX_BYTES} bytes a second`;
/** MQTT 5 first, then 3.1.1: the one that a broker took is tried first from then on. */
const VERSIONS = [5, 4] as const;

/** Counts of one connection. */
class Counts {
  unacknowledged = 0;
  messages = 0;
  bytes = 0;
  #second = performance.now();

  /** Counts what the broker sends; false: it is too much for a second. */
  take({ messages = 0, bytes = 0 }): boolean {
    const now = performance.now();
    if (now - this.#second >= 1000) {
      this.#second = now;
      this.messages = this.bytes = 0;
    }
    this.messages += messages;
    this.bytes += bytes;
    return this.messages <= MAX_MESSAGES && this.bytes <= MAX_BYTES;
  }
}

/** A connection to a broker. */
export class BrokerConnection {
  readonly #options: BrokerOptions;
  readonly #events: BrokerEvents;
  #client: MqttClient | null = null;
  #is_connected = false;
  #stopped = false;
  #retry_ms = FIRST_RETRY_MS;
  #connected_at = 0;
  #counts = new Counts();
  #version = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: BrokerOptions, events: BrokerEvents) {
    this.#options = options;
    this.#events = events;
  }

  get connected(): boolean {
    return this.#is_connected;
  }

  /** True if more can be sent without filling the memory. */
  get has_room(): boolean {
    const { writableLength = 0 } = this.#client?.stream ?? {};
    const { unacknowledged } = this.#counts;
    return this.#is_connected && writableLength < MAX_UNSENT && unacknowledged < MAX_UNACKNOWLEDGED;
  }

  /** Connects, and again until `stop`. */
  async start(): Promise<void> {
    try {
      await this.#open();
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  async #open(): Promise<void> {
    const { connect } = await loadClient();
    if (this.#stopped) return;
    const { url, username, password, client_id, status_topic, tls } = this.#options;
    const client = connect(url, {
      clientId: client_id,
      protocolVersion: VERSIONS[this.#version]!,
      keepalive: KEEP_ALIVE_S,
      connectTimeout: CONNECT_MS,
      reconnectPeriod: 0,
      queueQoSZero: false,
      clean: true,
      will: {
        topic: status_topic,
        payload: new TextEncoder().encode("offline") as never,
        qos: 1,
        retain: true,
      },
      ...(username ? { username, password } : {}),
      ...tls,
    });
    this.#client = client;
    const counts = this.#counts = new Counts();
    let reason = "The connection was closed";
    const leave = () => {
      reason = TOO_MUCH;
      client.end(true);
    };
    client.on("error", (error) => reason = error.message || String(error));
    client.on("connect", () => this.#onConnect());
    client.stream.on("data", ({ length }: Uint8Array) => counts.take({ bytes: length }) || leave());
    client.on("message", (topic, payload, { retain }) => {
      if (counts.take({ messages: 1 })) this.#events.message(topic, payload, retain);
      else leave();
    });
    client.on("close", () => this.#onClose(client, reason));
  }

  /** Publishes; false: there is no connection, or far too much is unacknowledged, and the message is dropped. */
  publish(
    topic: string,
    payload: string,
    { retain = false, qos = 0 }: { retain?: boolean; qos?: 0 | 1 } = {},
  ): boolean {
    const counts = this.#counts;
    if (!this.#is_connected || counts.unacknowledged >= 2 * MAX_UNACKNOWLEDGED) return false;
    if (qos === 1) counts.unacknowledged++;
    this.#client?.publish(topic, payload, { retain, qos }, () => void (qos === 1 && counts.unacknowledged--));
    return true;
  }

  /** Subscribes to a topic besides the filters; without a connection nothing happens. */
  subscribe(topic: string): void {
    if (this.#is_connected) this.#client?.subscribe(topic, { qos: 0 }, () => {});
  }

  /** Ends a subscription. */
  unsubscribe(topic: string): void {
    if (this.#is_connected) this.#client?.unsubscribe(topic, () => {});
  }

  /** Says that this side goes, and ends. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const client = this.#client;
    if (!client) return;
    if (this.#is_connected) {
      const said = new Promise<void>((resolve) =>
        client.publish(this.#options.status_topic, "offline", { retain: true, qos: 1 }, () => resolve())
      );
      await Promise.race([said, new Promise((resolve) => setTimeout(resolve, 1000))]);
    }
    this.#is_connected = false;
    client.end(true);
  }

  #onConnect(): void {
    this.#is_connected = true;
    this.#connected_at = performance.now();
    this.#client?.subscribe([...this.#options.filters], { qos: 1 }, () => {});
    this.publish(this.#options.status_topic, "online", { retain: true, qos: 1 });
    this.#events.connected();
  }

  #onClose(client: MqttClient, reason: string): void {
    if (client !== this.#client || this.#stopped) return;
    if (!this.#is_connected) this.#version = (this.#version + 1) % VERSIONS.length;
    else if (performance.now() - this.#connected_at > SETTLED_MS) this.#retry_ms = FIRST_RETRY_MS;
    this.#is_connected = false;
    this.#client = null;
    client.end(true);
    this.#fail(reason);
  }

  #fail(reason: string): void {
    if (this.#stopped) return;
    this.#events.failed(reason);
    this.#timer = setTimeout(() => void this.start(), this.#retry_ms);
    this.#retry_ms = Math.min(this.#retry_ms * 2, LAST_RETRY_MS);
  }
}
