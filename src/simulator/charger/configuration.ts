// The configuration keys of OCPP 1.6 chapter 9, its errata and the security white paper, with the values they accept.
import type { SimulatorSettings } from "../config.ts";

/** The type of a key's value. `words` is a comma-separated list. */
type Kind = "number" | "boolean" | "words" | "text" | "hex";

interface Key {
  value: string;
  kind: Kind;
  readonly: boolean;
  /** Greatest number, or length of the longest text. */
  max?: number;
  /** Items that a list may hold. */
  words?: readonly string[];
  /** True if a change takes effect only after a restart. */
  reboot?: boolean;
  /** True if the value is never disclosed. */
  secret?: boolean;
}

/** A key in the answer to GetConfiguration. */
export interface ShownKey {
  key: string;
  readonly: boolean;
  value?: string;
}

export type Change = "Accepted" | "Rejected" | "RebootRequired" | "NotSupported";

/** The measurands of the simulated meter. */
export const MEASURANDS = [
  "Energy.Active.Import.Register",
  "Energy.Active.Import.Interval",
  "Power.Active.Import",
  "Power.Offered",
  "Power.Factor",
  "Current.Import",
  "Current.Offered",
  "Voltage",
  "Frequency",
  "SoC",
  "Temperature",
] as const;

const SAMPLED =
  "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Current.Offered,Voltage,SoC";
const PROFILES = "Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger";
const PHASES = ["NotApplicable", "Unknown", "RST", "RTS", "SRT", "STR", "TRS", "TSR"];

const flag = (value: boolean): Key => ({ value: String(value), kind: "boolean", readonly: false });
const number = (value: number, max = 2_147_483_647): Key => ({
  value: String(value),
  kind: "number",
  readonly: false,
  max,
});
const words = (value: string, words: readonly string[]): Key => ({
  value,
  kind: "words",
  readonly: false,
  words,
});
const fixed = (value: string | number): Key => ({ value: String(value), kind: "text", readonly: true });

function keysOf(settings: SimulatorSettings): Record<string, Key> {
  return { ...coreKeys(settings), ...optionalKeys(), ...profileKeys(), ...securityKeys(settings) };
}

/** The required keys of OCPP 1.6 §9.1. */
function coreKeys({ interval, connectors }: SimulatorSettings): Record<string, Key> {
  return {
    AuthorizeRemoteTxRequests: flag(true),
    ClockAlignedDataInterval: number(0),
    ConnectionTimeOut: number(60),
    ConnectorPhaseRotation: { ...words(rotation(connectors), []), reboot: true },
    GetConfigurationMaxKeys: fixed(100),
    HeartbeatInterval: number(300),
    LocalAuthorizeOffline: flag(true),
    LocalPreAuthorize: flag(false),
    MeterValuesAlignedData: words("Energy.Active.Import.Register", MEASURANDS),
    MeterValuesSampledData: words(SAMPLED, MEASURANDS),
    MeterValueSampleInterval: number(Math.max(1, Math.round(interval))),
    NumberOfConnectors: fixed(connectors),
    ResetRetries: number(1),
    StopTransactionOnEVSideDisconnect: flag(true),
    StopTransactionOnInvalidId: flag(true),
    StopTxnAlignedData: words("", MEASURANDS),
    StopTxnSampledData: words("", MEASURANDS),
    SupportedFeatureProfiles: fixed(PROFILES),
    TransactionMessageAttempts: number(3),
    TransactionMessageRetryInterval: number(60),
    UnlockConnectorOnEVSideDisconnect: flag(true),
  };
}

function rotation(connectors: number): string {
  return Array.from({ length: connectors + 1 }, (_, id) => `${id}.${id ? "RST" : "NotApplicable"}`).join(",");
}

/** The optional keys of OCPP 1.6 §9.1. */
function optionalKeys(): Record<string, Key> {
  return {
    AllowOfflineTxForUnknownId: flag(false),
    AuthorizationCacheEnabled: flag(true),
    BlinkRepeat: number(3),
    ConnectorPhaseRotationMaxLength: fixed(20),
    LightIntensity: number(100, 100),
    MaxEnergyOnInvalidId: number(0),
    MeterValuesAlignedDataMaxLength: fixed(MEASURANDS.length),
    MeterValuesSampledDataMaxLength: fixed(MEASURANDS.length),
    MinimumStatusDuration: number(0),
    StopTxnAlignedDataMaxLength: fixed(MEASURANDS.length),
    StopTxnSampledDataMaxLength: fixed(MEASURANDS.length),
    SupportedFeatureProfilesMaxLength: fixed(6),
    WebSocketPingInterval: number(0),
  };
}

