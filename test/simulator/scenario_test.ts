import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { OcppError } from "../../src/ocpp/error.ts";
import { BadScenario, readScenario, type Scenario } from "../../src/simulator/scenarios/scenario.ts";
import { ChargePointSimulator } from "../../src/simulator/charge_point_simulator.ts";
import { scenarioNamed, scenarioNames } from "../../src/simulator/scenarios/library.ts";
import { playScenario } from "../../src/simulator/scenarios/play.ts";
import { StepFailed } from "../../src/simulator/scenarios/step_context.ts";
import type { Step } from "../../src/simulator/scenarios/verbs.ts";
import { Central } from "../kit/central.ts";
import { type SimulatedCharger, simulatedCharger } from "../kit/simulated_charger.ts";

async function play(b: SimulatedCharger, steps: Step[]): Promise<string[]> {
  b.newMessages();
  await b.clock.pass(playScenario({ steps }, b.sim));
  await b.clock.settle();
  return b.newMessages().filter((name) => name !== "Heartbeat");
}

const begun = ["1 Preparing", "Authorize", "StartTransaction", "1 Charging"];
const ended = ["StopTransaction", "1 Finishing", "1 Available"];

Deno.test("verbs plug, tap, until, unplug", async () => {
  await using b = await simulatedCharger();
  const steps: Step[] = [
    { plug: 1, kwh: 5 },
    { tap: "T" },
    { until: "Charging" },
    { wait: 30 },
    { tap: "T" },
    { unplug: 1 },
  ];
  assertEquals(await play(b, steps), [...begun, ...ended]);
  assertEquals(b.central.of("StopTransaction")[0].idTag, "T");
});

Deno.test("verbs start, wait, stop, repeat", async () => {
  await using b = await simulatedCharger({ interval: 10 });
  const round: Step[] = [{ start: 1 }, { wait: 15 }, { stop: 1, reason: "EmergencyStop" }, { unplug: 1 }];
  const once = [...begun, "MeterValues", ...ended];
  assertEquals(await play(b, [{ repeat: 2, steps: round }]), [...once, ...once]);
  assertEquals(b.central.of("StopTransaction")[0].reason, "EmergencyStop");
});

Deno.test("verb until fails when the status is not reached", async () => {
  await using b = await simulatedCharger();
  const work = b.clock.pass(playScenario({ steps: [{ until: "Charging", within: 5 }] }, b.sim));
  const error = await work.then(() => null, (error) => error);
  assert(error instanceof StepFailed);
  assertEquals(error.message, "No Charging at connector 1 within 5 s");
});

Deno.test("verbs disconnect and drop: steps go on offline and are reported later", async () => {
  for (const verb of ["disconnect", "drop"] as const) {
    await using b = await simulatedCharger();
    const closed: number[] = [];
    b.sim.subscribe((event) => event.type === "disconnected" && closed.push(event.code));
    const away = { [verb]: 60 } as unknown as Step;
    assertEquals(await play(b, [{ start: 1 }, away, { stop: 1 }, { unplug: 1 }, { wait: 90 }]), [
      ...begun,
      "1 Available",
      "StopTransaction",
    ]);
    assertEquals(closed, [verb === "drop" ? 1006 : 1000]);
  }
});

Deno.test("verb power_cut: the session ends with PowerLoss, reported after boot", async () => {
  await using b = await simulatedCharger();
  const steps: Step[] = [{ start: 1 }, { wait: 5 }, { power_cut: 30 }, { wait: 40 }];
  assertEquals(await play(b, steps), [
    ...begun,
    "BootNotification",
    "0 Available",
    "1 Finishing",
    "StopTransaction",
  ]);
  assertEquals(b.central.of("StopTransaction")[0].reason, "PowerLoss");
});

Deno.test("verb duplicate sends a frame again, with the same id or another", async () => {
  await using b = await simulatedCharger();
  const ids: string[] = [];
  b.sim.subscribe((event) => {
    if (event.type === "frame" && event.text.includes('"StartTransaction"')) {
      ids.push(JSON.parse(event.text)[1]);
    }
  });
  const steps: Step[] = [{ start: 1 }, { duplicate: "StartTransaction" }, { wait: 1 }, {
    duplicate: "StartTransaction",
    new_id: true,
  }, { wait: 1 }];
  await play(b, steps);
  await b.central.until(() => b.central.of("StartTransaction").length === 3);
  assertEquals([ids.length, ids[0] === ids[1], ids[0] === ids[2]], [3, true, false]);
});

Deno.test("verbs delay and hold_back: StopTransaction late, or never", async () => {
  await using b = await simulatedCharger();
  const session: Step[] = [{ start: 1 }, { wait: 5 }, { stop: 1 }, { unplug: 1 }];
  assertEquals(
    (await play(b, [{ delay: "StopTransaction", seconds: 100, times: 1 }, ...session, { wait: 120 }])).slice(
      4,
    ),
    [
      "1 Finishing",
      "1 Available",
      "StopTransaction",
    ],
  );
  assertEquals(
    (await play(b, [{ hold_back: "StopTransaction", times: 1 }, ...session, { wait: 5 }])).slice(4),
    ["1 Finishing", "1 Available"],
  );
  assertEquals((await play(b, session)).slice(4), ended);
});

Deno.test("verb delay: delayed messages are dropped when the scenario is aborted or the charger disposed of", async () => {
  const steps: Step[] = [{ delay: "StopTransaction", seconds: 100 }, { start: 1 }, { stop: 1 }];
  {
    await using b = await simulatedCharger();
    const leaving = new AbortController();
    await b.clock.pass(playScenario({ steps }, b.sim, { signal: leaving.signal }));
    leaving.abort();
    await b.clock.advance(200_000);
    assertEquals(b.central.of("StopTransaction"), []);
  }
  await using central = new Central();
  await using real = new ChargePointSimulator({ ...central.at, autopilot: false });
  real.start();
  await real.accepted;
  await playScenario({ steps }, real); // a timer that it leaves would be found at the end of the test
});

