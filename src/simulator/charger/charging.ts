// Smart charging: the current that a charger offers, by its supply and its charging profiles (OCPP 1.6 §3.13, §5.16).
import { maxCurrentOf } from "../config.ts";
import type { ChargingProfile, CommandOf } from "../messages.ts";
import type { Offer } from "../physics/supply.ts";
import type { HasClock, HasConfiguration, HasConnectors } from "./base.ts";
import {
  type Limit,
  limitAt,
  lowerOf,
  type Period,
  periodsOf,
  type SessionStart,
  type Wiring,
} from "../../site/smart_charging/composite_schedule.ts";
import type { Connector, Session } from "./connector.ts";
import type { TimedProfile, Unit } from "../../site/smart_charging/profile_limit.ts";

/** The parts of a charger that smart charging uses. */
export interface SmartCharger extends HasClock, HasConfiguration, HasConnectors {
  /** ms that the charger's clock is ahead of `clock`. */
  readonly clock_offset: number;
  readonly meters: { changeSupply(change: () => void): void };
}

type Filter = CommandOf<"ClearChargingProfile">;

/** The charging profiles of a charger, and the offers that follow from them. */
export class Charging {
  readonly #charger: SmartCharger;
  #profiles: TimedProfile[] = [];

  constructor(charger: SmartCharger) {
    this.#charger = charger;
  }

  /** The installed profiles. */
  get profiles(): readonly TimedProfile[] {
    return this.#profiles;
  }

  /** Returns a connector's offer at a time of `clock`: its own limit, and at most its share of the charger's. */
  offer(connector: Connector, at: number): Offer {
    const { clock_offset } = this.#charger;
    const own = this.#limit(connector, at + clock_offset);
    const all = this.#limitOfAll(at + clock_offset);
    const shared = this.#share(connector, all, at + clock_offset);
    const { amps, phases, until } = lowerOf(own, shared);
    return { amps, phases, until: until - clock_offset };
  }

  /** Handles SetChargingProfile; false: rejected (OCPP 1.6 §5.16). */
  set(connector_id: number, profile: ChargingProfile): boolean {
    if (!this.#isSound(profile) || !this.#fits(connector_id, profile)) return false;
    const { configuration, meters } = this.#charger;
    const kept = this.#profiles.filter((other) => !isReplacedBy(other, connector_id, profile));
    if (kept.length >= configuration.number("MaxChargingProfilesInstalled")) return false;
    const installed = { connector_id, installed_at: this.#charger.now(), profile };
    meters.changeSupply(() => this.#profiles = [...kept, installed]);
    return true;
  }

  /** Handles ClearChargingProfile: by id alone, else by all given fields (errata 3.25, 3.26); false: no profile matches. */
  clear(filter: Filter): boolean {
    const kept = this.#profiles.filter((installed) => !matches(installed, filter));
    if (kept.length === this.#profiles.length) return false;
    this.#charger.meters.changeSupply(() => this.#profiles = kept);
    return true;
  }

  /** Returns the periods of GetCompositeSchedule, from now; connector 0 is the sum of all (OCPP 1.6 §5.7). */
  composite(connector_id: number, duration: number, unit: Unit): Period[] {
    const { voltage } = this.#charger.settings;
    const from = Math.floor(this.#charger.now() / 1000) * 1000;
    const connector = this.#connector(connector_id);
    const limitOf = (at: number) =>
      connector ? lowerOf(this.#limit(connector, at, from), this.#limitOfAll(at)) : this.#sum(at, from);
    return periodsOf(limitOf, { from, duration, unit, voltage });
  }

  /** Installs the profile that came with a session's RemoteStartTransaction. */
  onSessionStart(connector: Connector, profile?: ChargingProfile): void {
    if (profile && this.#isSound(profile)) {
      this.#profiles.push({ connector_id: connector.id, installed_at: this.#charger.now(), profile });
    }
  }

  /** Removes the profiles of a session that has ended (OCPP 1.6 §3.13.1). */
  onSessionEnd(connector: Connector): void {
    this.#profiles = this.#profiles.filter(({ connector_id, profile }) =>
      connector_id !== connector.id || profile.chargingProfilePurpose !== "TxProfile"
    );
  }

  get #wiring(): Wiring {
    const { settings } = this.#charger;
    return { voltage: settings.voltage, phases: settings.phases, amps: maxCurrentOf(settings) };
  }

  #connector(id: number): Connector | undefined {
    return this.#charger.connectors[id - 1];
  }

  /** Returns the limit by TxProfile and TxDefaultProfile; without a session as if one began at `from`. */
  #limit(connector: Connector, at: number, from?: number): Limit {
    return limitAt(this.#profiles, at, {
      connector_id: connector.id,
      wiring: this.#wiring,
      begun: startOf(connector.session, from),
      purposes: ["TxProfile", "TxDefaultProfile"],
    });
  }

  /** Returns the limit by ChargePointMaxProfile, for all connectors together. */
  #limitOfAll(at: number): Limit {
    const { amps, ...wiring } = this.#wiring;
    const total = { ...wiring, amps: amps * this.#charger.connectors.length };
    return limitAt(this.#profiles, at, {
      connector_id: 0,
      wiring: total,
      begun: null,
      purposes: ["ChargePointMaxProfile"],
    });
  }

