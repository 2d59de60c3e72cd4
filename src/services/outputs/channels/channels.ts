// Channels: the ways to people, each with its own queue, language and quiet hours.
import { alarmText } from "../../../i18n/alarm_text.ts";
import type { Config } from "../../../config.ts";
import { translator } from "../../../i18n/messages.ts";
import { ALERTS } from "../../../i18n/services/alerts.ts";
import { ownAddresses } from "../../../machine/addresses.ts";
import type { Alarms } from "../../../machine/alarms.ts";
import type { Alert, Channel, Delivery, Store } from "../../../store/store.ts";
import { type AlertMessage, messageOf, type Wording } from "../alerts/alert_message.ts";
import { isAtLeast } from "../alerts/rules.ts";
import { Courier, type Outcome } from "../courier.ts";
import { Couriers } from "../couriers.ts";
import { isQuiet } from "./quiet_hours.ts";
import { send } from "./send.ts";

/** The parts that channels work with. */
export interface ChannelsDeps {
  store: Store;
  alarms: Alarms;
  config: Pick<Config, "public_url">;
  /** The port of the plain listener. */
  ws_port: () => number;
  now: () => number;
  retry_ms: readonly number[];
  /** Alerts that come within this time go into one message, ms. */
  gather_ms: number;
  /** Milliseconds between two looks at quiet hours and at what is behind. */
  every_ms: number;
}

const BEHIND_MS = 3_600_000;

/** Tells people of alerts. */
export class Channels {
  readonly #deps: ChannelsDeps;
  readonly #couriers = new Couriers((channel_id) => this.#courierOf(channel_id));
  /** Alerts that are not put into a message yet, by channel: those of the last seconds, and of quiet hours. */
  readonly #gathered = new Map<string, Alert[]>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #gathering: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: ChannelsDeps) {
    this.#deps = deps;
  }

  /** Delivers what was left. */
  start(): void {
    for (const channel of this.#deps.store.channels.values()) this.#wake(channel);
    this.#timer = setInterval(() => this.#look(), this.#deps.every_ms);
  }

  /** Stores what was gathered, and ends. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    clearTimeout(this.#gathering);
    await this.#flush(true);
    await this.#couriers.stop();
  }

  /** Gathers alerts for every channel that wants them. */
  tell(alerts: readonly Alert[]): void {
    if (alerts.length === 0) return;
    const { store, gather_ms } = this.#deps;
    for (const { channel_id, enabled, min_severity } of store.channels.values()) {
      const wanted = alerts.filter(({ severity }) => enabled && isAtLeast(severity, min_severity));
      if (wanted.length > 0) {
        this.#gathered.set(channel_id, [...this.#gathered.get(channel_id) ?? [], ...wanted]);
      }
    }
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      void this.#flush(false);
    }, gather_ms);
  }

  /** Stores a channel; what waits for it is tried at once. */
  async put(channel: Channel): Promise<void> {
    await this.#deps.store.channels.put(channel);
    await this.#couriers.end(channel.channel_id);
    this.#wake(channel);
  }

  /** Deletes a channel with its messages. */
  async delete(channel_id: string): Promise<void> {
    const { store, alarms } = this.#deps;
    await store.channels.delete(channel_id);
    await this.#couriers.end(channel_id);
    this.#gathered.delete(channel_id);
    await store.outbox.forget(channelDestination(channel_id));
    alarms.clear(alarmOf(channel_id));
  }

  /** Sends a test message, past the queue and the quiet hours; the outcome says what the other side answered. */
  test(channel: Channel): Promise<Outcome> {
    const wording = this.#wordingOf(channel);
    const text = translator(ALERTS, channel.language)("test");
    const title = wording.site || translator(ALERTS, channel.language)("site");
    return send(
      channel.target,
      { title, text, link: `${wording.base_url}/admin/`, severity: "info" },
      { message_id: crypto.randomUUID(), signal: AbortSignal.timeout(30_000) },
    );
  }

  /** Makes messages of what was gathered; in quiet hours only of what is critical. */
  async #flush(all: boolean): Promise<void> {
    const { store, now } = this.#deps;
    for (const [channel_id, alerts] of [...this.#gathered]) {
      const channel = store.channels.get(channel_id);
      const quiet = channel !== undefined && !all && isQuiet(channel, now(), store.calendar.time_zone);
      const [due, later] = quiet ? split(alerts) : [alerts, []];
      if (later.length > 0) this.#gathered.set(channel_id, later);
      else this.#gathered.delete(channel_id);
      if (channel && due.length > 0) await this.#store(channel, due);
    }
  }

  async #store(channel: Channel, alerts: readonly Alert[]): Promise<void> {
    const { store, now } = this.#deps;
    const body = JSON.stringify(messageOf(alerts, this.#wordingOf(channel)));
    const destination = channelDestination(channel.channel_id);
    const at = new Date(now()).toISOString();
    await store.outbox.add({ destination, type: "alert", at, body }).catch(() => {}); // the disk has its own alarm
    this.#wake(channel);
  }

  #wordingOf({ language }: Channel): Wording {
    const { store, config, ws_port } = this.#deps;
    const [address = "localhost"] = ownAddresses();
    return {
      language,
      site: store.settings.name,
      time_zone: store.calendar.time_zone,
      base_url: config.public_url ?? `http://${address}:${ws_port()}`,
      nameOf: (charger_id) => store.chargers.get(charger_id)?.name || charger_id,
    };
  }

  #wake({ channel_id, enabled }: Channel): void {
    if (enabled) this.#couriers.of(channel_id).wake();
  }

  #courierOf(channel_id: string): Courier {
    const { store: { outbox }, now, retry_ms } = this.#deps;
    return new Courier({
      destination: channelDestination(channel_id),
      outbox,
      attempt: (delivery, signal) => this.#attempt(channel_id, delivery, signal),
      onOutcome: () => {},
      now,
      retry_ms,
    });
  }

  async #attempt(channel_id: string, delivery: Delivery, signal: AbortSignal): Promise<Outcome> {
    const channel = this.#deps.store.channels.get(channel_id);
    if (!channel) return { ok: false, status: null, error: "The channel was deleted" };
    const { message_id, body } = delivery;
    return await send(channel.target, JSON.parse(body) as AlertMessage, { message_id, signal });
  }

  #look(): void {
    void this.#flush(false);
    const { store, alarms, now } = this.#deps;
    for (const { channel_id, name, enabled } of store.channels.values()) {
      const { oldest, waiting } = store.outbox.state(channelDestination(channel_id));
      const is_behind = enabled && oldest !== null && now() - Date.parse(oldest) > BEHIND_MS;
      if (is_behind) alarms.raise(alarmOf(channel_id), alarmText("channel_behind", { name, n: waiting }));
      else alarms.clear(alarmOf(channel_id));
    }
  }
}

/** Returns the destination of a channel's messages in the outbox. */
export function channelDestination(channel_id: string): string {
  return `channel/${channel_id}`;
}

function alarmOf(channel_id: string): string {
  return `channel_${channel_id}`;
}

function split(alerts: readonly Alert[]): [critical: Alert[], others: Alert[]] {
  return [
    alerts.filter(({ severity }) => severity === "critical"),
    alerts.filter(({ severity }) => severity !== "critical"),
  ];
}
