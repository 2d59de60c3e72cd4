// /metrics: Prometheus can read it, and only those who may.
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { SIMULATOR_HEADER } from "../../src/site/simulated.ts";
import { startTestGateway } from "../kit/gateway.ts";
import { readPrometheus } from "./prometheus.ts";

Deno.test("metrics tells of chargers, sessions, messages and commits in Prometheus' format", async () => {
  await using site = await startTestGateway();
  await using client = await RawClient.connect(site.ws_url, { path: "CP1" });
  await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  const timestamp = new Date().toISOString();
  await client.call("StartTransaction", { connectorId: 1, idTag: "T", meterStart: 0, timestamp });
  await client.call("Nonsense", {});
  const { status, headers, body } = await site.rest("GET", "/metrics");
  assertEquals(status, 200);
  assertMatch(headers.get("content-type")!, /^text\/plain; version=0\.0\.4/);
  for (
    const line of [
      "ocpp_chargers_connected 1",
      'ocpp_charger_up{charger_id="CP1"} 1',
      "ocpp_sessions_active 1",
      'ocpp_messages_total{direction="in",action="StartTransaction",result="ok"} 1',
      'ocpp_messages_total{direction="in",action="Nonsense",result="NotImplemented"} 1',
      'ocpp_message_seconds_bucket{direction="in",action="StartTransaction",le="+Inf"} 1',
      'ocpp_commits_total{result="failed"} 0',
      "ocpp_clock_trusted 1",
    ]
  ) assert(body.includes(`\n${line}\n`), `${line} is missing in\n${body}`);
  for (const line of body.trimEnd().split("\n")) {
    assertMatch(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="([^"\\]|\\.)*",?)+\})? -?[\d.e+-]+)$/);
  }
});

/** The metrics that operators need. */
const FAMILIES = [
  "ocpp_chargers",
  "ocpp_chargers_connected",
  "ocpp_charger_up",
  "ocpp_sessions_active",
  "ocpp_connector_power_watts",
  "ocpp_session_energy_wh",
  "ocpp_messages_total",
  "ocpp_message_seconds",
  "ocpp_commits_total",
  "ocpp_commit_last_seconds",
  "ocpp_commit_max_seconds",
  "ocpp_commit_under_way_seconds",
  "ocpp_commit_queue",
  "ocpp_alarms",
  "ocpp_clock_trusted",
  "process_resident_memory_bytes",
  "process_heap_bytes",
];

Deno.test("metrics can be read strictly, whatever names the wire has brought", async () => {
  await using site = await startTestGateway();
  site.gateway.services.maintenance.alarms.raise("disk", {
    en: "The disk is full",
    es: "El disco está lleno",
  }, true);
  await using client = await RawClient.connect(site.ws_url, { path: "CP1" });
  await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  const timestamp = new Date().toISOString();
  const { transactionId } = (await client.call("StartTransaction", {
    connectorId: 1,
    idTag: "T",
    meterStart: 0,
    timestamp,
  }))[2];
  const sampledValue = [{ value: "7000", measurand: "Power.Active.Import" }, { value: "1234" }];
  await client.call("MeterValues", {
    connectorId: 1,
    transactionId,
    meterValue: [{ timestamp, sampledValue }],
  });
  const names = ['a"b', "a\\b", "a\nb", "a{b}", "a,b=c", "ñ\u2028"];
  for (const name of names) await client.call(name, {});
  const families = readPrometheus((await site.rest("GET", "/metrics")).body);
  assertEquals(FAMILIES.filter((name) => !families.get(name)?.samples.length), []);
  const actions = families.get("ocpp_messages_total")!.samples.map(({ labels }) => labels.action!);
  assertEquals(names.filter((name) => !actions.includes(name)), []);
  const value = (name: string) => families.get(name)!.samples[0]!.value;
  assertEquals([value("ocpp_connector_power_watts"), value("ocpp_session_energy_wh")], [7000, 1234]);
});

Deno.test("readPrometheus refuses what is no Prometheus text", () => {
  const head = "# HELP x X\n# TYPE x gauge\n";
  for (
    const text of [
      head + "x 1",
      head + "x one\n",
      head + 'x{a="b} 1\n',
      head + 'x{a="b",a="c"} 1\n',
      head + "x 1\nx 2\n",
      head + "y 1\n",
      head + head + "x 1\n",
      "x 1\n",
      head.replace("gauge", "counter") + "x 1\n",
      head.replace("gauge", "histogram") + 'x_bucket{le="1"} 1\nx_sum 1\nx_count 1\n',
    ]
  ) assertThrows(() => readPrometheus(text), Error, undefined, text);
  assertEquals(readPrometheus(head + 'x{a="\\n"} 1\n').get("x")!.samples[0]!.labels.a, "\n");
});

Deno.test("metrics labels what is simulated, and leaves it out of the figures of the site", async () => {
  await using site = await startTestGateway();
  await using real = await RawClient.connect(site.ws_url, { path: "CP1" });
  await using simulated = await RawClient.connect(site.ws_url, {
    path: "SIM-1",
    headers: { [SIMULATOR_HEADER]: "1" },
  });
  for (const client of [real, simulated]) {
    await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
    const timestamp = new Date().toISOString();
    await client.call("StartTransaction", { connectorId: 1, idTag: "T", meterStart: 0, timestamp });
    const sampledValue = [{ value: "7000", measurand: "Power.Active.Import" }];
    await client.call("MeterValues", { connectorId: 1, meterValue: [{ timestamp, sampledValue }] });
  }
  const { body } = await site.rest("GET", "/metrics");
  for (
    const line of [
      "ocpp_chargers 1",
      "ocpp_chargers_connected 1",
      "ocpp_sessions_active 1",
      'ocpp_charger_up{charger_id="CP1"} 1',
      'ocpp_charger_up{charger_id="SIM-1",simulated="true"} 1',
      'ocpp_connector_power_watts{charger_id="CP1",connector_id="1"} 7000',
      'ocpp_connector_power_watts{charger_id="SIM-1",simulated="true",connector_id="1"} 7000',
      'ocpp_session_energy_wh{charger_id="SIM-1",simulated="true",connector_id="1"} 0',
    ]
  ) assert(body.includes(`\n${line}\n`), `${line} is missing in\n${body}`);
});

Deno.test("metrics asks for a login, unless the setting opens it", async () => {
  await using site = await startTestGateway();
  const stranger = async () => {
    const response = await fetch(`${site.url}/metrics`);
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await stranger(), 401);
  await site.rest("PATCH", "/ocpp/settings/", { metrics: "open" });
  assertEquals(await stranger(), 200);
});