  /** Divides the limit equally; the last connectors get nothing while a share is below their minChargingRate (OCPP 1.6 §7.13). */
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
      const excluded = sharing.findLast((each) => limits.get(each)!.min_amps! > amps());
      if (!excluded) break;
      sharing = sharing.filter((each) => each !== excluded);
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
    return lowerOf(sum, this.#limitOfAll(at));
  }

  /** Returns true if a profile is consistent in itself and within the charger's limits. */
  #isSound(profile: ChargingProfile): boolean {
    const { stackLevel, chargingProfilePurpose, chargingProfileKind, recurrencyKind, chargingSchedule } =
      profile;
    const { configuration } = this.#charger;
    const periods = chargingSchedule.chargingSchedulePeriod;
    if (stackLevel > configuration.number("ChargeProfileMaxStackLevel")) return false;
    if (periods.length > configuration.number("ChargingScheduleMaxPeriods")) return false;
    if (!areInOrder(periods)) return false;
    if (chargingProfileKind === "Recurring" && (!recurrencyKind || !chargingSchedule.startSchedule)) {
      return false;
    }
    return chargingProfileKind !== "Relative" || chargingProfilePurpose !== "ChargePointMaxProfile";
  }

  /** Returns true if a profile can be installed at a connector now (OCPP 1.6 §5.16). */
  #fits(connector_id: number, { chargingProfilePurpose, transactionId }: ChargingProfile): boolean {
    if (connector_id > this.#charger.connectors.length) return false;
    if (chargingProfilePurpose === "ChargePointMaxProfile") return connector_id === 0;
    if (chargingProfilePurpose === "TxDefaultProfile") return true;
    const session = this.#connector(connector_id)?.session;
    return session != null && (transactionId === undefined || transactionId === session.transaction_id);
  }
}

function startOf(session: Session | null, from: number | undefined): SessionStart | null {
  if (session) return { at: session.started_at, transaction_id: session.transaction_id };
  return from === undefined ? null : { at: from, transaction_id: null };
}

/** Returns true if the first period starts at 0 and each later than the one before. */
function areInOrder(periods: readonly Period[]): boolean {
  return periods.every(({ startPeriod }, index) =>
    index === 0 ? startPeriod === 0 : startPeriod > periods[index - 1]!.startPeriod
  );
}

/** Returns true for the same id, or the same purpose and stack level at the same connector (OCPP 1.6 §5.16). */
function isReplacedBy(
  { connector_id, profile }: TimedProfile,
  at_connector: number,
  by: ChargingProfile,
): boolean {
  if (profile.chargingProfileId === by.chargingProfileId) return true;
  return connector_id === at_connector && profile.stackLevel === by.stackLevel &&
    profile.chargingProfilePurpose === by.chargingProfilePurpose;
}

function matches({ connector_id, profile }: TimedProfile, filter: Filter): boolean {
  if (filter.id !== undefined) return profile.chargingProfileId === filter.id;
  return (filter.connectorId === undefined || filter.connectorId === connector_id) &&
    (filter.chargingProfilePurpose === undefined ||
      filter.chargingProfilePurpose === profile.chargingProfilePurpose) &&
    (filter.stackLevel === undefined || filter.stackLevel === profile.stackLevel);
}
