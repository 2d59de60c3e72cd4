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

/** The seriousness of an alert. */
export type Severity = "info" | "warning" | "critical";

/** A person or group that is told of alerts. */
export interface Channel {
  channel_id: string;
  name: string;
  enabled: boolean;
  /** The language of its messages. */
  language: "en" | "es";
  /** The least severity that it is told of. */
  min_severity: Severity;
  /** Quiet hours in the site's time zone, `HH:MM`: only what is critical is told meanwhile. Null: none. */
  quiet_from: string | null;
  quiet_to: string | null;
  target: ChannelTarget;
  created_at: string;
}

/** The way to a channel. `password` and `token` are never shown. */
export type ChannelTarget =
  | {
    kind: "email";
    host: string;
    port: number;
    /** `tls`: from the start; `starttls`: the server must offer it; `none`: in the clear. */
    security: "tls" | "starttls" | "none";
    username: string;
    password: string;
    from: string;
    to: string[];
  }
  | { kind: "ntfy"; url: string; token: string }
  | { kind: "telegram"; token: string; chat_id: string }
  | { kind: "webhook"; url: string };

/** The operator's choices for one rule; what is left out is as the gateway has it. */
export interface AlertRule {
  enabled?: boolean;
  /** The time for which a condition must last before it is told, s. */
  hold_s?: number;
  severity?: Severity;
}

/** The rules that differ from the gateway's own. */
export interface AlertRules {
  rules: Record<string, AlertRule>;
}

/** A condition that was told, or will be if it lasts. */
export interface Alert {
  alert_id: string;
  rule: string;
  severity: Severity;
  /** The condition: a diagnosis, an alarm's kind, or a flag. */
  code: string;
  /** The charger; null: the site. */
  charger_id: string | null;
  connector_id: number | null;
  values: Record<string, string | number>;
  since: string;
  /** The time at which it was told. */
  begun_at: string;
  /** Null: it lasts. */
  ended_at: string | null;
  /** Ids of the channels whose message of it is not in the outbox yet. */
  untold?: string[];
}