/** The keys of OCPP 1.6 §9.2 to §9.4 and errata 3.81. */
function profileKeys(): Record<string, Key> {
  return {
    LocalAuthListEnabled: flag(true),
    LocalAuthListMaxLength: fixed(1000),
    SendLocalListMaxLength: fixed(250),
    ReserveConnectorZeroSupported: fixed("true"),
    ChargeProfileMaxStackLevel: fixed(10),
    ChargingScheduleAllowedChargingRateUnit: fixed("Current,Power"),
    ChargingScheduleMaxPeriods: fixed(100),
    ConnectorSwitch3to1PhaseSupported: fixed("true"),
    MaxChargingProfilesInstalled: fixed(50),
    SupportedFileTransferProtocols: fixed("HTTP,HTTPS"),
  };
}

/** The keys of the security white paper §6. */
function securityKeys({ password, tls, tls_cert }: SimulatorSettings): Record<string, Key> {
  const profile = tls ? (tls_cert ? 3 : 2) : (password === undefined ? 0 : 1);
  return {
    AdditionalRootCertificateCheck: fixed("false"),
    AuthorizationKey: { value: "", kind: "hex", readonly: false, secret: true },
    CertificateSignedMaxChainSize: fixed(10_000),
    CertificateStoreMaxLength: fixed(20),
    CpoName: { value: "", kind: "text", readonly: false, max: 50 },
    SecurityProfile: number(profile, 3),
  };
}

/** The keys of a charger with their values; names are compared without regard to case. */
export class Configuration {
  readonly #keys = new Map<string, { name: string } & Key>();

  constructor(settings: SimulatorSettings) {
    for (const [name, key] of Object.entries(keysOf(settings))) {
      this.#keys.set(name.toLowerCase(), { name, ...key });
    }
    for (const [name, value] of Object.entries(settings.configuration)) this.#preset(name, value);
  }

  /** Sets the initial value of a key; a key unknown to OCPP is added as text. */
  #preset(name: string, value: string): void {
    const key = this.#keys.get(name.toLowerCase());
    if (key) key.value = value;
    else this.#keys.set(name.toLowerCase(), { name, value, kind: "text", readonly: false, max: 500 });
  }

  /** Returns a key's name as OCPP spells it. */
  nameOf(name: string): string | undefined {
    return this.#keys.get(name.toLowerCase())?.name;
  }

  /** Returns the value of a key; "" if there is none. */
  text(name: string): string {
    return this.#keys.get(name.toLowerCase())?.value ?? "";
  }

  number(name: string): number {
    return Number(this.text(name));
  }

  flag(name: string): boolean {
    return this.text(name).toLowerCase() === "true";
  }

  /** Returns the items of a comma-separated list. */
  list(name: string): string[] {
    return this.text(name).split(",").map((item) => item.trim()).filter((item) => item !== "");
  }

  /** Sets the value of an existing key without checking it. */
  put(name: string, value: string): void {
    this.#keys.get(name.toLowerCase())!.value = value;
  }

  /** Handles GetConfiguration: all keys, or the named ones and the unknown names (OCPP 1.6 §5.8). */
  show(names: readonly string[] = []): { configurationKey: ShownKey[]; unknownKey?: string[] } {
    if (names.length === 0) return { configurationKey: [...this.#keys.values()].map(shown) };
    const known = names.flatMap((name) => this.#keys.get(name.toLowerCase()) ?? []);
    const unknownKey = names.filter((name) => !this.#keys.has(name.toLowerCase()));
    return { configurationKey: known.map(shown), ...(unknownKey.length ? { unknownKey } : {}) };
  }

  /** Handles ChangeConfiguration (OCPP 1.6 §5.3). */
  change(name: string, value: string): Change {
    const key = this.#keys.get(name.toLowerCase());
    if (!key) return "NotSupported";
    if (key.readonly || !allowed(key, value)) return "Rejected";
    key.value = value;
    return key.reboot ? "RebootRequired" : "Accepted";
  }
}

function shown({ name, readonly, value, secret }: { name: string } & Key): ShownKey {
  return secret ? { key: name, readonly } : { key: name, readonly, value };
}

function allowed({ kind, max, words, reboot }: Key, value: string): boolean {
  if (kind === "number") return /^\d+$/.test(value) && Number(value) <= max!;
  if (kind === "boolean") return /^(true|false)$/i.test(value);
  if (kind === "hex") return /^([0-9a-f]{2}){16,20}$/i.test(value);
  if (kind === "text") return value.length <= max!;
  if (reboot) return value.split(",").every((part) => PHASES.includes(part.split(".").at(-1)!.trim()));
  return value === "" || value.split(",").every((word) => words!.includes(word.trim()));
}
