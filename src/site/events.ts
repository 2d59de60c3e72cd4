// The site's events: one payload shape for each name, and the bus that delivers them.
import type { Text } from "../i18n/messages.ts";
import type {
  CertificateRequest,
  Certificates,
  Charger,
  Commissioning,
  ConfigurationTemplate,
  Connector,
  Firmware,
  InstalledProfile,
  Job,
  Reservation,
  Rfid,
  SecurityEvent,
  Settings,
} from "../store/store.ts";
import type { ConnectorView, LiveFigures, TransactionView } from "./charger_state.ts";
import type { ChargerView } from "./charger_view.ts";

/** The payload of each event: the whole record, in the shape that REST has for it, unless said otherwise. */
export interface EventMap {
  /** A charger was created, has changed, has connected or disconnected. REST and SSE add `landing_url`. */
  charger: ChargerView;
  charger_deleted: { charger_id: string };
  /** A charger has a new socket. */
  connected: { charger_id: string };
  /** A charger's socket has closed, and no newer one is open. `code`: of the websocket's close. */
  disconnected: { charger_id: string; code: number };
  /** A charger has booted, with the identity that was known before and the reported one. */
  booted: { before: ReportedIdentity; after: ReportedIdentity };
  /** A connection attempt was refused. `status`: the answer's. */
  charger_refused: { status: number; address: string };
  /** A backup was made. */
  backup: { name: string; bytes: number; damaged: boolean };
  /** A connector's status has changed. */
  connector: ConnectorView;
  /** Meter values have come; of a connector that has not reported its status only the live figures are known. */
  meter: { connector_id: number } & LiveFigures & Partial<Connector>;
  /** A charging session has started, changed or ended. */
  transaction: TransactionView;
  /** A charger has asked about a tag. */
  authorize: { id_tag: string; status: string };
  rfid: Rfid;
  rfid_deleted: { rfid: string };
  reservation: Reservation;
  /** The charging profiles that a charger has accepted. */
  profiles: { charger_id: string; profiles: InstalledProfile[] };
  /** A local list was sent; `unfinished`: the gateway has more to send. Without the list, which may hold thousands of tags. */
  local_list: {
    charger_id: string;
    version: number;
    status: string;
    update_type: string;
    unfinished: boolean;
  };
  /** A charger's known configuration has changed. Without the keys, which are read from the database. */
  configuration: { charger_id: string };
  standard: ConfigurationTemplate;
  standard_deleted: { name: string };
  job: Job;
  /** A charger has reported on a firmware update or an upload; `job_id` null: none that is known. */
  job_status: { action: Job["action"]; status: string; request_id?: number; job_id: number | null };
  /** A charger has uploaded a file. */
  file: { name: string; size: number; sha256?: string; at: string };
  file_deleted: { name: string };
  firmware: Firmware;
  firmware_deleted: { name: string };
  security: SecurityEvent;
  certificates: Certificates;
  /** A charger asks for a certificate; the request is PEM. */
  sign_certificate: { csr: string };
  /** The certificate request of a charger that waits for an operator; null: it was decided on. */
  certificate_request: { charger_id: string; request: Omit<CertificateRequest, "csr"> | null };
  settings: Settings & { map: SiteMap | null };
  simulator: { name: string; state: string };
  simulator_deleted: { name: string };
  /** A commissioning has made progress. Without its results, which are in the answer to GET. */
  commissioning:
    & { charger_id: string; commissioning_id: number }
    & Pick<Commissioning, "state" | "current">;
  alarm: Alarm & { on: boolean };
  clock: ClockState;
  /** The gateway stops: open streams end. */
  stopping: Record<never, never>;
}

/** The name of an event. */
export type EventName = keyof EventMap;

