// The program as a process: flags, signals, restarts.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { run, start } from "./process.ts";

const BOOT = { chargePointVendor: "V", chargePointModel: "M" };
const START = { connectorId: 1, idTag: "T", meterStart: 1000, timestamp: "2026-03-01T08:00:00Z" };

async function folder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("A bad flag or value ends with one line on stderr and exit code 2", async () => {
  const cases: [string[], RegExp][] = [
    [["serve", "--prot", "1"], /--prot/],
    [["--port", "many"], /--port must be a whole number/],
    [["serve", "--port", "70000"], /--port/],
    [["serve", "--log-level", "loud"], /--log-level must be one of/],
    [["serve", "--public-url", "ftp://x"], /--public-url/],
    [["serve", "--tls-cert", "x"], /--tls-key/],
    [["nonsense"], /nonsense/],
    [["simulate", "--duration", "long"], /duration/],
  ];
  for (const [args, line] of cases) {
    const { code, stderr } = await run(args);
    assertEquals(code, 2, args.join(" "));
    assertMatch(stderr, line);
    assertEquals(stderr.trim().split("\n").length, 1, stderr);
  }
});

Deno.test("A taken port, and a data dir in use, end with one line and exit code 1", async () => {
  await using data = await folder();
  await using other = await folder();
  await using program = await start(data.path);
  const port = new URL(program.url).port;
  const taken = await run(["serve", "--host", "127.0.0.1", "--port", port, "--data-dir", other.path]);
  assertEquals([taken.code, taken.stderr.trim()], [1, `Cannot start: port ${port} is in use`]);
  const second = await run(["serve", "--port", "0", "--data-dir", data.path]);
  assertEquals(second.code, 1);
  assertMatch(second.stderr, /another gateway/);
  assertEquals(await program.stop("SIGTERM"), 0);
});

Deno.test("SIGTERM closes the chargers' sockets with 1001 and ends with 0", async () => {
  await using data = await folder();
  await using program = await start(data.path);
  const charger = await RawClient.connect(program.ws_url, { path: "CP1" });
  await charger.call("BootNotification", BOOT);
  const [code, closure] = await Promise.all([program.stop("SIGTERM"), charger.closed]);
  assertEquals([code, closure.code], [0, 1001]);
});

Deno.test("A session survives kill -9: nothing acknowledged is lost, ids do not repeat (X11, X12, E49)", async () => {
  await using data = await folder();
  const first = await start(data.path);
  const charger = await RawClient.connect(first.ws_url, { path: "CP1" });
  await charger.call("BootNotification", BOOT);
  const [, , { transactionId }] = await charger.call("StartTransaction", START);
  const payload = {
    connectorId: 1,
    transactionId,
    meterValue: [{ timestamp: "2026-03-01T08:10:00Z", sampledValue: [{ value: "4000" }] }],
  };
  await charger.call("MeterValues", payload);
  await first.stop("SIGKILL");
  await charger.closed;

  await using second = await start(data.path);
  const known = (await second.rest("GET", "/ocpp/chargers/CP1/")).body;
  assertEquals([known.vendor, known.transaction.energy_wh], ["V", 3000]);
  assertEquals(known.last_meter_values, payload);
  const again = await RawClient.connect(second.ws_url, { path: "CP1" });
  const repeated = (await again.call("StartTransaction", START))[2];
  assertEquals(repeated.transactionId, transactionId);
  const other = (await again.call("StartTransaction", { ...START, connectorId: 2 }))[2];
  assert(other.transactionId > transactionId);
  await again.call("StopTransaction", { transactionId, meterStop: 13345, timestamp: "2026-03-01T09:00:00Z" });
  const { body } = await second.rest("GET", `/ocpp/transactions/${transactionId}/`);
  assertEquals([body.energy_wh, body.state, body.readings.count], [12345, "completed", 1]);
  await again.close();
  assertEquals(await second.stop("SIGINT"), 0);
});

Deno.test("--version and --help say what they should", async () => {
  assertMatch((await run(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/);
  const { code, stdout } = await run(["serve", "--help"]);
  assertEquals(code, 0);
  assertMatch(stdout, /--commit-window +OCPP_COMMIT_WINDOW/);
});
