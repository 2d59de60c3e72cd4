// The choice of the page of chargers, which the address keeps: the view, the search and the filter.
import { useLocation } from "preact-iso/router";
import { overallState } from "../../components/status.tsx";
import type { ChargerView } from "../../types.ts";

/** The views of the same chargers. */
export const VIEWS = ["list", "map", "plan"] as const;
/** The filters by state. */
export const FILTERS = ["all", "wrong", "charging", "free"] as const;

/** The view, the text that is searched for, and the filter. */
export interface Choice {
  view: typeof VIEWS[number];
  q: string;
  show: typeof FILTERS[number];
}

const USUAL: Choice = { view: "list", q: "", show: "all" };

/** Returns the address of a choice. */
export function addressOf(choice: Choice): string {
  const given = Object.entries(choice).filter(([name, value]) => value !== USUAL[name as keyof Choice]);
  const query = new URLSearchParams(given).toString();
  return `/admin/chargers${query && `?${query}`}`;
}

/** Reads the choice from the address, and returns what changes it there. */
export function useChoice(): [Choice, (change: Partial<Choice>) => void] {
  const { query, route } = useLocation();
  const choice: Choice = {
    view: VIEWS.find((one) => one === query.view) ?? "list",
    q: query.q ?? "",
    show: FILTERS.find((one) => one === query.show) ?? "all",
  };
  return [choice, (change) => route(addressOf({ ...choice, ...change }), true)];
}

/** Returns true for a charger that the search and the filter let through. */
export function isChosen(charger: ChargerView, { q, show }: Choice): boolean {
  const { charger_id, name, vendor, model, serial_number, remote_address } = charger;
  const all = [charger_id, name, vendor, model, serial_number, remote_address].join(" ");
  return all.toLowerCase().includes(q.trim().toLowerCase()) && isShown(charger, show);
}

/** The states of connectors that each filter asks for. */
const WANTED = { all: /./, wrong: /^Unavailable$/, charging: /^(Charging|Suspended)/, free: /^Available$/ };

function isShown(charger: ChargerView, show: Choice["show"]): boolean {
  if (show === "all") return true;
  const here = charger.connectors.some(({ status }) => WANTED[show].test(status));
  if (show !== "wrong") return charger.connected && here;
  return here || ["offline", "Faulted", "Pending", "Rejected"].includes(overallState(charger));
}
