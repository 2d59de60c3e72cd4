// A site for pictures: a month of sessions, five that run since an hour or two, and figures that agree with each other.
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";

const HOUR = 3_600_000;
const STEP = 300_000;
const DAYS = 24;

const PASSWORD = "picture-of-a-charger";

const PEOPLE: [rfid: string, label: string][] = [
  ["04A1B2C3D4", "Ana Garza"],
  ["04D4E5F607", "Luis Treviño"],
  ["0411223344", "Flotilla 12"],
  ["0455667788", "Marta Elizondo"],
  ["0499AABBCC", "Jorge Cantú"],
];

const CHARGERS: [id: string, name: string, latitude: number, longitude: number][] = [
  ["NORTE-1", "Patio norte 1", 25.6894, -100.3169],
  ["NORTE-2", "Patio norte 2", 25.6891, -100.3157],
  ["NORTE-3", "Patio norte 3", 25.6888, -100.3163],
  ["SUR-1", "Estacionamiento sur 1", 25.6842, -100.3158],
  ["SUR-2", "Estacionamiento sur 2", 25.6839, -100.3149],
  ["VISITAS", "Visitas", 25.6871, -100.3186],
  ["TALLER", "Taller", 25.6858, -100.3121],
];

/** The time of the pictures: a quarter to five in the afternoon of the site. */
export const PICTURE_TIME = Date.parse("2026-06-24T22:45:00Z");

/** A running site. */
export interface PictureSite extends AsyncDisposable {
  test: TestGateway;
}

interface Step {
  at: number;
  run: () => Promise<unknown>;
}

/** Starts the site, whose clock is set to each step, and runs on from `PICTURE_TIME`. */
export async function startPictureSite(): Promise<PictureSite> {
  const data_dir = await Deno.makeTempDir();
  let now = () => PICTURE_TIME - (DAYS + 1) * 24 * HOUR;
  const test = await startTestGateway({
    config: { data_dir },
    settings: { name: "Torre Norte", time_zone: "America/Monterrey" },
    now: () => now(),
    clock: { mono: () => now() },
  });
  for (const [rfid, label] of PEOPLE) await test.rest("POST", "/ocpp/rfids/", { rfid, label });
  const chargers: PastCharger[] = [];
  for (const [index, [charger_id, name, latitude, longitude]] of CHARGERS.entries()) {
    await test.rest("POST", "/ocpp/chargers/", { charger_id, name, latitude, longitude, password: PASSWORD });
    chargers.push(await PastCharger.connect(test, charger_id, index));
  }
  const steps = chargers.flatMap((charger) => charger.steps());
  for (const { at, run } of steps.sort((a, b) => a.at - b.at)) {
    now = () => at;
    await run();
  }
  await test.rest("POST", "/ocpp/backups/", {});
  const began = performance.now();
  now = () => PICTURE_TIME + performance.now() - began;
  return {
    test,
    async [Symbol.asyncDispose]() {
      await Promise.all(chargers.map(({ client }) => client.close()));
      await test[Symbol.asyncDispose]();
      await Deno.remove(data_dir, { recursive: true });
    },
  };
}

/** A charger with a month of sessions. */
class PastCharger {
  #meter = 1_250_000;
  #transaction_id = 0;

  private constructor(readonly client: RawClient, readonly index: number) {}

  static async connect(test: TestGateway, path: string, index: number): Promise<PastCharger> {
    const client = await RawClient.connect(test.ws_url, { path, username: path, password: PASSWORD });
    await client.call("BootNotification", {
      chargePointVendor: "Voltia",
      chargePointModel: index < 5 ? "AC-22 Duo" : "AC-11",
      firmwareVersion: "2.0.9",
      chargePointSerialNumber: `V22-${path}`,
    });
    return new PastCharger(client, index);
  }

  /** Its sessions of all days, two on most, one that runs for the first chargers, and the workshop's fault. */
  steps(): Step[] {
    const steps = [
      this.#status(-(DAYS + 0.9) * 24, 1, "Available"),
      this.#status(-(DAYS + 0.9) * 24, 2, "Available"),
    ];
    for (let day = DAYS; day >= 1; day--) {
      const seed = (day * 7 + this.index * 13) % 10;
      steps.push(...this.#session(-day * 24 - 9 + seed * 0.2, 1.5 + seed * 0.15, 7_000 + seed * 400));
      if (seed % 3) steps.push(...this.#session(-day * 24 - 1 + seed * 0.2, 2 + seed * 0.1, 10_500));
    }
    steps.push(...this.#session(-9 + this.index * 0.4, 2.2, 7_400 + this.index * 500));
    if (this.index < 5) {
      steps.push(...this.#session(-2.6 + this.index * 0.4, Infinity, 11_000 - this.index * 1_400));
    } else if (this.index === 6) {
      steps.push(this.#status(-1.2, 1, "Faulted", { errorCode: "GroundFailure", info: "RCD tripped" }));
    }
    return steps;
  }

  #status(hours: number, connectorId: number, status: string, more: Record<string, string> = {}): Step {
    const payload = { connectorId, errorCode: "NoError", status, ...more };
    return { at: timeOf(hours), run: () => this.client.call("StatusNotification", payload) };
  }

  /** A session from `hours` on; without an end it runs until now. */
  #session(hours: number, length: number, power: number): Step[] {
    const end = Math.min(0, hours + length);
    const steps = [
      this.#status(hours, 1, "Charging"),
      { at: timeOf(hours), run: () => this.#start(timeOf(hours)) },
    ];
    for (let at = timeOf(hours) + STEP; at < timeOf(end); at += STEP) {
      const part = (at - timeOf(hours)) / (length * HOUR);
      steps.push({ at, run: () => this.#values(at, power * (part > 0.85 ? (1 - part) * 5 + 0.2 : 1)) });
    }
    if (end === 0) return steps;
    return [
      ...steps,
      { at: timeOf(end), run: () => this.#stop(timeOf(end)) },
      this.#status(end, 1, "Available"),
    ];
  }

  async #start(at: number): Promise<void> {
    const [rfid] = PEOPLE[(Math.floor(at / HOUR) + this.index) % PEOPLE.length]!;
    const [, , { transactionId }] = await this.client.call("StartTransaction", {
      connectorId: 1,
      idTag: rfid,
      meterStart: Math.round(this.#meter),
      timestamp: new Date(at).toISOString(),
    }) as unknown as [number, string, { transactionId: number }];
    this.#transaction_id = transactionId;
  }

  async #values(at: number, watts: number): Promise<void> {
    this.#meter += watts * STEP / HOUR;
    const sampledValue = [
      { value: watts.toFixed(0), measurand: "Power.Active.Import", unit: "W" },
      { value: this.#meter.toFixed(0), measurand: "Energy.Active.Import.Register", unit: "Wh" },
    ];
    await this.client.call("MeterValues", {
      connectorId: 1,
      transactionId: this.#transaction_id,
      meterValue: [{ timestamp: new Date(at).toISOString(), sampledValue }],
    });
  }

  async #stop(at: number): Promise<void> {
    await this.client.call("StopTransaction", {
      transactionId: this.#transaction_id,
      meterStop: Math.round(this.#meter),
      timestamp: new Date(at).toISOString(),
      reason: "EVDisconnected",
    });
  }
}

function timeOf(hours: number): number {
  return PICTURE_TIME + hours * HOUR;
}
