// /ocpp/channels/: the ways to people who are told of alerts.
import type { Static } from "typebox";
import type { Config } from "../../config.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import { channelDestination, type Channels } from "../../services/outputs/channels/channels.ts";
import type { Channel, ChannelTarget, Store } from "../../store/store.ts";
import { HttpError, notFound } from "../http_error.ts";
import { invalidField } from "../input.ts";
import { route } from "../route.ts";
import { Body, named, Nullable, OptionalTime, PAGE, page, pageBehind, Time } from "../schemas.ts";
import { receiverUrl } from "./receiver_url.ts";

const MAX_CHANNELS = 50;
const ClockTime = Nullable(Type.String({ pattern: "^([01]\\d|2[0-3]):[0-5]\\d$" }));
const Address = Type.String({ minLength: 3, maxLength: 200, pattern: "^[^\\s,;<>]+@[^\\s,;<>]+$" });
const Url = Type.String({ minLength: 1, maxLength: 2000 });
const Secret = Type.String({ maxLength: 500, description: "Never shown; left out in a change: it stays" });
const Line = (maxLength: number, minLength = 0) =>
  Type.String({ minLength, maxLength, pattern: "^[^\\r\\n]*$" });

/** The fields of each kind, with its secret. */
const EMAIL = {
  host: Line(255, 1),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  security: Type.Enum(["tls", "starttls", "none"]),
  username: Line(200),
  from: Address,
  to: Type.Array(Address, { minItems: 1, maxItems: 20 }),
};
const TELEGRAM = { chat_id: Line(100, 1) };

const Target = Type.Union([
  Type.Object({ kind: Type.Literal("email"), ...EMAIL, password: Type.Optional(Secret) }),
  Type.Object({ kind: Type.Literal("ntfy"), url: Url, token: Type.Optional(Secret) }),
  Type.Object({ kind: Type.Literal("telegram"), ...TELEGRAM, token: Type.Optional(Secret) }),
  Type.Object({ kind: Type.Literal("webhook"), url: Url }),
]);
type Target = Static<typeof Target>;

const ShownTarget = Type.Union([
  Type.Object({ kind: Type.Literal("email"), ...EMAIL, has_secret: Type.Boolean() }),
  Type.Object({ kind: Type.Literal("ntfy"), url: Url, has_secret: Type.Boolean() }),
  Type.Object({ kind: Type.Literal("telegram"), ...TELEGRAM, has_secret: Type.Boolean() }),
  Type.Object({ kind: Type.Literal("webhook"), url: Url, has_secret: Type.Boolean() }),
]);

const FIELDS = {
  name: Line(100, 1),
  enabled: Type.Boolean(),
  language: Type.Enum(["en", "es"]),
  min_severity: Type.Enum(["info", "warning", "critical"]),
  quiet_from: ClockTime,
  quiet_to: ClockTime,
};

const ChannelSchema = named(
  "Channel",
  Type.Object({
    channel_id: Type.String(),
    ...FIELDS,
    target: ShownTarget,
    created_at: Time,
    waiting: Type.Integer({ description: "Messages that are not delivered yet" }),
    oldest_waiting: OptionalTime,
    last_error: Nullable(
      Type.String({ description: "The other side's answer to the newest message that waits" }),
    ),
  }),
);

const Outcome = Type.Object({
  ok: Type.Boolean(),
  status: Nullable(Type.Integer({ description: "The status of HTTP or SMTP" })),
  error: Nullable(Type.String()),
});

interface ChannelDeps {
  store: Store;
  channels: Channels;
  config: Pick<Config, "port" | "tls_port">;
  /** ms since 1970. */
  now: () => number;
}

