// Pairs of request and answer in a charger's message log (OCPP-J 1.6 §4.2).
import type { LogEntry } from "./types.ts";

/** A request with its answer, or a message without a counterpart. */
export interface Exchange {
  key: string;
  at: string;
  /** The direction of the request. */
  direction: "in" | "out";
  action: string;
  request: unknown;
  answer: unknown;
  /** The outcome; `open`: not answered yet. */
  outcome: "ok" | "error" | "open" | "broken";
  /** The status in the answer, or the error's code. */
  status: string;
  latency_ms: number | null;
}

const CALL = 2;
const RESULT = 3;
const ERROR = 4;

/** Pairs messages, given oldest first, by id and direction; returns the newest first. */
export function pairMessages(log: readonly LogEntry[]): Exchange[] {
  const exchanges: Exchange[] = [];
  const open = new Map<string, Exchange>();
  log.forEach(({ at, direction, message, text }, index) => {
    const [type, id, ...rest] = Array.isArray(message) ? message : [];
    if (type === CALL) {
      const exchange = callOf(`${at} ${direction} ${id}`, at, direction, rest);
      open.set(`${direction} ${id}`, exchange);
      exchanges.push(exchange);
      return;
    }
    const asked = open.get(`${direction === "in" ? "out" : "in"} ${id}`);
    if ((type === RESULT || type === ERROR) && asked) {
      open.delete(`${asked.direction} ${id}`);
      return answer(asked, type, rest, at);
    }
    exchanges.push(loneOf(`${at} ${index}`, at, direction, message ?? text));
  });
  return exchanges.reverse();
}

function callOf(key: string, at: string, direction: "in" | "out", [action, request]: unknown[]): Exchange {
  return {
    key,
    at,
    direction,
    action: String(action),
    request,
    answer: undefined,
    outcome: "open",
    status: "",
    latency_ms: null,
  };
}

function answer(exchange: Exchange, type: number, rest: unknown[], at: string): void {
  exchange.latency_ms = Math.max(0, Date.parse(at) - Date.parse(exchange.at));
  if (type === ERROR) {
    const [code, description, details] = rest;
    Object.assign(exchange, {
      outcome: "error",
      status: String(code),
      answer: { code, description, details },
    });
    return;
  }
  const payload = rest[0] as { status?: unknown; idTagInfo?: { status?: unknown } } | undefined;
  const status = payload?.status ?? payload?.idTagInfo?.status;
  Object.assign(exchange, {
    outcome: "ok",
    status: typeof status === "string" ? status : "",
    answer: payload,
  });
}

function loneOf(key: string, at: string, direction: "in" | "out", request: unknown): Exchange {
  return {
    key,
    at,
    direction,
    action: "",
    request,
    answer: undefined,
    outcome: "broken",
    status: "",
    latency_ms: null,
  };
}

/** Returns a curl command that sends the same request again; the API token is read from `$TOKEN`. */
export function curlOf(charger_url: string, action: string, payload: unknown): string {
  const name = action.replace(/(?!^)[A-Z]/g, "_$&").toLowerCase();
  const body = JSON.stringify({ action: name, payload });
  const headers = '-H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json"';
  return `curl ${headers} -d ${quoted(body)} ${quoted(`${charger_url}action/`)}`;
}

/** Quotes a text for a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
