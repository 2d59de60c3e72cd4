// The demo's site: its chargers, its tags, and the sessions of the last weeks.
import { clockHourFrom, intervalAt } from "../calendar.ts";
import { fuse, placeOn } from "./demo_fuse.ts";
import { beginEnergy } from "../site/energy/energy.ts";
import { newCharger } from "../store/new_charger.ts";
import type { SimulatorConfig } from "../simulator/mod.ts";
import { between, type Random, randomOf } from "../simulator/random.ts";
import type { Simulators } from "../services/simulators/simulators.ts";
import type { Store, Transaction } from "../store/store.ts";

/** The parts that a demo site is written to. */
export interface DemoDeps {
  store: Store;
  simulators: Simulators;
  /** ms since 1970. */
  now: () => number;
}

/** A charger of the demo. */
export interface DemoCharger {
  id: string;
  name: string;
  latitude: number;
  longitude: number;
  /** Power of a car, kW. */
  kw: number;
  /** Sessions a day. */
  busy: number;
  simulator: SimulatorConfig;
}

/** The chargers, around Monterrey. */
export const CHARGERS: readonly DemoCharger[] = [
  charger("MACRO-1", "Macroplaza", [25.6692, -100.3099], { kw: 22, busy: 5, connectors: 2 }),
  charger("MACRO-2", "Macroplaza sur", [25.6685, -100.3097], { kw: 11, busy: 4, connectors: 2 }),
  charger("MACRO-3", "Macroplaza norte", [25.6699, -100.3101], { kw: 7.4, busy: 3, connectors: 1 }),
  charger("FUNDIDORA-1", "Parque Fundidora", [25.6785, -100.2842], { kw: 11, busy: 4, connectors: 2 }),
  charger("VALLE-1", "Valle Oriente", [25.6446, -100.3262], { kw: 22, busy: 6, connectors: 1 }),
  charger("TEC-1", "Distrito Tec", [25.6514, -100.2895], { kw: 7.4, busy: 3, connectors: 1 }),
  charger("CUMBRES-1", "Cumbres", [25.7368, -100.4022], { kw: 11, busy: 2, connectors: 1 }),
  charger("AEROPUERTO-1", "Aeropuerto", [25.7785, -100.1069], { kw: 50, busy: 7, connectors: 2 }),
];

/** Labels of the RFID tags, by tag. */
export const TAGS: Readonly<Record<string, { label: string; allowed: boolean }>> = {
  "04A1B2C3D4": { label: "Ana Garza", allowed: true },
  "04D4E5F607": { label: "Luis Treviño", allowed: true },
  "0411223344": { label: "Flotilla 12", allowed: true },
  "0455667788": { label: "Flotilla 14", allowed: true },
  "049900AA11": { label: "Mariana Elizondo", allowed: true },
  "04BB22CC33": { label: "Visitas", allowed: true },
  "04DEADBEEF": { label: "Tarjeta perdida", allowed: false },
};

const DAY = 86_400_000;
const DAYS = 28;
const SAMPLE = 300_000; // ms
const ZONE = "America/Monterrey";
const MORNING = 6; // o'clock

type Equipment = Pick<DemoCharger, "kw" | "busy"> & { connectors: number };

function charger(
  id: string,
  name: string,
  place: [number, number],
  { kw, busy, connectors }: Equipment,
): DemoCharger {
  const [latitude, longitude] = place;
  const simulator: SimulatorConfig = {
    cp_path: `${id}/`,
    connectors,
    phases: kw > 8 ? 3 : 1,
    max_current: kw > 8 ? Math.round(kw * 1000 / 690) : 32,
    battery_kwh: 60,
    duration: 900,
    kwh_min: kw / 5,
    kwh_max: kw / 3,
    interval: 5,
    pre_charge_delay: 2,
    repeat: true,
    vendor: "Voltia",
    model: `AC-${Math.round(kw)}`,
    serial_number: `V-${id}`,
    firmware_version: "2.4.1",
    reboot_time: 5,
  };
  return { id, name, latitude, longitude, kw, busy, simulator };
}

/** Creates the site: settings, tags, chargers, history, and running simulators. */
export async function seed(deps: DemoDeps, seed = 1): Promise<void> {
  const { store, now } = deps;
  await store.changeSettings({
    name: "Electrolineras Regias (demo)",
    time_zone: ZONE,
    latitude: 25.69,
    longitude: -100.29,
  });
  const random = randomOf(seed);
  await Promise.all([
    ...Object.entries(TAGS).map(([rfid, { label, allowed }]) =>
      store.rfids.put({
        rfid,
        label,
        allowed,
        expires_at: null,
        parent_id_tag: null,
        last_seen: null,
        last_charger_id: null,
      })
    ),
    ...CHARGERS.map((place) => addCharger(place, deps)),
  ]);
  await store.circuits.put(fuse(now()));
  await addHistory(now(), random, deps);
}

