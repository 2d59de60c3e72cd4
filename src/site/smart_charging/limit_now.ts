// The current that a charger's profiles allow at a connector.
import type { InstalledProfile } from "../../store/store.ts";
import type { Context } from "../context.ts";
import { limitAt } from "./composite_schedule.ts";
import { profilesOf } from "./profiles.ts";

const UNLIMITED = { voltage: 230, phases: 3, amps: Infinity };

/**
 * Returns the limit at a connector by the profiles that the charger has accepted (OCPP 1.6 §3.13), A per phase; null if
 * none limits it. Limits in W are converted at 230 V. `counts`: the profiles that are looked at; left out: all.
 */
export function limitNow(
  connector_id: number,
  { charger_id, store, now }: Pick<Context, "charger_id" | "store" | "now">,
  counts: (profile: InstalledProfile) => boolean = () => true,
): number | null {
  const profiles = profilesOf(store, charger_id).filter(counts).map((installed) => ({
    ...installed,
    installed_at: Date.parse(installed.installed_at),
  }));
  if (profiles.length === 0) return null;
  const session = store.transactions.activeOn(charger_id, connector_id);
  const begun = session
    ? { at: Date.parse(session.start_time), transaction_id: session.transaction_id }
    : null;
  const { amps } = limitAt(profiles, now(), { connector_id, wiring: UNLIMITED, begun });
  return amps === Infinity ? null : Math.round(amps * 10) / 10;
}
