// The site as it is now: a snapshot from REST, then what the gateway tells as it changes.
import { batch, type Signal, signal } from "@preact/signals";
import { chargerPath, get, getAll, session } from "./api.ts";
import { stream } from "./sse.ts";
import type { ChargerView, Session, SiteSettings } from "./types.ts";

/** A change that the gateway told of. */
export interface LiveEvent {
  type: string;
  at: string;
  data: Record<string, unknown>;
}

/** Whether the gateway is there; null: not known yet. */
export const online = signal<boolean | null>(null);
/** When the gateway was last heard, ms. */
export const heard = signal(0);
/** The chargers' ids in order. Each charger is a signal of its own: a change redraws one row. */
export const ids = signal<string[]>([]);
export const chargers = new Map<string, Signal<ChargerView>>();
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
const REFETCH_MS = 1500;

let queue: LiveEvent[] = [];
let loading = true;
let flush_timer: ReturnType<typeof setTimeout> | undefined;
const stale = new Set<string>();
const listeners = new Set<(event: LiveEvent) => void>();

/** Starts to follow the site; returns what ends it. */
export function follow(): () => void {
  const stop = stream("/ocpp/events/", { onOpen: () => void snapshot(), onEvent: enqueue, onLost: lost });
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
  const known = chargers.get(charger.charger_id);
  if (known) known.value = charger;
  else {
    chargers.set(charger.charger_id, signal(charger));
    ids.value = [...chargers.keys()].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
  }
}

/** Takes a charger out of the picture. */
export function dropCharger(charger_id: string): void {
  chargers.delete(charger_id);
  ids.value = ids.value.filter((id) => id !== charger_id);
}

async function snapshot(): Promise<void> {
  loading = true;
  try {
    const [found, active, site] = await Promise.all([
      getAll<ChargerView>("/ocpp/chargers/", "chargers"),
      getAll<Session>("/ocpp/transactions/?state=active", "transactions"),
      get<SiteSettings>("/ocpp/settings/"),
    ]);
    batch(() => {
      const present = new Set(found.map(({ charger_id }) => charger_id));
      for (const id of [...chargers.keys()]) if (!present.has(id)) dropCharger(id);
      for (const charger of found) putCharger(charger);
      sessions.value = new Map(active.map((one) => [one.transaction_id, one]));
      settings.value = site;
      online.value = true;
      heard.value = Date.now();
      generation.value++;
    });
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
  queue.push({ type, data, at: new Date().toISOString() });
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

function apply({ type, data, at }: LiveEvent): void {
  if (type === "settings") settings.value = data as SiteSettings;
  if (type === "transaction") applySession(data as unknown as Session);
  const id = data.charger_id as string | undefined;
  if (id === undefined) return;
  if (type === "charger_deleted") return dropCharger(id);
  const known = chargers.get(id);
  if (!known) return refetch(id);
  known.value = {
    ...known.value,
    ...(type === "charger" ? data : {}),
    last_seen: at,
    ...connectorChange(type, data, known.value),
  };
  if (type === "charger" || type === "transaction") refetch(id);
}

function connectorChange(
  type: string,
  data: Record<string, unknown>,
  charger: ChargerView,
): Partial<ChargerView> {
  if (type !== "meter" && type !== "connector") return {};
  const { charger_id: _id, ...change } = data;
  const connectors = charger.connectors.map((one) =>
    one.connector_id === change.connector_id ? { ...one, ...change } : one
  );
  if (!connectors.some(({ connector_id }) => connector_id === change.connector_id)) {
    refetch(charger.charger_id);
  }
  return { connectors };
}

function applySession(changed: Session): void {
  const map = new Map(sessions.value);
  if (changed.state === "active") map.set(changed.transaction_id, changed);
  else map.delete(changed.transaction_id);
  sessions.value = map;
}

/** Asks for a charger's whole record soon; many wishes, one request. */
function refetch(id: string): void {
  if (stale.has(id)) return;
  stale.add(id);
  setTimeout(async () => {
    stale.delete(id);
    try {
      const { log: _log, ...charger } = await get<ChargerView & { log: unknown }>(chargerPath(id));
      putCharger(charger as ChargerView);
    } catch {
      // forgotten meanwhile, or the gateway is gone: the next snapshot tells
    }
  }, chargers.has(id) ? REFETCH_MS : 100);
}
