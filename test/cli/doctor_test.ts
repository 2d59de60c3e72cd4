// doctor on machines with problems: each is reported with its remedy, and the exit code is 1.
import { assertEquals, assertMatch } from "@std/assert";
import { clockCheck } from "../../src/cli/doctor.ts";
import { runCommand, spawnGateway, tempDir } from "../faults/gateway_process.ts";
import { makeCa } from "../kit/certificates.ts";
import { needs } from "../kit/needs.ts";

interface Diagnosis {
  code: number;
  stdout: string;
}

async function diagnose(data_dir: string, env: Record<string, string> = {}, port = "0"): Promise<Diagnosis> {
  const { code, stdout, stderr } = await runCommand(["doctor", "--data-dir", data_dir, "--port", port], env);
  assertEquals(stderr, "");
  return { code, stdout };
}

/** Asserts that exactly one check is BAD, and that its line matches. */
function assertBad({ code, stdout }: Diagnosis, line: RegExp): void {
  const bad = stdout.split("\n").filter((line) => line.startsWith("BAD"));
  assertEquals([code, bad.length], [1, 1], stdout);
  assertMatch(bad[0]!, line);
}

/** Returns the data directory of a gateway that has run. */
async function usedDataDir(): Promise<AsyncDisposable & { path: string }> {
  const folder = await tempDir();
  const gateway = await spawnGateway({ data_dir: folder.path });
  await gateway.stop();
  return folder;
}

Deno.test("doctor reports a port in use", async () => {
  await using folder = await tempDir();
  using other = Deno.listen({ hostname: "0.0.0.0", port: 0 });
  const found = await diagnose(`${folder.path}/data`, {}, String(other.addr.port));
  assertBad(found, /^BAD\s+port\s+\d+ is in use: stop the other program, or choose another --port$/);
});

Deno.test("doctor accepts a data directory that a gateway has used", async () => {
  await using folder = await usedDataDir();
  const { code, stdout } = await diagnose(folder.path);
  assertEquals(code, 0, stdout);
  assertMatch(stdout, /^ok\s+database\s+\S+ is site \w+, schema \d+$/m);
});

Deno.test("doctor reports a damaged, empty or missing database, and how to restore a backup", async () => {
  await using folder = await usedDataDir();
  const path = `${folder.path}/gateway.db`;
  const bytes = await Deno.readFile(path);
  const advice = "restore a backup with 'ocpp-gateway restore FILE'";
  const damaged = bytes.slice();
  damaged.fill(0x5a, 4096, bytes.length);
  for (
    const [content, what] of [[damaged, "is damaged|cannot be read"], [new Uint8Array(), "is empty"]] as const
  ) {
    await Deno.writeFile(path, content);
    assertBad(await diagnose(folder.path), new RegExp(`^BAD\\s+database\\s+\\S+ (${what}).*: ${advice}`));
  }
  await Deno.remove(path);
  assertBad(await diagnose(folder.path), new RegExp(`^BAD\\s+database\\s+\\S+ is gone: ${advice}`));
});

const ROOT_USER = needs("root", Deno.uid() === 0);

Deno.test("doctor reports a file in the data directory that belongs to another user", ROOT_USER, async () => {
  await using folder = await usedDataDir();
  await Deno.chown(`${folder.path}/gateway.db`, 65534, 65534);
  assertBad(
    await diagnose(folder.path),
    /^BAD\s+data dir\s+gateway\.db belongs to another user.*: chown -R /,
  );
});

Deno.test("doctor reports an expired certificate, and a key that does not match it", async () => {
  await using folder = await tempDir();
  const ca = await makeCa("CA");
  const old = await ca.issue({ common_name: "gw", names: ["gw"], usage: "server", from: -9, to: -2 });
  const other = await ca.issue({ common_name: "gw", names: ["gw"], usage: "server" });
  const env = { OCPP_TLS_CERT: `${folder.path}/cert.pem`, OCPP_TLS_KEY: `${folder.path}/key.pem` };
  await Deno.writeTextFile(env.OCPP_TLS_CERT, old.cert);
  await Deno.writeTextFile(env.OCPP_TLS_KEY, old.key);
  assertBad(
    await diagnose(`${folder.path}/data`, env),
    /^BAD\s+certificate\s+\S+ expired on .*: create a new one with 'ocpp-gateway cert'/,
  );
  await Deno.writeTextFile(env.OCPP_TLS_KEY, other.key);
  assertBad(await diagnose(`${folder.path}/data`, env), /^BAD\s+certificate\s+\S+ does not match \S+: /);
});

Deno.test("doctor reports a clock that is wrong", async () => {
  const { state, advice } = await clockCheck(Date.UTC(2024, 11, 31));
  assertEquals(state, "bad");
  assertMatch(advice!, /timedatectl set-time/);
});
