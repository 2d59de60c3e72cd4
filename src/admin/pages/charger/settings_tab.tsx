// The tab with a charger's settings.
import { useLocation } from "preact-iso/router";
import { useState } from "preact/hooks";
import { at, call, chargerPath, get } from "../../api.ts";
import { ActionButton } from "../../components/action_button.tsx";
import { MapView } from "../../components/map_view.tsx";
import { attempt } from "../../components/inputs.tsx";
import { PlaceFields } from "../../components/place_fields.tsx";
import { Card, Field, fieldsOf, LoadState, useLoad } from "../../components/parts.tsx";
import { SchemaForm } from "../../components/schema_form.tsx";
import { toast } from "../../components/toast.tsx";
import { useUnchanged } from "../../components/unchanged.ts";
import { messages } from "../../i18n.ts";
import { putCharger } from "../../live.ts";
import { loadApi, type Schema } from "../../openapi.ts";
import type { WholeCharger } from "../../types.ts";
import { CHARGER_SETTINGS } from "../../../i18n/admin/charger_settings.ts";
import { Device } from "./device.tsx";
import { SurplusSettings } from "./surplus_settings.tsx";
import { SHELL } from "../../../i18n/admin/shell.ts";

const t = messages(CHARGER_SETTINGS);
const shell = messages(SHELL);

/** The fields that another user may save while the page is open. */
const EDITED = ["name", "registration", "require_rfid", "config", "latitude", "longitude", "quirks"] as const;

/** Loads and shows the settings: the picture of all chargers is without them. */
export function ChargerSettings({ charger_id }: { charger_id: string }) {
  const path = at("/ocpp/chargers/{charger_id}/", { charger_id }, { log: "false" });
  const { value, loading, error, again } = useLoad(() => get(path), [charger_id]);
  if (!value) return <LoadState loading={loading} error={error} />;
  return <Settings charger={value} changed={again} />;
}

function Settings({ charger, changed: again }: { charger: WholeCharger; changed: () => void }) {
  const { charger_id } = charger;
  const { route } = useLocation();
  const unchanged = useUnchanged({
    opened: charger,
    load: () => get(chargerPath(charger_id)),
    fields: EDITED,
  });
  const put = async (changes: Record<string, unknown>) => {
    const changed = await call("PATCH", chargerPath(charger_id), changes);
    putCharger(changed);
    again();
    return changed;
  };
  const save = (changes: Record<string, unknown>) =>
    attempt(
      async () => {
        await unchanged();
        const before = Object.fromEntries(
          Object.keys(changes).map((name) => [name, charger[name as keyof WholeCharger]]),
        );
        const changed = await put(changes);
        toast(changed.warnings ? t("password_weak") : shell("saved"), {
          bad: changed.warnings !== undefined,
          undo: "password" in changes ? undefined : () => put(before),
        });
      },
    );
  return (
    <>
      <div class="pair">
        <Card>
          <Basics charger={charger} save={save} />
        </Card>
        <Card title={t("place")}>
          <Place charger={charger} save={save} />
        </Card>
      </div>
      <SurplusSettings charger={charger} save={save} />
      <Device charger={charger} changed={again} />
      <Quirks charger={charger} save={save} />
      <div>
        <ActionButton
          icon="trash"
          label={t("forget")}
          of={charger_id}
          ask={charger.transaction ? `${t("forget_session")} ${t("forget_text")}` : t("forget_text")}
          run={async () => {
            await call("DELETE", at("/ocpp/chargers/{charger_id}/", { charger_id }, { force: "true" }));
            toast(t("forgotten", { id: charger_id }));
            route("/admin/chargers");
          }}
        />
      </div>
    </>
  );
}

interface PartProps {
  charger: WholeCharger;
  save: (changes: Record<string, unknown>) => Promise<boolean>;
}

