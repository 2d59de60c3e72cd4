// The site's settings; the form follows the schema that checks them.
import { call, can } from "../api.ts";
import { MapView } from "../components/map_view.tsx";
import { attempt } from "../components/inputs.tsx";
import { Card, Field, fieldsOf, LoadState, PageHead, PlaceFields, useLoad } from "../components/parts.tsx";
import { hasMessage, messages } from "../i18n.ts";
import { settings } from "../live.ts";
import { loadApi, type Schema } from "../openapi.ts";
import type { SiteSettings } from "../types.ts";
import { SETTINGS } from "../../i18n/admin/settings.ts";
import { SHELL } from "../../i18n/admin/shell.ts";
import { OwnMap } from "./settings/own_map.tsx";

const t = messages(SETTINGS);
const shell = messages(SHELL);

type Known = keyof typeof SETTINGS;

const GROUPS: [Known, string[]][] = [
  ["site", ["name", "help_text", "phone", "whatsapp", "language"]],
  ["chargers", [
    "unknown_chargers",
    "allow_no_subprotocol",
    "heartbeat_interval",
    "call_timeout",
    "min_security_profile",
  ]],
  ["cards", [
    "single_transaction_per_tag",
    "empty_tags",
    "remember_unknown_tags",
    "stop_blocked_tags",
    "sync_local_lists",
  ]],
  ["keep", ["retention_days", "backup_keep", "log_file_bytes", "log_files", "audit_entries"]],
  ["access", ["session_days", "login_tries", "login_lock_minutes", "metrics"]],
  ["map", ["tile_url", "tile_attribution"]],
  ["network", ["mdns", "mdns_name"]],
];
const PLACE = ["latitude", "longitude"];

/** The page. */
export default function Settings() {
  const { value: schema, loading, error } = useLoad(loadSchema, []);
  const site = settings.value;
  const fields = schema?.properties ?? {};
  const named = new Set([...GROUPS.flatMap(([, names]) => names), ...PLACE]);
  const others = Object.keys(fields).filter((name) => !named.has(name));
  return (
    <>
      <PageHead title={t("title")} />
      <LoadState loading={loading} error={error} />
      {schema && site && (
        <fieldset class="bare" disabled={!can("admin")}>
          <div class="pair">
            {GROUPS.map(([group, names]) => {
              const there = names.filter((name) => name in fields);
              return there.length > 0 && (
                <Card key={group} title={t(group)}>
                  <div class="stack">
                    <Group names={there} fields={fields} site={site} />
                    {group === "map" && <OwnMap site={site} />}
                  </div>
                </Card>
              );
            })}
            <Card title={t("place")}>
              <Place site={site} />
            </Card>
          </div>
          {others.length > 0 && (
            <details class="card">
              <summary>
                <b>{t("others")}</b>
              </summary>
              <Group names={others} fields={fields} site={site} />
            </details>
          )}
        </fieldset>
      )}
    </>
  );
}

async function loadSchema(): Promise<Schema> {
  const { paths } = await loadApi();
  return paths["/ocpp/settings/"]?.patch?.requestBody?.content["application/json"]?.schema ?? {};
}

function save(changes: Record<string, unknown>): Promise<boolean> {
  return attempt(async () => {
    settings.value = await call<SiteSettings>("PATCH", "/ocpp/settings/", changes);
  }, shell("saved"));
}

interface GroupProps {
  names: string[];
  fields: Record<string, Schema>;
  site: SiteSettings;
}

/** A form of some settings; only what changed is sent. */
function Group({ names, fields, site }: GroupProps) {
  const run = (filled: Record<string, string>) => {
    const values = names.map((name) => [name, valueOf(fields[name]!, filled[name])] as const);
    void save(
      Object.fromEntries(values.filter(([name, value]) => value !== undefined && value !== site[name])),
    );
  };
  return (
    <form
      class="stack"
      key={JSON.stringify(names.map((name) => site[name]))}
      onSubmit={(event) => run(fieldsOf(event))}
    >
      {names.map((name) => <Setting key={name} name={name} schema={fields[name]!} value={site[name]} />)}
      <div>
        <button type="submit" class="btn primary">{shell("save")}</button>
      </div>
    </form>
  );
}

function Setting({ name, schema, value }: { name: string; schema: Schema; value: unknown }) {
  const label = hasMessage(SETTINGS, name) ? t(name) : name;
  if (schema.type === "boolean") {
    return (
      <label class="check">
        <input type="checkbox" name={name} defaultChecked={value === true} /> <span>{label}</span>
      </label>
    );
  }
  if (schema.enum) {
    return (
      <Field label={label}>
        <select name={name}>
          {schema.enum.map((one) => (
            <option key={String(one)} value={String(one)} selected={one === value}>
              {hasMessage(SETTINGS, String(one)) ? t(String(one) as Known) : String(one)}
            </option>
          ))}
        </select>
      </Field>
    );
  }
  if (name === "help_text") {
    return (
      <Field label={label}>
        <textarea name={name} maxlength={schema.maxLength} defaultValue={String(value ?? "")} />
      </Field>
    );
  }
  return (
    <Field label={label}>
      {schema.type === "integer"
        ? (
          <input
            name={name}
            type="number"
            min={schema.minimum}
            max={schema.maximum}
            required
            defaultValue={String(value ?? "")}
          />
        )
        : <input name={name} maxlength={schema.maxLength} defaultValue={String(value ?? "")} />}
    </Field>
  );
}

function valueOf({ type }: Schema, text: string | undefined): unknown {
  if (type === "boolean") return text !== undefined;
  if (text === undefined) return undefined;
  return type === "integer" ? Number(text) : text;
}

function Place({ site }: { site: SiteSettings }) {
  const { latitude, longitude } = site;
  const number = (text: string | undefined) => text?.trim() ? Number(text) : null;
  const pin = { id: "site", title: site.name, status: "Available", latitude, longitude };
  return (
    <div class="stack">
      <MapView
        small
        pins={[pin]}
        edit={can("admin") ? "site" : null}
        moved={(_id, latitude, longitude) => void save({ latitude, longitude })}
      />
      <p class="hint">{t("place_hint")}</p>
      <form
        class="form"
        key={`${latitude} ${longitude}`}
        onSubmit={(event) => {
          const filled = fieldsOf(event);
          void save({ latitude: number(filled.latitude), longitude: number(filled.longitude) });
        }}
      >
        <PlaceFields labels={[t("latitude"), t("longitude")]} latitude={latitude} longitude={longitude} />
        <div class="wide">
          <button type="submit" class="btn primary">{shell("save")}</button>
        </div>
      </form>
    </div>
  );
}