/** The events that are sent to clients; the others are internal. */
export const PUBLIC: Readonly<Record<EventName, boolean>> = {
  charger: true,
  charger_deleted: true,
  connected: false,
  disconnected: false,
  booted: false,
  charger_refused: false,
  backup: false,
  connector: true,
  meter: true,
  transaction: true,
  authorize: true,
  rfid: true,
  rfid_deleted: true,
  reservation: true,
  profiles: true,
  local_list: true,
  configuration: true,
  standard: true,
  standard_deleted: true,
  job: true,
  job_status: true,
  file: true,
  file_deleted: true,
  firmware: true,
  firmware_deleted: true,
  security: true,
  certificates: true,
  sign_certificate: true,
  certificate_request: true,
  settings: true,
  simulator: true,
  simulator_deleted: true,
  commissioning: true,
  alarm: true,
  clock: true,
  stopping: false,
};

/** The identity that a charger reports of itself. */
export type ReportedIdentity = Pick<Charger, "vendor" | "model" | "serial_number" | "firmware_version">;

/** A condition that needs an operator. */
export interface Alarm {
  kind: string;
  /** The text in English. */
  text: string;
  texts: Text;
  since: string;
  /** True if the gateway cannot work; false if it soon may not be able to. */
  failing: boolean;
}

/** The gateway's clock. */
export interface ClockState {
  now: string;
  system_now: string;
  source: "synchronized" | "operator" | "system" | "held" | "none";
  trusted: boolean;
  /** Reason why the clock is not trusted, or why deletions are suspended. */
  reason: string | null;
  /** The gateway's time minus the system's, ms. */
  offset_ms: number;
  last_step: { at: string; from: string; to: string } | null;
}

/** The site's own map file. */
export interface SiteMap {
  name: string;
  /** Bytes. */
  size: number;
  tile_type: "mvt" | "png" | "jpeg" | "webp" | "avif";
  min_zoom: number;
  max_zoom: number;
  /** West, south, east, north, degrees; null if the file does not state them. */
  bounds: [number, number, number, number] | null;
  /** Plain text. */
  attribution: string;
  /** Identifies the file. */
  version: string;
  uploaded_at: string;
}

/** One event of a name, or of some names. `charger_id` is that of the charger it is about. */
export type Event<K extends EventName = EventName> = {
  [Name in K]: { type: Name; charger_id?: string; data: EventMap[Name] };
}[K];

/** A listener. Its errors go to the bus's `onError`, never to the emitter. */
export type Listener<K extends EventName = EventName> = (event: Event<K>) => void;

interface Subscription {
  readonly listener: Listener;
  readonly isWanted: (type: EventName) => boolean;
}

/** The event bus: synchronous, in memory. */
export class Events {
  /** Listeners, each with the test of which events it is called for; a list is never changed. */
  #subscriptions: readonly Subscription[] = [];
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void = () => {}) {
    this.#onError = onError;
  }

  /**
   * Calls `listener` for each event, or each with one of some names, or with a name that it wants at that moment. Returns a
   * function that unsubscribes it.
   */
  subscribe<K extends EventName = EventName>(
    listener: Listener<K>,
    types?: readonly K[] | ((type: EventName) => boolean),
  ): () => void {
    const own = listener as Listener; // it is called only with events of its names
    const subscription = { listener: own, isWanted: typeof types === "function" ? types : testOf(types) };
    this.#subscriptions = [...this.#subscriptions, subscription];
    return () => void (this.#subscriptions = this.#subscriptions.filter((each) => each !== subscription));
  }

  /** Emits an event. Hot path: `data` is called only if there is a listener. */
  emit<K extends EventName>(type: K, charger_id: string | undefined, data: () => EventMap[K]): void {
    let event: Event | undefined;
    const subscriptions = this.#subscriptions;
    for (let index = 0; index < subscriptions.length; index++) {
      const { listener, isWanted } = subscriptions[index]!;
      if (!isWanted(type)) continue;
      event ??= { type, ...(charger_id === undefined ? {} : { charger_id }), data: data() } as Event;
      this.#deliver(listener, event);
    }
  }

  #deliver(listener: Listener, event: Event): void {
    try {
      listener(event);
    } catch (error) {
      this.#onError(error);
    }
  }
}

function testOf(types: readonly EventName[] | undefined): (type: EventName) => boolean {
  if (!types) return () => true;
  const names = new Set<EventName>(types);
  return (type) => names.has(type);
}