Deno.test("verbs alter and restore change messages for a while", async () => {
  await using b = await simulatedCharger({ interval: 10 });
  const steps: Step[] = [
    { start: 1 },
    { alter: "MeterValues", set: { "meterValue.0.sampledValue.0.value": "9" }, remove: ["transactionId"] },
    { wait: 10 },
    { restore: "MeterValues" },
    { wait: 10 },
  ];
  await play(b, steps);
  const [altered, plain] = b.central.of("MeterValues");
  assertEquals([altered.transactionId, altered.meterValue[0].sampledValue[0].value], [undefined, "9"]);
  assertEquals(plain.transactionId, 1);
});

Deno.test("verb meter_reset sets the register", async () => {
  await using b = await simulatedCharger();
  await play(b, [
    { meter_reset: 1, to: 50_000 },
    { start: 1 },
    { wait: 36 },
    { meter_reset: 1 },
    { wait: 36 },
    { stop: 1 },
  ]);
  assertEquals([
    b.central.of("StartTransaction")[0].meterStart,
    b.central.of("StopTransaction")[0].meterStop < 1000,
  ], [50_000, true]);
});

Deno.test("verb clock sets the charger's clock", async () => {
  await using b = await simulatedCharger();
  await play(b, [{ clock: "1970-01-01T00:00:00Z" }, { start: 1 }]);
  assertEquals(b.central.of("StartTransaction")[0].timestamp, "1970-01-01T00:00:00.000Z");
});

Deno.test("verbs garbage and call send any frame", async () => {
  await using b = await simulatedCharger();
  b.central.strict = false;
  assertEquals(
    await play(b, [{ garbage: "[2," }, {
      call: "StatusNotification",
      payload: { connectorId: 9, status: "Odd" },
    }]),
    ["9 Odd"],
  );
});

Deno.test("verbs refuse, answer and answer_late", async () => {
  await using b = await simulatedCharger();
  const steps: Step[] = [
    { refuse: "Reset", code: "NotSupported", text: "never", times: 1 },
    { answer: "ClearCache", with: { status: "Rejected" } },
    { answer_late: "GetLocalListVersion", seconds: 20 },
    { wait: 60 },
  ];
  const played = playScenario({ steps }, b.sim);
  await b.clock.settle();
  const refused = await assertRejects(() => b.call("Reset", { type: "Soft" }), OcppError);
  assertEquals([refused.code, refused.message], ["NotSupported", "never"]);
  assertEquals(await b.call("ClearCache"), { status: "Rejected" });
  const arrived = Promise.withResolvers<void>();
  b.sim.subscribe((event) =>
    event.type === "frame" && event.text.includes("GetLocalListVersion") && arrived.resolve()
  );
  let answered = false;
  const answer = b.central.call("GetLocalListVersion").finally(() => answered = true);
  await arrived.promise;
  await b.clock.advance(19_000);
  assertEquals(answered, false);
  await b.clock.advance(1_000);
  assertEquals(await answer, { listVersion: 0 });
  await b.clock.pass(played);
  assertEquals(await b.call("ClearCache"), { status: "Accepted" });
});

Deno.test("verbs fault, mend and configure", async () => {
  await using b = await simulatedCharger();
  const steps: Step[] = [
    { configure: "MinimumStatusDuration", value: "0" },
    { fault: 1, error_code: "GroundFailure", info: "RCD" },
    { wait: 1 },
    { mend: 1 },
  ];
  assertEquals(await play(b, steps), ["1 Faulted", "1 Available"]);
  assertEquals(b.central.of("StatusNotification").at(-2).errorCode, "GroundFailure");
});

Deno.test("readScenario names the line of an error", () => {
  const text = `{
  "name": "x",
  "options": { "interval": 5 },
  "steps": [
    { "start": 1 },
    { "wait": "long" }
  ]
}`;
  const wrong = (change: (text: string) => string) =>
    assertThrows(() => readScenario(change(text), "x.json"), BadScenario).message;
  assertEquals(wrong((t) => t), "x.json:6: wait must be a number");
  assertEquals(
    wrong((t) => t.replace('"long"', "5").replace('"interval": 5', '"interval": -5')).split(" ")[0],
    "x.json:3:",
  );
  assertEquals(
    wrong((t) => t.replace('"wait": "long"', '"jump": 5')).slice(0, 46),
    "x.json:6: a step needs one verb, not jump; ver",
  );
  assertEquals(
    wrong((t) => t.replace('"start": 1 }', '"start": 1, "now": true }')),
    "x.json:5: now is not a known field",
  );
  assertEquals(
    wrong((t) => t.replace('{ "start": 1 },', '{ "repeat": 2, "steps": [\n{ "wait": -1 }] },')).split(" ")[0],
    "x.json:6:",
  );
  assert(/^x\.json:6: /.test(wrong((t) => t.replace('"long"', "long"))));
  const scenario: Scenario = readScenario(text.replace('"long"', "5"));
  assertEquals(scenario.steps, [{ start: 1 }, { wait: 5 }]);
});

Deno.test("every ready scenario runs to its end", async (t) => {
  for (const name of scenarioNames()) {
    await t.step(name, async () => {
      const { options, steps } = scenarioNamed(name)!;
      await using b = await simulatedCharger({ ...options });
      b.central.strict = false;
      await b.clock.pass(playScenario({ steps }, b.sim));
    });
  }
});
