// The fields of a circuit's meter.
import { useState } from "preact/hooks";
import { Field } from "../../components/parts.tsx";
import { messages } from "../../i18n.ts";
import type { Circuit } from "../../types.ts";
import { CIRCUIT_FORM } from "../../../i18n/admin/load.ts";

const t = messages(CIRCUIT_FORM);

const KINDS = ["none", "modbus", "http", "mqtt", "push"] as const;
const MODELS = {
  eastron_sdm630: "Eastron SDM630",
  carlo_gavazzi_em24: "Carlo Gavazzi EM24",
  shelly_3em: "Shelly Pro 3EM",
  sunspec: "SunSpec",
};

type Meter = Record<string, unknown> & { kind: string };

/** The places of values in the JSON of known meters. */
const KNOWN: Record<string, { path: string; current_a: string[]; power_w: string[] }> = {
  "Shelly 3EM": {
    path: "/status",
    current_a: phases((n) => `/emeters/${n}/current`),
    power_w: phases((n) => `/emeters/${n}/power`),
  },
  "Shelly Pro 3EM": {
    path: "/rpc/EM.GetStatus?id=0",
    current_a: phases((n) => `/${"abc"[n]}_current`),
    power_w: phases((n) => `/${"abc"[n]}_act_power`),
  },
  "HomeWizard P1": {
    path: "/api/v1/data",
    current_a: phases((n) => `/active_current_l${n + 1}_a`),
    power_w: phases((n) => `/active_power_l${n + 1}_w`),
  },
  "Tasmota": {
    path: "/cm?cmnd=Status%208",
    current_a: phases((n) => `/StatusSNS/ENERGY/Current/${n}`),
    power_w: phases((n) => `/StatusSNS/ENERGY/Power/${n}`),
  },
};

function phases(pointer: (n: number) => string): string[] {
  return [0, 1, 2].map(pointer);
}

/** Asks for a meter; `meterOf` reads the fields. */
export function MeterFields({ meter }: { meter: Circuit["meter"] }) {
  const before = meter as Meter | null;
  const [kind, setKind] = useState(before?.kind ?? "none");
  const same = before?.kind === kind ? before : {} as Meter;
  return (
    <>
      <Field label={t("meter")} wide>
        <select name="meter_kind" value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
          {KINDS.map((each) => <option key={each} value={each}>{t(`meter_${each}`)}</option>)}
        </select>
      </Field>
      {kind === "modbus" && <Modbus meter={same} />}
      {(kind === "http" || kind === "mqtt") && <Json key={kind} kind={kind} meter={same} />}
    </>
  );
}

function Modbus({ meter }: { meter: Meter }) {
  const [model, setModel] = useState(String(meter.model ?? "eastron_sdm630"));
  return (
    <>
      <Field label={t("model")}>
        <select name="meter_model" value={model} onChange={(event) => setModel(event.currentTarget.value)}>
          {Object.entries(MODELS).map(([value, label]) => <option key={value} value={value}>{label}</option>)}
          <option value="table">{t("other_model")}</option>
        </select>
      </Field>
      <Field label={t("host")}>
        <input
          name="meter_host"
          required
          defaultValue={String(meter.host ?? "")}
          placeholder="192.168.1.30"
        />
      </Field>
      <Field label={t("port")}>
        <input name="meter_port" type="number" min={1} max={65535} defaultValue={String(meter.port ?? 502)} />
      </Field>
      <Field label={t("unit")}>
        <input name="meter_unit" type="number" min={0} max={255} defaultValue={String(meter.unit_id ?? 1)} />
      </Field>
      {model === "table" && (
        <Field label={t("registers")} wide>
          <textarea
            name="meter_table"
            rows={3}
            required
            defaultValue={JSON.stringify(
              meter.table ?? { function: 4, type: "float32", current: [6, 8, 10] },
            )}
          />
        </Field>
      )}
    </>
  );
}

function Json({ kind, meter }: { kind: "http" | "mqtt"; meter: Meter }) {
  const [known, setKnown] = useState("");
  const preset = KNOWN[known];
  const lines = (name: "current_a" | "power_w") =>
    (preset?.[name] ?? meter[name] as string[] | undefined ?? []).join("\n");
  return (
    <>
      {kind === "http" && (
        <Field label={t("model")}>
          <select value={known} onChange={(event) => setKnown(event.currentTarget.value)}>
            <option value="">–</option>
            {Object.keys(KNOWN).map((name) => <option key={name}>{name}</option>)}
          </select>
        </Field>
      )}
      <Field label={t(kind === "http" ? "url" : "topic")} wide>
        <input
          key={known}
          name="meter_place"
          required
          defaultValue={preset ? `http://192.168.1.30${preset.path}` : String(meter.url ?? meter.topic ?? "")}
        />
      </Field>
      <Field label={t("currents")} hint={t("pointers_hint")}>
        <textarea key={known} name="meter_currents" rows={3} defaultValue={lines("current_a")} />
      </Field>
      <Field label={t("powers")}>
        <textarea key={known} name="meter_powers" rows={3} defaultValue={lines("power_w")} />
      </Field>
    </>
  );
}

/** Returns the meter of the form's fields, with what the form does not show. Throws Error for registers that are no JSON. */
export function meterOf(fields: Record<string, string>, before: Circuit["meter"]): Meter | null {
  const { meter_kind: kind = "none" } = fields;
  if (kind === "none") return null;
  const kept = before?.kind === kind ? before as Meter : {};
  if (kind === "modbus") return modbusOf(fields, kept);
  if (kind === "push") return { kind };
  const pointers = (text = "") => text.split(/\s+/).filter((line) => line !== "");
  const [current_a, power_w] = [pointers(fields.meter_currents), pointers(fields.meter_powers)];
  const { current_a: _, power_w: __, ...rest } = kept as Meter;
  return {
    ...rest,
    kind,
    [kind === "http" ? "url" : "topic"]: fields.meter_place,
    ...current_a.length > 0 ? { current_a } : {},
    ...power_w.length > 0 ? { power_w } : {},
  };
}

function modbusOf(fields: Record<string, string>, kept: Partial<Meter>): Meter {
  const { table: _, ...rest } = kept;
  const { meter_model: model, meter_table = "" } = fields;
  return {
    ...rest,
    kind: "modbus",
    model,
    host: fields.meter_host,
    port: Number(fields.meter_port) || 502,
    unit_id: Number(fields.meter_unit),
    ...model === "table" ? { table: parsed(meter_table) } : {},
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(t("wrong_registers"));
  }
}
