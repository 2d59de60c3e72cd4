// 200 chargers with live state over MQTT, and brokers that are away, slow or hostile: the gateway's CPU and memory, and the
// times of the chargers' answers, each beside a run without MQTT.
import { BadBroker } from "../../kit/bad_broker.ts";
import { aedes, type Broker, MOSQUITTO, mosquitto } from "../../kit/broker.ts";
import { eventually } from "../../kit/eventually.ts";
import { type Bench, using } from "../bench.ts";
import { load, type LoadResult } from "../load.ts";
import { median } from "../report.ts";
import { type Server, startGateway } from "../server.ts";

/** The brokers by name, each with whether the gateway stays connected to it. */
const BROKERS: Record<string, () => Promise<AsyncDisposable & { url: string }>> = {
  good: () => MOSQUITTO ? mosquitto() : aedes(),
  away: () => Promise.resolve({ url: "mqtt://127.0.0.1:9", [Symbol.asyncDispose]: () => Promise.resolve() }),
  deaf: () => Promise.resolve(new BadBroker("deaf")),
  silent: () => Promise.resolve(new BadBroker("silent")),
  flood: () => Promise.resolve(new BadBroker("flood")),
  huge: () => Promise.resolve(new BadBroker("huge")),
};

const AUTHORIZATION = `Basic ${btoa("admin:bench of the gateway")}`;
const CHARGERS = 200;

/** CPU, memory and p99 with each broker, in pairs with and without it. */
export async function outputs(bench: Bench): Promise<void> {
  const { report, quick } = bench;
  report.title(`outputs: ${CHARGERS} chargers, a MeterValues each every 2 s, 20 others, MQTT with discovery`);
  for (const [name, open] of Object.entries(BROKERS)) {
    const pairs: [without: LoadResult, withit: LoadResult][] = [];
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      pairs.push([await once(bench, null), await once(bench, open)]);
    }
    for (const [without, withit] of pairs) {
      report.run("without", without);
      report.run(name, withit, `  ${withit.server.cpu_pct} % CPU, peak ${withit.server.peak_mb} MB`);
    }
    compare(bench, name, pairs);
  }
}

function compare({ report }: Bench, name: string, pairs: [LoadResult, LoadResult][]): void {
  const both = (of: (result: LoadResult) => number) =>
    [0, 1].map((side) => median(pairs.map((pair) => of(pair[side]!)))) as [number, number];
  const [cpu, cpu_with] = both(({ server }) => server.cpu_pct);
  const [peak, peak_with] = both(({ server }) => server.peak_mb);
  report.note(`${name}: CPU ${cpu} -> ${cpu_with} %, peak memory ${peak} -> ${peak_with} MB`);
  for (const part of ["at_once", "by_action"] as const) {
    const [before, after] = both((result) =>
      part === "at_once" ? result.at_once.p99_ms : result.by_action.MeterValues!.p99_ms
    );
    const what = part === "at_once" ? "all but MeterValues and StatusNotification" : "MeterValues";
    report.note(`${name}: p99 of ${what} ${before.toFixed(1)} -> ${after.toFixed(1)} ms`);
    report.figure(`p99 of ${what}, ${name} broker, of that without`, after / before, { at_most: 1.1 }, {
      unit: "x",
      decimals: 2,
    });
  }
  if (name === "good") {
    report.figure("CPU that MQTT adds, of a core", cpu_with - cpu, { at_most: 15 }, { unit: "%" });
  }
  report.figure(`memory that MQTT adds, ${name} broker`, peak_with - peak, { at_most: 64 }, { unit: "MB" });
}

/** One run; with a broker, once the gateway has said that it tries. */
async function once(
  { quick, ...bench }: Bench,
  open: (typeof BROKERS)[string] | null,
): Promise<LoadResult> {
  return await using({ quick, ...bench }, (data_dir) => startGateway({ data_dir }), async (server) => {
    await using broker = await open?.() ?? null;
    if (broker) await use(server, broker.url);
    const result = await load(server, {
      mode: "open",
      status: true,
      chargers: CHARGERS,
      period: 2,
      others: 20,
      "other-period": 1,
      warmup: quick ? 2 : 5,
      duration: quick ? 5 : 15,
    });
    if (broker && "last" in broker) checkStates(broker as Broker);
    return result;
  });
}

/** Sets the broker, with a token, so that commands are taken. */
async function use({ url }: Server, mqtt_url: string): Promise<void> {
  const rest = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization: AUTHORIZATION, "content-type": "application/json" };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await fetch(new URL(path, url.replace("ws:", "http:")), init);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return await answer.json();
  };
  const { token } = await rest("POST", "/ocpp/tokens/", { label: "mqtt", role: "operator" });
  await rest("PATCH", "/ocpp/settings/", { mqtt_url, mqtt_command_token: token });
  await eventually(async () => {
    const { state, last_error } = await rest("GET", "/ocpp/mqtt/");
    return state === "connected" || last_error !== null;
  }, "the broker");
}

function checkStates({ last }: Broker): void {
  const states = [...last.keys()].filter((topic) => /chargers\/[^/]+\/connectors\/1\/state$/.test(topic));
  const devices = [...last.keys()].filter((topic) => topic.startsWith("homeassistant/device/"));
  if (states.length < CHARGERS || devices.length < CHARGERS) {
    throw new Error(`Only ${states.length} connectors and ${devices.length} devices came over MQTT`);
  }
}
