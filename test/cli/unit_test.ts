// The systemd units: accepted by systemd, and their sandbox rated by it.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { linksOf, switchTo } from "../../src/cli/system/installation.ts";
import { needs } from "../kit/needs.ts";

const UNITS = new URL("../../systemd/", import.meta.url).pathname;

const ANALYZE = needs(
  "systemd-analyze",
  await new Deno.Command("systemd-analyze", { args: ["--version"] }).output().then(() => true, () => false),
);

/** Runs systemd-analyze on copies of the units whose programs exist. */
async function analyze(...args: string[]): Promise<{ code: number; text: string }> {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ["ocpp-gateway.service", "ocpp-gateway-rollback.service"]) {
      const unit = await Deno.readTextFile(UNITS + name);
      await Deno.writeTextFile(
        `${folder}/${name}`,
        unit.replaceAll(/\/opt\/ocpp-gateway\/\S+/g, "/bin/true"),
      );
    }
    const options = { args, cwd: folder, env: { LC_ALL: "C", SYSTEMD_UNIT_PATH: `${folder}:` } };
    const { code, stdout, stderr } = await new Deno.Command("systemd-analyze", options).output();
    return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("systemd-analyze verify accepts the units", ANALYZE, async () => {
  const result = await analyze("verify", "./ocpp-gateway.service", "./ocpp-gateway-rollback.service");
  assertEquals(result, { code: 0, text: "" });
});

Deno.test("the service's exposure is at most 2.0", ANALYZE, async () => {
  const result = await analyze("security", "--offline=true", "--no-pager", "./ocpp-gateway.service");
  const exposure = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(result.text)?.[1]);
  assert(exposure > 0 && exposure <= 2, result.text.split("\n").at(-2));
});

Deno.test("the service is supervised, limited and restarted", async () => {
  const unit = await Deno.readTextFile(`${UNITS}ocpp-gateway.service`);
  for (
    const line of [
      "Type=notify",
      "WatchdogSec=30",
      "Restart=always",
      "DynamicUser=yes",
      "StateDirectory=ocpp-gateway",
    ]
  ) {
    assert(unit.includes(`\n${line}\n`), line);
  }
  assertMatch(unit, /^MemoryMax=\d+M$/m);
  assertMatch(unit, /^LimitNOFILE=\d+$/m);
  assert(!unit.includes("MemoryDenyWriteExecute=yes"), "V8 writes code");
});

