// The options of a simulator.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { checkerOf, sentenceOf } from "../ocpp/schema.ts";

const Seconds = Type.Number({ minimum: 0, maximum: 31_536_000 });
const Percent = Type.Number({ minimum: 0, maximum: 100 });
const Kwh = Type.Number({ minimum: 0, maximum: 10_000 });

/** Points of a charging curve: a state of charge (%), and the part of its greatest power that a battery takes there. */
export const ChargingCurve = Type.Array(Type.Tuple([Percent, Type.Number({ minimum: 0, maximum: 1 })]), {
  minItems: 1,
});
export type ChargingCurve = Static<typeof ChargingCurve>;

/** A visit of a car: it arrives `arrive` s after the start and stays `stay` s. */
export const CarVisit = Type.Object({
  arrive: Seconds,
  stay: Seconds,
  connector: Type.Optional(Type.Integer({ minimum: 1 })),
  rfid: Type.Optional(Type.String({ maxLength: 20 })),
  kwh: Type.Optional(Kwh),
  battery_kwh: Type.Optional(Kwh),
  soc: Type.Optional(Percent),
  max_current: Type.Optional(Type.Number({ minimum: 0 })),
  phases: Type.Optional(Type.Integer({ minimum: 1, maximum: 3 })),
}, { additionalProperties: false });
export type CarVisit = Static<typeof CarVisit>;

/** The options of a simulator. */
export const SimulatorOptions = Type.Object({
  host: Type.String({ minLength: 1 }),
  ws_port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  cp_path: Type.String(),
  rfid: Type.String({ maxLength: 20 }),
  duration: Seconds,
  kwh_min: Kwh,
  kwh_max: Kwh,
  interval: Type.Number({ exclusiveMinimum: 0, maximum: 86_400 }),
  pre_charge_delay: Seconds,
  repeat: Type.Boolean(),
  username: Type.Optional(Type.String()),
  password: Type.Optional(Type.String()),
  connectors: Type.Integer({ minimum: 1, maximum: 100 }),
  phases: Type.Integer({ minimum: 1, maximum: 3 }),
  /** A a phase; left out: enough for kwh_max within duration. */
  max_current: Type.Optional(Type.Number({ minimum: 6, maximum: 1_000 })),
  /** V to neutral. */
  voltage: Type.Number({ minimum: 50, maximum: 1_000 }),
  /** Left out: so large that a session ends before the taper begins. */
  battery_kwh: Type.Optional(Kwh),
  /** State of charge of arriving cars. */
  soc: Type.Optional(Percent),
  charging_curve: ChargingCurve,
  vendor: Type.String({ maxLength: 20 }),
  model: Type.String({ maxLength: 20 }),
  serial_number: Type.String({ maxLength: 25 }),
  firmware_version: Type.String({ maxLength: 50 }),
  /** Additional or replaced fields of BootNotification. */
  boot_fields: Type.Record(Type.String(), Type.String()),
  /** s before it connects. */
  start_delay: Seconds,
  /** Visits of cars; left out: one after the other, by duration, kwh_min, kwh_max and repeat. */
  cars: Type.Optional(Type.Array(CarVisit)),
  tls: Type.Boolean(),
  /** Port once SecurityProfile is raised to TLS; left out: ws_port. */
  tls_port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
  /** PEM: trusted roots, client certificate and key. */
  tls_ca: Type.Optional(Type.String()),
  tls_cert: Type.Optional(Type.String()),
  tls_key: Type.Optional(Type.String()),
  /** Accept any server certificate. */
  tls_insecure: Type.Boolean(),
  /** Seed of the random numbers; the same seed gives the same energies. */
  seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_294_967_295 })),
  /** Let cars arrive, charge and leave; false: nothing happens by itself. */
  autopilot: Type.Boolean(),
  /** Speed of the simulator's clock; 1 is real time. */
  speed: Type.Number({ exclusiveMinimum: 0, maximum: 100_000 }),
  /** Subprotocols offered in the handshake. */
  protocols: Type.Array(Type.String()),
  /** Send BootNotification; some chargers do not. */
  boot: Type.Boolean(),
  /** s that a restart takes. */
  reboot_time: Seconds,
  /** Number of resets that fail; each is repeated up to ResetRetries times. */
  reset_failures: Type.Integer({ minimum: 0, maximum: 1_000 }),
  /** s until a CALL times out. */
  call_timeout: Type.Number({ exclusiveMinimum: 0 }),
  /** Initial values of configuration keys. */
  configuration: Type.Record(Type.String(), Type.String()),
}, { additionalProperties: false });

/** The options with their defaults. */
export type SimulatorSettings = Static<typeof SimulatorOptions>;
/** The options to override; the others have defaults. */
export type SimulatorConfig = Partial<SimulatorSettings>;

/** The default options. */
export const DEFAULTS: SimulatorSettings = {
  host: "127.0.0.1",
  ws_port: 8000,
  cp_path: "CPX/",
  rfid: "FFFFFFFF",
  duration: 600,
  kwh_min: 30,
  kwh_max: 60,
  interval: 5,
  pre_charge_delay: 0,
  repeat: false,
  connectors: 1,
  phases: 3,
  voltage: 230,
  charging_curve: [[0, 1], [80, 1], [100, 0.05]],
  vendor: "OCPP Gateway",
  model: "Simulator",
  serial_number: "SIM-0001",
  firmware_version: "1.0.0",
  boot_fields: {},
  start_delay: 0,
  tls: false,
  tls_insecure: false,
  autopilot: true,
  speed: 1,
  protocols: ["ocpp1.6"],
  boot: true,
  reboot_time: 2,
  reset_failures: 0,
  call_timeout: 30,
  configuration: {},
};

/** Invalid options of a simulator. */
export class BadConfig extends Error {
  override readonly name = "BadConfig";
}

const checker = checkerOf(SimulatorOptions);

/** Returns the options with their defaults. Throws BadConfig naming the option. */
export function settingsOf(config: SimulatorConfig): SimulatorSettings {
  const given = Object.entries(config).filter(([, value]) => value !== undefined && value !== null);
  const settings = { ...DEFAULTS, ...Object.fromEntries(given) } as SimulatorSettings;
  const violation = checker.violations(settings)[0];
  if (violation) throw new BadConfig(sentenceOf(violation));
  if (settings.kwh_min > settings.kwh_max) throw new BadConfig("kwh_min must not be greater than kwh_max");
  return settings;
}

/** Returns the URL of the central system. */
export function urlOf({ tls, host, ws_port, cp_path }: SimulatorSettings): string {
  const name = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return `${tls ? "wss" : "ws"}://${name}:${ws_port}/${cp_path.replace(/^\//, "")}`;
}

/** Returns the charge point identity: the last segment of the path, decoded. */
export function identityOf({ cp_path }: SimulatorSettings): string {
  const last = cp_path.split("/").findLast((segment) => segment !== "") ?? "";
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/** Returns the supply of a connector, A a phase. */
export function maxCurrentOf({ max_current, kwh_max, duration, voltage, phases }: SimulatorSettings): number {
  if (max_current !== undefined) return max_current;
  const watts = kwh_max * 3_600_000 / Math.max(1, duration);
  return Math.max(6, Math.ceil(watts / voltage / phases));
}
