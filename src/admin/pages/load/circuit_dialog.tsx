// The dialog of a circuit's fields.
import { at, call, get } from "../../api.ts";
import { useState } from "preact/hooks";
import { Dialog } from "../../components/dialog.tsx";
import { Check } from "../../components/inputs.tsx";
import { Field } from "../../components/parts.tsx";
import { OtherProblem, useProblem } from "../../components/problem.tsx";
import { useUnchanged } from "../../components/unchanged.ts";
import { messages } from "../../i18n.ts";
import type { Circuit } from "../../types.ts";
import { CIRCUIT_FORM } from "../../../i18n/admin/load.ts";
import { SHELL } from "../../../i18n/admin/shell.ts";
import { MeterFields, meterOf } from "./meter_fields.tsx";
import { ScheduleFields } from "./schedule_fields.tsx";

const t = messages(CIRCUIT_FORM);
const shell = messages(SHELL);

const EDITED = [
  "max_current_a",
  "max_power_w",
  "max_imbalance_a",
  "policy",
  "parent",
  "meter",
  "meter_timeout_s",
  "schedule",
  "enabled",
] as const;

interface CircuitDialogProps {
  circuit: Circuit;
  circuits: Circuit[];
  close: () => void;
}

/** Asks for the fields of a circuit that exists. */
export function CircuitDialog({ circuit, circuits, close }: CircuitDialogProps) {
  const { name } = circuit;
  const [enabled, setEnabled] = useState(circuit.enabled);
  const [schedule, setSchedule] = useState(circuit.schedule);
  const { problem, run } = useProblem();
  const path = at("/ocpp/circuits/{name}/", { name });
  const unchanged = useUnchanged({ opened: circuit, load: () => get(path), fields: EDITED });
  const save = async (fields: Record<string, string>) => {
    const work = async () => {
      await unchanged();
      await call("PATCH", path, {
        ...circuitOf(fields),
        meter: meterOf(fields, circuit.meter),
        schedule,
        enabled,
      });
    };
    if (await run(work, shell("saved"))) close();
  };
  return (
    <Dialog
      title={name}
      close={close}
      submit={{ label: shell("save"), run: (fields) => void save(fields) }}
    >
      <div class="form">
        <CircuitFields circuit={circuit} circuits={circuits} />
        <Field label={t("power")}>
          <input
            name="max_power_w"
            type="number"
            min={1}
            step="any"
            defaultValue={circuit.max_power_w ?? ""}
          />
        </Field>
        <Field label={t("imbalance")}>
          <input
            name="max_imbalance_a"
            type="number"
            min={1}
            step="any"
            defaultValue={circuit.max_imbalance_a ?? ""}
          />
        </Field>
        <MeterFields meter={circuit.meter} />
        <Field label={t("timeout")}>
          <input
            name="meter_timeout_s"
            type="number"
            min={1}
            max={3600}
            defaultValue={circuit.meter_timeout_s}
          />
        </Field>
        <Field label={t("reserve")} hint={t("reserve_hint")}>
          <input name="reserve_a" type="number" min={0} step="any" defaultValue={circuit.reserve_a} />
        </Field>
        <ScheduleFields schedule={schedule} set={setSchedule} />
        <Check label={t("enabled")} checked={enabled} set={setEnabled} />
      </div>
      <OtherProblem problem={problem} shown={[]} />
    </Dialog>
  );
}

/** The fields that a new circuit has as well. */
export function CircuitFields({ circuit, circuits }: { circuit?: Circuit; circuits: Circuit[] }) {
  const others = circuits.filter(({ name }) => name !== circuit?.name);
  return (
    <>
      <Field label={t("fuse")}>
        <input
          name="max_current_a"
          type="number"
          min={1}
          max={10_000}
          step="any"
          required={!circuit}
          defaultValue={circuit?.max_current_a ?? ""}
        />
      </Field>
      <Field label={t("policy")}>
        <select name="policy" defaultValue={circuit?.policy ?? "equal"}>
          {(["equal", "first_come", "priority"] as const).map((policy) => (
            <option key={policy} value={policy} selected={policy === circuit?.policy}>{t(policy)}</option>
          ))}
        </select>
      </Field>
      {others.length > 0 && (
        <Field label={t("parent")}>
          <select name="parent">
            <option value="">{t("none")}</option>
            {others.map(({ name }) => (
              <option key={name} value={name} selected={name === circuit?.parent}>{name}</option>
            ))}
          </select>
        </Field>
      )}
    </>
  );
}

/** Returns a circuit's fields as REST takes them, those that are on the form. */
export function circuitOf(fields: Record<string, string>) {
  const amount = (text: string) => text === "" ? null : Number(text);
  const { max_current_a, max_power_w, max_imbalance_a, policy, parent, meter_timeout_s, reserve_a } = fields;
  return {
    ...max_current_a === undefined ? {} : { max_current_a: amount(max_current_a) },
    ...max_power_w === undefined ? {} : { max_power_w: amount(max_power_w) },
    ...max_imbalance_a === undefined ? {} : { max_imbalance_a: amount(max_imbalance_a) },
    ...meter_timeout_s ? { meter_timeout_s: Number(meter_timeout_s) } : {},
    ...reserve_a === undefined ? {} : { reserve_a: Number(reserve_a) },
    ...policy ? { policy } : {},
    ...parent === undefined ? {} : { parent: parent || null },
  };
}
