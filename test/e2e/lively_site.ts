// A busy site: simulated chargers in every state, tags, places and a history.
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { ChargePointSimulator, type SimulatorConfig } from "../../src/simulator/mod.ts";
import type { Settings } from "../../src/store/store.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";

/** A running site. */
export interface LivelySite extends AsyncDisposable {
  test: TestGateway;
  simulators: Map<string, ChargePointSimulator>;
}

const PLACES: [id: string, name: string, latitude: number, longitude: number][] = [
  ["NORTE-1", "Patio norte 1", 25.6894, -100.3169],
  ["NORTE-2", "Patio norte 2", 25.6891, -100.3157],
  ["SUR-1", "Estacionamiento sur", 25.6842, -100.3158],
  ["TALLER", "Taller", 25.6858, -100.3121],
  ["VISITAS", "Visitas", 25.6871, -100.3186],
];

const TAGS: [rfid: string, label: string, allowed: boolean][] = [
  ["04A1B2C3D4", "Ana Garza", true],
  ["04D4E5F607", "Luis Treviño", true],
  ["0411223344", "Flotilla 12", true],
  ["04DEADBEEF", "Tarjeta perdida", false],
];

/** Starts five chargers, two of them with a session, one with a fault. */
export async function startLivelySite(
  settings: Partial<Settings> = {},
  log_lines: string[] = [],
): Promise<LivelySite> {
  const data_dir = await Deno.makeTempDir();
  const test = await startTestGateway({
    config: { data_dir },
    settings: { name: "Torre Norte", ...settings },
    log_lines,
  });
  for (const [rfid, label, allowed] of TAGS) {
    await test.rest("POST", "/ocpp/rfids/", { rfid, label, allowed });
  }
  for (const [charger_id, name, latitude, longitude] of PLACES) {
    const place = charger_id === "VISITAS" ? {} : { latitude, longitude };
    await test.rest("POST", "/ocpp/chargers/", {
      charger_id,
      name,
      require_rfid: charger_id !== "VISITAS",
      ...place,
    });
  }
  await addHistory(test);
  const simulators = new Map<string, ChargePointSimulator>();
  const add = (id: string, more: SimulatorConfig = {}) => simulators.set(id, simulatorOf(test, id, more));
  for (const id of ["NORTE-1", "NORTE-2", "SUR-1", "TALLER"]) {
    add(id, { connectors: id === "NORTE-1" ? 2 : 1 });
  }
  await Promise.all([...simulators.values()].map((simulator) => simulator.start().accepted));
  await charge(simulators.get("NORTE-1")!, "04A1B2C3D4");
  await charge(simulators.get("SUR-1")!, "0411223344");
  simulators.get("TALLER")!.fault(1, { error_code: "GroundFailure", info: "RCD tripped" } as never);
  return {
    test,
    simulators,
    async [Symbol.asyncDispose]() {
      await Promise.all([...simulators.values()].map((simulator) => simulator.kill()));
      await test[Symbol.asyncDispose]();
      await Deno.remove(data_dir, { recursive: true });
    },
  };
}

/** Returns a simulated charger without an autopilot, not started yet. */
export function simulatorOf(
  { port }: TestGateway,
  id: string,
  more: SimulatorConfig = {},
): ChargePointSimulator {
  return new ChargePointSimulator({
    ws_port: port,
    cp_path: id,
    autopilot: false,
    interval: 1,
    max_current: 32,
    vendor: "Voltia",
    model: "AC-22 Duo",
    serial_number: `V22-${id}`,
    reboot_time: 0.5,
    ...more,
  });
}

/** Plugs a car in and holds a tag to the reader. */
export async function charge(simulator: ChargePointSimulator, tag: string, connector_id = 1): Promise<void> {
  simulator.plugIn(connector_id);
  await simulator.presentTag(tag, connector_id);
}

/** Adds sessions of the last days, sent late as by a charger that was offline. */
async function addHistory(test: TestGateway): Promise<void> {
  await using client = await RawClient.connect(test.ws_url, { path: "VISITAS" });
  await client.call("BootNotification", { chargePointVendor: "Voltia", chargePointModel: "AC-7" });
  await client.call("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Available" });
  let meter = 1_250_000;
  for (let hours = 60; hours >= 2; hours -= 5) {
    const start = Date.now() - hours * 3_600_000;
    const energy = 6_000 + (hours * 733) % 14_000;
    const begun = await client.call("StartTransaction", {
      connectorId: 1,
      idTag: TAGS[hours % 3]![0],
      meterStart: meter,
      timestamp: new Date(start).toISOString(),
    });
    meter += energy;
    await client.call("StopTransaction", {
      transactionId: begun[2].transactionId,
      meterStop: meter,
      timestamp: new Date(start + 5_400_000).toISOString(),
      reason: hours % 2 ? "Local" : "EVDisconnected",
    });
  }
}
