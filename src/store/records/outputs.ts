// Receivers of the site's events, and the messages to them.

/** A receiver of events by HTTP (Standard Webhooks). */
export interface Webhook {
  webhook_id: string;
  url: string;
  /** Names of public events; `*` stands for all but `meter`. */
  events: string[];
  enabled: boolean;
  description: string;
  /** `whsec_` and the base64 of 32 random bytes; shown once, when the webhook is made. */
  secret: string;
  created_at: string;
  /** The first of the failures since the last success; null: the last attempt succeeded, or there was none. */
  failing_since: string | null;
  /** The reason why the gateway disabled it: failures for five days, or the receiver's 410; null: it did not. */
  disabled_reason: "failing" | "gone" | null;
}

/** A message to one destination, kept until it is delivered, and for a while after. */
export interface Delivery {
  /** The receiver, such as `webhook/3f2a…`. */
  destination: string;
  /** Its place among the destination's messages. */
  sequence: number;
  /** An id that stays the same over all attempts, by which the receiver can drop repetitions. */
  message_id: string;
  /** The event's name. */
  type: string;
  at: string;
  body: string;
  state: "waiting" | "delivered" | "failed";
  attempts: number;
  last_attempt_at: string | null;
  /** The HTTP status of the last answer; null: there was none. */
  last_status: number | null;
  last_error: string | null;
}
