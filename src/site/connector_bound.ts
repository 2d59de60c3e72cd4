// The bound of connector ids: a charger may not fill memory and disk with connectors that it does not have.
import { OcppError } from "../ocpp/error.ts";
import { configurationOf, valueOf } from "./configuration/configuration.ts";
import type { Context } from "./context.ts";

/** The highest connector id of a charger that has not told its number of connectors. */
const MOST_CONNECTORS = 64;

/** Returns true if a message has named this connector before, or 0, which is the charger itself. Hot. */
export function isKnownConnector(connector_id: number, { state }: Context): boolean {
  return connector_id === 0 || state.known_connectors.has(connector_id);
}

/**
 * Resolves if a charger can have this connector: it is stored, or not above NumberOfConnectors (64 where that is not
 * known). Rejects with OcppError PropertyConstraintViolation.
 */
export async function checkConnector(connector_id: number, context: Context): Promise<void> {
  const { store, charger_id, state } = context;
  const stored = store.chargers.get(charger_id)?.connectors ?? [];
  if (!stored.some((connector) => connector.connector_id === connector_id)) {
    const told = Number(valueOf(await configurationOf(store, charger_id), "NumberOfConnectors"));
    const most = Number.isInteger(told) && told > 0 ? told : MOST_CONNECTORS;
    if (connector_id > most) {
      throw new OcppError("PropertyConstraintViolation", `connectorId ${connector_id} is above ${most}`);
    }
  }
  state.known_connectors.add(connector_id);
}
