// The site as it is now: a snapshot from REST, then what the gateway tells as it changes.
import { batch, type Signal, signal } from "@preact/signals";
import type { EventMap, EventName } from "../site/events.ts";
import { get, getAll, session } from "./api.ts";
import { stream } from "./sse.ts";
import type { ChargerView, ConnectorView, Session, SiteSettings } from "./types.ts";

/** An event as it came; `data` also has the id of the charger that it is about. */
export type LiveEvent = {
  [Name in EventName]: {
    type: Name;
    at: string;
    data: (Name extends "charger" ? ChargerView : EventMap[Name]) & { charger_id?: string };
    /** Of `charger`: its connection before and after. */
    connection?: "connected" | "disconnected";
  };
}[EventName];

/** True if the gateway responds; null if not known yet. */
export const online = signal<boolean | null>(null);
/** Time of the gateway's last message, ms since 1970. */
export const heard = signal(0);
/** The chargers' ids in order. Each charger is a signal of its own: a change redraws one row. */
export const ids = signal<string[]>([]);
export const chargers = new class extends Map<string, Signal<ChargerView>> {
  /** Returns a charger's signal. What is drawn without it is drawn again when chargers have come. */
  override get(id: string): Signal<ChargerView> | undefined {
    return super.get(id) ?? void ids.value;
  }
}();
/** The running sessions by id. */
export const sessions = signal<ReadonlyMap<number, Session>>(new Map());
export const settings = signal<SiteSettings | null>(null);
/** The newest changes first. */
export const recent = signal<LiveEvent[]>([]);
/** Now, ms; ticks every second. */
export const now = signal(Date.now());
/** Goes up when the snapshot was loaded anew. */
export const generation = signal(0);

const FLUSH_MS = 200;
const RECENT = 300;

let queue: LiveEvent[] = [];
let loading = true;
/** True once a snapshot was loaded whole, so that events alone keep it right. */
let loaded = false;
let flush_timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<(event: LiveEvent) => void>();

/** Starts to follow the site; returns what ends it. */
export function follow(): () => void {
  const stop = stream("/ocpp/events/?fields=slim", { onOpen: opened, onEvent: enqueue, onLost: lost });
  const tick = setInterval(() => now.value = Date.now(), 1000);
  return () => {
    stop();
    clearInterval(tick);
  };
}