/** The routes of /ocpp/channels/. */
export const channelRoutes = [
  route({
    method: "GET",
    path: "/ocpp/channels/",
    role: "admin",
    summary: "Channels of alerts",
    query: Type.Object(PAGE),
    response: page("channels", ChannelSchema),
    async handle({ query }, deps: ChannelDeps) {
      const { records, next } = pageBehind(deps.store.channels.all(), query, ({ channel_id }) => channel_id);
      return { channels: await Promise.all(records.map((channel) => viewOf(channel, deps))), next };
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/channels/",
    role: "admin",
    summary: "Create a channel",
    proof: true,
    audit: { action: "create", kind: "channel", id: "name" },
    body: Body({
      ...optional(FIELDS),
      name: FIELDS.name,
      target: Target,
    }),
    response: ChannelSchema,
    status: 201,
    errors: ["too_many"],
    async handle({ body: { target, ...fields } }, deps: ChannelDeps) {
      const { store, now } = deps;
      if (store.channels.size >= MAX_CHANNELS) {
        const values = { max: MAX_CHANNELS };
        throw new HttpError("too_many", `There are already ${MAX_CHANNELS} channels`, { values });
      }
      const channel: Channel = {
        channel_id: crypto.randomUUID(),
        ...DEFAULTS,
        ...fields,
        target: checkedTarget(target, deps),
        created_at: new Date(now()).toISOString(),
      };
      await deps.channels.put(withBothHours(channel));
      return await viewOf(channel, deps);
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/channels/{channel_id}/",
    role: "admin",
    summary: "A channel",
    response: ChannelSchema,
    handle: ({ params }, deps: ChannelDeps) => viewOf(channelNamed(params.channel_id, deps), deps),
  }),
  route({
    method: "PATCH",
    path: "/ocpp/channels/{channel_id}/",
    role: "admin",
    summary: "Change a channel; a secret that is left out stays, if the kind does",
    proof: true,
    audit: { action: "change", kind: "channel", id: "channel_id" },
    body: Body({ ...optional(FIELDS), target: Type.Optional(Target) }),
    response: ChannelSchema,
    async handle({ params, body: { target, ...fields } }, deps: ChannelDeps) {
      const before = channelNamed(params.channel_id, deps);
      const changed: Channel = {
        ...before,
        ...fields,
        ...(target ? { target: checkedTarget(target, deps, before.target) } : {}),
      };
      await deps.channels.put(withBothHours(changed));
      return await viewOf(changed, deps);
    },
  }),
  route({
    method: "DELETE",
    path: "/ocpp/channels/{channel_id}/",
    role: "admin",
    summary: "Delete a channel with its messages",
    proof: true,
    audit: { action: "delete", kind: "channel", id: "channel_id" },
    response: null,
    async handle({ params }, deps: ChannelDeps) {
      await deps.channels.delete(channelNamed(params.channel_id, deps).channel_id);
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/channels/{channel_id}/test/",
    role: "admin",
    summary: "Send a test message at once; the answer says what the other side answered",
    audit: { action: "test", kind: "channel", id: "channel_id" },
    response: Outcome,
    handle: ({ params }, deps: ChannelDeps) => deps.channels.test(channelNamed(params.channel_id, deps)),
  }),
];

const DEFAULTS = {
  enabled: true,
  language: "en",
  min_severity: "warning",
  quiet_from: null,
  quiet_to: null,
} as const;

/** The same fields, each of which may be left out. */
function optional<T extends typeof FIELDS>(
  { name, enabled, language, min_severity, quiet_from, quiet_to }: T,
) {
  return {
    name: Type.Optional(name),
    enabled: Type.Optional(enabled),
    language: Type.Optional(language),
    min_severity: Type.Optional(min_severity),
    quiet_from: Type.Optional(quiet_from),
    quiet_to: Type.Optional(quiet_to),
  };
}

function withBothHours(channel: Channel): Channel {
  if ((channel.quiet_from === null) !== (channel.quiet_to === null)) {
    throw invalidField("quiet_to", "must be given together with quiet_from");
  }
  return channel;
}

/** Returns a target to store; a secret that is left out is the former one of the same kind. */
function checkedTarget(
  target: Target,
  { config }: Pick<ChannelDeps, "config">,
  before?: ChannelTarget,
): ChannelTarget {
  const old = before?.kind === target.kind ? secretOf(before) : "";
  switch (target.kind) {
    case "email":
      return { ...target, password: target.password ?? old };
    case "telegram":
      if (!/^[\w:-]+$/.test(target.token ?? old)) {
        throw invalidField("target.token", "must be the token of a bot");
      }
      return { ...target, token: target.token ?? old };
    case "ntfy":
      return {
        ...target,
        url: withTopic(receiverUrl(target.url, "target.url", config)),
        token: target.token ?? old,
      };
    case "webhook":
      return { ...target, url: receiverUrl(target.url, "target.url", config) };
  }
}

function withTopic(url: string): string {
  if (new URL(url).pathname === "/") throw invalidField("target.url", "must end with the topic");
  return url;
}

function secretOf(target: ChannelTarget): string {
  return target.kind === "email" ? target.password : target.kind === "webhook" ? "" : target.token;
}

function shown(target: ChannelTarget): Static<typeof ShownTarget> {
  const { password: _password, token: _token, ...rest } = { password: "", token: "", ...target };
  return { ...rest, has_secret: secretOf(target) !== "" } as Static<typeof ShownTarget>;
}

async function viewOf({ target, ...channel }: Channel, { store }: Pick<ChannelDeps, "store">) {
  const destination = channelDestination(channel.channel_id);
  const { waiting, oldest } = store.outbox.state(destination);
  const last_error = waiting > 0 ? (await store.outbox.next(destination))?.last_error ?? null : null;
  return { ...channel, target: shown(target), waiting, oldest_waiting: oldest, last_error };
}

function channelNamed(id: string, { store }: Pick<ChannelDeps, "store">): Channel {
  const channel = store.channels.get(id);
  if (!channel) throw notFound("channel", id, 40);
  return channel;
}
