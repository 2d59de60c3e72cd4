// A real gateway for tests: on a free port, in memory or in a folder of its own, with an admin to ask it as.
import { type Config, readConfig, TUNING, type Tuning } from "../../src/config.ts";
import { type Gateway, startGateway } from "../../src/cli/gateway.ts";
import type { ClockDeps } from "../../src/machine/clock.ts";
import type { SiteProtocol } from "../../src/site/charger_port.ts";
import type { AnswerAt, Filled, PathOf } from "../../src/http/client_types.ts";
import type { Method } from "../../src/http/route.ts";
import { checkAnswer } from "./api_schema.ts";
import { createLog, type Log, SILENT } from "../../src/log.ts";
import type { Settings } from "../../src/store/store.ts";

/** A cheap hash: most tests start a gateway with an admin. */
const TEST_TUNING: Tuning = { ...TUNING, password_cost: 256, ca_key_bits: 2048 };

/** The admin's password in tests. */
export const PASSWORD = "correct horse battery";

/** The header that asks as the admin. */
export const AUTHORIZATION = { authorization: `Basic ${btoa(`admin:${PASSWORD}`)}` };

/** A gateway under test. */
export interface TestGateway extends AsyncDisposable {
  gateway: Gateway;
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** `ws://127.0.0.1:PORT` */
  ws_url: string;
  port: number;
  /** Asks REST as the admin; a body becomes JSON. */
  rest<const M extends Method, const P extends PathOf<M>>(
    method: M,
    path: P | Filled<P>,
    body?: unknown,
  ): Promise<TypedAnswer<M, P>>;
  rest(method: string, path: string, body?: unknown): Promise<RestAnswer>;
}

/** An answer of a route: its JSON, or an error. */
export interface TypedAnswer<M extends Method, P extends string> {
  status: number;
  headers: Headers;
  body: (AnswerAt<M, P> extends Response ? string : AnswerAt<M, P>) & {
    error?: string;
    code?: string;
    values?: Record<string, unknown>;
  };
}

/** An answer of REST. */
export interface RestAnswer {
  status: number;
  headers: Headers;
  // deno-lint-ignore no-explicit-any
  body: any;
}

/** Options of a test's gateway. */
export interface TestOptions {
  config?: Partial<Config>;
  tuning?: Partial<Tuning>;
  settings?: Partial<Settings>;
  /** Wall clock. */
  now?: () => number;
  /** Its monotonic clock, and what time servers say. */
  clock?: Partial<Omit<ClockDeps, "wall">>;
  /** The versions of OCPP; left out: all there are. */
  protocols?: readonly SiteProtocol[];
  /** Lines of the program's log go here. */
  log_lines?: string[];
}

/** Starts a gateway; `await using` stops it. */
export async function startTestGateway(
  { config = {}, tuning = {}, settings = {}, now, clock, log_lines, protocols }: TestOptions = {},
): Promise<TestGateway> {
  const defaults = readConfig([
    "--host",
    "127.0.0.1",
    "--port",
    "0",
    "--kv",
    ":memory:",
    "--commit-window",
    "5",
  ], () => undefined);
  const log: Log = log_lines ? createLog({ level: "debug", write: (line) => log_lines.push(line) }) : SILENT;
  const data_dir = `${Deno.env.get("TMPDIR") ?? "/tmp"}/ocpp-gateway-${crypto.randomUUID()}`; // created when it is used
  const full = {
    ...defaults,
    data_dir,
    admin_password: PASSWORD,
    tuning: { ...TEST_TUNING, ...tuning },
    ...config,
  };
  const gateway = await startGateway(full, log, { now, clock, ...(protocols ? { protocols } : {}) });
  await gateway.services.auth.first_stored;
  await gateway.services.store.changeSettings(settings);
  const url = `http://127.0.0.1:${gateway.port}`;
  return {
    gateway,
    url,
    ws_url: url.replace("http", "ws"),
    port: gateway.port,
    rest: async (method: string, path: string, body?: unknown) => {
      const answer = await ask(url + path, method, body);
      checkAnswer({ method, path, ...answer });
      return answer;
    },
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      await Deno.remove(data_dir, { recursive: true }).catch(() => {});
    },
  };
}

/** Asks a URL as the admin. */
export async function ask(url: string, method: string, body?: unknown): Promise<RestAnswer> {
  const text = body === undefined || typeof body === "string"
    ? body as string | undefined
    : JSON.stringify(body);
  const type = typeof body === "string" ? {} : { "content-type": "application/json" };
  const headers = {
    ...AUTHORIZATION,
    ...(body === undefined ? {} : type),
  };
  const response = await fetch(url, {
    method,
    headers,
    ...(text === undefined ? {} : { body: text }),
    redirect: "manual",
  });
  const answer = await response.text();
  const json = response.headers.get("content-type")?.includes("json") && answer !== "";
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(answer) : answer };
}
