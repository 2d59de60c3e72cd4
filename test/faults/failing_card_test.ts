// A disk that fails or becomes read-only under a running gateway: nothing unstored is acknowledged, one alarm is raised, the
// admin keeps working, and the gateway continues once the disk does.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { PASSWORD } from "../kit/gateway.ts";
import { type Failing, failingCard, HAS_CC } from "./failing_card.ts";
import { type GatewayProcess, runCommand, spawnGateway, tempDir } from "./gateway_process.ts";
import { eventually } from "../kit/eventually.ts";
import { needs } from "../kit/needs.ts";

const WITHIN = 120_000; // ms

/** A charger that keeps its frames until they are acknowledged, as OCPP requires. */
class Charger implements AsyncDisposable {
  transaction_id = 0;
  readonly acknowledged: number[] = [];
  #meter = 0;

  private constructor(readonly client: RawClient) {}

  static async connect(gateway: GatewayProcess, charger_id: string): Promise<Charger> {
    return new Charger(
      await RawClient.connect(gateway.ws_url, { path: charger_id, next_timeout_ms: 30_000 }),
    );
  }

  /** Boots and starts a session. */
  async begin(): Promise<void> {
    assertEquals((await this.call(frames.boot)).at(0), 3);
    this.transaction_id = (await this.call(frames.start(++this.#meter)))[2].transactionId;
  }

  /** Returns a unique reading. */
  reading(): Frame {
    return frames.values(this.transaction_id, ++this.#meter);
  }

  stop(): Frame {
    return frames.stop(this.transaction_id, ++this.#meter);
  }

  /** Sends a frame and records its acknowledgement. */
  // deno-lint-ignore no-explicit-any
  async call([action, payload]: Frame): Promise<any> {
    const answer = await this.client.call(action, payload);
    if (answer[0] === 3 && action === "MeterValues") this.acknowledged.push(this.#valueOf(payload));
    return answer;
  }

  #valueOf(payload: unknown): number {
    return Number((payload as ReturnType<typeof frames.values>[1]).meterValue[0]!.sampledValue[0]!.value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client[Symbol.asyncDispose]();
  }
}

type Frame = readonly [action: string, payload: unknown];

const frames = {
  boot: ["BootNotification", { chargePointVendor: "V", chargePointModel: "M" }],
  status: (status: string) =>
    ["StatusNotification", { connectorId: 1, errorCode: "NoError", status }] as const,
  start: (meterStart: number) =>
    ["StartTransaction", { connectorId: 1, idTag: "T", meterStart, timestamp: now() }] as const,
  values: (transactionId: number, value: number) =>
    [
      "MeterValues",
      {
        connectorId: 1,
        transactionId,
        meterValue: [{ timestamp: now(), sampledValue: [{ value: String(value) }] }],
      },
    ] as const,
  stop: (transactionId: number, meterStop: number) =>
    ["StopTransaction", { transactionId, meterStop, timestamp: now() }] as const,
} as const;

function now(): string {
  return new Date().toISOString();
}

// deno-lint-ignore no-explicit-any
async function health(gateway: GatewayProcess): Promise<any> {
  return (await gateway.rest("GET", "/healthz")).body;
}

/** One frame of each kind that is stored before it is acknowledged. */
function lostFrames(charger: Charger): Frame[] {
  return [
    frames.boot,
    frames.status("Charging"),
    frames.status("Charging"), // again: that nothing has changed must not be said of what is not stored
    charger.reading(),
    charger.stop(),
  ];
}

/** Returns the readings that were acknowledged and are missing. */
async function missing(gateway: GatewayProcess, charger_id: string, values: number[]): Promise<number[]> {
  const { body } = await gateway.rest("GET", `/ocpp/chargers/${charger_id}/readings/?limit=1000`);
  // deno-lint-ignore no-explicit-any
  const kept = new Set(body.readings.map(({ value }: any) => value));
  return values.filter((value) => !kept.has(value));
}

const CASES: [what: Failing, error: "EIO" | "ENOSPC" | "EROFS", told: RegExp][] = [
  ["write", "EIO", /The database cannot be written \(.*disk I\/O error/],
  ["sync", "EIO", /The database cannot be written \(.*disk I\/O error/],
  ["write", "ENOSPC", /The disk is full; nothing can be stored/],
  ["all", "EROFS", /The database cannot be written \(/],
];

for (const [what, error, told] of CASES) {
  Deno.test(
    `a card that answers ${
      what === "all" ? "everything" : what
    } with ${error}: nothing false is acknowledged, all goes on when it is mended`,
    needs("a C compiler", HAS_CC),
    async () => {
      await using card = await failingCard();
      await using gateway = await spawnGateway({ data_dir: card.data_dir, env: card.env });
      await using charger = await Charger.connect(gateway, "CP1");
      await charger.begin();
      await charger.call(frames.status("Preparing"));
      for (let count = 0; count < 20; count++) await charger.call(charger.reading());
      assertEquals((await gateway.rest("GET", "/ocpp/system/")).status, 200); // the admin's account is stored
      await card.fail(what, error);

      const lost = lostFrames(charger);
      for (const frame of lost) {
        assertEquals([frame[0], (await charger.call(frame))[2]], [frame[0], "InternalError"]);
      }
      assertEquals((await charger.call(["Heartbeat", {}]))[0], 3);
      for (let count = 0; count < 200; count++) assertEquals((await charger.call(charger.reading()))[0], 4);
      await eventually(
        async () => (await health(gateway)).alarms?.some((text: string) => told.test(text)),
        "an alarm",
        WITHIN,
      );
      const { status, problem } = await health(gateway);
      assertEquals(status, "failing");
      assertMatch(problem, told);
      const system = (await gateway.rest("GET", "/ocpp/system/")).body;
      // deno-lint-ignore no-explicit-any
      assert(system.alarms.some((alarm: any) => alarm.failing && told.test(alarm.text)));
      assertEquals((await gateway.rest("GET", "/ocpp/chargers/CP1/")).status, 200);
      assertEquals((await gateway.rest("PATCH", "/ocpp/settings/", { name: "Depot" })).status, 503);
      assertEquals((await gateway.rest("POST", "/ocpp/backups/")).status, 503);
      assertEquals((await gateway.rest("POST", "/login", { password: PASSWORD })).status, 200);

      await card.mend();
      await eventually(
        async () => (await charger.call(charger.reading()))[0] === 3,
        "a reading is stored",
        WITHIN,
      );
      await eventually(async () => (await health(gateway)).status === "ok", "the alarm ends", WITHIN);
      for (const frame of lost) assertEquals([frame[0], (await charger.call(frame))[0]], [frame[0], 3]);
      assertEquals(await missing(gateway, "CP1", charger.acknowledged), []);
      const { transaction_id } = charger;
      const session = (await gateway.rest("GET", `/ocpp/transactions/${transaction_id}/`)).body;
      const { meterStop } = lost.at(-1)![1] as { meterStop: number };
      assertEquals([session.state, session.meter_stop], ["completed", meterStop]);
      const { code, stderr } = await gateway.stop();
      assertEquals(code, 0);
      assert(stderr.split("\n").length < 12, stderr);
      assertEquals(stderr.match(/ error The d.*alarm=disk/g)?.length, 1, stderr);
    },
  );
}

/** Mounts an ext4 that becomes read-only at an error; null: not permitted. */
async function ext4Card() {
  const folder = await tempDir();
  const image = `${folder.path}/card.img`;
  const path = `${folder.path}/card`;
  await Deno.mkdir(path);
  const run = async (command: string, ...args: string[]) => {
    const child = new Deno.Command(command, { args, stdout: "null", stderr: "null" });
    return await child.output().then(({ success }) => success, () => false);
  };
  const mount = () => run("mount", "-o", "loop,errors=remount-ro", image, path);
  const umount = () => run("umount", path);
  const device = async () => {
    const mounts = await Deno.readTextFile("/proc/mounts");
    return mounts.split("\n").find((line) => line.includes(` ${path} `))?.match(/^\/dev\/(\w+)/)?.[1];
  };
  await run("truncate", "-s", "400M", image);
  const trigger = await run("mkfs.ext4", "-q", "-F", image) && await mount()
    ? `/sys/fs/ext4/${await device()}/trigger_fs_error`
    : null;
  const card = {
    path,
    /** Makes it read-only, as the kernel does at an error. */
    fail: () => Deno.writeTextFile(trigger!, "1"),
    /** Checks and mounts the file system again, as a boot does. */
    reboot: async () => await umount() && await run("e2fsck", "-p", image).then(() => true) && await mount(),
    [Symbol.asyncDispose]: async () => {
      await umount();
      await folder[Symbol.asyncDispose]();
    },
  };
  if (trigger && await Deno.stat(trigger).catch(() => null)) return card;
  await card[Symbol.asyncDispose]();
  return null;
}

const CAN_MOUNT = await ext4Card().then(async (card) => {
  await card?.[Symbol.asyncDispose]();
  return card !== null;
});

Deno.test(
  "a file system that the kernel makes read-only: told, nothing false acknowledged, and whole after a reboot",
  needs("the right to mount an ext4", CAN_MOUNT),
  async () => {
    await using card = (await ext4Card())!;
    const data_dir = `${card.path}/data`;
    const acknowledged: number[] = [];
    {
      await using gateway = await spawnGateway({ data_dir });
      await using charger = await Charger.connect(gateway, "CP1");
      await charger.begin();
      for (let count = 0; count < 20; count++) await charger.call(charger.reading());
      assertEquals((await gateway.rest("GET", "/ocpp/system/")).status, 200); // the admin's account is stored
      await card.fail();
      for (let count = 0; count < 20; count++) {
        assertEquals((await charger.call(charger.reading()))[2], "InternalError");
      }
      await eventually(
        async () => (await health(gateway)).alarms?.length > 0,
        "an alarm",
        WITHIN,
      );
      assertMatch((await health(gateway)).problem, /The database cannot be written/);
      assertEquals((await gateway.rest("GET", "/ocpp/chargers/CP1/")).status, 200);
      acknowledged.push(...charger.acknowledged);
      assertEquals((await gateway.stop()).code, 0);
    }
    const refused = await runCommand(["serve", "--port", "0", "--data-dir", data_dir]);
    assertEquals([refused.code, refused.stderr.trim().split("\n").length], [1, 1], refused.stderr);
    assertMatch(refused.stderr, /Cannot start: .*[Rr]ead-only/);
    assert(await card.reboot());
    await using gateway = await spawnGateway({ data_dir });
    assertEquals(await missing(gateway, "CP1", acknowledged), []);
    await using charger = await Charger.connect(gateway, "CP1");
    await charger.begin();
  },
);
