// A form made from a JSON schema, as far as OCPP payloads use it.
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import type { Schema } from "../openapi.ts";
import { COMMANDS } from "../../i18n/admin/commands.ts";

const t = messages(COMMANDS);

interface SchemaFormProps {
  schema: Schema;
  value: unknown;
  set: (value: unknown) => void;
  /** The label of a field or an option; default: its name. */
  label?: ((name: string) => string) | undefined;
}

/** From this maximum length on a text gets several lines, as PEM needs. */
const LONG = 2000;

/** Returns the first value of a required field. */
export function initialValue(schema: Schema): unknown {
  const plain = plainOf(schema);
  if (plain.const !== undefined) return plain.const;
  if (plain.default !== undefined) return plain.default;
  if (plain.enum) return plain.enum[0];
  switch (typeOf(plain)) {
    case "object":
      return plain.items ? [] : Object.fromEntries(
        (plain.required ?? []).map((name) => [name, initialValue(plain.properties?.[name] ?? {})]),
      );
    case "array":
      return Array.from({ length: plain.minItems ?? 0 }, () => initialValue(plain.items ?? {}));
    case "integer":
    case "number":
      return plain.minimum ?? 0;
    case "boolean":
      return false;
    default:
      return plain.format === "date-time" ? new Date().toISOString() : "";
  }
}

/** The fields of an object. */
export function SchemaForm({ schema, value, set, label }: SchemaFormProps) {
  const { properties = {}, required = [] } = plainOf(schema);
  const record = (value ?? {}) as Record<string, unknown>;
  const change = (name: string, field: unknown) => {
    const { [name]: _old, ...others } = record;
    set(field === undefined ? others : { ...others, [name]: field });
  };
  return (
    <div class="form">
      {Object.entries(properties).map(([name, field]) => (
        <SchemaField
          key={name}
          name={name}
          schema={plainOf(field)}
          optional={!required.includes(name)}
          value={record[name]}
          label={label}
          set={(changed) => change(name, changed)}
        />
      ))}
    </div>
  );
}

interface SchemaFieldProps extends SchemaFormProps {
  name: string;
  optional: boolean;
}

function SchemaField(props: SchemaFieldProps) {
  const { name, schema, optional, label } = props;
  const type = typeOf(schema);
  const title = <>{label?.(name) ?? name} {optional && <span class="soft small">{t("optional")}</span>}</>;
  if (type === "object" || type === "array") {
    return (
      <fieldset class="wide stack tight">
        <legend>{title}</legend>
        {type === "object" ? <ObjectField {...props} /> : <ArrayField {...props} />}
      </fieldset>
    );
  }
  return (
    <label class="field">
      <span>{title}</span>
      <SimpleField {...props} />
    </label>
  );
}

function ObjectField({ name, schema, value, set, optional, label }: SchemaFieldProps) {
  if (value === undefined) return <AddButton run={() => set(initialValue(schema))} />;
  return (
    <>
      {schema.properties
        ? <SchemaForm schema={schema} value={value} set={set} label={label} />
        : <JsonField name={label?.(name) ?? name} value={value} set={set} />}
      {optional && <RemoveButton run={() => set(undefined)} />}
    </>
  );
}

function ArrayField({ name, schema, value, set, optional, label }: SchemaFieldProps) {
  const items = (value ?? []) as unknown[];
  const item = plainOf(schema.items ?? {});
  const change = (index: number, changed: unknown) =>
    set(items.map((one, at) => at === index ? changed : one));
  const remove = (index: number) => {
    const left = items.filter((_, at) => at !== index);
    set(left.length === 0 && optional ? undefined : left);
  };
  return (
    <>
      {items.map((one, index) => (
        <div key={index} class="row">
          <div class="grow">
            {typeOf(item) === "object"
              ? (
                <SchemaForm
                  schema={item}
                  value={one}
                  set={(changed) => change(index, changed)}
                  label={label}
                />
              )
              : (
                <label class="field">
                  <span class="sr">{label?.(name) ?? name} {index + 1}</span>
                  <SimpleField
                    name={name}
                    optional={false}
                    schema={item}
                    value={one}
                    set={(changed) => change(index, changed)}
                  />
                </label>
              )}
          </div>
          <RemoveButton run={() => remove(index)} />
        </div>
      ))}
      <AddButton run={() => set([...items, initialValue(item)])} />
    </>
  );
}

function SimpleField({ schema, value, set, optional, label }: SchemaFieldProps) {
  const type = typeOf(schema);
  const shown = value === undefined ? "" : String(value);
  const choices = schema.enum ?? (type === "boolean" ? [true, false] : null);
  if (choices) {
    return (
      <select
        value={shown}
        onChange={({ currentTarget }) =>
          set(choices.find((choice) => String(choice) === currentTarget.value))}
      >
        {optional && <option value="">{t("leave_out")}</option>}
        {choices.map((choice) => (
          <option key={String(choice)} value={String(choice)}>
            {label?.(String(choice)) ?? String(choice)}
          </option>
        ))}
      </select>
    );
  }
  const Text = (schema.maxLength ?? 0) >= LONG ? "textarea" : "input";
  return type === "integer" || type === "number"
    ? (
      <input
        type="number"
        step={type === "integer" ? 1 : "any"}
        min={schema.minimum}
        max={schema.maximum}
        required={!optional}
        value={shown}
        onInput={({ currentTarget: { value: text } }) =>
          set(text === "" ? optional ? undefined : "" : Number(text))}
      />
    )
    : (
      <Text
        maxlength={schema.maxLength}
        placeholder={schema.placeholder}
        required={!optional}
        value={shown}
        onInput={({ currentTarget: { value: text } }) => set(text === "" && optional ? undefined : text)}
      />
    );
}

function JsonField({ name, value, set }: { name: string; value: unknown; set: (value: unknown) => void }) {
  const read = (area: HTMLTextAreaElement) => {
    try {
      set(JSON.parse(area.value));
      area.setCustomValidity("");
    } catch {
      area.setCustomValidity(t("bad_json"));
    }
  };
  return (
    <textarea aria-label={name} spellcheck={false} onInput={(event) => read(event.currentTarget)}>
      {JSON.stringify(value, null, 2)}
    </textarea>
  );
}

function AddButton({ run }: { run: () => void }) {
  return (
    <div>
      <button type="button" class="btn small" onClick={run}>
        <Icon name="plus" size={16} /> {t("add")}
      </button>
    </div>
  );
}

function RemoveButton({ run }: { run: () => void }) {
  return (
    <div>
      <button type="button" class="btn small quiet" onClick={run}>
        <Icon name="trash" size={16} /> {t("remove")}
      </button>
    </div>
  );
}

/** Returns a schema without its alternative null. */
function plainOf(schema: Schema): Schema {
  const choices = schema.anyOf ?? schema.oneOf;
  return choices?.find((choice) => choice.type !== "null") ?? schema;
}

function typeOf({ type, properties, items }: Schema): string | undefined {
  if (properties) return "object";
  if (items) return items.items ? "object" : "array"; // lists of lists are written as JSON
  return Array.isArray(type) ? type.find((one) => one !== "null") : type;
}
