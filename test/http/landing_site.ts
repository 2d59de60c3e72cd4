// A site with one charger, as far as the landing page needs it.
import { Calendar } from "../../src/calendar.ts";
import { ChargerState } from "../../src/site/charger_state.ts";
import type { LandingDeps } from "../../src/http/pages/landing.tsx";
import type { LiveConnector } from "../../src/services/load/live_load.ts";
import type { Charger, Settings } from "../../src/store/store.ts";

const NOW = Date.parse("2026-08-01T12:00:00Z");

/** A site with the charger CP1; `silent_ms`: how long it has said nothing, null: it never has. */
export function siteWith(
  changes: Partial<Charger> = {},
  { silent_ms = 2000, settings = {}, managed = [] }: {
    silent_ms?: number | null;
    settings?: Partial<Settings>;
    managed?: Partial<LiveConnector>[];
  } = {},
): LandingDeps {
  const charger = { ...CHARGER, ...changes };
  const state = new ChargerState("CP1", () => NOW);
  state.last_seen = silent_ms === null ? null : NOW - silent_ms;
  state.connected_since = "2026-08-01T09:00:00Z";
  const values = [{ timestamp: "", sampledValue: [{ value: "7200", measurand: "Power.Active.Import" }] }];
  state.meters.take(1, { values, at: [NOW], received: NOW, transaction_id: 9 });
  const session = {
    transaction_id: 9,
    connector_id: 1,
    id_tag: "04AABBCC",
    energy_wh: 12_340,
    start_received: "2026-08-01T10:55:00Z",
  };
  const transactions = {
    activeOn: (_id: string, connector_id: number) => connector_id === 1 ? session : undefined,
    activeById: () => session,
    active: () => [session],
  };
  return {
    config: { public_url: null, port: 8000 },
    store: {
      settings: { name: "Torre Norte", help_text: "", phone: "", whatsapp: "", price_text: "", ...settings },
      calendar: new Calendar("America/Monterrey"),
      chargers: { get: (id: string) => id === "CP1" ? charger : undefined, all: () => [charger] },
      profiles: new Map(),
      reservations: new Map(),
      transactions,
    },
    central: {
      registeredId: (id: string) => id,
      state: () => state,
      isConnected: () => silent_ms !== null && silent_ms < 600_000,
    },
    load: { connectors: () => managed },
    now: () => NOW,
  } as unknown as LandingDeps;
}

const REPORTED = {
  error_code: "NoError",
  info: null,
  vendor_error_code: null,
  since: "2026-08-01T10:00:00Z",
};

const CHARGER = {
  charger_id: "CP1",
  name: "Patio norte",
  registration: "Accepted",
  require_rfid: true,
  serial_number: "SN-1234",
  remote_address: "10.0.0.77",
  last_path: "/ocpp/secret/CP1",
  connectors: [
    { connector_id: 0, status: "Available", ...REPORTED },
    { connector_id: 1, status: "Charging", ...REPORTED },
    { connector_id: 2, status: "Available", ...REPORTED },
  ],
} as unknown as Charger;