/** An installation with versions 1.0.0 (previous, unless it is the first) and 1.1.0 (current), and stubs of systemctl and sleep. */
async function installation(options: { first?: boolean } = {}) {
  const folder = await Deno.makeTempDir();
  for (const version of ["1.0.0", "1.1.0"]) {
    await Deno.mkdir(`${folder}/${version}`);
    await Deno.writeTextFile(`${folder}/${version}/ocpp-gateway`, "", { mode: 0o755 });
  }
  await Deno.copyFile(`${UNITS}supervise`, `${folder}/supervise`);
  await Deno.chmod(`${folder}/supervise`, 0o755);
  await Deno.mkdir(`${folder}/bin`);
  for (const program of ["systemctl", "sleep"]) {
    await Deno.writeTextFile(`${folder}/bin/${program}`, `#!/bin/sh\necho ${program} "$@"\n`, {
      mode: 0o755,
    });
  }
  await Deno.symlink("1.1.0", `${folder}/current`);
  if (!options.first) await Deno.symlink("1.0.0", `${folder}/previous`);
  return {
    folder,
    supervise: async (moment: string, env: Record<string, string> = {}): Promise<string> => {
      const { success, stdout } = await new Deno.Command(`${folder}/supervise`, {
        args: [moment],
        env: { PATH: `${folder}/bin:/usr/bin:/bin`, ...env },
        clearEnv: true,
      }).output();
      assert(success, moment);
      return new TextDecoder().decode(stdout);
    },
    current: () => Deno.readLink(`${folder}/current`),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

const RESTARTED =
  /\nsystemctl reset-failed ocpp-gateway\.service\nsystemctl start --no-block ocpp-gateway\.service\n$/;

Deno.test("supervise rolls back a version that has never come up, and says so", async () => {
  await using it = await installation();
  const log = await it.supervise("failed");
  assertEquals(await it.current(), "1.0.0");
  assertMatch(log, /^<3>Version 1\.1\.0 has never come up: rolled back to 1\.0\.0\n/);
  assertMatch(log, RESTARTED);
  assertEquals(await Deno.readTextFile(`${it.folder}/rolled-back`), "1.1.0\n");
});

Deno.test("supervise keeps a version that has come up, however often it is killed", async () => {
  await using it = await installation();
  await it.supervise("started");
  for (let round = 0; round < 2; round++) {
    const log = await it.supervise("failed");
    assertEquals(await it.current(), "1.1.0");
    assertMatch(log, /^<3>Version 1\.1\.0 has ended too often; it has been running before, .*\nsleep 30\n/);
    assertMatch(log, RESTARTED);
    await it.supervise("started");
  }
});

Deno.test("supervise: that the version before came up does not count for the new one, nor for a new build of it", async () => {
  await using it = await installation();
  await it.supervise("started");
  const links = await linksOf(it.folder);
  await switchTo("1.1.0", links, it.folder).run(); // `install` of the same version
  assertMatch(await it.supervise("failed"), /never come up: rolled back to 1\.0\.0/);
  await it.supervise("started");
  await relink(`${it.folder}/current`, "1.1.0");
  await relink(`${it.folder}/previous`, "1.0.0");
  assertMatch(await it.supervise("failed"), /1\.1\.0 has never come up: rolled back to 1\.0\.0/);
});

Deno.test("supervise only starts the first version again", async () => {
  await using it = await installation({ first: true });
  const log = await it.supervise("failed");
  assertEquals(await it.current(), "1.1.0");
  assertMatch(log, /^<3>.* never come up, and there is no previous one; .*\nsleep 30\n/);
  assertMatch(log, RESTARTED);
});

Deno.test("supervise says why the gateway has ended, and nothing when it was stopped", async () => {
  await using it = await installation();
  const said = (SERVICE_RESULT: string, EXIT_STATUS = "") =>
    it.supervise("stopped", { SERVICE_RESULT, EXIT_STATUS });
  assertEquals(await said("success", "0"), "");
  for (
    const [result, status, text] of [
      ["oom-kill", "KILL", /for lack of memory \(MemoryMax: .*raise MemoryMax/],
      ["watchdog", "ABRT", /it had not answered for 30 s/],
      ["timeout", "TERM", /did not get ready, or did not stop, in time/],
      ["exit-code", "1", /failed with exit code 1; its last lines say why/],
      ["signal", "KILL", /signal KILL killed it/],
    ] as const
  ) {
    const line = await said(result, status);
    assertMatch(line, /^<4>Version 1\.1\.0 has ended: [^\n]+\. systemd starts it again\n$/);
    assertMatch(line, text);
  }
});

Deno.test("the limit on starts also ends a version that hangs, and the kernel's brakes begin near the limit of memory", async () => {
  const unit = await Deno.readTextFile(`${UNITS}ocpp-gateway.service`);
  const number = (name: string) => Number(new RegExp(`^${name}=(\\d+)M?$`, "m").exec(unit)?.[1]);
  const hanging = number("TimeoutStartSec") + number("TimeoutStopSec") + number("RestartSec");
  assert(number("StartLimitBurst") * hanging < number("StartLimitIntervalSec"));
  assert(number("MemoryHigh") < number("MemoryMax") && number("MemoryHigh") >= number("MemoryMax") * 0.9);
  assertEquals(number("MemorySwapMax"), 0);
  assertMatch(unit, /^ExecStartPost=-\+\/opt\/ocpp-gateway\/supervise started$/m);
  assertMatch(unit, /^ExecStopPost=-\+\/opt\/ocpp-gateway\/supervise stopped$/m);
});

async function relink(path: string, target: string): Promise<void> {
  await Deno.remove(path).catch(() => {});
  await Deno.symlink(target, path);
}
