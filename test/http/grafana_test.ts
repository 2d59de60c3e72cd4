// docs/grafana.json: all that its panels ask for is in /metrics.
import { assert, assertEquals } from "@std/assert";
import { SIMULATOR_HEADER } from "../../src/site/simulated.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { startTestGateway } from "../kit/gateway.ts";
import { readPrometheus } from "./prometheus.ts";

interface Panel {
  id: number;
  title: string;
  type: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; legendFormat: string }[];
}

interface Dashboard {
  uid: string;
  panels: Panel[];
  templating: { list: { name: string; type: string; query: unknown; definition?: string }[] };
}

const FILE = new URL("../../docs/grafana.json", import.meta.url);
const dashboard: Dashboard = JSON.parse(await Deno.readTextFile(FILE));
const targets = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map((target) => ({ title, ...target }))
);
/** Labels that Prometheus itself adds. */
const ADDED = ["job", "instance"];
const METRIC = /\b(?:ocpp|process)_\w+/g;

/** Returns the labels of each name that a busy gateway exports, histograms by the names of their parts. */
async function exported(): Promise<Map<string, Set<string>>> {
  const data_dir = await Deno.makeTempDir();
  await using site = await startTestGateway({ config: { data_dir, kv: `${data_dir}/gateway.db` } });
  site.gateway.services.maintenance.alarms.raise("test", { // of no monitor, which would clear it
    en: "An alarm",
    es: "Una alarma",
  }, true);
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
  const names = new Map<string, Set<string>>();
  for (const { samples } of readPrometheus((await site.rest("GET", "/metrics")).body).values()) {
    for (const { name, labels } of samples) {
      names.set(name, new Set([...names.get(name) ?? [], ...Object.keys(labels)]));
    }
  }
  return names;
}

Deno.test("each panel of the Grafana dashboard asks for metrics and labels that the gateway exports", async () => {
  const names = await exported();
  assert(targets.length > 20);
  for (const { title, expr, legendFormat } of targets) {
    const asked = expr.match(METRIC) ?? [];
    assert(asked.length > 0, title);
    const known = new Set(ADDED);
    for (const name of asked) {
      assert(names.has(name), `${title}: ${name} is not exported`);
      for (const label of names.get(name)!) known.add(label);
    }
    const words = [
      ...[...expr.matchAll(/by \(([\w, ]+)\)/g)].flatMap(([, list]) => list!.split(/, */)),
      ...[...expr.matchAll(/(\w+)(?:=~|!=|=)"/g)].map(([, label]) => label!),
      ...[...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!),
    ];
    assertEquals(words.filter((word) => !known.has(word)), [], title);
  }
  for (const { definition = "" } of dashboard.templating.list) {
    for (const name of definition.match(METRIC) ?? []) assert(names.has(name), definition);
  }
});

Deno.test("the Grafana dashboard needs no data source of a given name, and its panels do not overlap", () => {
  const text = JSON.stringify(dashboard);
  assertEquals([...new Set(text.match(/"uid":"[^"]+"/g))], [
    `"uid":"${dashboard.uid}"`,
    '"uid":"${datasource}"',
  ]);
  assert(dashboard.templating.list.some(({ name, type }) => name === "datasource" && type === "datasource"));
  const taken = new Map<string, string>();
  for (const { title, gridPos: { x, y, w, h } } of dashboard.panels) {
    assert(x + w <= 24, title);
    for (let column = x; column < x + w; column++) {
      for (let line = y; line < y + h; line++) {
        const place = `${column}/${line}`;
        assert(!taken.has(place), `${title} lies over ${taken.get(place)}`);
        taken.set(place, title);
      }
    }
  }
  assertEquals(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length);
});
