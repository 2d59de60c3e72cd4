// /ocpp/events/: Server-Sent Events: what changed, as it changes.
import { Hono } from "hono";
import { type Event, PUBLIC } from "../../site/events.ts";
import { MessageFeed } from "./message_feed.ts";
import { answerOf } from "./views.ts";
import type { Services } from "../services.ts";

const KEEP_ALIVE_MS = 20_000;
const MAX_WAITING = 1_000;

const encoder = new TextEncoder();

/** The route of the events. */
export function eventRoutes(services: Services): Hono {
  const app = new Hono({ strict: false });
  app.get("/", (c) => {
    const { charger_id, messages } = c.req.query();
    const headers = {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    };
    const textFor = (event: Event) => textOf(event, c.req.raw, services);
    return new Response(streamOf(services, { only: charger_id, messages, textFor }), { headers });
  });
  return app;
}

/** What a stream tells. */
interface Wanted {
  /** Events of one charger. */
  only: string | undefined;
  /** Whose OCPP messages besides; `*`: everyone's. */
  messages: string | undefined;
  /** An event as it is sent. */
  textFor: (event: Event) => string;
}

/** A stream of events; a reader that falls far behind is cut off and comes back by itself. */
function streamOf(
  services: Services,
  { only, messages: whose, textFor }: Wanted,
): ReadableStream<Uint8Array> {
  const { events, messages } = services;
  let stop = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => {
        if ((controller.desiredSize ?? 0) < -MAX_WAITING) return end();
        controller.enqueue(encoder.encode(text));
      };
      const unlisten = events.subscribe((event) => {
        if (event.type === "stopping") end();
        else if (PUBLIC[event.type] && (only === undefined || event.charger_id === only)) {
          send(textFor(event));
        }
      });
      const feed = whose === undefined ? null : new MessageFeed({
        messages,
        charger_id: whose === "*" ? null : whose,
        ready: () => (controller.desiredSize ?? 0) >= 0,
        send,
      });
      feed?.start();
      const timer = setInterval(() => send(": \n\n"), KEEP_ALIVE_MS);
      const end = () => {
        stop();
        controller.close();
      };
      stop = () => {
        unlisten();
        feed?.stop();
        clearInterval(timer);
      };
      send("retry: 2000\n\n");
    },
    cancel() {
      stop();
    },
  });
}

function textOf(event: Event, request: Request, services: Services): string {
  const data = event.type === "charger" ? answerOf(event.data, request, services) : event.data;
  const { charger_id } = event;
  return `event: ${event.type}\ndata: ${
    JSON.stringify({ ...(charger_id ? { charger_id } : {}), ...data })
  }\n\n`;
}
