// /ocpp/webhooks/: the receivers of the site's events, and what was sent to them.
import type { Config } from "../../config.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import { newSecret } from "../../services/outputs/webhook_signature.ts";
import { destinationOf } from "../../services/outputs/webhook_messages.ts";
import type { Webhooks } from "../../services/outputs/webhooks.ts";
import { PUBLIC } from "../../site/events.ts";
import type { Delivery, Store, Webhook } from "../../store/store.ts";
import { HttpError, notFound } from "../http_error.ts";
import { route } from "../route.ts";
import {
  Body,
  named,
  Nullable,
  NUMBERED_PAGE,
  OptionalTime,
  PAGE,
  page,
  pageBehind,
  Time,
} from "../schemas.ts";
import { receiverUrl } from "./receiver_url.ts";

const MAX_WEBHOOKS = 20;
const EVENTS = ["*", ...Object.entries(PUBLIC).filter(([, is_public]) => is_public).map(([name]) => name)];

const FIELDS = {
  url: Type.String({ minLength: 1, maxLength: 2000 }),
  events: Type.Array(Type.Enum(EVENTS), {
    minItems: 1,
    maxItems: EVENTS.length,
    description: "Names of events; `*` stands for all but `meter`",
  }),
  enabled: Type.Boolean(),
  description: Type.String({ maxLength: 200 }),
};

const WebhookSchema = named(
  "Webhook",
  Type.Object({
    webhook_id: Type.String(),
    ...FIELDS,
    created_at: Time,
    failing_since: OptionalTime,
    disabled_reason: Nullable(Type.Enum(["failing", "gone"])),
    waiting: Type.Integer({ description: "Messages that are not delivered yet" }),
    oldest_waiting: OptionalTime,
    dropped: Type.Integer({ description: "Messages given up for want of room, since the gateway started" }),
  }),
);

const DeliverySchema = named(
  "Delivery",
  Type.Object({
    delivery_id: Type.Integer(),
    message_id: Type.String({ description: "The header webhook-id: the same in all attempts" }),
    type: Type.String(),
    at: Time,
    state: Type.Enum(["waiting", "delivered", "failed"]),
    attempts: Type.Integer(),
    last_attempt_at: OptionalTime,
    last_status: Nullable(Type.Integer({ description: "The HTTP status of the last answer" })),
    last_error: Nullable(Type.String()),
  }),
);

const Outcome = Type.Object({
  ok: Type.Boolean(),
  status: Nullable(Type.Integer()),
  error: Nullable(Type.String()),
});

interface WebhookDeps {
  store: Store;
  webhooks: Webhooks;
  config: Pick<Config, "port" | "tls_port">;
  /** ms since 1970. */
  now: () => number;
}

