// The pages of what entries of the logs are about.
import type { ActivityEntry } from "./types.ts";

type Address = (id: string) => string;

const part = encodeURIComponent;
const fixed = (page: string): Address => () => page;

/** The pages by the kind of a record, as the audit log names it. */
const RECORDS: Record<string, Address> = {
  alert_rules: fixed("alerts/rules"),
  backup: fixed("system"),
  certificate_request: (id) => `chargers/${part(id)}/ocpp`,
  channel: fixed("alerts/channels"),
  charger: (id) => `chargers/${part(id)}`,
  circuit: fixed("load"),
  clock: fixed("system"),
  commissioning: (id) => `commissioning/${part(id)}`,
  configuration_template: fixed("standards"),
  firmware: fixed("jobs"),
  map: fixed("settings"),
  plan: fixed("chargers?view=plan"),
  revocation: fixed("system"),
  rfid: (id) => `rfids?find=${part(id)}`,
  scrub: fixed("system"),
  session: fixed("account"),
  setting: fixed("settings"),
  simulator: (id) => `simulators/${part(id)}`,
  token: fixed("users"),
  transaction: (id) => `sessions?id=${part(id)}`,
  user: fixed("users"),
  waiting: fixed("waiting"),
  webhook: (id) => `webhooks/${part(id)}`,
};

/** The kinds of records that have a page. */
export const RECORD_KINDS: readonly string[] = Object.keys(RECORDS);

/** Returns the page of a record; null: it has none. */
export function recordPage(kind: string, id: string): string | null {
  const address = RECORDS[kind];
  return address ? `/admin/${address(id)}` : null;
}

type Kind = ActivityEntry["kind"];

/** The views of a charger's page that have more on an entry of a kind. */
const VIEWS: Partial<Record<Kind, string>> = {
  boot: "messages",
  command: "messages",
  connected: "history",
  disconnected: "history",
  fault: "now",
  fault_ended: "history",
  firmware: "ocpp",
  identity: "now",
  security: "ocpp",
};

/** The pages of kinds without a record. */
const PAGES: Partial<Record<Kind, string>> = {
  alarm: "system",
  alarm_ended: "system",
  backup: "system",
  charger_refused: "waiting",
  clock_stepped: "system",
  gateway_started: "system",
  gateway_stopped: "system",
  login: "activity/audit",
  login_refused: "activity/audit",
};

/** Returns the page that has more on an entry. */
export function entryPage({ kind, charger_id, values }: ActivityEntry): string | null {
  if (values.transaction_id !== undefined) return recordPage("transaction", String(values.transaction_id));
  if (kind === "card_refused") return recordPage("rfid", String(values.id_tag));
  if (kind === "change") return recordPage(String(values.object), String(values.id));
  const view = VIEWS[kind];
  if (view && charger_id !== null) return `/admin/chargers/${part(charger_id)}/${view}`;
  return PAGES[kind] === undefined ? null : `/admin/${PAGES[kind]}`;
}
