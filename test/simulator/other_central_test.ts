// The simulator with a central system of another project.
import { assert, assertEquals } from "@std/assert";
import { RPCServer } from "ocpp-rpc";
import { VirtualClock } from "../../src/simulator/virtual_clock.ts";
import { ChargePointSimulator } from "../../src/simulator/mod.ts";

interface Client {
  identity: string;
  // deno-lint-ignore no-explicit-any
  handle(action: string, handler: (message: { params: any }) => object): void;
}

Deno.test("a simulator completes a session with ocpp-rpc as its central system", async () => {
  const seen: [string, Record<string, unknown>][] = [];
  const rpc = new RPCServer({ protocols: ["ocpp1.6"], strictMode: true });
  let credentials = "";
  // deno-lint-ignore no-explicit-any
  rpc.auth((accept: () => void, _reject: unknown, handshake: any) => {
    credentials = `${handshake.identity}:${handshake.password}`;
    accept();
  });
  const accepted = { idTagInfo: { status: "Accepted" } };
  const answers: Record<string, object> = {
    BootNotification: { status: "Accepted", interval: 300, currentTime: new Date().toISOString() },
    Heartbeat: { currentTime: new Date().toISOString() },
    Authorize: accepted,
    StartTransaction: { ...accepted, transactionId: 42 },
    StopTransaction: accepted,
    StatusNotification: {},
    MeterValues: {},
  };
  rpc.on("client", (client: Client) => {
    for (const [action, answer] of Object.entries(answers)) {
      client.handle(action, ({ params }) => {
        seen.push([action, params]);
        return answer;
      });
    }
  });
  const server = await rpc.listen(0, "127.0.0.1");
  const { port } = server.address() as { port: number };
  const clock = new VirtualClock();
  const sim = new ChargePointSimulator({
    ws_port: port,
    cp_path: "CPX",
    duration: 60,
    interval: 20,
    kwh_min: 1,
    kwh_max: 1,
    password: "secret",
  }, { clock });
  sim.start();
  await sim.accepted;
  await clock.advance(90_000);
  await sim.finished;
  await sim.stop();
  await rpc.close({});
  const names = seen.map(([action]) => action);
  assertEquals(names.filter((name) => name !== "StatusNotification"), [
    "BootNotification",
    "Authorize",
    "StartTransaction",
    "MeterValues",
    "MeterValues",
    "StopTransaction",
  ]);
  const stop = seen.find(([action]) => action === "StopTransaction")![1];
  assertEquals([stop.transactionId, stop.reason], [42, "Local"]);
  assert(Math.abs(Number(stop.meterStop) - 1000) <= 1);
  assertEquals(credentials, "CPX:secret");
});
