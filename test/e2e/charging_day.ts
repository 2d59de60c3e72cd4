// A charger with two days behind it: sessions of two people, readings each five minutes, a limit, and hours offline.
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import type { TestGateway } from "../kit/gateway.ts";

const HOUR = 3_600_000;
const STEP = 300_000;

/** The charger's id. */
export const DIARY = "DIARIO";

/** A session by when it began and ended, hours ago. */
interface Past {
  connector_id: number;
  tag: string;
  began: number;
  ended: number;
  /** Watts at its height. */
  power: number;
}

const SESSIONS: Past[] = [
  { connector_id: 1, tag: "04A1B2C3D4", began: 44, ended: 41.5, power: 7200 },
  { connector_id: 1, tag: "04D4E5F607", began: 20.5, ended: 17, power: 10800 },
  { connector_id: 2, tag: "04A1B2C3D4", began: 18.5, ended: 15.2, power: 7300 },
  { connector_id: 1, tag: "0411223344", began: 6, ended: 2.4, power: 11000 },
];

/** Registers the charger and sends its past. */
export async function addChargingDay(test: TestGateway): Promise<void> {
  await test.rest("POST", "/ocpp/chargers/", { charger_id: DIARY, name: "Patio oeste" });
  await using client = await RawClient.connect(test.ws_url, { path: DIARY });
  await client.call("BootNotification", { chargePointVendor: "Voltia", chargePointModel: "AC-22 Duo" });
  for (const connectorId of [1, 2]) {
    await client.call("StatusNotification", { connectorId, errorCode: "NoError", status: "Available" });
  }
  const meters = new Map([[1, 2_310_000], [2, 845_000]]);
  for (const session of SESSIONS) await addSession(client, session, meters);
}

async function addSession(client: RawClient, session: Past, meters: Map<number, number>): Promise<void> {
  const { connector_id: connectorId, tag, began, ended, power } = session;
  const [start, stop] = [began, ended].map((hours) => Date.now() - hours * HOUR) as [number, number];
  const timestamp = (at: number) => new Date(at).toISOString();
  let meter = meters.get(connectorId)!;
  const [, , { transactionId }] = await client.call("StartTransaction", {
    connectorId,
    idTag: tag,
    meterStart: Math.round(meter),
    timestamp: timestamp(start),
  }) as unknown as [number, string, { transactionId: number }];
  const meterValue = [];
  for (let at = start + STEP; at < stop; at += STEP) {
    const part = (at - start) / (stop - start);
    const watts = power * (part > 0.8 ? (1 - part) * 4 + 0.2 : 1) * (1 + Math.sin(at / 700_000) * 0.02);
    meter += watts * STEP / HOUR;
    meterValue.push({ timestamp: timestamp(at), sampledValue: sampled(watts, meter) });
  }
  await client.call("MeterValues", { connectorId, transactionId, meterValue });
  await client.call("StopTransaction", {
    transactionId,
    meterStop: Math.round(meter),
    timestamp: timestamp(stop),
    reason: "EVDisconnected",
  });
  meters.set(connectorId, meter);
}

function sampled(watts: number, meter: number) {
  const value = (measurand: string, amount: number, unit: string) => ({
    value: amount.toFixed(1),
    measurand,
    unit,
  });
  return [
    value("Power.Active.Import", watts, "W"),
    value("Power.Offered", 11_040, "W"),
    value("Energy.Active.Import.Register", meter, "Wh"),
    ...["L1", "L2", "L3"].map((phase) => ({ ...value("Current.Import", watts / 692, "A"), phase })),
  ];
}
