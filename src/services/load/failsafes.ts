// The fail-safe limits in the chargers: installed when a charger is adopted, read back, and again at each boot.
import type { CentralSystem } from "../../central/central_system.ts";
import { CallFailed, OcppError } from "../../ocpp/error.ts";
import { Refusal } from "../../site/context.ts";
import { connectorIdsOf } from "../../site/load/circuit_tree.ts";
import { loadPlaceOf } from "../../site/load/load_place.ts";
import { isOwnProfile } from "../../site/smart_charging/own_profiles.ts";
import type { Charger, LoadState, Store } from "../../store/store.ts";
import type { LoadStates } from "./load_states.ts";
import { placeOf } from "./order_sender.ts";

/** The parts that fail-safe limits work with. */
export interface FailsafesDeps {
  store: Store;
  central: Pick<CentralSystem, "isConnected" | "port">;
  states: LoadStates;
  /** Called when what is known has changed. */
  changed: () => void;
}

const RETRY_MS = 600_000;
const SOON_MS = 10_000;
const TOLERANCE_A = 0.5;

/** Keeps the fail-safe limits in the chargers. Times are monotonic, ms. */
export class Failsafes {
  readonly #deps: FailsafesDeps;
  /** Connectors whose charger has booted, and whose limit was not seen since. */
  readonly #unproven = new Set<string>();
  readonly #busy = new Set<string>();
  readonly #retry_at = new Map<string, number>();

  constructor(deps: FailsafesDeps) {
    this.#deps = deps;
  }

  /** A charger has booted, and may have lost its profiles. */
  booted(charger: Charger): void {
    for (const connector_id of connectorIdsOf(charger)) {
      this.#unproven.add(`${charger.charger_id}/${connector_id}`);
      this.#retry_at.delete(`${charger.charger_id}/${connector_id}`);
    }
  }

  /** Forgets the device of a charger. */
  forget(charger_id: string): void {
    for (const known of [this.#unproven, this.#retry_at]) {
      for (const key of known.keys()) if (placeOf(key)[0] === charger_id) known.delete(key);
    }
  }

  /** Returns false for a connector of a charger that has booted since its limit was seen. */
  isProven(charger_id: string, connector_id: number): boolean {
    return !this.#unproven.has(`${charger_id}/${connector_id}`);
  }

  /** Installs or reads back the limits of a charger's connectors that need it. */
  look(charger: Charger, now: number): void {
    const { charger_id } = charger;
    if (!this.#deps.central.isConnected(charger_id)) return;
    for (const connector_id of connectorIdsOf(charger)) {
      const key = `${charger_id}/${connector_id}`;
      if (
        this.#busy.has(key) || now < (this.#retry_at.get(key) ?? -Infinity) ||
        !this.#isDue(charger, connector_id)
      ) {
        continue;
      }
      this.#busy.add(key);
      void this.#work(charger, connector_id).then((again_ms) => {
        this.#retry_at.set(key, now + again_ms);
        this.#busy.delete(key);
        this.#deps.changed();
      });
    }
  }

  #isDue(charger: Charger, connector_id: number): boolean {
    const { failsafe, failsafe_a } = this.#deps.states.get(charger.charger_id, connector_id);
    if (!this.isProven(charger.charger_id, connector_id)) return true;
    return failsafe === "unknown" || failsafe === "refused" ||
      failsafe_a !== loadPlaceOf(charger).failsafe_current_a;
  }

  /** Returns the time until it may be tried again, ms. */
  async #work(charger: Charger, connector_id: number): Promise<number> {
    const { charger_id } = charger;
    try {
      const { states } = this.#deps;
      const { failsafe, failsafe_a } = states.get(charger_id, connector_id);
      const wanted = loadPlaceOf(charger).failsafe_current_a;
      const is_known = failsafe === "verified" && failsafe_a === wanted;
      if (is_known && !this.isProven(charger_id, connector_id)) {
        const keeps_failsafe = await this.#isSeen(charger_id, connector_id, wanted);
        if (keeps_failsafe !== null) await this.#change(charger, connector_id, { keeps_failsafe });
        if (keeps_failsafe) return this.#proved(charger_id, connector_id);
      }
      return await this.#install(charger, connector_id, wanted);
    } catch (error) {
      if (error instanceof Refusal || error instanceof CallFailed || error instanceof OcppError) {
        return SOON_MS;
      }
      throw error;
    }
  }

  async #install(charger: Charger, connector_id: number, limit_a: number): Promise<number> {
    const { central } = this.#deps;
    const { charger_id } = charger;
    const stack_level = this.#freeLevel(charger_id, connector_id);
    const answer = await central.port(charger_id).setFailsafe({ connector_id, limit_a, stack_level }).catch(
      asAnswer,
    );
    if (answer.outcome !== "accepted") {
      await this.#change(charger, connector_id, { failsafe: "refused", failsafe_a: null });
      return RETRY_MS;
    }
    const seen = await this.#isSeen(charger_id, connector_id, limit_a);
    const failsafe = seen === null ? "installed" : seen ? "verified" : "refused";
    await this.#change(charger, connector_id, {
      failsafe,
      failsafe_a: failsafe === "refused" ? null : limit_a,
    });
    return seen === false ? RETRY_MS : this.#proved(charger_id, connector_id);
  }

  /** Stores what a device has said, unless another one has come in its place meanwhile. */
  async #change(charger: Charger, connector_id: number, changes: Partial<LoadState>): Promise<void> {
    const { store, states } = this.#deps;
    if (store.chargers.get(charger.charger_id)?.record_id !== charger.record_id) return;
    await states.change(charger.charger_id, connector_id, changes);
  }

  #proved(charger_id: string, connector_id: number): number {
    this.#unproven.delete(`${charger_id}/${connector_id}`);
    return 0;
  }

  /** Returns true if the charger says that the limit holds, null if it says nothing, or another limit may hide it. */
  async #isSeen(charger_id: string, connector_id: number, limit_a: number): Promise<boolean | null> {
    const { central, store } = this.#deps;
    if (store.transactions.activeOn(charger_id, connector_id)) return null;
    try {
      const limit = await central.port(charger_id).readLimit(connector_id);
      return limit === null ? null : limit <= limit_a + TOLERANCE_A;
    } catch (error) {
      if (error instanceof OcppError) return null;
      throw error;
    }
  }

  /** Returns the lowest stack level that no operator's default profile has. */
  #freeLevel(charger_id: string, connector_id: number): number {
    const taken = new Set(
      [...this.#deps.store.profiles.values()].filter((installed) =>
        installed.charger_id === charger_id && installed.connector_id === connector_id &&
        installed.profile.chargingProfilePurpose === "TxDefaultProfile" &&
        !isOwnProfile(installed.profile.chargingProfileId)
      ).map(({ profile }) => profile.stackLevel),
    );
    let level = 0;
    while (taken.has(level)) level++;
    return level;
  }
}

/** An error that means that the charger does not know the message is an answer. */
function asAnswer(error: unknown): { outcome: "unsupported"; status: string } {
  if (error instanceof OcppError && /^Not(Implemented|Supported)$/.test(error.code)) {
    return { outcome: "unsupported", status: error.code };
  }
  throw error;
}
