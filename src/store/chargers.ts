// The table of chargers. Connectors change often and are small, so they are stored apart from the rest of the record.
import { type Codec, fromBytes, toBytes } from "./kv/codec.ts";
import type { Commits, PutOptions } from "./kv/commits.ts";
import { CurrentValues } from "./kv/current_values.ts";
import { type DamageReport, readOr } from "./kv/damage.ts";
import type { TableDeps } from "./kv/declaration.ts";
import type { Keys } from "./kv/keys.ts";
import { deleteMutation, putMutation } from "./kv/mutation.ts";
import { Table } from "./kv/table.ts";
import { newCharger } from "./new_charger.ts";
import type { Charger, Connector } from "./records/charger.ts";

/** Fields that the records of an older program lack. */
const EMPTY = { plan_x: null, plan_y: null, simulated: false };

/** Chargers are stored without their connectors. */
const CODEC: Codec<Charger> = {
  encode: ({ connectors: _connectors, ...record }) => toBytes(record),
  decode: (bytes) => ({ ...EMPTY, connectors: [], ...fromBytes<Omit<Charger, "connectors">>(bytes) }),
};

/** The table of chargers; in memory a charger includes its connectors. */
export class Chargers extends Table<Charger> {
  readonly #commits: Commits;
  readonly #current: CurrentValues;
  readonly #connectors: readonly string[];
  readonly #damaged: DamageReport | undefined;
  /** Ids of the records that are in memory only. */
  readonly #unstored = new Set<string>();

  constructor(
    { commits, read, current, damaged, now = Date.now }: TableDeps,
    keys: Keys<"charger" | "connectors">,
  ) {
    super({
      commits,
      read,
      prefix: keys.charger,
      key: ({ charger_id }) => charger_id,
      codec: CODEC,
      ...(damaged && { damaged }),
      salvage: (charger_id) => newCharger(charger_id, "Pending", now()), // its password is lost, so nobody is it
    });
    this.#damaged = damaged;
    this.#commits = commits;
    this.#current = current ?? new CurrentValues(read);
    this.#connectors = keys.connectors;
  }

  override async load(): Promise<void> {
    await super.load();
    for await (const entry of this.#current.list({ prefix: [...this.#connectors] })) {
      const charger = this.get(String(entry.key.at(-1)));
      const connectors = readOr(entry, {
        read: fromBytes<Connector[]>,
        fallback: [],
        damaged: this.#damaged,
      });
      if (charger) charger.connectors = connectors;
    }
  }

  /** Returns the id of the record that has this id, or whose device connects under it, without regard to case. */
  override spelling(id: string): string | undefined {
    return super.spelling(id) ?? this.#connectingAs(id.toLowerCase());
  }

  #connectingAs(identity: string): string | undefined {
    for (const charger of this.values()) {
      if (charger.identity?.toLowerCase() === identity) return charger.charger_id;
    }
  }

  /** Returns true if a charger's record is stored, false if it is in memory only or there is none. */
  isStored(charger_id: string): boolean {
    return this.has(charger_id) && !this.#unstored.has(charger_id);
  }

  /** Returns true if a charger's record is in memory only. */
  isUnstored(charger_id: string): boolean {
    return this.#unstored.has(charger_id);
  }

  /** Keeps a charger's record in memory until it is stored or dropped. */
  override keepInMemory(charger: Charger): void {
    this.#unstored.add(charger.charger_id);
    super.keepInMemory(charger);
  }

  /** Removes a charger's record if it is in memory only. Returns true if it was. */
  dropUnstored(charger_id: string): boolean {
    if (!this.#unstored.delete(charger_id)) return false;
    this.dropFromMemory(charger_id);
    return true;
  }

  /** Stores a charger's record and, if it was in memory only, its connectors. */
  override put(charger: Charger, options: PutOptions = {}): Promise<void> {
    const first = this.#unstored.delete(charger.charger_id) && charger.connectors.length > 0;
    const stored = super.put(charger, options);
    return first ? Promise.all([stored, this.putConnectors(charger, options)]).then(() => {}) : stored;
  }

  /** Stores a charger's connectors, and the rest of the record if the charger is new. A record in memory stays there. */
  putConnectors(charger: Charger, options: PutOptions = {}): Promise<void> {
    const { charger_id, connectors } = charger;
    if (this.#unstored.has(charger_id)) {
      this.keepInMemory(charger);
      return Promise.resolve();
    }
    if (!this.has(charger_id)) this.put(charger, options).catch(() => {});
    return this.putAs(charger, [putMutation([...this.#connectors, charger_id], connectors)], options);
  }

  override async delete(charger_id: string): Promise<void> {
    this.#unstored.delete(charger_id);
    const connectors = this.#commits.put([deleteMutation([...this.#connectors, charger_id])]);
    await Promise.all([super.delete(charger_id), connectors]);
  }
}