/** The routes of /ocpp/webhooks/. */
export const webhookRoutes = [
  route({
    method: "GET",
    path: "/ocpp/webhooks/",
    role: "admin",
    summary: "Webhooks",
    query: Type.Object(PAGE),
    response: page("webhooks", WebhookSchema),
    handle({ query }, deps: WebhookDeps) {
      const { records, next } = pageBehind(deps.store.webhooks.all(), query, ({ webhook_id }) => webhook_id);
      return { webhooks: records.map((webhook) => viewOf(webhook, deps)), next };
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/webhooks/",
    role: "admin",
    summary: "Create a webhook; only this answer contains the secret of its signatures",
    proof: true,
    audit: { action: "create", kind: "webhook", id: "url" },
    body: Body({
      ...FIELDS,
      enabled: Type.Optional(FIELDS.enabled),
      description: Type.Optional(FIELDS.description),
    }),
    response: Type.Object({ ...WebhookSchema.properties, secret: Type.String() }),
    status: 201,
    errors: ["too_many"],
    async handle({ body: { url, events, enabled = true, description = "" } }, deps: WebhookDeps) {
      const { store, now } = deps;
      if (store.webhooks.size >= MAX_WEBHOOKS) {
        const values = { max: MAX_WEBHOOKS };
        throw new HttpError("too_many", `There are already ${MAX_WEBHOOKS} webhooks`, { values });
      }
      const webhook: Webhook = {
        webhook_id: crypto.randomUUID(),
        url: receiverUrl(url, "url", deps.config),
        events,
        enabled,
        description,
        secret: newSecret(),
        created_at: new Date(now()).toISOString(),
        failing_since: null,
        disabled_reason: null,
      };
      await deps.webhooks.put(webhook);
      return { ...viewOf(webhook, deps), secret: webhook.secret };
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/webhooks/{webhook_id}/",
    role: "admin",
    summary: "A webhook",
    response: WebhookSchema,
    handle: ({ params }, deps: WebhookDeps) => viewOf(webhookNamed(params.webhook_id, deps), deps),
  }),
  route({
    method: "PATCH",
    path: "/ocpp/webhooks/{webhook_id}/",
    role: "admin",
    summary: "Change a webhook; to enable it ends its pause after failures",
    proof: true,
    audit: { action: "change", kind: "webhook", id: "webhook_id" },
    body: Body({
      url: Type.Optional(FIELDS.url),
      events: Type.Optional(FIELDS.events),
      enabled: Type.Optional(FIELDS.enabled),
      description: Type.Optional(FIELDS.description),
    }),
    response: WebhookSchema,
    async handle({ params, body: { url, ...changes } }, deps: WebhookDeps) {
      const webhook = webhookNamed(params.webhook_id, deps);
      const place = url === undefined ? {} : { url: receiverUrl(url, "url", deps.config) };
      const again = changes.enabled ? { failing_since: null, disabled_reason: null } : {};
      const changed = { ...webhook, ...changes, ...place, ...again } as Webhook;
      await deps.webhooks.put(changed);
      return viewOf(changed, deps);
    },
  }),
  route({
    method: "DELETE",
    path: "/ocpp/webhooks/{webhook_id}/",
    role: "admin",
    summary: "Delete a webhook with its messages",
    proof: true,
    audit: { action: "delete", kind: "webhook", id: "webhook_id" },
    response: null,
    async handle({ params }, deps: WebhookDeps) {
      await deps.webhooks.delete(webhookNamed(params.webhook_id, deps).webhook_id);
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/webhooks/{webhook_id}/test/",
    role: "admin",
    summary: "Send an event of the type `test` at once; the answer says what the receiver answered",
    audit: { action: "test", kind: "webhook", id: "webhook_id" },
    response: Outcome,
    handle: ({ params }, deps: WebhookDeps) => deps.webhooks.test(webhookNamed(params.webhook_id, deps)),
  }),
  route({
    method: "GET",
    path: "/ocpp/webhooks/{webhook_id}/deliveries/",
    role: "admin",
    summary: "The messages of a webhook, newest first: those that wait, and the last 200 of the others",
    query: Type.Object(NUMBERED_PAGE),
    response: page("deliveries", DeliverySchema),
    async handle({ params, query: { limit = 100, cursor } }, deps: WebhookDeps) {
      const { webhook_id } = webhookNamed(params.webhook_id, deps);
      const deliveries: ReturnType<typeof deliveryView>[] = [];
      for await (const delivery of deps.store.outbox.newest(destinationOf(webhook_id), cursor)) {
        if (deliveries.length === limit) return { deliveries, next: String(deliveries.at(-1)!.delivery_id) };
        deliveries.push(deliveryView(delivery));
      }
      return { deliveries, next: null };
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/webhooks/{webhook_id}/deliveries/{delivery_id}/resend/",
    role: "admin",
    summary: "Send a message again at once",
    audit: { action: "resend", kind: "webhook", id: "webhook_id" },
    response: DeliverySchema,
    async handle({ params }, deps: WebhookDeps) {
      const { webhook_id } = webhookNamed(params.webhook_id, deps);
      const delivery = await deps.store.outbox.get(destinationOf(webhook_id), Number(params.delivery_id));
      if (!delivery) throw notFound("delivery", params.delivery_id, 20);
      return deliveryView(await deps.webhooks.resend(delivery, webhook_id));
    },
  }),
];

function webhookNamed(id: string, { store }: Pick<WebhookDeps, "store">): Webhook {
  const webhook = store.webhooks.get(id);
  if (!webhook) throw notFound("webhook", id, 40);
  return webhook;
}

function viewOf({ secret: _, ...webhook }: Webhook, { store }: Pick<WebhookDeps, "store">) {
  const { waiting, oldest, dropped } = store.outbox.state(destinationOf(webhook.webhook_id));
  return { ...webhook, waiting, oldest_waiting: oldest, dropped };
}

function deliveryView({ sequence, destination: _to, body: _body, ...delivery }: Delivery) {
  return { delivery_id: sequence, ...delivery };
}
