// Many connected chargers that report a power, for the admin's list of chargers.
import { RawClient } from "../../src/ocpp/client/raw_client.ts";

/** Connects chargers `C000`, `C001` …, each charging at connector 1. */
export async function connectFleet(ws_url: string, count: number): Promise<RawClient[]> {
  return await Promise.all(Array.from({ length: count }, (_, index) => connect(ws_url, index)));
}

async function connect(ws_url: string, index: number): Promise<RawClient> {
  const client = await RawClient.connect(ws_url, { path: `C${String(index).padStart(3, "0")}` });
  await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  await client.call("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Charging" });
  return client;
}

/** Sends a sample of the power, W, and does not wait for the answer. */
export function reportPower(client: RawClient, power: number): void {
  const sampledValue = [{ value: String(power), measurand: "Power.Active.Import", unit: "W" }];
  const meterValue = [{ timestamp: new Date().toISOString(), sampledValue }];
  client.send([2, crypto.randomUUID(), "MeterValues", { connectorId: 1, meterValue }]);
}
