// Webhooks: the site's public events, posted to receivers by the Standard Webhooks specification.
import { alarmText } from "../../i18n/alarm_text.ts";
import type { Alarms } from "../../machine/alarms.ts";
import { type Event, type EventName, type Events, PUBLIC } from "../../site/events.ts";
import type { Telling, Told } from "../../store/outbox/tellers.ts";
import type { Delivery, Store, Webhook } from "../../store/store.ts";
import { Courier, type Outcome } from "./courier.ts";
import { Couriers } from "./couriers.ts";
import { post } from "./post.ts";
import {
  bodyOf,
  destinationOf,
  messagesOf,
  takes,
  TOLD_WITH_RECORD,
  webhookIdOf,
} from "./webhook_messages.ts";
import { signedHeaders } from "./webhook_signature.ts";

/** The parts that webhooks work with. */
export interface WebhooksDeps {
  store: Store;
  events: Events;
  alarms: Alarms;
  now: () => number;
  retry_ms: readonly number[];
  /** Milliseconds between two looks at what is behind. */
  every_ms: number;
}

/** Failures for so long disable a webhook. */
const GIVE_UP_MS = 5 * 24 * 3_600_000;
/** A message that waits for so long is an alarm, and one that is given up while others wait. */
const BEHIND_MS = 15 * 60_000;
const GONE = 410;

/** Sends events to the webhooks of the site. */
export class Webhooks {
  readonly #deps: WebhooksDeps;
  readonly #couriers = new Couriers((webhook_id) => this.#courierOf(webhook_id));
  #unsubscribe = () => {};
  #untell = () => {};
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(deps: WebhooksDeps) {
    this.#deps = deps;
  }

  /** Delivers what was left, and what happens from now on. */
  start(): void {
    const { store, events, every_ms } = this.#deps;
    this.#unsubscribe = events.subscribe((event) => this.#onEvent(event), (type) => this.#isWanted(type));
    this.#untell = store.outbox.tellers.add((told) => this.#tellingOf(told));
    for (const webhook of store.webhooks.values()) this.#wake(webhook);
    this.#timer = setInterval(() => this.#look(), every_ms);
  }

  async stop(): Promise<void> {
    this.#unsubscribe();
    this.#untell();
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#couriers.stop();
  }

  /** Stores a webhook; an enabled one is tried at once. */
  async put(webhook: Webhook): Promise<void> {
    await this.#deps.store.webhooks.put(webhook);
    await this.#couriers.end(webhook.webhook_id); // its pause after a failure ends as well
    this.#wake(webhook);
    this.#look();
  }

  /** Deletes a webhook with its messages. */
  async delete(webhook_id: string): Promise<void> {
    const { store, alarms } = this.#deps;
    await store.webhooks.delete(webhook_id);
    await this.#couriers.end(webhook_id);
    await store.outbox.forget(destinationOf(webhook_id));
    alarms.clear(alarmOf(webhook_id));
  }

