// The state and the addresses of a simulated charger.
import type { Filled } from "../../../http/client_types.ts";
import { at } from "../../api.ts";
import { StatusChip } from "../../components/status.tsx";
import { messages } from "../../i18n.ts";
import type { Simulator } from "../../types.ts";
import { SIMULATORS } from "../../../i18n/admin/simulators.ts";

const t = messages(SIMULATORS);

/** The charger state whose look each simulator state has. */
const LOOKS: Record<Simulator["state"], string> = {
  stopped: "Unavailable",
  waiting: "Preparing",
  connecting: "Preparing",
  connected: "Available",
  charging: "Charging",
  finished: "Finishing",
};

/** A simulator's state as a chip. */
export function StateChip({ state }: { state: Simulator["state"] }) {
  return <StatusChip status={LOOKS[state]}>{t(state)}</StatusChip>;
}

/** Returns a simulator's REST path. */
export function pathOf(name: string): Filled<"/ocpp/simulators/{name}/"> {
  return at("/ocpp/simulators/{name}/", { name });
}

/** Returns the address of a simulator's page. */
export function adminPathOf(name: string): string {
  return `/admin/simulators/${encodeURIComponent(name)}`;
}
