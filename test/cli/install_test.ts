// install, uninstall, update, cert and doctor: the steps they print, and the requirements on the machine.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { withSettings } from "../../src/cli/install.ts";
import {
  copyProgram,
  deleteOldVersions,
  linksOf,
  switchBack,
  switchTo,
} from "../../src/cli/system/installation.ts";
import { architecture, libc, pageSize } from "../../src/cli/system/machine.ts";
import { addressLines } from "../../src/cli/addresses.ts";
import { runSteps } from "../../src/cli/system/steps.ts";
import { parseSettings, readConfig } from "../../src/config.ts";
import { diskCheck } from "../../src/cli/doctor.ts";
import { runCommand, tempDir } from "../faults/gateway_process.ts";
import { makeCa } from "../kit/certificates.ts";

Deno.test("install --dry-run prints each change and makes none", async () => {
  const { code, stdout, stderr } = await runCommand(["install", "--dry-run", "--port", "80"]);
  assertEquals([code, stderr], [0, ""]);
  for (
    const line of [
      /^would copy \S+ to \/opt\/ocpp-gateway\/[\d.]+$/m,
      /^would make [\d.]+ the current version$/m,
      /^would write \/etc\/systemd\/system\/ocpp-gateway\.service$/m,
      /^would write \/etc\/ocpp-gateway\/ocpp-gateway\.conf OCPP_PORT=80$/m,
      /^would enable ocpp-gateway\.service/m,
    ]
  ) assertMatch(stdout, line);
  assert(!await Deno.stat("/opt/ocpp-gateway").catch(() => null));
});

Deno.test("a new installation serves the plain port with the bounded listener; from source it is Deno's", async () => {
  const file = await Deno.readTextFile(new URL("../../systemd/ocpp-gateway.conf", import.meta.url));
  const installed = parseSettings(file);
  assertEquals(readConfig([], (name) => installed.get(name)).listener, "bounded");
  assertEquals(readConfig([], () => undefined).listener, "deno");
  const { code, stderr } = await runCommand(["serve", "--listener", "fast"]);
  assertEquals([code, stderr], [2, "--listener must be one of deno, bounded, not 'fast'\n"]);
});

Deno.test("uninstall --dry-run keeps the data, with --purge it does not", async () => {
  const kept = await runCommand(["uninstall", "--dry-run"]);
  assert(!kept.stdout.includes("/var/lib"));
  const purged = await runCommand(["uninstall", "--dry-run", "--purge"]);
  assertMatch(purged.stdout, /would delete \/var\/lib\/ocpp-gateway/);
});

Deno.test("update refuses what is not a program for this machine", async () => {
  await using folder = await tempDir();
  await Deno.writeTextFile(`${folder.path}/song.mp3`, "la la la la la la la la");
  const { code, stderr } = await runCommand(["update", "--dry-run", `${folder.path}/song.mp3`]);
  assertEquals(code, 1);
  assertMatch(stderr, /^Cannot update: \S+ is not a program for \w+\n$/);
});

Deno.test("update refuses a program whose signature it cannot check, unless --unsigned is given", async () => {
  await using folder = await tempDir();
  const file = `${folder.path}/next`;
  await Deno.writeTextFile(file, "#!/bin/sh\nexit 0\n");
  const refused = await runCommand(["update", "--dry-run", file]);
  assertEquals(refused.code, 1);
  assertMatch(refused.stderr, /^Cannot update: this program has no key .* --unsigned [^\n]+\n$/);
  const taken = await runCommand(["update", "--dry-run", "--unsigned", file]);
  assertEquals([taken.code, taken.stderr], [0, ""]);
  assertMatch(taken.stdout, /^would copy \S+next to /m);
});

Deno.test("unknown options and missing arguments end with one line and exit code 2", async () => {
  for (const args of [["install", "--fast"], ["restore"], ["backup", "a", "b"]]) {
    const { code, stderr } = await runCommand(args);
    assertEquals(code, 2, stderr);
    assertMatch(stderr, /^[^\n]+\n$/);
  }
});

/** Makes a root folder into which versions are installed one after the other. */
async function installed(versions: string[]): Promise<AsyncDisposable & { path: string }> {
  const root = await tempDir();
  for (const version of versions) {
    const binary = `${root.path}/binary`;
    await Deno.writeTextFile(binary, `#!/bin/sh\n# ${version}\n`, { mode: 0o755 });
    const steps = [
      copyProgram(version, [{ from: binary, to: "ocpp-gateway" }], root.path),
      switchTo(version, await linksOf(root.path), root.path),
    ];
    await runSteps(steps, false, () => {});
  }
  return root;
}

Deno.test("versions are installed side by side, and the previous one is kept", async () => {
  await using root = await installed(["0.9.0", "1.0.0", "1.1.0"]);
  await runSteps([deleteOldVersions(root.path)], false, () => {});
  assertEquals(await linksOf(root.path), { current: "1.1.0", previous: "1.0.0" });
  assert(!await Deno.stat(`${root.path}/0.9.0`).catch(() => null));
  assertEquals((await Deno.stat(`${root.path}/previous/ocpp-gateway`)).mode! & 0o777, 0o755);
});

