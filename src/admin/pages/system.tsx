// The system page: health, clock, backups, support bundle.
import { can, get } from "../api.ts";
import { Addresses } from "../components/addresses.tsx";
import { attempt, saveFile } from "../components/inputs.tsx";
import { Card, LoadState, PageHead, useLoad } from "../components/parts.tsx";
import { ago, duration, number } from "../format.ts";
import { Icon } from "../icons.tsx";
import { language, messages } from "../i18n.ts";
import { allChargers, now } from "../live.ts";
import type { Health, SystemState } from "../types.ts";
import { SYSTEM } from "../../i18n/admin/system.ts";
import { Backups } from "./system/backups.tsx";
import { Clock } from "./system/clock.tsx";
import { DatabaseCheck } from "./system/database_check.tsx";
import { supportBundle } from "./system/support.ts";

const t = messages(SYSTEM);

const POLL_MS = 10_000;

/** Shows the system. */
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
            <Clock clock={value.system.clock} />
            <Card title={t("addresses")}>
              <Addresses />
            </Card>
          </div>
          {can("operator") && <DatabaseCheck />}
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
  const health: Health = await get("/healthz").catch((error) => ({
    status: "failing",
    version: "–",
    started_at: "",
    connected: 0,
    problem: String(error.message),
  }));
  return { health, system: await get("/ocpp/system/") };
}

function HealthCard({ health, system }: { health: Health; system: SystemState }) {
  const mega = (bytes: number | null) => bytes === null ? "–" : `${number(bytes / 1e6)} MB`;
  const facts: [keyof typeof SYSTEM, string][] = [
    ["version", system.version],
    ["uptime", duration(system.uptime_s * 1000)],
    ["connected", `${health.connected} / ${allChargers().length}`],
    ["memory", mega(system.memory_bytes)],
    ["disk", mega(system.disk_free_bytes)],
    ["architecture", system.architecture],
    ["data_dir", system.data_dir],
    ["site_id", system.site_id],
  ];
  return (
    <Card title={t("health")}>
      <div class="stack">
        <p class={`answer tone-${health.status === "ok" ? "green" : "red"}`} role="status">
          {health.problem ?? t("ok")}
        </p>
        {system.alarms.map(({ kind, texts, since, failing }) => (
          <p key={kind} class={`answer tone-${failing ? "red" : "amber"}`}>
            {texts[language.value]} <span class="soft small">{ago(since)}</span>
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

async function saveBundle(): Promise<void> {
  const text = JSON.stringify(await supportBundle(), null, 2);
  saveFile(
    `support-${new Date().toISOString().slice(0, 16).replace(/:/g, "")}.json`,
    new Blob([text], { type: "application/json" }),
  );
}
