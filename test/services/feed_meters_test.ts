import { assertEquals, assertMatch } from "@std/assert";
import { aedes } from "../kit/broker.ts";
import { eventually } from "../kit/eventually.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { registersOf, serveRegisters } from "../kit/modbus_meter.ts";
import { type Json, Site } from "../kit/site.ts";

/** Values that a meter shows, and what the circuit measures by them. */
const CURRENTS = [10, 20.5, -3.5];

async function measures(site: Site, meter: Json, expected: number[] = CURRENTS): Promise<void> {
  const name = `feed ${crypto.randomUUID().slice(0, 8)}`;
  await site.ask("POST", "/ocpp/circuits/", { name, max_current_a: 63, meter });
  const path = `/ocpp/circuits/${encodeURIComponent(name)}/`;
  let measured: Json = {};
  await eventually(async () => (measured = await site.get(path)).measured_a, `${JSON.stringify(meter)}`);
  const rounded = measured.measured_a.map((value: number) => Math.round(value * 100) / 100);
  assertEquals([rounded, measured.mode, measured.meter_error], [expected, "normal", null]);
  await site.ask("DELETE", path);
}

async function alarmOf({ rest }: TestGateway, name: string): Promise<string | undefined> {
  const { alarms } = (await rest("GET", "/ocpp/system/")).body;
  return alarms.find(({ kind }: { kind: string }) => kind === `meter_${name}`)?.text;
}

Deno.test("a circuit measures what its Modbus TCP meter shows", async (t) => {
  await using gateway = await startTestGateway();
  const site = new Site(gateway);
  const modbus = (port: number, model: string) => ({ kind: "modbus", host: "127.0.0.1", port, model });

  await t.step("Eastron SDM630: floats in input registers, the sign from the power", async () => {
    await using meter = await serveRegisters(
      4,
      registersOf([
        [0x06, "float32", 10],
        [0x08, "float32", 20.5],
        [0x0a, "float32", 3.5],
        [0x0c, "float32", 2300],
        [0x0e, "float32", 4700],
        [0x10, "float32", -800],
      ]),
    );
    await measures(site, modbus(meter.port, "eastron_sdm630"));
  });

  await t.step("Carlo Gavazzi EM24: thousandths, low word first", async () => {
    await using meter = await serveRegisters(
      4,
      registersOf([
        [0x0c, "int32", 10_000],
        [0x0e, "int32", 20_500],
        [0x10, "int32", 3_500],
        [0x12, "int32", 23_000],
        [0x14, "int32", 47_000],
        [0x16, "int32", -8_000],
      ], { low_word_first: true }),
    );
    await measures(site, modbus(meter.port, "carlo_gavazzi_em24"));
  });

  await t.step("Shelly 3EM: phases 20 registers apart, nothing between them is read", async () => {
    await using meter = await serveRegisters(
      4,
      registersOf([
        [1022, "float32", 10],
        [1024, "float32", 2300],
        [1042, "float32", 20.5],
        [1044, "float32", 4700],
        [1062, "float32", 3.5],
        [1064, "float32", -800],
      ], { low_word_first: true }),
    );
    await measures(site, modbus(meter.port, "shelly_3em"));
  });

  await t.step("SunSpec: model 203 is found behind the common one, with its scale factors", async () => {
    const common = Array.from(
      { length: 66 },
      (_, index): [number, "uint16", number] => [40_004 + index, "uint16", 0],
    );
    const body = Array.from(
      { length: 105 },
      (_, index): [number, "int16", number] => [40_072 + index, "int16", -0x8000],
    );
    await using meter = await serveRegisters(
      3,
      registersOf([
        [40_000, "int32", 0x53756e53],
        [40_002, "uint16", 1],
        [40_003, "uint16", 66],
        ...common,
        [40_070, "uint16", 203],
        [40_071, "uint16", 105],
        ...body,
        [40_073, "int16", 100],
        [40_074, "int16", 205],
        [40_075, "int16", 35],
        [40_076, "int16", -1],
        [40_089, "int16", 230],
        [40_090, "int16", 470],
        [40_091, "int16", -80],
        [40_092, "int16", 1],
      ]),
    );
    await measures(site, modbus(meter.port, "sunspec"));
  });

  await t.step("SunSpec: model 213 has floats", async () => {
    const body = Array.from(
      { length: 34 },
      (_, index): [number, "uint16", number] => [4 + index, "uint16", 0],
    );
    await using meter = await serveRegisters(
      3,
      registersOf([
        [0, "int32", 0x53756e53],
        [2, "uint16", 213],
        [3, "uint16", 124],
        ...body,
        [6, "float32", 10],
        [8, "float32", 20.5],
        [10, "float32", 3.5],
        [32, "float32", 2300],
        [34, "float32", 4700],
        [36, "float32", -800],
      ]),
    );
    await measures(site, modbus(meter.port, "sunspec"));
  });

  await t.step("any other by a table", async () => {
    await using meter = await serveRegisters(
      3,
      registersOf([
        [100, "int16", 100],
        [101, "int16", 205],
        [102, "int16", -35],
      ]),
    );
    const table = { function: 3, type: "int16", current: [100, 101, 102], current_scale: 0.1 };
    await measures(site, { ...modbus(meter.port, "table"), table });
    await measures(site, { ...modbus(meter.port, "table"), table, inverted: true }, [-10, -20.5, 3.5]);
  });
});