async function addCharger(place: DemoCharger, { store, simulators, now }: DemoDeps): Promise<void> {
  const { id, name, latitude, longitude, simulator } = place;
  const created = now() - DAYS * DAY;
  const tags = Object.keys(TAGS);
  const rfid = tags[CHARGERS.indexOf(place) % (tags.length - 1)]!;
  await store.chargers.put({
    ...newCharger(id, "Accepted", created),
    name,
    latitude,
    longitude,
    require_rfid: true,
    simulated: true,
    ...placeOn(place),
  });
  const record = { clone_of: null, recorded: [], created_at: new Date(created).toISOString() };
  await simulators.put({ name, options: { ...simulator, rfid }, running: true, ...record });
}

/** A completed session. */
interface Past {
  place: DemoCharger;
  connector_id: number;
  start: number;
  stop: number;
  id_tag: string;
  kw: number;
}

async function addHistory(now: number, random: Random, { store }: DemoDeps): Promise<void> {
  const sessions = CHARGERS.flatMap((place) => pastOf(place, now, random));
  sessions.sort((a, b) => a.start - b.start);
  const registers = new Map<string, number>();
  const work: Promise<void>[] = [];
  for (const session of sessions) {
    const key = `${session.place.id}/${session.connector_id}`;
    const meter_start = registers.get(key) ?? Math.round(between(random, 200_000, 900_000));
    const hours = (session.stop - session.start) / 3_600_000;
    const meter_stop = meter_start + Math.round(session.kw * 1000 * hours);
    registers.set(key, meter_stop);
    const transaction = transactionOf(session, { id: store.transactions.nextId(), meter_start, meter_stop });
    work.push(store.transactions.add(transaction), ...samplesOf(session, transaction, store.readings));
  }
  await Promise.all(work);
  await store.readings.compact();
}

/** Makes a charger's sessions: mostly by day, and one at a time on a connector. */
function pastOf(place: DemoCharger, now: number, random: Random): Past[] {
  const tags = Object.keys(TAGS).filter((tag) => TAGS[tag]!.allowed);
  const connectors = place.simulator.connectors ?? 1;
  const past: Past[] = [];
  for (let connector_id = 1; connector_id <= connectors; connector_id++) {
    let free = now - DAYS * DAY;
    while (true) {
      const gap = between(random, 0.4, 1.6) * DAY * connectors / place.busy;
      const start = byDay(free + gap, random);
      const stop = start + between(random, 0.4, 2.2) * 3_600_000;
      if (stop > now - 3_600_000) break;
      const id_tag = tags[Math.floor(random() * tags.length)]!;
      past.push({ place, connector_id, start, stop, id_tag, kw: place.kw * between(random, 0.6, 0.98) });
      free = stop;
    }
  }
  return past;
}

/** Moves a start between midnight and six to the morning. */
function byDay(at: number, random: Random): number {
  const morning = clockHourFrom(MORNING, intervalAt("day", at, ZONE).from, ZONE);
  return at < morning ? morning + 3 * random() * 3_600_000 : at;
}

/** Transaction id and register of a session. */
interface Booking {
  id: number;
  meter_start: number;
  meter_stop: number;
}

function transactionOf(session: Past, { id, meter_start, meter_stop }: Booking): Transaction {
  const { place, connector_id, start, stop, id_tag } = session;
  const [start_time, stop_time] = [start, stop].map((at) => new Date(at).toISOString()) as [string, string];
  return {
    transaction_id: id,
    charger_id: place.id,
    connector_id,
    id_tag,
    start_time,
    meter_start,
    stop_time,
    meter_stop,
    stop_reason: id % 3 ? "EVDisconnected" : "Local",
    energy_wh: meter_stop - meter_start,
    state: "completed",
    simulated: true,
    flags: [],
    start_received: start_time,
    stop_received: stop_time,
    id_tag_status: "Accepted",
    reservation_id: null,
    start_timestamp: start_time,
    energy: beginEnergy(meter_start, start),
    energy_seq: 0,
  };
}

function samplesOf(
  { place, connector_id, start, stop, kw }: Past,
  { transaction_id, meter_start }: Transaction,
  readings: Store["readings"],
): Promise<void>[] {
  const work: Promise<void>[] = [];
  for (let at = start + SAMPLE; at < stop; at += SAMPLE) {
    const register = Math.round(meter_start! + kw * (at - start) / 3600);
    const sampledValue = [
      { value: String(register), measurand: "Energy.Active.Import.Register" as const, unit: "Wh" as const },
      { value: String(Math.round(kw * 1000)), measurand: "Power.Active.Import" as const, unit: "W" as const },
    ];
    const meter_value = [{ timestamp: new Date(at).toISOString(), sampledValue }];
    const place_of = { charger_id: place.id, connector_id, transaction_id };
    work.push(readings.add({ ...place_of, received: at, at: [at], meter_value, last: true }));
  }
  return work;
}
