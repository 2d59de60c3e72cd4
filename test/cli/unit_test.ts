// The systemd units: accepted by systemd, and their sandbox rated by it.
import { assert, assertEquals, assertMatch } from "@std/assert";
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

/** Runs the rollback script in a fake installation with a stub of systemctl. */
async function rollback(
  options: { previous: boolean; old: boolean },
): Promise<{ current: string; log: string }> {
  const folder = await Deno.makeTempDir();
  for (const version of ["1.0.0", "1.1.0"]) {
    await Deno.mkdir(`${folder}/${version}`);
    await Deno.writeTextFile(`${folder}/${version}/ocpp-gateway`, "", { mode: 0o755 });
  }
  await Deno.copyFile(`${UNITS}rollback`, `${folder}/rollback`);
  await Deno.chmod(`${folder}/rollback`, 0o755);
  await Deno.mkdir(`${folder}/bin`);
  for (const program of ["systemctl", "sleep"]) {
    await Deno.writeTextFile(`${folder}/bin/${program}`, `#!/bin/sh\necho ${program} "$@"\n`, {
      mode: 0o755,
    });
  }
  await Deno.symlink("1.1.0", `${folder}/current`);
  if (options.previous) await Deno.symlink("1.0.0", `${folder}/previous`);
  if (options.old) {
    await new Deno.Command("touch", { args: ["-h", "-d", "2 hours ago", `${folder}/current`] }).output();
  }
  const env = { PATH: `${folder}/bin:/usr/bin:/bin` };
  const { stdout } = await new Deno.Command(`${folder}/rollback`, { env }).output();
  const current = await Deno.readLink(`${folder}/current`);
  await Deno.remove(folder, { recursive: true });
  return { current, log: new TextDecoder().decode(stdout) };
}

Deno.test("rollback restores the previous version if the current one was installed within the hour", async () => {
  const { current, log } = await rollback({ previous: true, old: false });
  assertEquals(current, "1.0.0");
  assertMatch(log, /Version 1\.1\.0 does not start: rolled back to 1\.0\.0/);
  assertMatch(
    log,
    /systemctl reset-failed ocpp-gateway\.service\nsystemctl start --no-block ocpp-gateway\.service/,
  );
});

Deno.test("rollback only restarts the service if the version is old or the first", async () => {
  for (const options of [{ previous: true, old: true }, { previous: false, old: false }]) {
    const { current, log } = await rollback(options);
    assertEquals(current, "1.1.0");
    assertMatch(log, /trying again in 30 s\nsleep 30\nsystemctl reset-failed/);
  }
});
