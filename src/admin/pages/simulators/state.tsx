// How a simulated charger is, and where it is found.
import { StatusChip } from "../../components/status.tsx";
import { messages } from "../../i18n.ts";
import type { Simulator } from "../../types.ts";
import { SIMULATORS } from "../../../i18n/admin/simulators.ts";

const t = messages(SIMULATORS);

/** States of simulators by the state of a charger that they look like. */
const LOOKS: Record<Simulator["state"], string> = {
  stopped: "Unavailable",
  waiting: "Preparing",
  connecting: "Preparing",
  connected: "Available",
  charging: "Charging",
  finished: "Finishing",
};

/** What it does, as a chip. */
export function StateChip({ state }: { state: Simulator["state"] }) {
  return <StatusChip status={LOOKS[state]}>{t(state)}</StatusChip>;
}

/** Its door. */
export function pathOf(name: string): string {
  return `/ocpp/simulators/${encodeURIComponent(name)}/`;
}

/** Its page. */
export function adminPathOf(name: string): string {
  return `/admin/simulators/${encodeURIComponent(name)}`;
}