Deno.test("switchTo goes back to the folder that the link points to: the package's are in kept/", async () => {
  await using root = await tempDir();
  await Deno.symlink("1.1.0", `${root.path}/current`);
  await Deno.symlink("kept/1.0.0", `${root.path}/previous`);
  await switchTo("kept/1.0.0", await linksOf(root.path), root.path).run();
  assertEquals(await linksOf(root.path), { current: "kept/1.0.0", previous: "1.1.0" });
});

Deno.test("switchBack undoes an installation, also one of the same version", async () => {
  await using root = await installed(["1.0.0"]);
  const links = await linksOf(root.path);
  const before = await Deno.stat(`${root.path}/1.0.0/ocpp-gateway`);
  for (const version of ["1.1.0", "1.0.0"]) {
    const binary = `${root.path}/binary`;
    const steps = [
      copyProgram(version, [{ from: binary, to: "ocpp-gateway" }], root.path),
      switchTo(version, links, root.path),
    ];
    await runSteps(steps, false, () => {});
    await switchBack(links, root.path);
    assertEquals(await linksOf(root.path), { current: "1.0.0", previous: null });
    assertEquals((await Deno.stat(`${root.path}/current/ocpp-gateway`)).ino, before.ino);
  }
});

Deno.test("parseSettings parses a configuration file as systemd does", () => {
  const text =
    "# OCPP_PORT=1\n#OCPP_HOST=x\nOCPP_PORT=80\n OCPP_PUBLIC_URL=\"http://a b\" \nOCPP_KV='k'\nOCPP_TLS_KEY=\n";
  assertEquals(Object.fromEntries(parseSettings(text)), {
    OCPP_PORT: "80",
    OCPP_PUBLIC_URL: "http://a b",
    OCPP_KV: "k",
    OCPP_TLS_KEY: "",
  });
});

Deno.test("cert imports a certificate, and refuses a key that does not match it", async () => {
  await using folder = await tempDir();
  const ca = await makeCa("CA");
  const [mine, other] = [
    await ca.issue({ common_name: "a", names: ["gw"] }),
    await ca.issue({ common_name: "b" }),
  ];
  const paths = { cert: `${folder.path}/c.pem`, key: `${folder.path}/k.pem`, other: `${folder.path}/o.pem` };
  await Deno.writeTextFile(paths.cert, mine.cert);
  await Deno.writeTextFile(paths.key, mine.key);
  await Deno.writeTextFile(paths.other, other.key);
  const data_dir = `${folder.path}/data`;
  const take = (...args: string[]) =>
    runCommand(["cert", "--data-dir", data_dir, "--cert", paths.cert, ...args]);
  const wrong = await take("--key", paths.other);
  assertEquals([wrong.code, wrong.stderr], [
    1,
    "Cannot import the certificate: the key does not match it\n",
  ]);
  assertEquals((await take()).code, 2);
  const { code, stdout } = await take("--key", paths.key);
  assertEquals(code, 0);
  assertMatch(stdout, /^Imported a certificate for gw, valid until 20/);
  assertEquals(await Deno.readTextFile(`${data_dir}/tls/server.crt`), mine.cert);
  assertEquals((await Deno.stat(`${data_dir}/tls/server.key`)).mode! & 0o777, 0o600);
});

Deno.test("withSettings changes the given settings and leaves the rest unchanged", () => {
  const text = "# settings\n#OCPP_PORT=8000\nOCPP_HOST=10.0.0.1\n";
  const changed = withSettings(
    text,
    new Map([["OCPP_PORT", "80"], ["OCPP_HOST", "0.0.0.0"], ["OCPP_PUBLIC_URL", "http://$&"]]),
  );
  assertEquals(changed, "# settings\nOCPP_PORT=80\nOCPP_HOST=0.0.0.0\nOCPP_PUBLIC_URL=http://$&\n");
});

Deno.test("reachLines has every address, the chargers' base and a QR code", async () => {
  const lines = await addressLines(80, ["192.168.1.20"]);
  assert(lines.includes("  http://ocpp.local/") && lines.includes("  http://192.168.1.20/"));
  assert(lines.includes("  ws://192.168.1.20/<charger id>"));
  assertMatch(lines.at(-1)!, /[▀▄█]/);
});

Deno.test("doctor reports machines that the gateway cannot run on", () => {
  assertEquals([architecture("x86_64"), architecture("aarch64")].map(({ state }) => state), ["ok", "ok"]);
  assertEquals(architecture("arm").state, "bad");
  assertEquals(["glibc 2.36", "glibc 2.27", "glibc 2.24", ""].map((text) => libc(text).state), [
    "ok",
    "ok",
    "bad",
    "warn",
  ]);
  assertEquals(["4096", "16384", ""].map((text) => pageSize(text).state), ["ok", "warn", "warn"]);
  assertMatch(pageSize("16384").advice!, /kernel=kernel8\.img/);
  assertEquals([1e9, 1e8, 1e7, null].map((free) => diskCheck(free).state), ["ok", "warn", "bad", "warn"]);
});

Deno.test("doctor prints a line for each check", async () => {
  await using folder = await tempDir();
  const { code, stdout } = await runCommand(["doctor", "--data-dir", `${folder.path}/data`, "--port", "0"]);
  assertEquals(code, 0, stdout);
  for (const name of ["architecture", "libc", "page size", "disk", "port", "clock", "data dir", "database"]) {
    assertMatch(stdout, new RegExp(`^(ok|WARN)\\s+${name}`, "m"));
  }
});
