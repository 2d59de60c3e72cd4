// The messages to webhooks that tell of an event.
import type { EventName } from "../../site/events.ts";
import type { Store, Webhook } from "../../store/store.ts";
import type { Message } from "../../store/outbox/outbox.ts";
import type { Told } from "../../store/outbox/tellers.ts";

/** The events whose messages are stored in the commit of what they tell of, before they are emitted. */
export const TOLD_WITH_RECORD: readonly string[] = ["transaction"];

/** Returns the messages on an event, one for each webhook that takes it. */
export function messagesOf(
  { type, charger_id, data }: Told,
  { store, now }: { store: Store; now: () => number },
): Message[] {
  const takers = [...store.webhooks.values()].filter((webhook) => takes(webhook, type));
  if (takers.length === 0) return [];
  const at = new Date(now()).toISOString();
  const said = charger_id === undefined ? data() : { charger_id, ...data() };
  const body = bodyOf({ type, timestamp: at, site: store.settings.name, data: said });
  return takers.map(({ webhook_id }) => ({ destination: destinationOf(webhook_id), type, at, body }));
}

/** Returns a message's body without its id, which is different for each receiver and each message. */
export function bodyOf(parts: { type: string; timestamp: string; site: string; data: unknown }): string {
  return JSON.stringify(parts);
}

const DESTINATION = "webhook/";

/** Returns the destination of a webhook's messages in the outbox. */
export function destinationOf(webhook_id: string): string {
  return `${DESTINATION}${webhook_id}`;
}

/** Returns the webhook of a destination. */
export function webhookIdOf(destination: string): string {
  return destination.slice(DESTINATION.length);
}

/** Returns true if a webhook takes the events of a type. */
export function takes({ enabled, events }: Webhook, type: EventName | string): boolean {
  return enabled && (events.includes(type) || (type !== "meter" && events.includes("*")));
}
