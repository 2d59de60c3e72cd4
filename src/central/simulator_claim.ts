// Simulators that connect: a claim that changes the record, or is not believed, leaves a trace.
import type { Context } from "../site/context.ts";
import { isSimulatedConnection } from "../site/simulated.ts";
import type { Incidents } from "./incidents.ts";
import type { Handshake } from "./socket.ts";

/** Notes in the charger's state if a simulator has connected, and in the security log what an operator should know of it. */
export function noteSimulator(
  { simulator, remote_address }: Handshake,
  { charger_id, store, state }: Context,
  incidents: Incidents,
): void {
  const charger = store.chargers.get(charger_id);
  const simulated = isSimulatedConnection(simulator, charger);
  state.simulated = simulated;
  if (!charger) return;
  if (simulator === "claimed" && !simulated) {
    const text = `${remote_address} claims to be a simulator of a real charger: its sessions count as real`;
    incidents.note("SimulatorClaim", charger_id, text);
  } else if (simulated !== charger.simulated && !store.chargers.isUnstored(charger_id)) {
    const who = simulated ? "A simulator connected as a real charger" : "A real charger replaced a simulator";
    incidents.note("SimulatorClaim", charger_id, `${who}, from ${remote_address}`);
  }
}
