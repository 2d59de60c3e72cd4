// Many simulated chargers at once, as on typical sites.
import { ChargePointSimulator, type SimulatorDeps } from "./charge_point_simulator.ts";
import { BadConfig, type CarVisit, type SimulatorConfig } from "./config.ts";
import { between, pick, type Random, randomOf } from "./random.ts";

/** Kinds of sites. */
export const MIXES = ["home", "office", "depot"] as const;
export type Mix = typeof MIXES[number];

/** The options of a fleet. */
export interface FleetOptions {
  count: number;
  mix: Mix;
  /** The same seed gives the same fleet. */
  seed: number;
  /** Options of all simulators; they override those of the mix. */
  base?: SimulatorConfig;
}

/** The chargers and cars of a kind of site; pairs are [least, most]. */
interface Site {
  /** Connectors of a charger, to choose from. */
  connectors: number[];
  /** A a phase and phases, to choose from. */
  supplies: [number, number][];
  battery_kwh: [number, number];
  soc: [number, number];
  /** Hours that a car stays. */
  stay_h: [number, number];
  /** Hours until the next car. */
  gap_h: [number, number];
  /** Hours until the first car. */
  first_h: [number, number];
  models: string[];
}

const SITES: Record<Mix, Site> = {
  home: {
    connectors: [1],
    supplies: [[16, 1], [32, 1], [16, 3]],
    battery_kwh: [38, 82],
    soc: [20, 70],
    stay_h: [3, 13],
    gap_h: [8, 14],
    first_h: [0, 6],
    models: ["Wallbox S", "Wallbox M"],
  },
  office: {
    connectors: [1, 2, 2],
    supplies: [[16, 3], [32, 3]],
    battery_kwh: [38, 95],
    soc: [15, 80],
    stay_h: [0.5, 9],
    gap_h: [0.1, 2],
    first_h: [0, 0.5],
    models: ["Car Park 2x11", "Car Park 2x22"],
  },
  depot: {
    connectors: [1, 2],
    supplies: [[120, 3], [220, 3]],
    battery_kwh: [280, 480],
    soc: [10, 45],
    stay_h: [1, 4],
    gap_h: [0.2, 3],
    first_h: [0, 1],
    models: ["Depot 80 DC", "Depot 150 DC"],
  },
};

const DAY = 86_400; // s
const OCCUPIED = 0.4; // part of the connectors with a car from the start

/** Returns the options of every simulator of a fleet. Throws BadConfig. */
export function fleetOf({ count, mix, seed, base = {} }: FleetOptions): SimulatorConfig[] {
  if (!Object.hasOwn(SITES, mix)) throw new BadConfig(`mix must be one of ${MIXES.join(", ")}, not '${mix}'`);
  if (!Number.isInteger(count) || count < 1 || count > 10_000) {
    throw new BadConfig("fleet must be a whole number from 1 to 10000");
  }
  const random = randomOf(seed);
  return Array.from({ length: count }, (_, index) => chargerOf(SITES[mix], index + 1, random, base));
}

function chargerOf(site: Site, number: number, random: Random, base: SimulatorConfig): SimulatorConfig {
  const [max_current, phases] = pick(random, site.supplies);
  const connectors = pick(random, site.connectors);
  const id = String(number).padStart(4, "0");
  const prefix = (base.cp_path ?? "CPX/").replace(/\/$/, "");
  return {
    interval: 10,
    connectors,
    phases,
    max_current,
    model: pick(random, site.models),
    serial_number: `SIM-${id}`,
    start_delay: Math.round(between(random, 0, 5_000)) / 1000,
    cars: visitsTo(site, connectors, random),
    repeat: true,
    seed: Math.floor(random() * 2 ** 32),
    ...base,
    cp_path: `${prefix}-${id}/`,
  };
}

/** Returns the visits of a day. */
function visitsTo(site: Site, connectors: number, random: Random): CarVisit[] {
  return Array.from({ length: connectors }, (_, index) => visitsOf(site, index + 1, random)).flat();
}

function visitsOf(site: Site, connector: number, random: Random): CarVisit[] {
  const visits: CarVisit[] = [];
  const occupied = random() < OCCUPIED;
  let arrive = occupied ? Math.round(between(random, 0, 120)) : hours(site.first_h, random);
  while (arrive < DAY) {
    const stay = Math.min(hours(site.stay_h, random), DAY - arrive);
    const battery_kwh = Math.round(between(random, ...site.battery_kwh));
    const soc = Math.round(between(random, ...site.soc));
    const kwh = Math.round(battery_kwh * (between(random, 80, 100) - soc) / 10) / 10;
    const rfid = `F${String(Math.floor(random() * 100)).padStart(7, "0")}`;
    visits.push({ arrive, stay, connector, rfid, kwh: Math.max(1, kwh), battery_kwh, soc });
    arrive += stay + hours(site.gap_h, random);
  }
  return visits;
}

function hours([least, most]: [number, number], random: Random): number {
  return Math.round(between(random, least, most) * 3600);
}

/** Simulators that start and stop together. */
export class Fleet {
  readonly simulators: readonly ChargePointSimulator[];

  /** Throws BadConfig. */
  constructor(options: FleetOptions, deps: SimulatorDeps = {}) {
    this.simulators = fleetOf(options).map((config) => new ChargePointSimulator(config, deps));
  }

  start(): void {
    for (const simulator of this.simulators) simulator.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.simulators.map((simulator) => simulator.stop()));
  }

  async kill(): Promise<void> {
    await Promise.all(this.simulators.map((simulator) => simulator.kill()));
  }

  /** Returns the numbers of connected simulators and of sessions, and their power. */
  figures(): { connected: number; charging: number; power_w: number } {
    const chargers = this.simulators.map(({ charger }) => charger);
    const charging = chargers.flatMap((charger) =>
      charger.connectors.filter(({ session }) => session).map((connector) =>
        charger.meters.of(connector).read().power_w
      )
    );
    return {
      connected: chargers.filter(({ online }) => online).length,
      charging: charging.length,
      power_w: charging.reduce((sum, watts) => sum + watts, 0),
    };
  }
}
