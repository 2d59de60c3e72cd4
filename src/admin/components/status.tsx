// The state of a connector or charger as colour, icon and text; never as colour alone.
import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "../icons.tsx";
import { hasMessage, messages } from "../i18n.ts";
import type { ChargerView } from "../types.ts";
import { STATES } from "../../i18n/admin/states.ts";

const t = messages(STATES);

/** A colour of the design. */
export type Tone = "green" | "blue" | "amber" | "violet" | "pink" | "red" | "grey";

const LOOKS: Record<string, [Tone, IconName]> = {
  Available: ["green", "check"],
  Preparing: ["amber", "plug"],
  Charging: ["blue", "bolt"],
  SuspendedEV: ["violet", "pause"],
  SuspendedEVSE: ["violet", "pause"],
  Finishing: ["amber", "flag"],
  Reserved: ["pink", "waiting"],
  Unavailable: ["grey", "stop"],
  Faulted: ["red", "fault"],
  offline: ["grey", "off"],
  Pending: ["violet", "waiting"],
  Rejected: ["red", "close"],
};

/** Returns the colour and icon of a state. */
export function lookOf(status: string): { tone: Tone; icon: IconName } {
  const [tone, icon] = Object.hasOwn(LOOKS, status) ? LOOKS[status]! : ["grey", "waiting"] as const;
  return { tone, icon };
}

/** Returns the text of a state; a state that OCPP does not define is returned as it is. */
export function stateText(status: string): string {
  return hasMessage(STATES, status) ? t(status) : status;
}

/** Returns "Connector 2", or the name of the whole charger for 0. */
export function connectorName(connector_id: number): string {
  return connector_id === 0 ? t("whole") : t("connector", { n: connector_id });
}

/** A state as a chip. */
export function StatusChip({ status, children }: { status: string; children?: ComponentChildren }) {
  const { tone, icon } = lookOf(status);
  return (
    <span class={`chip tone-${tone}`}>
      <Icon name={icon} size={16} />
      {children ?? stateText(status)}
    </span>
  );
}

/** Returns the state that represents a charger: faults first, then activity. */
export function overallState(charger: ChargerView): string {
  if (charger.registration !== "Accepted") return charger.registration;
  if (!charger.connected) return "offline";
  const states = charger.connectors.map(({ status }) => status);
  const plugs = charger.connectors.filter(({ connector_id }) => connector_id > 0).map(({ status }) => status);
  if (states.includes("Faulted")) return "Faulted";
  const order = [
    "Charging",
    "SuspendedEVSE",
    "SuspendedEV",
    "Preparing",
    "Finishing",
    "Reserved",
    "Available",
    "Unavailable",
  ];
  return order.find((state) => plugs.includes(state)) ?? states[0] ?? "Idle";
}

/** The states of all connectors of a charger. */
export function Plugs({ charger }: { charger: ChargerView }) {
  if (charger.registration !== "Accepted") return <StatusChip status={charger.registration} />;
  if (!charger.connected) return <StatusChip status="offline" />;
  const plugs = charger.connectors.filter(({ connector_id }) => connector_id > 0);
  if (plugs.length === 0) return <StatusChip status={charger.connectors[0]?.status ?? "Idle"} />;
  return (
    <span class="plugs">
      {plugs.map(({ connector_id, status }) => (
        <StatusChip key={connector_id} status={status}>
          {plugs.length > 1 && <b>{connector_id}</b>}
          {stateText(status)}
        </StatusChip>
      ))}
    </span>
  );
}

/** The badge of simulated chargers. */
export function SimBadge() {
  return <span class="sim">SIM</span>;
}
