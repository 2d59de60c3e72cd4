// A form of settings, each input made from the setting's schema.
import { call } from "../../api.ts";
import { ZoneInput } from "../../components/zone_input.tsx";
import { attempt } from "../../components/inputs.tsx";
import { Field, fieldsOf } from "../../components/parts.tsx";
import { hasMessage, messages } from "../../i18n.ts";
import { settings } from "../../live.ts";
import type { Schema } from "../../openapi.ts";
import type { SiteSettings } from "../../types.ts";
import { SETTINGS } from "../../../i18n/admin/settings.ts";
import { SHELL } from "../../../i18n/admin/shell.ts";

const t = messages(SETTINGS);
const shell = messages(SHELL);

/** Longer texts get a box of several lines. */
const ONE_LINE = 300;

/** Settings by name, in the order of the form. */
export type Fields = [name: string, schema: Schema][];

/** Sends changed settings and shows the answer everywhere. */
export function saveSettings(changes: Record<string, unknown>): Promise<boolean> {
  return attempt(async () => {
    settings.value = await call("PATCH", "/ocpp/settings/", changes);
  }, shell("saved"));
}

/** A form of some settings; it sends the changed ones only. */
export function SettingsForm({ fields, site }: { fields: Fields; site: SiteSettings }) {
  const save = (filled: Record<string, string>) => {
    const values = fields.map(([name, schema]) => [name, valueOf(schema, filled[name])] as const);
    const changed = values.filter(([name, value]) => value !== undefined && value !== site[name]);
    void saveSettings(Object.fromEntries(changed));
  };
  return (
    <form
      class="stack"
      key={JSON.stringify(fields.map(([name]) => site[name]))}
      onSubmit={(event) => save(fieldsOf(event))}
    >
      {fields.map(([name, schema]) => <Setting key={name} name={name} schema={schema} value={site[name]} />)}
      <div>
        <button type="submit" class="btn primary">{shell("save")}</button>
      </div>
    </form>
  );
}

interface SettingProps {
  name: string;
  schema: Schema;
  value: unknown;
}

function Setting({ name, schema, value }: SettingProps) {
  if (schema.type === "boolean") {
    return (
      <label class="check">
        <input type="checkbox" name={name} defaultChecked={value === true} />{" "}
        <span>{labelOf(name, schema)}</span>
      </label>
    );
  }
  return (
    <Field label={labelOf(name, schema)}>
      <Input name={name} schema={schema} value={value} />
    </Field>
  );
}

function Input({ name, schema, value }: SettingProps) {
  const text = String(value ?? "");
  const { minimum, maximum, maxLength } = schema;
  if (schema.enum) {
    return (
      <select name={name}>
        {schema.enum.map(String).map((one) => (
          <option key={one} value={one} selected={one === value}>
            {hasMessage(SETTINGS, one) ? t(one) : one}
          </option>
        ))}
      </select>
    );
  }
  if (schema.type === "integer") {
    return <input name={name} type="number" min={minimum} max={maximum} required defaultValue={text} />;
  }
  if (schema.format === "time-zone") return <ZoneInput name={name} value={text} />;
  if ((maxLength ?? 0) > ONE_LINE) return <textarea name={name} maxlength={maxLength} defaultValue={text} />;
  if (schema.writeOnly) return <input name={name} type="password" maxlength={maxLength} />;
  return <input name={name} maxlength={maxLength} defaultValue={text} />;
}

/** The label in the operator's language, else the schema's description; then the unit. */
function labelOf(name: string, schema: Schema): string {
  const label = hasMessage(SETTINGS, name) ? t(name) : schema.description ?? name;
  const unit = schema["x-unit"];
  if (unit === undefined) return label;
  return `${label}, ${hasMessage(SETTINGS, unit) ? t(unit) : unit}`;
}

/** The value of a filled-in field; undefined: leave the setting as it is. */
function valueOf({ type, writeOnly }: Schema, text: string | undefined): unknown {
  if (type === "boolean") return text !== undefined;
  if (text === undefined || (writeOnly && text === "")) return undefined;
  return type === "integer" ? Number(text) : text;
}