/** Calls `listener` for each event until the returned function is called. */
export function onLive(listener: (event: LiveEvent) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** All chargers as they are, read inside a component. */
export function allChargers(): ChargerView[] {
  return ids.value.flatMap((id) => chargers.get(id)?.value ?? []);
}

/** Puts a charger's record into the picture. */
export function putCharger(charger: ChargerView): void {
  const known = chargers.has(charger.charger_id);
  putRecord(charger);
  if (!known) sortIds();
}

function putRecord(charger: ChargerView): void {
  const known = chargers.get(charger.charger_id);
  if (known) known.value = charger;
  else chargers.set(charger.charger_id, signal(charger));
}

/** Puts the ids in order, numbers within them by their value: once for many chargers, since comparing takes long. */
function sortIds(): void {
  const { compare } = new Intl.Collator(undefined, { numeric: true });
  ids.value = [...chargers.keys()].sort(compare);
}

/** Takes a charger out of the picture. */
export function dropCharger(charger_id: string): void {
  chargers.delete(charger_id);
  ids.value = ids.value.filter((id) => id !== charger_id);
}

/** Loads the snapshot, unless the events since the last one follow. */
function opened(resumed: boolean): void {
  if (!resumed || !loaded) return void snapshot();
  online.value = true;
  heard.value = Date.now();
}

async function snapshot(): Promise<void> {
  loading = true;
  loaded = false;
  try {
    const [found, active, site] = await Promise.all([
      getAll("/ocpp/chargers/", { fields: "slim" }),
      getAll("/ocpp/transactions/", { state: "active" }),
      get("/ocpp/settings/"),
    ]);
    batch(() => {
      const present = new Set(found.map(({ charger_id }) => charger_id));
      for (const id of [...chargers.keys()]) if (!present.has(id)) chargers.delete(id);
      for (const charger of found) putRecord(charger);
      sortIds();
      sessions.value = new Map(active.map((one) => [one.transaction_id, one]));
      settings.value = site;
      online.value = true;
      heard.value = Date.now();
      generation.value++;
    });
    loaded = true;
  } catch {
    return; // the stream breaks as well, or the login is over
  } finally {
    loading = false;
  }
  schedule();
}

function lost(status: number | null): void {
  if (status === 401) session.value = null;
  else online.value = false;
}

function enqueue(type: string, data: Record<string, unknown>): void {
  if (type === "reload") return void snapshot();
  queue.push({ type, data, at: new Date().toISOString() } as LiveEvent); // as the gateway's EventMap has it
  if (!loading) schedule();
}

function schedule(): void {
  flush_timer ??= setTimeout(() => {
    flush_timer = undefined;
    const events = queue;
    queue = [];
    batch(() => applyAll(events));
  }, FLUSH_MS);
}

/** Many changes, one redraw. */
function applyAll(events: LiveEvent[]): void {
  if (events.length === 0) return;
  heard.value = Date.now();
  for (const event of events) {
    apply(event);
    for (const listener of listeners) listener(event);
  }
  const told = events.filter(({ type }) => type !== "meter").reverse();
  if (told.length) recent.value = [...told, ...recent.value].slice(0, RECENT);
}

function apply(event: LiveEvent): void {
  if (event.type === "settings") settings.value = { ...event.data };
  if (event.type === "charger") return applyCharger(event);
  if (event.type === "charger_deleted") return dropCharger(event.data.charger_id);
  if (event.type === "transaction") applySession(event.data);
  const { charger_id } = event.data;
  const charger = charger_id === undefined ? undefined : chargers.get(charger_id);
  if (charger) charger.value = { ...charger.value, last_seen: event.at, ...changeOf(event, charger.value) };
}

function applyCharger(event: LiveEvent & { type: "charger" }): void {
  const { charger_id, connected } = event.data;
  const before = chargers.get(charger_id)?.value.connected ?? false;
  if (connected !== before) event.connection = connected ? "connected" : "disconnected";
  putCharger(event.data);
}

const NO_SESSION = { transaction_id: null, energy_wh: null, power_w: null, current_limit_a: null };

/** Returns what an event changes in its charger. */
function changeOf(event: LiveEvent, charger: ChargerView): Partial<ChargerView> {
  const { connectors } = charger;
  if (event.type === "connector") return { connectors: withConnector(connectors, event.data) };
  if (event.type === "meter") return { connectors: merged(connectors, event.data) };
  if (event.type !== "transaction") return {};
  const { transaction_id, connector_id, energy_wh, state, charger_id } = event.data;
  const running = [...sessions.value.values()].some((one) =>
    one.charger_id === charger_id && one.connector_id === connector_id
  );
  if (state !== "active" && running) return {}; // the end of an older one
  const live = state === "active" ? { transaction_id, energy_wh } : NO_SESSION;
  return { connectors: merged(connectors, { connector_id, ...live }) };
}

function withConnector(connectors: ConnectorView[], changed: ConnectorView): ConnectorView[] {
  const others = connectors.filter(({ connector_id }) => connector_id !== changed.connector_id);
  return [...others, changed].sort((a, b) => a.connector_id - b.connector_id);
}

function merged(
  connectors: ConnectorView[],
  { charger_id: _id, ...change }: Partial<ConnectorView> & { charger_id?: string },
): ConnectorView[] {
  return connectors.map((one) => one.connector_id === change.connector_id ? { ...one, ...change } : one);
}

function applySession(changed: Session): void {
  const map = new Map(sessions.value);
  if (changed.state === "active") map.set(changed.transaction_id, changed);
  else map.delete(changed.transaction_id);
  sessions.value = map;
}
