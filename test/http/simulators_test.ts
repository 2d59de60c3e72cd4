import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Event } from "../../src/site/events.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";

const QUIET = { autopilot: false, reboot_time: 0 };

/** Resolves when something is so; looked at after each event of the gateway. */
function until({ gateway }: TestGateway, what: (event?: Event) => unknown): Promise<void> {
  const { events } = gateway.services;
  if (what()) return Promise.resolve();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`Not so within 10 s: ${what}`)), 10_000);
  const unlisten = events.subscribe((event) => what(event) && resolve());
  return promise.finally(() => {
    clearTimeout(timer);
    unlisten();
  });
}

Deno.test("a simulator record is made, shown, changed and forgotten", async () => {
  await using test = await startTestGateway();
  const made = await test.rest("POST", "/ocpp/simulators/", {
    name: "yard",
    cp_path: "YARD-1/",
    duration: 60,
    password: "secret",
  });
  assertEquals(made.status, 201);
  const { name, cp_path, duration, kwh_min, kwh_max, repeat, ws_port, has_password, state } = made.body;
  assertEquals({ name, cp_path, duration, kwh_min, kwh_max, repeat, ws_port, has_password, state }, {
    name: "yard",
    cp_path: "YARD-1/",
    duration: 60,
    kwh_min: 30,
    kwh_max: 60,
    repeat: false,
    ws_port: test.port,
    has_password: true,
    state: "stopped",
  });
  assert(!("password" in made.body));
  assertEquals((await test.rest("POST", "/ocpp/simulators/", { name: "yard" })).status, 409);
  const changed = await test.rest("PATCH", "/ocpp/simulators/yard/", { duration: null, connectors: 2 });
  assertEquals([changed.body.duration, changed.body.connectors], [600, 2]);
  const list = await test.rest("GET", "/ocpp/simulators/");
  assertEquals(list.body.simulators.map((one: { name: string }) => one.name), ["yard"]);
  assertEquals(list.body.next, null);
  assertEquals((await test.rest("DELETE", "/ocpp/simulators/yard/")).status, 204);
  assertEquals((await test.rest("GET", "/ocpp/simulators/yard/")).status, 404);
});

Deno.test("a simulator gets another name, and goes on under it", async () => {
  await using test = await startTestGateway();
  const { simulators } = test.gateway.services;
  for (const name of ["yard", "other"]) {
    await test.rest("POST", "/ocpp/simulators/", { name, cp_path: name, duration: 60, ...QUIET });
  }
  await test.rest("POST", "/ocpp/simulators/yard/action/", { action: "start" });
  assertEquals((await test.rest("PATCH", "/ocpp/simulators/yard/", { name: "other" })).status, 409);
  assertEquals((await test.rest("PATCH", "/ocpp/simulators/yard/", { name: "a/b" })).status, 400);
  const { status, body } = await test.rest("PATCH", "/ocpp/simulators/yard/", { name: "gate", duration: 90 });
  assertEquals([status, body.name, body.duration, body.running, body.cp_path], [
    200,
    "gate",
    90,
    true,
    "yard",
  ]);
  assertEquals((await test.rest("GET", "/ocpp/simulators/yard/")).status, 404);
  await simulators.running("gate")!.accepted;
  assertEquals(simulators.running("yard"), undefined);
});

Deno.test("a simulator record that is wrong is refused with the field's name", async () => {
  await using test = await startTestGateway();
  const refused: [body: Record<string, unknown>, words: RegExp][] = [
    [{}, /name/],
    [{ name: "a/b" }, /name/],
    [{ name: "a", interval: 0 }, /interval/],
    [{ name: "a", ws_port: 70_000 }, /ws_port/],
    [{ name: "a", kwh_min: 9, kwh_max: 3 }, /kwh_min/],
    [{ name: "a", colour: "red" }, /colour/],
    [{ name: "a", cars: [{ arrive: 1 }] }, /cars\.0\.stay/],
  ];
  for (const [body, words] of refused) {
    const answer = await test.rest("POST", "/ocpp/simulators/", body);
    assertEquals(answer.status, 400);
    assertMatch(answer.body.error, words);
  }
  assertEquals((await test.rest("GET", "/ocpp/simulators/")).body.simulators, []);
});

Deno.test("a simulator that is started connects, is marked as simulated, and stops", async () => {
  await using test = await startTestGateway();
  await test.rest("POST", "/ocpp/simulators/", { name: "yard", cp_path: "YARD-1", ...QUIET });
  const { central, simulators } = test.gateway.services;
  const started = await test.rest("POST", "/ocpp/simulators/yard/action/", { action: "start" });
  assertEquals([started.status, started.body.running], [200, true]);
  await until(test, () => simulators.state("yard") === "connected" && central.isConnected("YARD-1"));
  await simulators.running("yard")!.reached("Available");
  const charger = await test.rest("GET", "/ocpp/chargers/YARD-1/");
  assertEquals(charger.body.simulated, true);
  const { log, connectors_now } = (await test.rest("GET", "/ocpp/simulators/yard/")).body;
  assertEquals(log[0].message[2], "BootNotification");
  assertEquals(connectors_now[0].status, "Available");
  const bad = await test.rest("POST", "/ocpp/simulators/yard/action/", { action: "dance" });
  assertEquals(bad.status, 400);
  assertMatch(bad.body.error, /action/);
  const stopped = await test.rest("POST", "/ocpp/simulators/yard/action/", { action: "stop" });
  assertEquals([stopped.body.running, stopped.body.state], [false, "stopped"]);
  await until(test, () => !central.isConnected("YARD-1"));
});

