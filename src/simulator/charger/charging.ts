// How much a charger gives its cars: what its cables carry, and what charging profiles leave of it (OCPP 1.6 §3.13, §5.16).
import type { Charger } from "./charger.ts";
import {
  type Begun,
  type Installed,
  type Limit,
  limitAt,
  lower,
  type Period,
  periodsOf,
  type Profile,
  type Unit,
  type Wiring,
} from "./composite_schedule.ts";
import { maxCurrentOf } from "../config.ts";
import type { Connector, Session } from "./connector.ts";
import type { CommandOf } from "./messages.ts";
import type { Offer } from "../physics/supply.ts";

type Filter = CommandOf<"ClearChargingProfile">;

/** Smart charging. */
export class Charging {
  readonly #charger: Charger;
  #profiles: Installed[] = [];

  constructor(charger: Charger) {
    this.#charger = charger;
  }

  /** The profiles that it holds. */
  get profiles(): readonly Installed[] {
    return this.#profiles;
  }

  /** What a connector offers at a moment of the clock, and until when: its own limit, and its share of the charger's. */
  offer(connector: Connector, at: number): Offer {
    const own = this.#limit(connector, at + this.#charger.clock_offset);
    const all = this.#limitOfAll(at + this.#charger.clock_offset);
    const shared = this.#share(connector, all, at + this.#charger.clock_offset);
    const { amps, phases, until } = lower(own, shared);
    return { amps, phases, until: until - this.#charger.clock_offset };
  }

  /** SetChargingProfile; false: it can't be (OCPP 1.6 §5.16). */
  set(connector_id: number, profile: Profile): boolean {
    if (!this.#isSound(profile) || !this.#fits(connector_id, profile)) return false;
    const kept = this.#profiles.filter((other) => !isReplacedBy(other, connector_id, profile));
    if (kept.length >= this.#charger.configuration.number("MaxChargingProfilesInstalled")) return false;
    const installed = { connector_id, installed_at: this.#charger.now(), profile };
    this.#charger.changeSupply(() => this.#profiles = [...kept, installed]);
    return true;
  }

  /** ClearChargingProfile: by id alone, else by all that is named (errata 3.25, 3.26); false: none is so. */
  clear(filter: Filter): boolean {
    const kept = this.#profiles.filter((installed) => !isMeant(installed, filter));
    if (kept.length === this.#profiles.length) return false;
    this.#charger.changeSupply(() => this.#profiles = kept);
    return true;
  }

  /** GetCompositeSchedule: the periods from now; connector 0 is all of them together (OCPP 1.6 §5.7). */
  composite(connector_id: number, duration: number, unit: Unit): Period[] {
    const { voltage } = this.#charger.settings;
    const from = Math.floor(this.#charger.now() / 1000) * 1000;
    const connector = this.#charger.connector(connector_id);
    const limitOf = (at: number) =>
      connector ? lower(this.#limit(connector, at, from), this.#limitOfAll(at)) : this.#sum(at, from);
    return periodsOf(limitOf, { from, duration, unit, voltage });
  }

  /** A session begins, with the profile that came with RemoteStartTransaction if there was one. */
  begun(connector: Connector, profile?: Profile): void {
    if (profile && this.#isSound(profile)) {
      this.#profiles.push({ connector_id: connector.id, installed_at: this.#charger.now(), profile });
    }
  }

  /** A session is over: its profiles are too (OCPP 1.6 §3.13.1). */
  over(connector: Connector): void {
    this.#profiles = this.#profiles.filter(({ connector_id, profile }) =>
      connector_id !== connector.id || profile.chargingProfilePurpose !== "TxProfile"
    );
  }

  get #wiring(): Wiring {
    const { settings } = this.#charger;
    return { voltage: settings.voltage, phases: settings.phases, amps: maxCurrentOf(settings) };
  }

  /** By TxProfile and TxDefaultProfile; a connector without a session as if one began at `from`. */
  #limit(connector: Connector, at: number, from?: number): Limit {
    const begun = connector.session
      ? begunOf(connector.session)
      : from === undefined
      ? null
      : { at: from, transaction_id: null };
    return limitAt(this.#profiles, connector.id, at, {
      wiring: this.#wiring,
      begun,
      purposes: ["TxProfile", "TxDefaultProfile"],
    });
  }

  /** By ChargePointMaxProfile, for all connectors together. */
  #limitOfAll(at: number): Limit {
    const { amps, ...wiring } = this.#wiring;
    const total = { ...wiring, amps: amps * this.#charger.connectors.length };
    return limitAt(this.#profiles, 0, at, {
      wiring: total,
      begun: null,
      purposes: ["ChargePointMaxProfile"],
    });
  }

  /** All that charge get the same; the last of them nothing while that is less than its minChargingRate (OCPP 1.6 §7.13). */
  #share(connector: Connector, all: Limit, at: number): Limit {
    let sharing = this.#charger.connectors.filter(({ session }) => session?.state === "on");
    const charges = connector.session?.state === "on";
    const scarce = sharing.length > 1 &&
      this.#profiles.some(({ profile }) => profile.chargingSchedule.minChargingRate !== undefined);
    if (!scarce) return { ...all, amps: all.amps / Math.max(1, sharing.length) };
    const limits = new Map(sharing.map((each) => [each, this.#limit(each, at)]));
    const until = Math.min(all.until, ...[...limits.values()].map(({ until }) => until));
    const amps = () => all.amps / sharing.length;
    while (sharing.length > 1) {
      const left_out = sharing.findLast((each) => limits.get(each)!.least! > amps());
      if (!left_out) break;
      sharing = sharing.filter((each) => each !== left_out);
    }
    return { ...all, until, amps: charges && !sharing.includes(connector) ? 0 : amps() };
  }

  #sum(at: number, from: number): Limit {
    const limits = this.#charger.connectors.map((connector) => this.#limit(connector, at, from));
    const sum = {
      amps: limits.reduce((amps, limit) => amps + limit.amps, 0),
      phases: Math.max(...limits.map(({ phases }) => phases)),
      until: Math.min(...limits.map(({ until }) => until)),
    };
    return lower(sum, this.#limitOfAll(at));
  }

  /** Whether a profile makes sense by itself. */
  #isSound(
    { stackLevel, chargingProfilePurpose, chargingProfileKind, recurrencyKind, chargingSchedule }: Profile,
  ): boolean {
    const { configuration } = this.#charger;
    const periods = chargingSchedule.chargingSchedulePeriod;
    if (stackLevel > configuration.number("ChargeProfileMaxStackLevel")) return false;
    if (periods.length > configuration.number("ChargingScheduleMaxPeriods")) return false;
    if (periods[0]!.startPeriod !== 0) return false;
    if (
      periods.some(({ startPeriod }, index) => index > 0 && startPeriod <= periods[index - 1]!.startPeriod)
    ) return false;
    if (chargingProfileKind === "Recurring" && (!recurrencyKind || !chargingSchedule.startSchedule)) {
      return false;
    }
    return chargingProfileKind !== "Relative" || chargingProfilePurpose !== "ChargePointMaxProfile";
  }

  /** Whether a profile may be at a connector now (OCPP 1.6 §5.16). */
  #fits(connector_id: number, { chargingProfilePurpose, transactionId }: Profile): boolean {
    if (connector_id > this.#charger.connectors.length) return false;
    if (chargingProfilePurpose === "ChargePointMaxProfile") return connector_id === 0;
    if (chargingProfilePurpose === "TxDefaultProfile") return true;
    const session = this.#charger.connector(connector_id)?.session;
    return session != null && (transactionId === undefined || transactionId === session.transaction_id);
  }
}

function begunOf({ started_at, transaction_id }: Session): Begun {
  return { at: started_at, transaction_id };
}

/** The same id, or the same purpose and stack level at the same connector (OCPP 1.6 §5.16). */
function isReplacedBy({ connector_id, profile }: Installed, at_connector: number, by: Profile): boolean {
  if (profile.chargingProfileId === by.chargingProfileId) return true;
  return connector_id === at_connector && profile.stackLevel === by.stackLevel &&
    profile.chargingProfilePurpose === by.chargingProfilePurpose;
}

function isMeant({ connector_id, profile }: Installed, filter: Filter): boolean {
  if (filter.id !== undefined) return profile.chargingProfileId === filter.id;
  return (filter.connectorId === undefined || filter.connectorId === connector_id) &&
    (filter.chargingProfilePurpose === undefined ||
      filter.chargingProfilePurpose === profile.chargingProfilePurpose) &&
    (filter.stackLevel === undefined || filter.stackLevel === profile.stackLevel);
}
