// Chargers by raw frames that obey, refuse or ignore limits, and a gateway with load management whose time a test lets pass.
import { assertEquals } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { limitAt } from "../../src/site/smart_charging/composite_schedule.ts";
import type { TimedProfile } from "../../src/site/smart_charging/profile_limit.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { assertValid } from "../kit/schemas.ts";

type Json = Record<string, unknown>;
/** `refuses`: it takes no profile. `mute`: it answers nothing about profiles. */
export type Manner = "obeys" | "refuses" | "mute";

/** The current of most chargers, A. */
export const RATING_A = 32;

/** The clocks of a gateway; both go on when a test lets time pass. */
export class Time {
  #ahead = 0;
  #leapt = 0;
  wall = () => Date.now() + this.#ahead + this.#leapt;
  mono = () => performance.now() + this.#ahead;

  pass(seconds: number): void {
    this.#ahead += seconds * 1000;
  }

  /** Moves the wall clock alone. */
  leap(seconds: number): void {
    this.#leapt += seconds * 1000;
  }
}

/** A charger that keeps what it has accepted, and by that alone says what its car can draw. */
export class Charger implements AsyncDisposable {
  profiles: TimedProfile[] = [];
  session: { id: number; at: number } | null = null;
  status = "Available";
  readonly #answers = new Map<string, (payload: Json) => void>();
  #wire!: RawClient;
  #calls = 0;

  constructor(readonly id: string, readonly manner: Manner, readonly time: Time, readonly max_a = RATING_A) {}

  async connect(url: string): Promise<void> {
    this.#wire = await RawClient.connect(url, { path: this.id, next_timeout_ms: 60_000 });
    void this.#listen(this.#wire);
    await this.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
    await this.#tell();
  }

  async start(): Promise<void> {
    const now = new Date(this.time.wall()).toISOString();
    const { transactionId } = await this.call("StartTransaction", {
      connectorId: 1,
      idTag: "TAG",
      meterStart: 0,
      timestamp: now,
    });
    this.session = { id: transactionId as number, at: this.time.wall() };
    this.status = "Charging";
    await this.#tell();
  }

  /** The most that its car can draw now, A a phase. */
  most(): number {
    if (this.status === "Unavailable") return 0;
    const begun = this.session ? { at: this.session.at, transaction_id: this.session.id } : null;
    const wiring = { voltage: 230, phases: 3, amps: this.max_a };
    return limitAt(this.profiles, this.time.wall(), { connector_id: 1, wiring, begun }).amps;
  }

  call(action: string, payload: Json): Promise<Json> {
    const id = `${this.id}-${++this.#calls}`;
    this.#wire.send([2, id, action, payload]);
    return new Promise((resolve) => this.#answers.set(id, resolve));
  }

  async #tell(): Promise<void> {
    const timestamp = new Date(this.time.wall()).toISOString();
    await this.call("StatusNotification", {
      connectorId: 1,
      errorCode: "NoError",
      status: this.status,
      timestamp,
    });
  }

  async #listen(wire: RawClient): Promise<void> {
    for (;;) {
      // deno-lint-ignore no-explicit-any
      const frame = await wire.next().catch(() => null) as any[] | null;
      if (frame === null) return;
      if (frame[0] === 3) this.#answers.get(frame[1])?.(frame[2]);
      else if (frame[0] === 2) {
        assertValid(`${frame[2]}.req`, frame[3]);
        const answer = this.#answer(frame[2], frame[3]);
        if (answer) wire.send([3, frame[1], answer]);
      }
    }
  }

  #answer(action: string, payload: Json): Json | null {
    if (action === "GetConfiguration") return { unknownKey: payload.key ?? [] };
    if (action === "ChangeAvailability") {
      this.status = payload.type === "Inoperative" ? "Unavailable" : "Available";
      void this.#tell();
      return { status: "Accepted" };
    }
    if (this.manner === "mute") return null;
    if (action === "GetCompositeSchedule") {
      return this.manner === "obeys" ? this.#composite() : { status: "Rejected" };
    }
    if (action !== "SetChargingProfile") return { status: "Rejected" };
    return { status: this.manner === "obeys" && this.#take(payload) ? "Accepted" : "Rejected" };
  }

  #take({ connectorId, csChargingProfiles }: Json): boolean {
    const profile = csChargingProfiles as TimedProfile["profile"];
    if (profile.chargingProfilePurpose === "TxProfile" && profile.transactionId !== this.session?.id) {
      return false;
    }
    const others = this.profiles.filter((other) =>
      other.profile.chargingProfileId !== profile.chargingProfileId
    );
    const installed = { connector_id: Number(connectorId), installed_at: this.time.wall(), profile };
    this.profiles = [...others, installed];
    return true;
  }

  #composite(): Json {
    const chargingSchedulePeriod = [{ startPeriod: 0, limit: this.most() }];
    return {
      status: "Accepted",
      connectorId: 1,
      scheduleStart: new Date(this.time.wall()).toISOString(),
      chargingSchedule: { duration: 60, chargingRateUnit: "A", chargingSchedulePeriod },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#wire[Symbol.asyncDispose]();
  }
}

/** Starts a gateway by a test's time. `confirmed`: a time server has confirmed its clock. */
export async function startSite(
  time: Time,
  data_dir?: string,
  { confirmed = false } = {},
): Promise<TestGateway> {
  const config = data_dir ? { config: { data_dir, kv: `${data_dir}/gateway.db` } } : {};
  return await startTestGateway({
    ...config,
    now: time.wall,
    clock: { mono: time.mono, ...confirmed ? { confirmations: () => [time.wall()] } : {} },
    settings: { load_limit_validity: 60, load_min_dwell: 0, call_timeout: 1 },
  });
}

/** Puts chargers on a circuit `site`; those without their own fail-safe limit have 0. */
export async function place(
  { rest }: TestGateway,
  chargers: readonly Charger[],
  circuit: Json,
  more: Json = {},
): Promise<void> {
  assertEquals((await rest("POST", "/ocpp/circuits/", { name: "site", ...circuit })).status, 201);
  for (const { id, max_a } of chargers) {
    const body = {
      charger_id: id,
      circuit: "site",
      max_current_a: max_a,
      failsafe_current_a: 0,
      phase_rotation: "RST",
      ...more,
    };
    const { status, body: answer } = await rest("POST", "/ocpp/chargers/", body);
    assertEquals(status, 201, JSON.stringify(answer));
  }
}

/** Returns what holds now. */
export async function live(gateway: TestGateway) {
  return (await gateway.rest("GET", "/ocpp/load/")).body as unknown as {
    circuits: { mode: string; allocated_a: number[] }[];
    connectors: { charger_id: string; state: string; budgeted_a: number; safe_alone: boolean }[];
  };
}
