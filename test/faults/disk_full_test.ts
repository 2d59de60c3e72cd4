// A full disk: nothing unstored is acknowledged, an alarm is raised, and the gateway continues once there is room.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { type GatewayProcess, spawnGateway, tempDir } from "./gateway_process.ts";
import { eventually } from "../kit/eventually.ts";
import { needs } from "../kit/needs.ts";

const WITHIN = 120_000; // ms

const SIZE = 400_000_000; // above what the ballast wants to see free

/** Mounts a small disk in memory; null: not permitted. */
async function smallDisk(): Promise<AsyncDisposable & { path: string } | null> {
  const folder = await tempDir();
  const mount = new Deno.Command("mount", {
    args: ["-t", "tmpfs", "-o", `size=${SIZE}`, "tmpfs", folder.path],
    stderr: "null",
  });
  if (!await mount.output().then(({ success }) => success, () => false)) {
    await folder[Symbol.asyncDispose]();
    return null;
  }
  return {
    path: folder.path,
    [Symbol.asyncDispose]: async () => {
      await new Deno.Command("umount", { args: ["-l", folder.path] }).output();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Fills a disk. */
async function fill(path: string): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true });
  const block = new Uint8Array(1_000_000);
  for (let size = block.length; size >= 1; size = size >> 1) {
    try {
      while (true) await file.write(block.subarray(0, size));
    } catch { /* full */ }
  }
}

// deno-lint-ignore no-explicit-any
async function start(client: RawClient, meterStart: number): Promise<any> {
  const timestamp = new Date().toISOString();
  return await client.call("StartTransaction", { connectorId: 1, idTag: "T", meterStart, timestamp });
}

// deno-lint-ignore no-explicit-any
async function health(gateway: GatewayProcess): Promise<any> {
  return (await gateway.rest("GET", "/healthz")).body;
}

const CAN_MOUNT = await smallDisk().then(async (disk) => {
  await disk?.[Symbol.asyncDispose]();
  return disk !== null;
});

Deno.test(
  "a full disk is told of, nothing false is acknowledged, and room makes it work again",
  needs("the right to mount a tmpfs", CAN_MOUNT),
  async () => {
    await using disk = (await smallDisk())!;
    await using gateway = await spawnGateway({ data_dir: disk.path });
    await using client = await RawClient.connect(gateway.ws_url, { path: "CP1" });
    await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
    assertEquals((await gateway.rest("GET", "/ocpp/system/")).status, 200); // the admin's account is stored
    const ballast = () => Deno.stat(`${disk.path}/ballast`).catch(() => null);
    await eventually(async () => (await ballast())?.size === 16_777_216);
    await fill(`${disk.path}/film.mkv`);

    let meter = 0;
    const acknowledged: number[] = [];
    let refusal: unknown = null;
    while (refusal === null) {
      const frame = await start(client, ++meter);
      if (frame[0] === 3) acknowledged.push(frame[2].transactionId);
      else refusal = frame[2];
    }
    assertEquals(refusal, "InternalError");

    await eventually(async () => (await health(gateway)).alarms?.length > 0, "an alarm", WITHIN);
    assertMatch((await health(gateway)).alarms[0], /The disk is (almost )?full/);
    await eventually(
      () => Deno.stat(`${disk.path}/ballast`).then(() => false, () => true),
      "the ballast is deleted",
      WITHIN,
    );
    const on_ballast = await start(client, ++meter);
    assertEquals(on_ballast[0], 3, "the ballast's room is used");
    acknowledged.push(on_ballast[2].transactionId);

    await Deno.remove(`${disk.path}/film.mkv`);
    await eventually(
      async () => (await health(gateway)).status === "ok" && !(await health(gateway)).alarms,
      "the alarm ends",
      WITHIN,
    );
    const after = await start(client, ++meter);
    acknowledged.push(after[2].transactionId);
    for (const id of acknowledged) {
      assertEquals((await gateway.rest("GET", `/ocpp/transactions/${id}/`)).status, 200);
    }
    await eventually(
      () => Deno.stat(`${disk.path}/ballast`).then(() => true, () => false),
      "the ballast is back",
      WITHIN,
    );
    assert((await gateway.stop()).code === 0);
  },
);
