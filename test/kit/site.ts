// A site for the cases of a test file: they share one gateway, and each has its own chargers and tags.
import { assertEquals } from "@std/assert";
import { type RestAnswer, startTestGateway, type TestGateway, type TestOptions } from "./gateway.ts";
import { WireCharger, type WireChargerOptions } from "./wire_charger.ts";

/** A JSON object. */
// deno-lint-ignore no-explicit-any
export type Json = Record<string, any>;

/** The interfaces of a gateway, wherever it runs. */
export type GatewayAccess = Pick<TestGateway, "ws_url" | "rest">;

/** A gateway as chargers and an operator use it. */
export class Site {
  readonly ws_url: string;
  readonly #gateway: GatewayAccess;
  #chargers = 0;
  #tags = 0;

  constructor(gateway: GatewayAccess) {
    this.ws_url = gateway.ws_url;
    this.#gateway = gateway;
  }

  /** Sends a REST request as the operator. */
  rest(method: string, path: string, body?: unknown): Promise<RestAnswer> {
    return this.#gateway.rest(method, path, body);
  }

  /** Sends a REST request and returns the body of its answer, which must be a success. */
  // deno-lint-ignore no-explicit-any
  async ask(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await this.rest(method, path, body);
    assertEquals(answer.status >= 200 && answer.status < 300, true, JSON.stringify(answer));
    return answer.body;
  }

  // deno-lint-ignore no-explicit-any
  get(path: string): Promise<any> {
    return this.ask("GET", path);
  }

  /** Sends a command to a charger. */
  command(charger_id: string, action: string, payload?: Json): Promise<RestAnswer> {
    const body = payload === undefined ? { action } : { action, payload };
    return this.rest("POST", `/ocpp/chargers/${encodeURIComponent(charger_id)}/action/`, body);
  }

  /** Adds a new tag to the RFID table and returns it. */
  async tag(more: Json = {}): Promise<string> {
    const rfid = `TAG${String(++this.#tags).padStart(4, "0")}`;
    await this.ask("POST", "/ocpp/rfids/", { rfid, ...more });
    return rfid;
  }

  /** Returns a new charger id. */
  freshId(): string {
    return `CP${++this.#chargers}`;
  }

  /** Creates a charger that requires a tag, connects it, and sends BootNotification. */
  async charger(
    { record = {}, ...options }: WireChargerOptions & { record?: Json } = {},
  ): Promise<WireCharger> {
    const charger_id = options.charger_id ?? this.freshId();
    await this.ask("POST", "/ocpp/chargers/", { charger_id, require_rfid: true, ...record });
    const charger = await WireCharger.connect(this, { ...options, charger_id });
    await charger.boot();
    return charger;
  }

  /** Returns a transaction as REST has it. */
  transaction(transaction_id: number): Promise<Json> {
    return this.get(`/ocpp/transactions/${transaction_id}/`);
  }

  /** Returns the transactions of a charger, newest first. */
  async transactionsOf(charger_id: string): Promise<Json[]> {
    return (await this.get(`/ocpp/transactions/?charger_id=${charger_id}`)).transactions;
  }

  /** Runs `work` with other settings, and restores them. */
  async with<T>(settings: Json, work: () => Promise<T>): Promise<T> {
    const before: Json = await this.get("/ocpp/settings/");
    await this.ask("PATCH", "/ocpp/settings/", settings);
    try {
      return await work();
    } finally {
      const back = Object.fromEntries(Object.keys(settings).map((name) => [name, before[name]]));
      await this.ask("PATCH", "/ocpp/settings/", back);
    }
  }
}

const HURRIED = { sweep_ms: 100, idle_seconds: 2 };

/** Declares a case. */
export type Case = (name: string, run: (site: Site) => Promise<void>) => void;

/** The options of a site's gateway. */
export interface SiteOptions extends TestOptions {
  /** Run housekeeping every 100 ms in place of every 30 s, and close a silent socket after 2 s. */
  hurried?: boolean;
}

/** Declares a test that runs cases one after the other on one gateway. */
export function cases(title: string, options: SiteOptions, declare: (declareCase: Case) => void): void {
  Deno.test(title, async (t) => {
    await using test = await startTestGateway(options.hurried ? { ...options, tuning: HURRIED } : options);
    await runCases(t, new Site(test), declare);
  });
}

/** Runs cases on an existing site. */
export async function runCases(
  t: Deno.TestContext,
  site: Site,
  declare: (declareCase: Case) => void,
): Promise<void> {
  const declared: { name: string; run: (site: Site) => Promise<void> }[] = [];
  declare((name, run) => declared.push({ name, run }));
  for (const { name, run } of declared) {
    // The shared gateway works in the background; leaks of the cases are found when it has stopped.
    await t.step({ name, fn: () => run(site), sanitizeOps: false, sanitizeResources: false });
  }
}

/** Returns the time `minutes` from now as ISO 8601. */
export function time(minutes = 0): string {
  return new Date(Date.now() + minutes * 60_000).toISOString();
}
