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
  /** The reasons why the last attempts failed, by channel; null: they did not. */
  readonly #errors = new Map<string, string | null>();
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

  /** Ends; alerts that are in no message yet are told after the next start. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    clearTimeout(this.#gathering);
    await this.#couriers.stop();
  }

  /** Returns the ids of the channels that want to be told of an alert. */
  wantedBy({ severity }: Pick<Alert, "severity">): string[] {
    return this.#deps.store.channels.all()
      .filter(({ enabled, min_severity }) => enabled && isAtLeast(severity, min_severity))
      .map(({ channel_id }) => channel_id);
  }

  /** Gathers alerts for the channels in their `untold`. */
  tell(alerts: readonly Alert[]): void {
    if (alerts.length === 0) return;
    for (const alert of alerts) {
      for (const channel_id of alert.untold ?? []) this.#gather(channel_id, [alert]);
    }
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      void this.#flush();
    }, this.#deps.gather_ms);
  }

  #gather(channel_id: string, alerts: readonly Alert[]): void {
    this.#gathered.set(channel_id, [...this.#gathered.get(channel_id) ?? [], ...alerts]);
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
    this.#errors.delete(channel_id);
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
  async #flush(): Promise<void> {
    const { store, now } = this.#deps;
    for (const [channel_id, alerts] of [...this.#gathered]) {
      const channel = store.channels.get(channel_id);
      const quiet = channel !== undefined && isQuiet(channel, now(), store.calendar.time_zone);
      const [due, later] = quiet ? split(alerts) : [alerts, []];
      if (later.length > 0) this.#gathered.set(channel_id, later);
      else this.#gathered.delete(channel_id);
      if (channel && due.length > 0) await this.#store(channel, due);
    }
  }

  /** Stores a message of alerts; what cannot be stored is tried again with the next look. */
  async #store(channel: Channel, alerts: readonly Alert[]): Promise<void> {
    try {
      await this.#write(channel, alerts);
      this.#wake(channel);
    } catch {
      this.#gather(channel.channel_id, alerts); // the disk has its own alarm
    }
  }

  /** Writes a message, and in the same commit that the channel is told of its alerts. */
  async #write(channel: Channel, alerts: readonly Alert[]): Promise<void> {
    const { store, now } = this.#deps;
    const { channel_id } = channel;
    const body = JSON.stringify(messageOf(alerts, this.#wordingOf(channel)));
    const at = new Date(now()).toISOString();
    const message = { destination: channelDestination(channel_id), type: "alert", at, body };
    const ids = new Set(alerts.map(({ alert_id }) => alert_id));
    await Promise.all([store.outbox.add(message), ...[...ids].map((id) => this.#noteTold(id, channel_id))]);
  }

  async #noteTold(alert_id: string, channel_id: string): Promise<void> {
    const { alerts } = this.#deps.store;
    const alert = alerts.get(alert_id);
    if (!alert?.untold) return;
    const untold = alert.untold.filter((id) => id !== channel_id);
    await alerts.put({ ...alert, untold }, { deferred: true });
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
      onOutcome: ({ error }) => void this.#errors.set(channel_id, error),
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
    void this.#flush();
    const { store, alarms, now } = this.#deps;
    for (const channel of store.channels.values()) {
      const { oldest, waiting } = store.outbox.state(channelDestination(channel.channel_id));
      const age_ms = oldest === null ? 0 : now() - Date.parse(oldest);
      if (channel.enabled && age_ms > BEHIND_MS) this.#raise(channel, waiting, age_ms);
      else alarms.clear(alarmOf(channel.channel_id));
    }
  }

  #raise({ channel_id, name }: Channel, n: number, age_ms: number): void {
    const error = this.#errors.get(channel_id);
    const facts = { name, n, minutes: Math.floor(age_ms / 60_000), reason: error ? `: ${error}` : "" };
    this.#deps.alarms.raise(alarmOf(channel_id), alarmText("channel_behind", facts));
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