function Basics({ charger, save }: PartProps) {
  const run = async (fields: Record<string, string>) => {
    const { name, registration, config = "", password, drop_password } = fields;
    const parsed = parseObject(config);
    if (!parsed) return toast(t("bad_config"), { bad: true });
    const key = password ? { password } : drop_password ? { password: null } : {};
    await save({
      name,
      registration,
      require_rfid: fields.require_rfid !== undefined,
      config: parsed,
      ...key,
    });
  };
  return (
    <form
      class="stack"
      key={JSON.stringify([charger.name, charger.registration, charger.require_rfid, charger.config])}
      onSubmit={(event) => void run(fieldsOf(event))}
    >
      <Field label={t("name")} hint={t("name_hint")}>
        <input name="name" defaultValue={charger.name} maxlength={100} />
      </Field>
      <div>
        <label class="check">
          <input type="checkbox" name="require_rfid" defaultChecked={charger.require_rfid} />
          <span>{t("require_rfid")}</span>
        </label>
        <small class="hint">{t("require_rfid_hint")}</small>
      </div>
      <Field label={t("registration")}>
        <select name="registration" defaultValue={charger.registration}>
          {(["Accepted", "Pending", "Rejected"] as const).map((one) => (
            <option key={one} value={one} selected={one === charger.registration}>{t(one)}</option>
          ))}
        </select>
      </Field>
      <Field label={t("password")} hint={charger.has_password ? t("password_set") : t("password_none")}>
        <input name="password" maxlength={40} autocomplete="new-password" />
      </Field>
      {charger.has_password && (
        <label class="check">
          <input type="checkbox" name="drop_password" /> <span>{t("password_drop")}</span>
        </label>
      )}
      <Field label={t("config")}>
        <textarea
          name="config"
          spellcheck={false}
          defaultValue={JSON.stringify(charger.config ?? {}, null, 2)}
        />
      </Field>
      <div>
        <button type="submit" class="btn primary">{shell("save")}</button>
      </div>
    </form>
  );
}

function Place({ charger, save }: PartProps) {
  const run = ({ latitude, longitude }: Record<string, string>) =>
    save({ latitude: numberOrNull(latitude), longitude: numberOrNull(longitude) });
  const pin = {
    id: charger.charger_id,
    title: charger.name || charger.charger_id,
    status: "Available",
    latitude: charger.latitude,
    longitude: charger.longitude,
  };
  return (
    <div class="stack">
      <MapView
        small
        pins={[pin]}
        edit={charger.charger_id}
        moved={(_id, latitude, longitude) => void save({ latitude, longitude })}
      />
      <p class="hint">{t("place_hint")}</p>
      <form
        class="form"
        key={`${charger.latitude} ${charger.longitude}`}
        onSubmit={(event) => void run(fieldsOf(event))}
      >
        <PlaceFields
          labels={[t("latitude"), t("longitude")]}
          latitude={charger.latitude}
          longitude={charger.longitude}
        />
        <div class="wide">
          <button type="submit" class="btn primary">{shell("save")}</button>
        </div>
      </form>
    </div>
  );
}

/** The form of the charger's quirks, made from their schema. */
function Quirks({ charger, save }: PartProps) {
  const { value: schema } = useLoad(quirksSchema, []);
  const [changed, setChanged] = useState<unknown>(charger.quirks);
  if (!schema) return null;
  return (
    <details class="card">
      <summary>
        <b>{t("quirks")}</b> <span class="soft">{t("quirks_text")}</span>
      </summary>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save({ quirks: changed });
        }}
      >
        <SchemaForm schema={schema} value={changed} set={setChanged} />
        <div>
          <button type="submit" class="btn primary">{shell("save")}</button>
        </div>
      </form>
    </details>
  );
}

async function quirksSchema(): Promise<Schema | undefined> {
  const { paths } = await loadApi();
  const body = paths["/ocpp/chargers/{charger_id}/"]?.patch?.requestBody?.content["application/json"]?.schema;
  return body?.properties?.quirks;
}

function numberOrNull(text: string | undefined): number | null {
  return text === undefined || text.trim() === "" ? null : Number(text);
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text.trim() || "{}");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
