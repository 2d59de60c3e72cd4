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
/** Beyond so many unsent bytes nothing more is sent: the next state replaces the last. */
const MAX_UNSENT = 262_144;
/** MQTT 5 first, then 3.1.1: the one that a broker took is tried first from then on. */
const VERSIONS = [5, 4] as const;

/** A connection to a broker. */
export class BrokerConnection {
  readonly #options: BrokerOptions;
  readonly #events: BrokerEvents;
  #client: MqttClient | null = null;
  #is_connected = false;
  #stopped = false;
  #retry_ms = FIRST_RETRY_MS;
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
    return this.#is_connected && writableLength < MAX_UNSENT;
  }

  /** Connects, and again until `stop`. */
  async start(): Promise<void> {
    const { connect } = await loadClient();
    if (this.#stopped) return;
    const { url, username, password, client_id, status_topic } = this.#options;
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
    });
    this.#client = client;
    let reason = "The connection was closed";
    client.on("error", (error) => reason = error.message || String(error));
    client.on("connect", () => this.#onConnect());
    client.on("message", (topic, payload, { retain }) => this.#events.message(topic, payload, retain));
    client.on("close", () => this.#onClose(client, reason));
  }

  /** Publishes; dropped without a connection. */
  publish(
    topic: string,
    payload: string,
    { retain = false, qos = 0 }: { retain?: boolean; qos?: 0 | 1 } = {},
  ): void {
    if (this.#is_connected) this.#client?.publish(topic, payload, { retain, qos }, () => {});
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
    this.#retry_ms = FIRST_RETRY_MS;
    this.#client?.subscribe([...this.#options.filters], { qos: 1 }, () => {});
    this.publish(this.#options.status_topic, "online", { retain: true, qos: 1 });
    this.#events.connected();
  }

  #onClose(client: MqttClient, reason: string): void {
    if (client !== this.#client || this.#stopped) return;
    if (!this.#is_connected) this.#version = (this.#version + 1) % VERSIONS.length;
    this.#is_connected = false;
    this.#client = null;
    client.end(true);
    this.#events.failed(reason);
    this.#timer = setTimeout(() => void this.start(), this.#retry_ms);
    this.#retry_ms = Math.min(this.#retry_ms * 2, LAST_RETRY_MS);
  }
}
