// The wizard of the common case: one fuse and its chargers in one form, and what the electrician enters into these.
import { useState } from "preact/hooks";
import { call, chargerPath } from "../../api.ts";
import { Dialog } from "../../components/dialog.tsx";
import { Field } from "../../components/parts.tsx";
import { OtherProblem, useProblem } from "../../components/problem.tsx";
import { messages } from "../../i18n.ts";
import type { Circuit, WholeCharger } from "../../types.ts";
import { CIRCUIT_FORM } from "../../../i18n/admin/load.ts";
import { SHELL } from "../../../i18n/admin/shell.ts";
import { CircuitFields, circuitOf } from "./circuit_dialog.tsx";
import { MeterFields, meterOf } from "./meter_fields.tsx";

const t = messages(CIRCUIT_FORM);
const shell = messages(SHELL);

const WIRINGS = ["RST", "STR", "TRS", "RTS", "TSR", "SRT", "R", "S", "T"];
const LEAST_A = 6; // IEC 61851: no car charges with less

/** A charger as the wizard places it. */
interface Place {
  charger_id: string;
  /** `3` and `1`: the wiring is not known. */
  wiring: string;
  connectors: number;
}

interface Done {
  name: string;
  fuse: number;
  maximum: number;
  failsafe: number;
  places: Place[];
}

/** Asks for a fuse and its chargers, sets them up, and says what is left to do. */
export function Wizard(
  { circuits, free, close }: { circuits: Circuit[]; free: WholeCharger[]; close: () => void },
) {
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map());
  const [done, setDone] = useState<Done | null>(null);
  const { problem, run } = useProblem();
  if (done) return <ForElectrician done={done} close={close} />;
  const save = async (fields: Record<string, string>) => {
    const places = free.filter(({ charger_id }) => chosen.has(charger_id)).map((charger) =>
      placeOf(charger, chosen)
    );
    const fuse = Number(fields.max_current_a);
    const maximum = Number(fields.maximum);
    const result = { name: fields.name!, fuse, maximum, failsafe: failsafeOf(fuse, places), places };
    if (await run(() => setUp(result, fields, circuits))) setDone(result);
  };
  return (
    <Dialog
      title={t("new_title")}
      close={close}
      submit={{ label: t("create"), run: (fields) => void save(fields) }}
    >
      <div class="form">
        <Field label={t("name")}>
          <input name="name" required maxlength={64} autofocus />
        </Field>
        <CircuitFields circuits={circuits} />
        <Field label={t("maximum")}>
          <input name="maximum" type="number" min={LEAST_A} max={500} step="any" required defaultValue={32} />
        </Field>
        <MeterFields meter={null} />
      </div>
      <Chargers free={free} chosen={chosen} set={setChosen} />
      <OtherProblem problem={problem} shown={[]} />
    </Dialog>
  );
}

function placeOf(charger: WholeCharger, chosen: ReadonlyMap<string, string>): Place {
  const { charger_id } = charger;
  const connectors = charger.connectors.filter(({ connector_id }) => connector_id > 0).length || 1;
  return { charger_id, wiring: chosen.get(charger_id)!, connectors };
}

/** The least that all cars may draw together without the gateway, if the fuse bears it; else nothing. */
function failsafeOf(fuse: number, places: Place[]): number {
  return LEAST_A * connectorsOf(places) <= fuse ? LEAST_A : 0;
}

function connectorsOf(places: Place[]): number {
  return places.reduce((sum, { connectors }) => sum + connectors, 0);
}

/** Makes the circuit unless a try before has made it, and places the chargers. */
async function setUp(
  { name, maximum, failsafe, places }: Done,
  fields: Record<string, string>,
  circuits: Circuit[],
): Promise<void> {
  const circuit = { ...circuitOf(fields), meter: meterOf(fields, null) };
  if (!circuits.some((each) => each.name === name)) {
    await call("POST", "/ocpp/circuits/", { name, ...circuit });
  }
  for (const { charger_id, wiring } of places) {
    await call("PATCH", chargerPath(charger_id), {
      circuit: name,
      ...wiringOf(wiring),
      min_current_a: LEAST_A,
      max_current_a: maximum,
      failsafe_current_a: failsafe,
    });
  }
}

function wiringOf(wiring: string): { phases: number; phase_rotation: string | null } {
  return {
    phases: /^(1|.)$/.test(wiring) && wiring !== "3" ? 1 : 3,
    phase_rotation: /^\d/.test(wiring) ? null : wiring,
  };
}

interface ChargersProps {
  free: WholeCharger[];
  /** Wirings by charger. */
  chosen: ReadonlyMap<string, string>;
  set: (chosen: ReadonlyMap<string, string>) => void;
}

function Chargers({ free, chosen, set }: ChargersProps) {
  const change = (id: string, wiring: string | null) => {
    const next = new Map(chosen);
    if (wiring === null) next.delete(id);
    else next.set(id, wiring);
    set(next);
  };
  return (
    <fieldset class="field">
      <legend>{t("chargers")}</legend>
      {free.length === 0 && <p class="soft">{t("no_free")}</p>}
      {free.map(({ charger_id, name }) => (
        <div class="row between" key={charger_id}>
          <label class="check">
            <input
              type="checkbox"
              checked={chosen.has(charger_id)}
              onChange={(event) => change(charger_id, event.currentTarget.checked ? "3" : null)}
            />
            <span>{charger_id} {name && name !== charger_id && <span class="soft">{name}</span>}</span>
          </label>
          {chosen.has(charger_id) && (
            <select
              aria-label={`${t("phases")}: ${charger_id}`}
              value={chosen.get(charger_id)!}
              onChange={(event) => change(charger_id, event.currentTarget.value)}
            >
              <option value="3">{t("three_unknown")}</option>
              <option value="1">{t("one_unknown")}</option>
              {WIRINGS.map((wiring) => <option key={wiring} value={wiring}>{wiring}</option>)}
            </select>
          )}
        </div>
      ))}
      <small>{t("chargers_hint")}</small>
    </fieldset>
  );
}

function ForElectrician(
  { done: { name, fuse, maximum, failsafe, places }, close }: { done: Done; close: () => void },
) {
  const sum = failsafe * connectorsOf(places);
  return (
    <Dialog title={t("created", { name })} close={close}>
      <h3>{t("electrician")}</h3>
      {places.map(({ charger_id, wiring }) => (
        <div key={charger_id}>
          <b>{charger_id}</b>
          <ul>
            <li>{t("enter_maximum", { a: maximum })}</li>
            <li>{t("enter_failsafe", { a: failsafe })}</li>
            <li>
              {/^\d/.test(wiring) ? t("enter_rotation_unknown") : t("enter_rotation", { rotation: wiring })}
            </li>
            <li>{t("enter_smart")}</li>
          </ul>
        </div>
      ))}
      <p>{t("failsafe_sum", { sum, limit: fuse })}</p>
      <footer>
        <button type="button" class="btn primary" onClick={close}>{shell("close")}</button>
      </footer>
    </Dialog>
  );
}
