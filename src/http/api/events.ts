// /ocpp/events/: Server-Sent Events: the site's public events as they happen.
import type { Context } from "hono";
import type { LoggedMessage } from "../../central/newest_messages.ts";
import type { MessageLog } from "../../central/message_log.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import { type ChargerView, slim } from "../../site/charger_view.ts";
import type { Event } from "../../site/events.ts";
import { PUBLIC } from "../../site/events.ts";
import { route } from "../route.ts";
import type { EventRing, NumberedEvent } from "./event_ring.ts";
import { messageEvent, MessageFeed } from "./message_feed.ts";
import type { Auth } from "../auth/auth.ts";
import { identityOf } from "../auth/identity.ts";
import { seesTags, shownTo } from "../auth/tag_mask.ts";
import { completeView, FIELDS, type ViewDeps, withoutTags } from "./views.ts";

const KEEP_ALIVE_MS = 20_000;
/** Bytes that may wait for a reader; it is dropped beyond, and when it has read nothing for a minute. */
const MAX_WAITING = 524_288;
const READ_WITHIN_MS = 60_000;
const READ_AHEAD = 65_536;

const encoder = new TextEncoder();

/** Messages as events, for readers that see tags and for those that do not. */
const WHOLE = new WeakMap<LoggedMessage, Uint8Array>();
const MASKED = new WeakMap<LoggedMessage, Uint8Array>();

interface EventDeps extends Pick<ViewDeps, "config"> {
  auth: Auth;
  event_ring: EventRing;
  messages: MessageLog;
}

/** The routes of /ocpp/events/. */
export const eventRoutes = [
  route({
    method: "GET",
    path: "/ocpp/events/",
    role: "viewer",
    summary:
      "Changes as they happen, as Server-Sent Events. With the header Last-Event-ID first those since that " +
      "event; where they are no longer known, the event `reload`: load the lists anew",
    query: Type.Object({
      charger_id: Type.Optional(Type.String({ description: "Events of this charger only" })),
      messages: Type.Optional(
        Type.String({ description: "Also the OCPP messages of this charger; `*`: of all" }),
      ),
      ...FIELDS,
    }),
    response: "text/event-stream",
    handle({ query: { charger_id, messages, fields }, c }, deps: EventDeps) {
      const headers = {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      };
      const textFor = (event: Event) => textOf(fields === "slim" ? slimmed(event) : event, c, deps);
      const made = seesTags(c) ? WHOLE : MASKED;
      const shown = (message: LoggedMessage) => seesTags(c) ? message : withoutTags(message, deps);
      const eventOf = (message: LoggedMessage, from: string) => messageEvent(message, from, { made, shown });
      const current = () => deps.auth.isCurrent(identityOf(c));
      const since = c.req.header("last-event-id") ?? null;
      const wanted = { only: charger_id, since, messages, textFor, eventOf, current };
      return new Response(streamOf(deps, wanted), { headers });
    },
  }),
];

/** The contents of a stream. */
interface Wanted {
  /** Events of this charger only. */
  only: string | undefined;
  /** The id of the last event that the reader has had; null: it is new. */
  since: string | null;
  /** Also the OCPP messages of this charger; `*`: of all. */
  messages: string | undefined;
  /** An event as it is sent. */
  textFor: (event: Event) => string;
  /** Returns a message as the event that the reader may see. */
  eventOf: (message: LoggedMessage, charger_id: string) => Uint8Array;
  /** Returns false once the reader has been logged out, disabled or given fewer rights. */
  current: () => boolean;
}

/** Returns a stream of events. It breaks off for a reader that falls behind, which then connects again by itself. */
function streamOf(
  deps: EventDeps,
  { only, since, messages: whose, textFor, eventOf, current }: Wanted,
): ReadableStream<Uint8Array> {
  const { event_ring, messages } = deps;
  let stop = () => {};
  let last_read = performance.now();
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (bytes: Uint8Array) => {
        if (!current()) return end();
        const room = controller.desiredSize ?? 0;
        const idle = performance.now() - last_read;
        if (room < READ_AHEAD - MAX_WAITING || (room <= 0 && idle > READ_WITHIN_MS)) return drop();
        controller.enqueue(bytes);
      };
      const sendText = (text: string) => send(encoder.encode(text));
      const tell = ({ id, event }: NumberedEvent) => {
        if (event.type === "stopping") end();
        else if (PUBLIC[event.type] && (only === undefined || event.charger_id === only)) {
          sendText(`id: ${id}\n${textFor(event)}`);
        }
      };
      const unsubscribe = event_ring.subscribe(tell);
      const feed = whose === undefined ? null : new MessageFeed({
        messages,
        charger_id: whose === "*" ? null : whose,
        ready: () => (controller.desiredSize ?? 0) > 0,
        eventOf,
        send,
      });
      feed?.start();
      const timer = setInterval(() => sendText(": \n\n"), KEEP_ALIVE_MS);
      const end = () => {
        stop();
        controller.close();
      };
      const drop = () => {
        stop();
        controller.error(new Error("The reader is too slow")); // frees what waits, which closing would keep
      };
      stop = () => {
        unsubscribe();
        feed?.stop();
        clearInterval(timer);
      };
      const missed = since === null ? [] : event_ring.after(since);
      sendText(`retry: 2000\nid: ${since === null || missed === null ? event_ring.last_id : since}\n\n`);
      if (missed === null) sendText("event: reload\ndata: {}\n\n");
      for (const numbered of missed ?? []) tell(numbered);
    },
    pull() {
      last_read = performance.now();
    },
    cancel() {
      stop();
    },
  }, { highWaterMark: READ_AHEAD, size: (chunk) => chunk.length });
}

function slimmed(event: Event): Event {
  return event.type === "charger" ? { ...event, data: slim(event.data) as ChargerView } : event;
}

function textOf(event: Event, c: Context, deps: EventDeps): string {
  const whole = event.type === "charger" ? completeView(event.data, c.req.raw, deps) : event.data;
  const data = shownTo(c, whole, deps);
  const { charger_id } = event;
  return `event: ${event.type}\ndata: ${
    JSON.stringify({ ...(charger_id ? { charger_id } : {}), ...data })
  }\n\n`;
}
