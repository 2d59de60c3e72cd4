// The data of a charger's public page, and nothing else of the charger: no idTags, serial numbers and addresses.
import type { CentralSystem } from "../../central/central_system.ts";
import { type ChargerState, connectorViews } from "../../site/charger_state.ts";
import { diagnose, type Diagnosis } from "../../site/diagnosis/diagnosis.ts";
import type { LiveConnector } from "../../services/load/live_load.ts";
import type { LoadManagement } from "../../services/load/load_management.ts";
import type { Charger, Settings, Store } from "../../store/store.ts";

/** The age up to which figures are shown as current, ms. */
const FRESH_MS = 15 * 60_000;
/** Most other chargers that are named. */
const MOST_OTHERS = 4;

/** States by what they mean for somebody who wants to charge: the free ones first. */
const ORDER = [
  "Available",
  "Preparing",
  "Finishing",
  "Charging",
  "SuspendedEV",
  "SuspendedEVSE",
  "Reserved",
  "Faulted",
  "Unavailable",
];

/** The data of the page. */
export interface LandingView {
  charger_id: string;
  name: string;
  accepted: boolean;
  require_rfid: boolean;
  /** True: the figures are current. */
  fresh: boolean;
  /** Their age, s; null: no message from the charger since the gateway started. */
  age_s: number | null;
  /** The free ones first. */
  connectors: LandingConnector[];
  /** Other chargers of the site with a free connector. */
  others: { charger_id: string; name: string }[];
  /** The zone of the times, by its name in the tz database. */
  time_zone: string;
  /** ms since 1970. */
  now: number;
  price: string | null;
  help: { site: string; text: string | null; phone: string | null; whatsapp: string | null };
}

/** A connector as a driver sees it. */
export interface LandingConnector {
  connector_id: number;
  status: string;
  /** Begin of the status, ISO 8601; null: not known. */
  since: string | null;
  running: boolean;
  power_w: number | null;
  energy_wh: number | null;
  /** The duration of the session so far, s; null: no session. */
  seconds: number | null;
  /** The reason why it does not charge, by its code; null: there is none. */
  reason: Diagnosis["code"] | null;
  /** The part of load management in it; null: none. */
  shared: { with: number; waits: boolean } | null;
}

/** The parts that landing pages are made of. */
export interface LandingViewDeps {
  store: Store;
  central: Pick<CentralSystem, "registeredId" | "state" | "isConnected">;
  load: Pick<LoadManagement, "connectors">;
  /** ms since 1970. */
  now: () => number;
}

/** Returns the data of a charger's page. */
export function landingView(charger: Charger, deps: LandingViewDeps): LandingView {
  const { central, store, now } = deps;
  const state = central.state(charger.charger_id);
  return {
    charger_id: charger.charger_id,
    name: charger.name || charger.charger_id,
    accepted: charger.registration === "Accepted",
    require_rfid: charger.require_rfid,
    fresh: isFresh(charger, deps),
    age_s: state.last_seen === null ? null : Math.max(0, Math.round((now() - state.last_seen) / 1000)),
    connectors: connectorsOf(charger, state, deps),
    others: othersOf(charger, deps),
    time_zone: store.calendar.time_zone,
    now: now(),
    price: store.settings.price_text.trim() || null,
    help: helpOf(store.settings),
  };
}

function isFresh({ charger_id }: Charger, { central, now }: LandingViewDeps): boolean {
  return central.isConnected(charger_id) && now() - (central.state(charger_id).last_seen ?? 0) < FRESH_MS;
}

function connectorsOf(charger: Charger, state: ChargerState, deps: LandingViewDeps): LandingConnector[] {
  const { store, now } = deps;
  const all = connectorViews(charger, state, store);
  const plugs = all.filter(({ connector_id }) => connector_id > 0);
  const reasons = diagnose(charger, { state, store, now });
  const managed = deps.load.connectors(charger.charger_id);
  const rank = ({ status }: { status: string }) =>
    (ORDER.indexOf(status) + ORDER.length + 1) % (ORDER.length + 1);
  return (plugs.length > 0 ? plugs : all)
    .map((connector): LandingConnector => ({
      connector_id: connector.connector_id,
      status: connector.status,
      since: connector.since,
      running: connector.transaction_id !== null,
      power_w: connector.power_w,
      energy_wh: connector.energy_wh,
      seconds: secondsOf(connector.transaction_id, deps),
      reason: reasons.find(({ connector_id }) => connector_id === connector.connector_id)?.code ?? null,
      shared: sharedOf(connector, managed),
    }))
    .sort((a, b) => rank(a) - rank(b) || a.connector_id - b.connector_id);
}

/** Returns with how many a connector shares what its fuse has, where it has less for it or waits. */
function sharedOf(
  { connector_id, status }: { connector_id: number; status: string },
  managed: LiveConnector[],
): LandingConnector["shared"] {
  const own = managed.find((each) => each.connector_id === connector_id);
  if (own?.state === "waiting" && own.reason === "waits") return { with: own.shared_with, waits: true };
  if (own?.state !== "charging" || own.reason !== "shares" || status !== "Charging") return null;
  return { with: own.shared_with, waits: false };
}

function secondsOf(transaction_id: number | null, { store, now }: LandingViewDeps): number | null {
  const transaction = transaction_id === null ? undefined : store.transactions.activeById(transaction_id);
  if (!transaction) return null;
  return Math.max(0, Math.round((now() - Date.parse(transaction.start_received)) / 1000));
}

/** Returns other chargers that somebody can use now; those of people only, unless this one is simulated too. */
function othersOf(charger: Charger, deps: LandingViewDeps): LandingView["others"] {
  const free = deps.store.chargers.all().filter((other) =>
    other.charger_id !== charger.charger_id && other.simulated === charger.simulated &&
    other.registration === "Accepted" && isFresh(other, deps) &&
    !other.connectors.some(({ connector_id, status }) => connector_id === 0 && status !== "Available") &&
    other.connectors.some(({ connector_id, status }) => connector_id > 0 && status === "Available")
  );
  return free.map(({ charger_id, name }) => ({ charger_id, name: name || charger_id }))
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true })).slice(0, MOST_OTHERS);
}

/** Returns the site's help from its settings. */
function helpOf({ name, help_text, phone, whatsapp }: Settings): LandingView["help"] {
  const text = (value: string) => value.trim() || null;
  return { site: name, text: text(help_text), phone: text(phone), whatsapp: text(whatsapp) };
}
