import { assert, assertEquals } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { limitAt } from "../../src/site/smart_charging/composite_schedule.ts";
import type { TimedProfile } from "../../src/site/smart_charging/profile_limit.ts";
import { eventually } from "../kit/eventually.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { assertValid } from "../kit/schemas.ts";

type Json = Record<string, unknown>;
/** `refuses`: it takes no profile. `mute`: it answers nothing about profiles. */
type Manner = "obeys" | "refuses" | "mute";

const LIMIT_A = 63;
const RATING_A = 32;

/** The clocks of a gateway; both go on when a test lets time pass. */
class Time {
  #ahead = 0;
  wall = () => Date.now() + this.#ahead;
  mono = () => performance.now() + this.#ahead;

  pass(seconds: number): void {
    this.#ahead += seconds * 1000;
  }
}

/** A charger that keeps what it has accepted, and by that alone says what its car can draw. */
class Charger implements AsyncDisposable {
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

const MANNERS: Manner[] = ["obeys", "obeys", "obeys", "obeys", "refuses", "mute"];

async function startSite(time: Time, data_dir?: string): Promise<TestGateway> {
  const config = data_dir ? { config: { data_dir, kv: `${data_dir}/gateway.db` } } : {};
  return await startTestGateway({
    ...config,
    now: time.wall,
    clock: { mono: time.mono },
    settings: { load_limit_validity: 60, load_min_dwell: 0, call_timeout: 1 },
  });
}

/** Puts the chargers on a circuit of 63 A; those that cannot be limited have 10 A. */
async function place({ rest }: TestGateway, chargers: Charger[]): Promise<void> {
  assertEquals((await rest("POST", "/ocpp/circuits/", { name: "site", max_current_a: LIMIT_A })).status, 201);
  for (const { id, max_a } of chargers) {
    const body = {
      charger_id: id,
      circuit: "site",
      max_current_a: max_a,
      failsafe_current_a: 0,
      phase_rotation: "RST",
    };
    const { status, body: answer } = await rest("POST", "/ocpp/chargers/", body);
    assertEquals(status, 201, JSON.stringify(answer));
  }
}

function makeChargers(time: Time): Charger[] {
  return MANNERS.map((manner, index) =>
    new Charger(`CP${index}`, manner, time, manner === "obeys" ? RATING_A : 10)
  );
}

function sumOf(chargers: Charger[]): number {
  return chargers.reduce((sum, charger) => sum + charger.most(), 0);
}

/** Waits until the chargers may draw `amperes` together, and looks that they never may draw more than there is. */
async function reaches(chargers: Charger[], amperes: number): Promise<void> {
  await eventually(() => {
    assert(sumOf(chargers) <= LIMIT_A, `${sumOf(chargers)} A`);
    return sumOf(chargers) >= amperes;
  }, `${amperes} A`);
}

async function live(gateway: TestGateway) {
  return (await gateway.rest("GET", "/ocpp/load/")).body as unknown as {
    circuits: { mode: string; allocated_a: number[] }[];
    connectors: { charger_id: string; state: string; budgeted_a: number; safe_alone: boolean }[];
  };
}

Deno.test("load management gives six chargers what there is, and never more, though one refuses and one never answers", async () => {
  const time = new Time();
  await using gateway = await startSite(time);
  await using stack = new AsyncDisposableStack();
  const chargers = makeChargers(time);
  await place(gateway, chargers);
  for (const charger of chargers) await stack.use(charger).connect(gateway.ws_url);
  const safe = (count: number) => async () =>
    (await live(gateway)).connectors.filter(({ safe_alone }) => safe_alone).length === count;
  await eventually(safe(4), "fail-safe limits");
  for (const charger of chargers) await charger.start();
  await reaches(chargers, 40); // the first has what it can take, or there are shares already
  for (let round = 0; round < 4; round++) {
    time.pass(11); // cars have followed
    await eventually(() => sumOf(chargers) > 0 && sumOf(chargers) <= LIMIT_A);
    const { circuits, connectors } = await live(gateway);
    assert(connectors.reduce((sum, { budgeted_a }) => sum + budgeted_a, 0) <= LIMIT_A + 0.1);
    assertEquals(circuits[0]!.mode, "normal");
  }
  await reaches(chargers, 60);
  for (const { most, manner } of chargers.map((each) => ({ most: each.most(), manner: each.manner }))) {
    assertEquals(manner === "obeys" ? most > 9 && most < 12 : most === 10, true, `${manner} ${most}`);
  }
  const { connectors } = await live(gateway);
  assertEquals(connectors.find(({ charger_id }) => charger_id === "CP4")!.state, "uncontrolled");
  assertEquals(connectors.find(({ charger_id }) => charger_id === "CP5")!.state, "failsafe");
  const { decisions } = (await gateway.rest("GET", "/ocpp/load/log/")).body as unknown as {
    decisions: Json[];
  };
  assert(decisions.some(({ answer, reason }) => answer === "Accepted" && reason === "shares"));
  const alarms = gateway.gateway.services.maintenance.alarms.all();
  assert(alarms.some(({ kind, text }) => kind === "load_unsafe" && text.includes("CP4")));
});

Deno.test("load management counts the limits of its last run until they have run out", async () => {
  const time = new Time();
  const data_dir = await Deno.makeTempDir();
  const chargers = makeChargers(time).slice(0, 3);
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(data_dir, { recursive: true }).catch(() => {}));
  {
    await using gateway = await startSite(time, data_dir);
    await place(gateway, chargers);
    for (const charger of chargers) await charger.connect(gateway.ws_url);
    await eventually(async () => (await live(gateway)).connectors.every(({ safe_alone }) => safe_alone));
    await chargers[0]!.start();
    await reaches(chargers, 31);
    await chargers[1]!.start();
    await eventually(() => chargers[0]!.most() < RATING_A);
    time.pass(11);
    await reaches(chargers, 60);
    await chargers[2]!.start();
  }
  for (const charger of chargers) await charger[Symbol.asyncDispose]();
  await using gateway = await startSite(time, data_dir);
  const { connectors } = await live(gateway);
  assert(connectors.reduce((sum, { budgeted_a }) => sum + budgeted_a, 0) >= 60, "the old limits count");
  for (const charger of chargers) await stack.use(charger).connect(gateway.ws_url);
  for (let round = 0; round < 4; round++) {
    await eventually(async () => (await live(gateway)).circuits[0]!.mode === "normal");
    assert(sumOf(chargers) <= LIMIT_A, `${sumOf(chargers)} A`);
    time.pass(20);
  }
  await reaches(chargers, 60);
  assert(chargers[2]!.most() > 15, "shares again");
});