  /** Sends a test event, past the queue; returns the outcome. */
  test({ webhook_id }: Webhook): Promise<Outcome> {
    const at = new Date(this.#deps.now()).toISOString();
    const message_id = `msg_${crypto.randomUUID()}`;
    const { name: site } = this.#deps.store.settings;
    const body = bodyOf({ type: "test", timestamp: at, site, data: { webhook_id } });
    return this.#post(webhook_id, { message_id, body }, AbortSignal.timeout(60_000));
  }

  /** Sends a message again, past the queue, whatever its state; returns it with the outcome. */
  async resend(delivery: Delivery, webhook_id: string): Promise<Delivery> {
    const outcome = await this.#post(webhook_id, delivery, AbortSignal.timeout(60_000));
    const resent: Delivery = {
      ...delivery,
      attempts: delivery.attempts + 1,
      state: outcome.ok ? "delivered" : delivery.state,
      last_attempt_at: new Date(this.#deps.now()).toISOString(),
      last_status: outcome.status,
      last_error: outcome.error,
    };
    await this.#deps.store.outbox.update(resent);
    return resent;
  }

  /** Returns the messages on a change, for its commit. */
  #tellingOf(told: Told): Telling | null {
    const messages = messagesOf(told, this.#deps);
    if (messages.length === 0) return null;
    const staged = this.#deps.store.outbox.stage(messages);
    const stored = () => {
      staged.stored();
      for (const { destination } of messages) this.#onStored(destination);
    };
    return { ...staged, stored };
  }

  /** Hot path: an event that no webhook wants is not put together. */
  #isWanted(type: EventName): boolean {
    if (!PUBLIC[type] || TOLD_WITH_RECORD.includes(type)) return false;
    for (const webhook of this.#deps.store.webhooks.values()) if (takes(webhook, type)) return true;
    return false;
  }

  #onEvent({ type, charger_id, data }: Event): void {
    const about = charger_id === undefined ? {} : { charger_id };
    for (const message of messagesOf({ type, ...about, data: () => data }, this.#deps)) {
      const told = () => this.#onStored(message.destination);
      this.#deps.store.outbox.add(message).then(told, () => {}); // the disk's alarm tells
    }
  }

  #onStored(destination: string): void {
    if (this.#timer === undefined) return; // stopped: it is sent at the next start
    this.#couriers.of(webhookIdOf(destination)).wake();
  }

  #wake({ webhook_id, enabled }: Webhook): void {
    if (enabled) this.#couriers.of(webhook_id).wake();
  }

  #courierOf(webhook_id: string): Courier {
    const { store: { outbox }, now, retry_ms } = this.#deps;
    return new Courier({
      destination: destinationOf(webhook_id),
      outbox,
      attempt: (delivery, signal) => this.#post(webhook_id, delivery, signal),
      onOutcome: (outcome) => this.#onOutcome(webhook_id, outcome),
      now,
      retry_ms,
    });
  }

  #post(
    webhook_id: string,
    { message_id, body }: Pick<Delivery, "message_id" | "body">,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const webhook = this.#deps.store.webhooks.get(webhook_id);
    if (!webhook) return Promise.resolve({ ok: false, status: null, error: "The webhook was deleted" });
    const whole = `{"id":${JSON.stringify(message_id)},${body.slice(1)}`;
    const signed = signedHeaders({ message_id, body: whole }, {
      secret: webhook.secret,
      at: this.#deps.now(),
    });
    const headers = { "content-type": "application/json", "user-agent": "ocpp-gateway", ...signed };
    return post({ url: webhook.url, headers, body: whole }, signal);
  }

  #onOutcome(webhook_id: string, { ok, status }: Outcome): void {
    const { store, now } = this.#deps;
    const webhook = store.webhooks.get(webhook_id);
    if (!webhook) return;
    const { failing_since } = webhook;
    if (ok && failing_since === null) return;
    const since = ok ? null : failing_since ?? new Date(now()).toISOString();
    const is_over = since !== null && now() - Date.parse(since) > GIVE_UP_MS;
    const reason = status === GONE ? "gone" : is_over ? "failing" : null;
    if (since === failing_since && reason === null) return;
    const changed: Webhook = {
      ...webhook,
      failing_since: since,
      disabled_reason: reason,
      enabled: reason === null,
    };
    store.webhooks.put(changed, { deferred: true }).catch(() => {});
    if (reason) void this.#couriers.end(webhook_id);
    this.#look();
  }

  #look(): void {
    for (const webhook of this.#deps.store.webhooks.values()) this.#lookAt(webhook);
  }

  #lookAt({ webhook_id, url, enabled, disabled_reason }: Webhook): void {
    const { store, alarms, now } = this.#deps;
    const { host } = new URL(url);
    const { waiting, oldest, dropped } = store.outbox.state(destinationOf(webhook_id));
    if (!enabled && disabled_reason) {
      alarms.raise(alarmOf(webhook_id), alarmText(`webhook_${disabled_reason}`, { host }));
    } else if (enabled && oldest !== null && (dropped > 0 || now() - Date.parse(oldest) > BEHIND_MS)) {
      const lost = dropped > 0 ? alarmText("webhook_lost", { n: dropped }) : "";
      const minutes = Math.floor((now() - Date.parse(oldest)) / 60_000);
      alarms.raise(alarmOf(webhook_id), alarmText("webhook_behind", { host, n: waiting, minutes, lost }));
    } else alarms.clear(alarmOf(webhook_id));
  }
}

function alarmOf(webhook_id: string): string {
  return `webhook_${webhook_id}`;
}
