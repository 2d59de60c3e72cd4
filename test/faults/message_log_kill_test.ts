// The message log of a gateway that is killed, as `ocpp-gateway log` prints it.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { runCommand, spawnGateway, tempDir } from "./gateway_process.ts";

const PATIENCE_MS = 10_000;

async function printed(data_dir: string, ...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await runCommand(["log", "--data-dir", data_dir, ...args]);
  assertEquals(code, 0, stderr);
  return stdout.split("\n").slice(0, -1);
}

/** Sends Heartbeats with these ids; resolves when all are answered. */
async function beat(url: string, charger_id: string, ids: string[]): Promise<void> {
  await using charger = await RawClient.connect(url, { path: `/${charger_id}` });
  for (const id of ids) {
    charger.send([2, id, "Heartbeat", {}]);
    await charger.next();
  }
}

const idsOf = (lines: string[]) =>
  lines.map((line) => JSON.parse(line)).filter(({ direction }) => direction === "in").map(({ message }) =>
    message[1]
  );

Deno.test("kill -9 leaves every message that was in the log, and the next start goes on behind them", async () => {
  await using folder = await tempDir();
  const first = ["a1", "a2", "a3"];
  {
    await using gateway = await spawnGateway({ data_dir: folder.path });
    await beat(gateway.ws_url, "CP1", first);
    const until = Date.now() + PATIENCE_MS;
    const seen = async () => (await runCommand(["log", "--data-dir", folder.path])).stdout;
    while (!(await seen()).includes('"a3"')) assert(Date.now() < until, "never written");
    await beat(gateway.ws_url, "CP2", ["lost or not"]);
    await gateway.kill();
  }
  assertEquals(idsOf(await printed(folder.path, "--charger", "CP1")), first);
  const path = `${folder.path}/log/messages.jsonl.gz`;
  await Deno.writeFile(path, (await Deno.readFile(path)).subarray(0, 40), { append: true }); // of a block
  await using gateway = await spawnGateway({ data_dir: folder.path });
  await beat(gateway.ws_url, "CP1", ["b1"]);
  const { code } = await gateway.stop();
  assertEquals(code, 0);
  assertEquals(idsOf(await printed(folder.path, "--charger", "CP1")), [...first, "b1"]);
  assertEquals(idsOf(await printed(folder.path, "--charger", "CP1", "--since", "1h")), [...first, "b1"]);
  assertEquals(await printed(folder.path, "--until", "2020-01-01T00:00:00Z"), []);
});

Deno.test("log names what is wrong with its arguments, and a folder without a log", async () => {
  await using folder = await tempDir();
  const wrong = await runCommand(["log", "--data-dir", folder.path, "--since", "yesterday"]);
  assertEquals(wrong.code, 2);
  assertStringIncludes(wrong.stderr, "--since must be a time");
  const none = await runCommand(["log", "--data-dir", folder.path]);
  assertEquals([none.code, none.stderr], [1, `There is no message log in ${folder.path}\n`]);
});
