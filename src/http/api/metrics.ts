// /metrics: metrics of the running gateway in the Prometheus text format.
import { node } from "../../node.ts";
import type { CentralSystem } from "../../central/central_system.ts";
import type { MessageLog } from "../../central/message_log.ts";
import { EDGES, type Times } from "../../central/traffic.ts";
import type { Maintenance } from "../../machine/maintenance.ts";
import { liveFigures } from "../../site/charger_state.ts";
import { simulatedFilter } from "../../site/simulated.ts";
import type { Store } from "../../store/store.ts";
import { VERSION } from "../../version.ts";
import { route } from "../route.ts";

/** A figure with its labels. */
type Sample = [labels: Record<string, string>, value: number];

const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

interface MetricsDeps {
  store: Store;
  central: CentralSystem;
  maintenance: Pick<Maintenance, "disk" | "alarms" | "clock">;
  messages: Pick<MessageLog, "lost">;
}

/** The routes of /metrics. */
export const metricsRoutes = [
  route({
    method: "GET",
    path: "/metrics",
    role: "viewer",
    summary: "Metrics in the Prometheus text format; public if the setting `metrics` is `open`",
    response: "text/plain",
    isOpen: ({ store }: MetricsDeps) => store.settings.metrics === "open",
    handle: ({ c }, deps: MetricsDeps) => c.text(metricsOf(deps), 200, { "content-type": METRICS_TYPE }),
  }),
];

function metricsOf(deps: MetricsDeps): string {
  return [
    ...siteMetrics(deps),
    ...trafficMetrics(deps),
    ...storeMetrics(deps),
    ...processMetrics(),
  ].join("\n") + "\n";
}

/** Metrics of chargers and sessions. Simulated ones carry a label, and count in the site's totals only where it has no real charger. */
function siteMetrics({ store, central }: MetricsDeps): string[] {
  const wanted = simulatedFilter(undefined, store);
  const counted = <T extends { simulated: boolean }>(all: readonly T[]) =>
    all.filter(({ simulated }) => wanted === undefined || simulated === wanted);
  const active = store.transactions.active();
  const chargers = store.chargers.all();
  const connected = counted(chargers).filter(({ charger_id }) => central.isConnected(charger_id));
  const meters = chargers.flatMap(({ charger_id }) => {
    const state = central.state(charger_id);
    return state.meters.connectors().map((connector_id): Sample => [
      { ...labelsOf({ charger_id, simulated: state.simulated }), connector_id: String(connector_id) },
      liveFigures(connector_id, state, store).power_w ?? 0,
    ]);
  });
  const energy = active.map((transaction): Sample => [
    { ...labelsOf(transaction), connector_id: String(transaction.connector_id) },
    transaction.energy_wh ?? 0,
  ]);
  const up = chargers.map((charger): Sample => [
    labelsOf(charger),
    Number(central.isConnected(charger.charger_id)),
  ]);
  return [
    ...metric("ocpp_chargers", "gauge", "Chargers that are known", [[{}, counted(chargers).length]]),
    ...metric("ocpp_chargers_connected", "gauge", "Chargers that are connected", [[{}, connected.length]]),
    ...metric("ocpp_charger_up", "gauge", "Whether a charger is connected", up),
    ...metric("ocpp_sessions_active", "gauge", "Sessions that run", [[{}, counted(active).length]]),
    ...metric("ocpp_connector_power_watts", "gauge", "Power by the newest reading", meters),
    ...metric("ocpp_session_energy_wh", "gauge", "Energy of the running session so far", energy),
  ];
}

function labelsOf({ charger_id, simulated }: { charger_id: string; simulated: boolean }) {
  return { charger_id, ...(simulated ? { simulated: "true" } : {}) };
}

function trafficMetrics({ central }: MetricsDeps): string[] {
  const counts = central.traffic.counts().map((
    { direction, action, result, count },
  ): Sample => [{ direction, action, result }, count]);
  return [
    ...metric(
      "ocpp_messages_total",
      "counter",
      "Calls that were answered, by direction, action and result",
      counts,
    ),
    ...histogram("ocpp_message_seconds", "Time from a call to its answer", central.traffic.times()),
  ];
}

function storeMetrics({ store, maintenance, messages }: MetricsDeps): string[] {
  const { commits, failures, mutations, last_ms, max_ms, under_way_since } = store.commits.stats;
  const under_way = under_way_since === null ? 0 : (performance.now() - under_way_since) / 1000;
  const free = maintenance.disk?.free ?? null;
  return [
    ...metric("ocpp_commits_total", "counter", "Commits to the database, by result", [
      [{ result: "ok" }, commits],
      [{ result: "failed" }, failures],
    ]),
    ...metric("ocpp_commit_mutations_total", "counter", "Changes in those commits", [[{}, mutations]]),
    ...metric("ocpp_commit_last_seconds", "gauge", "Time of the newest commit", [[{}, last_ms / 1000]]),
    ...metric("ocpp_commit_max_seconds", "gauge", "Time of the slowest commit", [[{}, max_ms / 1000]]),
    ...metric("ocpp_commit_under_way_seconds", "gauge", "How long the present commit has taken", [[
      {},
      under_way,
    ]]),
    ...metric("ocpp_commit_queue", "gauge", "Messages that wait for their commit", [[
      {},
      store.commits.depth,
    ]]),
    ...metric(
      "ocpp_message_log_lost_total",
      "counter",
      "Lines of the message log that could not be written",
      [[{}, messages.lost]],
    ),
    ...(free === null
      ? []
      : metric("ocpp_disk_free_bytes", "gauge", "Free space beside the database", [[{}, free]])),
    ...metric(
      "ocpp_alarms",
      "gauge",
      "Alarms that are on",
      maintenance.alarms.all().map(({ kind }): Sample => [{ kind }, 1]),
    ),
    ...metric("ocpp_clock_trusted", "gauge", "Whether the clock is trusted", [[
      {},
      Number(maintenance.clock.trusted),
    ]]),
  ];
}

function processMetrics(): string[] {
  const { rss, heapUsed, external } = Deno.memoryUsage();
  return [
    ...metric("process_resident_memory_bytes", "gauge", "Memory of the process", [[{}, rss]]),
    ...metric("process_heap_bytes", "gauge", "Memory of its objects", [[{}, heapUsed]]),
    ...metric("process_external_memory_bytes", "gauge", "Memory of its buffers", [[{}, external]]),
    ...metric("process_uptime_seconds", "gauge", "Time since the start", [[{}, node("process").uptime()]]),
    ...metric("ocpp_gateway_info", "gauge", "The program", [[
      { version: VERSION, deno: Deno.version.deno },
      1,
    ]]),
  ];
}

function metric(name: string, type: string, help: string, samples: readonly Sample[]): string[] {
  if (samples.length === 0) return [];
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(([labels, value]) => line(name, labels, value)),
  ];
}

function histogram(name: string, help: string, all: readonly Times[]): string[] {
  if (all.length === 0) return [];
  const lines = all.flatMap(({ direction, action, buckets, sum, count }) => {
    let below = 0;
    const edges = buckets.map((bucket, index) => {
      below += bucket;
      return line(`${name}_bucket`, { direction, action, le: String(EDGES[index] ?? "+Inf") }, below);
    });
    return [
      ...edges,
      line(`${name}_sum`, { direction, action }, sum),
      line(`${name}_count`, { direction, action }, count),
    ];
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`, ...lines];
}

function line(name: string, labels: Record<string, string>, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length ? `{${pairs.join()}}` : ""} ${value}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
