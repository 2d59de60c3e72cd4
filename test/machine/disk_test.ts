// The watch over the card: what is told when writing fails, and how often.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Events } from "../../src/site/events.ts";
import { Alarms } from "../../src/machine/alarms.ts";
import { Disk } from "../../src/machine/disk.ts";
import { createLog } from "../../src/log.ts";
import { Commits } from "../../src/store/kv/commits.ts";

/** A disk whose writes fail when told to, and whose time the test winds. */
async function shakyDisk() {
  const directory = await Deno.makeTempDir();
  const kv = await Deno.openKv(":memory:");
  let failing = false;
  const fail = (): Promise<Deno.KvCommitResult> => Promise.reject(new TypeError("disk I/O error"));
  const commits = new Commits(
    { atomic: () => failing ? Object.assign(kv.atomic(), { commit: fail }) : kv.atomic() },
    { window_ms: 0 },
  );
  const lines: string[] = [];
  const log = createLog({ level: "info", write: (line) => lines.push(line) });
  const alarms = new Alarms(new Events(() => {}), log, () => 0);
  const put = () => commits.put([{ key: ["x"], value: new Uint8Array() }]);
  let mono = 0;
  const disk = new Disk({
    directory,
    commits,
    alarms,
    relieve: () => Promise.resolve(),
    probe: put,
    limits: { low: 0, ballast: 1, roomy: Infinity },
    mono: () => mono,
  });
  return {
    alarms,
    lines,
    /** Five seconds go by, in which writing fails or works. */
    async pass(fails: boolean, ms = 5000): Promise<void> {
      mono += ms;
      failing = fails;
      await put().catch(() => {});
      failing = false;
      await disk.check();
    },
    /** The same, and it still fails when it is tried again. */
    async stuck(): Promise<void> {
      mono += 5000;
      failing = true;
      await put().catch(() => {});
      await disk.check();
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await commits.close();
      kv.close();
      await Deno.remove(directory, { recursive: true });
    },
  };
}

Deno.test("Disk tells once of a card that fails, and once that it is well", async () => {
  await using disk = await shakyDisk();
  for (let count = 0; count < 50; count++) await disk.stuck();
  assertMatch(disk.alarms.all()[0]!.text, /cannot be written \(TypeError: disk I\/O error\)/);
  await disk.pass(false);
  assertEquals(disk.alarms.all(), []);
  assertEquals(disk.lines.length, 2, disk.lines.join(""));
});

Deno.test("Disk tells once of a card that fails now and then, until it has been well for ten minutes", async () => {
  await using disk = await shakyDisk();
  for (let count = 0; count < 200; count++) {
    if (count % 2) await disk.pass(false);
    else await disk.stuck();
  }
  assert(disk.lines.length <= 3, disk.lines.join(""));
  await disk.pass(false);
  assertMatch(disk.alarms.all()[0]!.text, /fails at times/);
  await disk.pass(false, 600_001);
  assertEquals(disk.alarms.all(), []);
});
