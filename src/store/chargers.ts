// The chargers: records, and beside them the connectors, which change often and are small.
import type { Commits, PutOptions } from "./kv/commits.ts";
import { type Charger, type Connector, deleteMutation, fromBytes, type Keys, putMutation } from "./store.ts";
import { Table } from "./kv/table.ts";

/** The table of the chargers; in memory a charger has its connectors with it. */
export class Chargers extends Table<Charger> {
  readonly #commits: Commits;
  readonly #connectors: readonly string[];

  constructor(commits: Commits, keys: Keys) {
    super(commits, keys.charger, (charger) => charger.charger_id, {
      connectors: [],
      plan_x: null,
      plan_y: null,
    });
    this.#commits = commits;
    this.#connectors = keys.connectors;
  }

  override async load(kv: Deno.Kv): Promise<string[]> {
    const bad = await super.load(kv);
    for await (const { key, value } of kv.list<Uint8Array>({ prefix: [...this.#connectors] })) {
      const charger = this.get(String(key.at(-1)));
      if (charger) charger.connectors = fromBytes<Connector[]>(value);
    }
    return bad;
  }

  /** Stores a charger's connectors; the rest of the record only where it is new. */
  putConnectors(charger: Charger, options: PutOptions = {}): Promise<void> {
    const { charger_id, connectors } = charger;
    if (!this.has(charger_id)) this.put(charger, options).catch(() => {});
    return this.putAs(charger, [putMutation([...this.#connectors, charger_id], connectors)], options);
  }

  override async delete(charger_id: string): Promise<void> {
    const connectors = this.#commits.put([deleteMutation([...this.#connectors, charger_id])]);
    await Promise.all([super.delete(charger_id), connectors]);
  }

  protected override stored({ connectors: _connectors, ...record }: Charger): object {
    return record;
  }
}