Deno.test("simulators that ran run again after a restart of the gateway", async () => {
  const data_dir = await Deno.makeTempDir();
  const config = { data_dir, kv: `${data_dir}/gateway.db` };
  try {
    {
      await using test = await startTestGateway({ config });
      for (const name of ["goes-on", "rests"]) {
        await test.rest("POST", "/ocpp/simulators/", { name, cp_path: name, ...QUIET });
      }
      await test.rest("POST", "/ocpp/simulators/goes-on/action/", { action: "start" });
    }
    await using test = await startTestGateway({ config });
    await until(test, () => test.gateway.services.central.isConnected("goes-on"));
    assertEquals(test.gateway.services.simulators.state("rests"), "stopped");
  } finally {
    await Deno.remove(data_dir, { recursive: true });
  }
});

Deno.test("a simulator that can't connect says why", async () => {
  await using test = await startTestGateway({ settings: { unknown_chargers: "reject" } });
  await test.rest("POST", "/ocpp/simulators/", { name: "stranger", cp_path: "STRANGER", ...QUIET });
  await test.rest("POST", "/ocpp/simulators/stranger/action/", { action: "start" });
  await until(test, () => test.gateway.services.simulators.error("stranger") !== null);
  const { state, error } = (await test.rest("GET", "/ocpp/simulators/stranger/")).body;
  assertEquals(state, "connecting");
  assertMatch(error, /404/);
});

Deno.test("a charger is cloned: identity, connectors, configuration and recorded messages", async () => {
  await using test = await startTestGateway();
  const options = {
    cp_path: "REAL-1",
    connectors: 2,
    vendor: "Voltia",
    configuration: { LightIntensity: "7" },
  };
  await test.rest("POST", "/ocpp/simulators/", { name: "real", ...options, ...QUIET });
  await test.rest("POST", "/ocpp/simulators/real/action/", { action: "start" });
  const { simulators } = test.gateway.services;
  await until(test, () => simulators.state("real") === "connected");
  await simulators.running("real")!.reached("Available", 2);
  await test.rest("POST", "/ocpp/chargers/REAL-1/action/", { action: "get_configuration" });
  const clone = await test.rest("POST", "/ocpp/chargers/REAL-1/clone/", { name: "twin" });
  assertEquals(clone.status, 201);
  assertEquals(clone.body.cp_path, "REAL-1-SIM/");
  assertEquals([clone.body.connectors, clone.body.vendor, clone.body.clone_of], [2, "Voltia", "REAL-1"]);
  assertEquals(clone.body.configuration.LightIntensity, "7");
  const { recorded } = (await test.rest("GET", "/ocpp/simulators/twin/")).body;
  assert(recorded.some(({ message }: { message: unknown[] }) => message[2] === "BootNotification"));
  await test.rest("POST", "/ocpp/simulators/twin/action/", { action: "start" });
  await until(test, () => test.gateway.services.central.isConnected("REAL-1-SIM"));
  assertEquals((await test.rest("POST", "/ocpp/chargers/NONE/clone/")).status, 404);
});

Deno.test("a simulator plays a ready scenario, and a clone what its charger was heard to send", async () => {
  await using test = await startTestGateway();
  const { central, simulators } = test.gateway.services;
  const unknown = await test.rest("POST", "/ocpp/simulators/", { name: "x", scenario: "tea_time" });
  assertEquals([unknown.status, unknown.body.error], [400, "scenario tea_time is unknown"]);
  const { scenarios } = (await test.rest("GET", "/ocpp/scenarios/")).body;
  assert(scenarios.some(({ name, about }: Record<string, string>) => name === "connector_fault" && about));
  const played = { name: "player", cp_path: "P-1", speed: 200, scenario: "connector_fault" };
  assertEquals((await test.rest("POST", "/ocpp/simulators/", played)).body.scenario, "connector_fault");
  await test.rest("POST", "/ocpp/simulators/player/action/", { action: "start" });
  await until(test, () => simulators.state("player") === "finished");
  await test.rest("POST", "/ocpp/simulators/player/action/", { action: "stop" });
  await test.rest("POST", "/ocpp/chargers/P-1/clone/", { name: "twin" });
  const twin = await test.rest("PATCH", "/ocpp/simulators/twin/", { scenario: "recorded", speed: 200 });
  assertEquals([twin.status, twin.body.scenario], [200, "recorded"]);
  await test.rest("POST", "/ocpp/simulators/twin/action/", { action: "start" });
  await until(test, () => simulators.state("twin") === "finished");
  assert(central.isConnected("P-1-SIM"));
  assert(simulators.messages("twin").some(({ text }) => text.includes("Faulted")));
});

Deno.test("a mask that is sent back leaves a simulator's secret as it is, and is no secret for a new one", async () => {
  await using test = await startTestGateway();
  const path = "/ocpp/simulators/yard/";
  const secretOf = () => test.gateway.services.store.simulators.get("yard")?.options.password;
  for (const mask of ["***", "********"]) {
    const refused = await test.rest("POST", "/ocpp/simulators/", {
      name: "yard",
      cp_path: "Y1",
      password: mask,
    });
    assertEquals([refused.status, refused.body.error], [
      400,
      "password is ***, the mask of a secret: send the secret itself",
    ]);
  }
  await test.rest("POST", "/ocpp/simulators/", { name: "yard", cp_path: "Y1", password: "secret" });
  const kept = await test.rest("PATCH", path, { password: "********", tls_key: "***", duration: 61 });
  assertEquals([kept.status, kept.body.duration, kept.body.has_tls_key, secretOf()], [
    200,
    61,
    false,
    "secret",
  ]);
  await test.rest("PATCH", path, { password: "other" });
  assertEquals(secretOf(), "other");
  assertEquals((await test.rest("PATCH", path, { password: null })).body.has_password, false);
});