Deno.test("a Modbus meter that is silent is an alarm with its reason, until it answers", async () => {
  await using gateway = await startTestGateway();
  const site = new Site(gateway);
  await using meter = await serveRegisters(3, registersOf([[1, "int16", 7]]));
  await site.ask("POST", "/ocpp/circuits/", {
    name: "hall",
    max_current_a: 63,
    meter_timeout_s: 1,
    meter: {
      kind: "modbus",
      host: "127.0.0.1",
      port: meter.port,
      model: "table",
      table: { function: 3, type: "int16", current: [2] },
    },
  });
  await eventually(() => alarmOf(gateway, "hall"));
  const { mode, meter_error } = await site.get("/ocpp/circuits/hall/");
  assertEquals(mode, "meter_lost");
  assertMatch(meter_error, /ILLEGAL DATA ADDRESS/);
  assertMatch((await alarmOf(gateway, "hall"))!, /^The meter of circuit hall has been silent/);
  meter.registers.set(2, 9);
  await eventually(async () => await alarmOf(gateway, "hall") === undefined);
  assertEquals((await site.get("/ocpp/circuits/hall/")).measured_a, [9, 9, 9]);
  meter.silent = true;
  await eventually(() => alarmOf(gateway, "hall"));
  await eventually(async () =>
    (await site.get("/ocpp/circuits/hall/")).meter_error === "No answer within 2 s"
  );
});

Deno.test("a circuit measures what a JSON document at a URL says; redirects and endless answers are refused", async () => {
  await using gateway = await startTestGateway();
  const site = new Site(gateway);
  let answer = () =>
    Response.json({
      emeters: [{ power: 2300, current: 10 }, { power: 4700, current: 20.5 }, { power: -800, current: 3.5 }],
      kw: "2.3",
    });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => answer());
  const url = `http://127.0.0.1:${server.addr.port}/status?key=secret`;
  const each = (field: string) => [0, 1, 2].map((phase) => `/emeters/${phase}/${field}`);
  await measures(site, { kind: "http", url, current_a: each("current"), power_w: each("power") });
  await measures(site, { kind: "http", url, power_w: ["/kw"], power_scale: 1000 }, [10, 10, 10]);
  await site.ask("POST", "/ocpp/circuits/", { name: "shop", meter: { kind: "http", url, power_w: ["/w"] } });
  const error = async () => (await site.get("/ocpp/circuits/shop/")).meter_error;
  await eventually(async () => await error() === "There is no number at /w");
  answer = () => Response.redirect("http://127.0.0.1:1/");
  await eventually(async () => /redirects \(302\)/.test(await error()));
  answer = () => new Response(" ".repeat(70_000));
  await eventually(async () => /longer than 65536/.test(await error()));
  await server.shutdown();
  await eventually(async () => /refused|connect/i.test(await error()));
  assertEquals((await error()).includes("secret"), false);
});

Deno.test("a circuit measures what its MQTT topic says; a retained message is not heard", async () => {
  await using broker = await aedes();
  await using gateway = await startTestGateway();
  const site = new Site(gateway);
  await broker.client.publishAsync("meters/house", `{"i":[1,1,1]}`, { retain: true });
  await site.ask("POST", "/ocpp/circuits/", {
    name: "house",
    max_current_a: 63,
    meter: { kind: "mqtt", topic: "meters/house", current_a: ["/i/0", "/i/1", "/i/2"] },
  });
  await eventually(async () =>
    (await site.get("/ocpp/circuits/house/")).meter_error === "There is no MQTT broker"
  );
  await site.ask("PATCH", "/ocpp/settings/", { mqtt_url: broker.url });
  await eventually(async () => (await site.get("/ocpp/mqtt/")).state === "connected");
  await eventually(async () => {
    await broker.client.publishAsync("meters/house", JSON.stringify({ i: CURRENTS }));
    return (await site.get("/ocpp/circuits/house/")).measured_a;
  });
  assertEquals((await site.get("/ocpp/circuits/house/")).measured_a, CURRENTS);
  assertEquals(broker.last.get("meters/house") !== "", true);
});

Deno.test("a meter without places of its values, and one at the gateway itself, is refused", async () => {
  await using gateway = await startTestGateway();
  const field = async (meter: Json) =>
    (await gateway.rest("POST", "/ocpp/circuits/", { name: "x", meter })).body.values?.field;
  assertEquals(await field({ kind: "http", url: "http://192.0.2.1/" }), "meter.current_a");
  assertEquals(await field({ kind: "http", url: "http://169.254.1.1/", power_w: [""] }), "meter.url");
  assertEquals(await field({ kind: "modbus", host: "192.0.2.1", model: "table" }), "meter.table");
  assertEquals(await field({ kind: "mqtt", topic: "a", current_a: ["/a", "/b"] }), "meter.current_a");
  assertEquals(
    (await gateway.rest("POST", "/ocpp/circuits/", { name: "x", meter: { kind: "mqtt", topic: "#" } }))
      .status,
    400,
  );
});
