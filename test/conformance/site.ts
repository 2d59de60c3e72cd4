// A site for the cases of a file: one gateway that they share, each with chargers and tags of its own.
import { assertEquals } from "@std/assert";
import { type RestAnswer, startTestGateway, type TestGateway, type TestOptions } from "../kit/gateway.ts";
import { TestCharger, type TestChargerOptions } from "./charger.ts";

/** A JSON object. */
// deno-lint-ignore no-explicit-any
export type Json = Record<string, any>;

/** A gateway from outside, wherever it runs. */
export type Front = Pick<TestGateway, "ws_url" | "rest">;

/** The gateway of a file's cases, as chargers and an operator have it. */
export class Site {
  readonly ws_url: string;
  readonly #front: Front;
  #chargers = 0;
  #tags = 0;

  constructor(front: Front) {
    this.ws_url = front.ws_url;
    this.#front = front;
  }

  /** Asks REST as the operator. */
  rest(method: string, path: string, body?: unknown): Promise<RestAnswer> {
    return this.#front.rest(method, path, body);
  }

  /** Asks REST, and gives the body of the good answer. */
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

  /** A command of the operator's. */
  command(charger_id: string, action: string, payload?: Json): Promise<RestAnswer> {
    const body = payload === undefined ? { action } : { action, payload };
    return this.rest("POST", `/ocpp/chargers/${encodeURIComponent(charger_id)}/action/`, body);
  }

  /** A tag in the RFID table that no other case uses. */
  async tag(more: Json = {}): Promise<string> {
    const rfid = `TAG${String(++this.#tags).padStart(4, "0")}`;
    await this.ask("POST", "/ocpp/rfids/", { rfid, ...more });
    return rfid;
  }

  /** An id that no other case uses. */
  freshId(): string {
    return `CP${++this.#chargers}`;
  }

  /** A charger that the operator has made, that wants a tag, has connected and booted. */
  async charger(
    { record = {}, ...options }: TestChargerOptions & { record?: Json } = {},
  ): Promise<TestCharger> {
    const charger_id = options.charger_id ?? this.freshId();
    await this.ask("POST", "/ocpp/chargers/", { charger_id, require_rfid: true, ...record });
    const charger = await TestCharger.connect(this, { ...options, charger_id });
    await charger.boot();
    return charger;
  }

  /** A transaction as REST shows it. */
  transaction(transaction_id: number): Promise<Json> {
    return this.get(`/ocpp/transactions/${transaction_id}/`);
  }

  /** All transactions of a charger, newest first. */
  async transactionsOf(charger_id: string): Promise<Json[]> {
    return (await this.get(`/ocpp/transactions/?charger_id=${charger_id}`)).transactions;
  }

  /** Changes the site's settings while `work` is done. */
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

/** Declares one case: its id, and what it shows. */
export type Case = (name: string, run: (site: Site) => Promise<void>) => void;

/** How a file wants its gateway. */
export interface SiteOptions extends TestOptions {
  /** The housekeeping runs every 100 ms in place of every 30 s; a silent socket is closed after 2 s. */
  hurried?: boolean;
}

/** The cases of a file, run one after the other on one gateway. */
export function cases(title: string, options: SiteOptions, declare: (declareCase: Case) => void): void {
  Deno.test(title, async (t) => {
    await using test = await startTestGateway(options.hurried ? { ...options, tuning: HURRIED } : options);
    await runCases(t, new Site(test), declare);
  });
}

/** Runs cases on a site that stands. */
export async function runCases(
  t: Deno.TestContext,
  site: Site,
  declare: (declareCase: Case) => void,
): Promise<void> {
  const declared: { name: string; run: (site: Site) => Promise<void> }[] = [];
  declare((name, run) => declared.push({ name, run }));
  for (const { name, run } of declared) {
    // The gateway that is shared works on behind a case's back; what the cases leave open is found at the end.
    await t.step({ name, fn: () => run(site), sanitizeOps: false, sanitizeResources: false });
  }
}

/** Time that lies `minutes` from now, as a charger writes it. */
export function time(minutes = 0): string {
  return new Date(Date.now() + minutes * 60_000).toISOString();
}
