// The machine that the gateway runs on: health, clock, backups, support.
import { can, get } from "../api.ts";
import { attempt, saveFile } from "../components/inputs.tsx";
import { Card, CopyButton, Empty, LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { ago, duration, number } from "../format.ts";
import { Icon } from "../icons.tsx";
import { words } from "../i18n.ts";
import { allChargers, now } from "../live.ts";
import { SYSTEM } from "../words/system.ts";
import { Backups } from "./system/backups.tsx";
import { Clock, type ClockState } from "./system/clock.tsx";
import { supportBundle } from "./system/support.ts";

const t = words(SYSTEM);

const POLL_MS = 10_000;

/** What /ocpp/system/ tells; older gateways tell less. */
interface SystemState {
  version: string;
  uptime_s?: number;
  architecture?: string;
  memory_bytes?: number;
  disk_free_bytes?: number | null;
  data_dir?: string;
  site_id?: string;
  clock?: ClockState;
  alarms?: { kind: string; text: string; since: string; failing: boolean }[];
  hosts?: string[];
}

interface Health {
  status: string;
  version: string;
  connected: number;
  problem?: string;
}

/** The page. */
export default function System() {
  const { value, error } = useLoad(load, [Math.floor(now.value / POLL_MS)]);
  return (
    <>
      <PageHead title={t("title")}>
        {can("admin") && (
          <button type="button" class="btn" onClick={() => void attempt(saveBundle)}>
            <Icon name="download" size={18} /> {t("bundle")}
          </button>
        )}
      </PageHead>
      <LoadState loading={!value && !error} error={error} />
      {value && (
        <>
          <HealthCard {...value} />
          <div class="pair">
            {value.system.clock && <Clock clock={value.system.clock} />}
            <Addresses hosts={value.system.hosts ?? []} />
          </div>
        </>
      )}
      {can("admin") && (
        <>
          <Backups />
          <p class="hint">{t("bundle_text")}</p>
        </>
      )}
    </>
  );
}

async function load(): Promise<{ health: Health; system: SystemState }> {
  const health = await get<Health>("/healthz").catch((error) => ({
    status: "failing",
    version: "–",
    connected: 0,
    problem: String(error.message),
  }));
  return { health, system: await get<SystemState>("/ocpp/system/") };
}

function HealthCard({ health, system }: { health: Health; system: SystemState }) {
  const mega = (bytes: number | null | undefined) =>
    bytes === null || bytes === undefined ? "–" : `${number(bytes / 1e6)} MB`;
  const facts: [keyof typeof SYSTEM, string][] = [
    ["version", system.version],
    ["uptime", system.uptime_s === undefined ? "–" : duration(system.uptime_s * 1000)],
    ["connected", `${health.connected} / ${allChargers().length}`],
    ["memory", mega(system.memory_bytes)],
    ["disk", mega(system.disk_free_bytes)],
    ["architecture", system.architecture ?? "–"],
    ["data_dir", system.data_dir ?? "–"],
    ["site_id", system.site_id ?? "–"],
  ];
  const alarms = system.alarms ?? [];
  return (
    <Card title={t("health")}>
      <div class="stack">
        <p class={`answer tone-${health.status === "ok" ? "green" : "red"}`} role="status">
          {health.problem ?? t("ok")}
        </p>
        {alarms.map(({ kind, text, since, failing }) => (
          <p key={kind} class={`answer tone-${failing ? "red" : "amber"}`}>
            {text} <span class="soft small">{ago(since)}</span>
          </p>
        ))}
        <dl class="facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{t(name)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <details>
          <summary class="soft">{t("raw")}</summary>
          <pre>{JSON.stringify(system, null, 2)}</pre>
        </details>
      </div>
    </Card>
  );
}

/** Each address that chargers can use; the one of this page is one of them. */
function Addresses({ hosts }: { hosts: string[] }) {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const port = location.port ? `:${location.port}` : "";
  const urls = [...new Set([location.host, ...hosts.map((host) => `${host}${port}`)])].map((host) =>
    `${scheme}://${host}/`
  );
  return (
    <Card title={t("addresses")}>
      {urls.length === 0 ? <Empty icon="link">–</Empty> : (
        <div class="stack tight">
          {urls.map((url) => (
            <div key={url} class="row between">
              <code class="grow">{url}</code>
              <CopyButton text={url} />
            </div>
          ))}
        </div>
      )}
    </Card>
  );
}

async function saveBundle(): Promise<void> {
  const text = JSON.stringify(await supportBundle(), null, 2);
  saveFile(
    `support-${new Date().toISOString().slice(0, 16).replace(/:/g, "")}.json`,
    new Blob([text], { type: "application/json" }),
  );
}
