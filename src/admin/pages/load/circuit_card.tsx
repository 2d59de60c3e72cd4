// One circuit: what it has on each phase, and the connectors that hang on it.
import { at, call, can } from "../../api.ts";
import { ActionButton } from "../../components/action_button.tsx";
import { DataTable } from "../../components/data_table.tsx";
import { Card } from "../../components/parts.tsx";
import { connectorName } from "../../components/status.tsx";
import { number, shortTime } from "../../format.ts";
import { messages } from "../../i18n.ts";
import type { Circuit, LoadConnector, LoadNow } from "../../types.ts";
import { LOAD } from "../../../i18n/admin/load.ts";
import { reasonText } from "./reason_text.ts";

const t = messages(LOAD);

const TONES = { normal: "green", meter_lost: "amber", over: "red" } as const;
const STATES = { idle: "grey", charging: "green", waiting: "amber", failsafe: "violet", uncontrolled: "red" };

interface CircuitCardProps {
  circuit: Circuit;
  load: LoadNow;
  edit: (circuit: Circuit) => void;
  again: () => void;
}

/** Shows a circuit. */
export function CircuitCard({ circuit, load, edit, again }: CircuitCardProps) {
  const { name, parent, mode, enabled, meter_error } = circuit;
  const below = namesBelow(name, load.circuits);
  const fed = load.connectors.filter((connector) => below.has(connector.circuit));
  const own = fed.filter((connector) => connector.circuit === name);
  return (
    <Card
      title={
        <>
          {name} {parent && <small class="soft">{t("fed_by", { parent })}</small>}
        </>
      }
      side={
        <div class="row">
          <span class={`chip tone-${enabled ? TONES[mode] : "grey"}`}>{t(enabled ? mode : "off")}</span>
          {can("admin") && <Buttons circuit={circuit} edit={edit} again={again} />}
        </div>
      }
    >
      {meter_error && <p class="answer tone-amber">{t("meter_error", { error: meter_error })}</p>}
      {circuit.limits.map((limit, index) => (
        <LimitLine
          key={`${limit.kind} ${limit.source || index}`}
          limit={limit}
          circuit={name}
          again={again}
        />
      ))}
      <div class="phases" data-testid={`phases ${name}`}>
        {[0, 1, 2].map((phase) => <Phase key={phase} circuit={circuit} fed={fed} phase={phase} />)}
      </div>
      {own.length === 0 ? <p class="soft">{t("no_chargers")}</p> : <Connectors connectors={own} />}
    </Card>
  );
}

function Buttons({ circuit, edit, again }: Omit<CircuitCardProps, "load">) {
  const { name } = circuit;
  return (
    <>
      <ActionButton label={t("edit")} of={name} run={() => Promise.resolve(edit(circuit))} />
      <ActionButton
        look="quiet icon-only"
        icon="trash"
        label={t("remove")}
        of={name}
        ask={t("remove_text", { name })}
        run={() => call("DELETE", at("/ocpp/circuits/{name}/", { name })).then(again)}
      />
    </>
  );
}

interface LimitLineProps {
  limit: Circuit["limits"][number];
  circuit: string;
  again: () => void;
}

/** A limit besides the circuit's own: its amount, its source, and its end. */
function LimitLine({ limit: { kind, source, limit_a, limit_w, until }, circuit, again }: LimitLineProps) {
  const amounts = [
    ...limit_a === null ? [] : [`${number(limit_a, 1)} A`],
    ...limit_w === null ? [] : [`${number(limit_w / 1000, 1)} kW`],
  ];
  return (
    <div class="answer tone-amber row between" data-testid={`limit ${circuit}`}>
      <span>
        {t(kind === "schedule" && until === null ? "schedule_always" : kind, {
          limit: amounts.join(", "),
          source,
          until: shortTime(until),
        })}
      </span>
      {kind === "outside" && can("operator") && (
        <ActionButton
          look="quiet"
          label={t("end_limit")}
          of={`${source}, ${circuit}`}
          ask={t("end_limit_text", { source })}
          run={() =>
            call("DELETE", at("/ocpp/circuits/{name}/limit/", { name: circuit }, { source })).then(again)}
        />
      )}
    </div>
  );
}

interface PhaseProps {
  circuit: Circuit;
  /** The connectors on it, and on those that it feeds. */
  fed: LoadConnector[];
  phase: number;
}

/** A phase's bar: other loads, behind them what chargers may draw, the limit, and a mark at what is measured. */
function Phase({ circuit, fed, phase }: PhaseProps) {
  const { max_current_a, limits, measured_a, allocated_a } = circuit;
  const least = Math.min(
    ...[max_current_a, ...limits.map(({ limit_a }) => limit_a)].map((each) => each ?? Infinity),
  );
  const limit = least === Infinity ? null : least;
  const drawn = fed.reduce((sum, { drawn_a }) => sum + (drawn_a?.[phase] ?? 0), 0);
  const measured = measured_a?.[phase] ?? null;
  const others = measured === null ? 0 : Math.max(0, measured - drawn);
  const budget = allocated_a[phase] ?? 0;
  const scale = 100 / Math.max(limit ?? 0, others + budget, measured ?? drawn, 1);
  const flow = measured ?? drawn;
  const is_over = limit !== null && flow > limit;
  return (
    <div class="phase">
      <b>L{phase + 1}</b>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="ground" width="100" height="10" />
        <rect class="others" width={others * scale} height="10" />
        <rect class="budget" x={others * scale} width={budget * scale} height="10" />
        <rect class={is_over ? "flow over" : "flow"} y="3" width={Math.max(0, flow) * scale} height="4" />
        {limit !== null && <rect class="limit" x={Math.min(99.4, limit * scale)} width="0.6" height="10" />}
      </svg>
      <span class="small">
        <b>{`${number(flow, 1)} A`}</b> {t("measured")}
        {` · ${limit === null ? t("no_limit") : `${t("limit")} ${number(limit, 0)} A`}`}
        {measured !== null && ` · ${t("other_loads")} ${number(others, 1)} A`}
        {` · ${t("chargers_budget")} ${number(budget, 1)} A`}
      </span>
    </div>
  );
}

function Connectors({ connectors }: { connectors: LoadConnector[] }) {
  return (
    <DataTable
      rows={connectors}
      keyOf={({ charger_id, connector_id }) => `${charger_id}/${connector_id}`}
      t={t}
      columns={{
        car: ({ charger_id, connector_id }) => (
          <a href={`/admin/chargers/${encodeURIComponent(charger_id)}`}>
            <b>{charger_id}</b> {connectorName(connector_id)}
          </a>
        ),
        state: ({ state, safe_alone }) => (
          <>
            <span class={`chip tone-${STATES[state]}`}>{t(`state_${state}`)}</span>
            {!safe_alone && <p class="soft small">{t("unsafe")}</p>}
          </>
        ),
        share: ({ budgeted_a, allocated_a }) => `${number(allocated_a ?? budgeted_a, 1)} A`,
        drawn: ({ drawn_a, phases }) =>
          drawn_a
            ? drawn_a.map((amperes) => number(amperes, 1)).join(" / ") + " A"
            : `– (${phases.join(", ")})`,
        why: reasonText,
      }}
    />
  );
}

function namesBelow(name: string, circuits: readonly Circuit[]): Set<string> {
  const names = new Set([name]);
  for (let before = 0; before < names.size;) {
    before = names.size;
    for (const circuit of circuits) if (names.has(circuit.parent ?? "")) names.add(circuit.name);
  }
  return names;
}
