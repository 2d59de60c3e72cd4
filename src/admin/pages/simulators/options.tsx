// The form of a simulated charger's options, made from their schema.
import { useState } from "preact/hooks";
import { call } from "../../api.ts";
import { attempt } from "../../components/inputs.tsx";
import { useLoad } from "../../components/parts.tsx";
import { SchemaForm } from "../../components/schema_form.tsx";
import { messages } from "../../i18n.ts";
import { loadApi, type Schema } from "../../openapi.ts";
import type { Simulator } from "../../types.ts";
import { SHELL } from "../../../i18n/admin/shell.ts";
import { SIMULATORS } from "../../../i18n/admin/simulators.ts";
import { pathOf } from "./state.tsx";

const t = messages(SIMULATORS);
const shell = messages(SHELL);

const PEM = { type: "string", maxLength: 100_000 };

/** Options by their names in REST. */
export type Options = Record<string, unknown>;

interface OptionsProps {
  value: Options;
  set: (value: Options) => void;
  /** Options that other fields ask for. */
  without?: readonly string[];
}

/** Shows the fields of all options. */
export function OptionFields({ value, set, without = [] }: OptionsProps) {
  const { value: schema } = useLoad(optionsSchema, []);
  if (!schema) return null;
  const shown = Object.entries(schema.properties!).filter(([key]) => !without.includes(key))
    .map((
      [key, field],
    ) => [key, value[`has_${key}`] ? { ...field, placeholder: shell("unchanged") } : field]);
  return (
    <>
      <p class="hint">{t("options")}</p>
      <SchemaForm
        schema={{ properties: Object.fromEntries(shown) }}
        value={value}
        set={(changed) => set(changed as Options)}
        label={(key) => t(key as keyof typeof SIMULATORS)}
      />
    </>
  );
}

/** Shows the dialog that changes a simulator's options. */
export function OptionsCard({ one }: { one: Simulator }) {
  const [old, setOld] = useState<Options>(one);
  const [value, setValue] = useState(old);
  const save = () =>
    attempt(async () => {
      const keys = Object.keys({ ...old, ...value });
      const changed = keys.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(value[key]));
      const changes = Object.fromEntries(changed.map((key) => [key, value[key] ?? null]));
      const saved = await call("PATCH", pathOf(one.name), changes);
      setOld(saved);
      setValue(saved);
    }, shell("saved"));
  return (
    <details class="card">
      <summary>
        <b>{t("all")}</b>
      </summary>
      <form
        class="stack"
        key={JSON.stringify(old)}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <OptionFields value={value} set={setValue} />
        <div>
          <button type="submit" class="btn primary">{shell("save")}</button>
        </div>
      </form>
    </details>
  );
}

async function optionsSchema(): Promise<Schema> {
  const { paths } = await loadApi();
  const body = paths["/ocpp/simulators/"]?.post?.requestBody?.content["application/json"]?.schema;
  const { name: _name, scenario: _scenario, ...properties } = body?.properties ?? {};
  return { properties: { ...properties, tls_ca: PEM, tls_cert: PEM, tls_key: PEM } };
}
