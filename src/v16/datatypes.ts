// The data types of OCPP 1.6 chapter 7 as TypeBox schemas.
import type { Static, TProperties, TSchema } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";

/** Returns the schema of an object without other properties, as in the schemas of OCPP 1.6. */
export function Payload<P extends TProperties>(properties: P) {
  return Type.Object(properties, { additionalProperties: false });
}

/** Returns the schema of a string of at most `maxLength` characters, which is compared without regard to case (OCPP 1.6 §7.7 CiString). */
export function CiString(maxLength: number) {
  return Type.String({ maxLength });
}

/** Marks a property as optional. */
export function Maybe<T extends TSchema>(schema: T) {
  return Type.Optional(schema);
}

/** An idTag (OCPP 1.6 §7.28). No format is assumed. */
export const IdToken = CiString(20);
/** A time, ISO 8601 (OCPP 1.6 §3.15). */
export const DateTime = Type.String({ format: "date-time" });
/** A connector; 0 is the whole charger. */
export const ConnectorId = Type.Integer({ minimum: 0 });
/** A physical connector, from 1. */
export const OutletId = Type.Integer({ minimum: 1 });
/** A 32-bit integer. */
export const Int = Type.Integer({ minimum: -2147483648, maximum: 2147483647 });

/** OCPP 1.6 §7.2 */
export const AuthorizationStatus = Type.Enum(["Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx"]);
export type AuthorizationStatus = Static<typeof AuthorizationStatus>;

/** OCPP 1.6 §7.27 */
export const IdTagInfo = Payload({
  expiryDate: Maybe(DateTime),
  parentIdTag: Maybe(IdToken),
  status: AuthorizationStatus,
});
export type IdTagInfo = Static<typeof IdTagInfo>;

/** OCPP 1.6 §7.37 */
export const ReadingContext = Type.Enum([
  "Interruption.Begin",
  "Interruption.End",
  "Other",
  "Sample.Clock",
  "Sample.Periodic",
  "Transaction.Begin",
  "Transaction.End",
  "Trigger",
]);

/** OCPP 1.6 §7.31 */
export const Measurand = Type.Enum([
  "Current.Export",
  "Current.Import",
  "Current.Offered",
  "Energy.Active.Export.Register",
  "Energy.Active.Import.Register",
  "Energy.Reactive.Export.Register",
  "Energy.Reactive.Import.Register",
  "Energy.Active.Export.Interval",
  "Energy.Active.Import.Interval",
  "Energy.Reactive.Export.Interval",
  "Energy.Reactive.Import.Interval",
  "Frequency",
  "Power.Active.Export",
  "Power.Active.Import",
  "Power.Factor",
  "Power.Offered",
  "Power.Reactive.Export",
  "Power.Reactive.Import",
  "RPM",
  "SoC",
  "Temperature",
  "Voltage",
]);

/** OCPP 1.6 §7.45; both spellings of the degree are in the field (errata 1.6-J §2.1). */
export const UnitOfMeasure = Type.Enum([
  "Wh",
  "kWh",
  "varh",
  "kvarh",
  "W",
  "kW",
  "VA",
  "kVA",
  "var",
  "kvar",
  "A",
  "V",
  "K",
  "Celcius",
  "Celsius",
  "Fahrenheit",
  "Percent",
]);

/** OCPP 1.6 §7.43 */
export const SampledValue = Payload({
  value: Type.String(),
  context: Maybe(ReadingContext),
  format: Maybe(Type.Enum(["Raw", "SignedData"])),
  measurand: Maybe(Measurand),
  phase: Maybe(Type.Enum(["L1", "L2", "L3", "N", "L1-N", "L2-N", "L3-N", "L1-L2", "L2-L3", "L3-L1"])),
  location: Maybe(Type.Enum(["Cable", "EV", "Inlet", "Outlet", "Body"])),
  unit: Maybe(UnitOfMeasure),
});

/** OCPP 1.6 §7.33 */
export const MeterValue = Payload({
  timestamp: DateTime,
  sampledValue: Type.Array(SampledValue, { minItems: 1 }),
});

/** OCPP 1.6 §7.7 */
export const ChargePointStatus = Type.Enum([
  "Available",
  "Preparing",
  "Charging",
  "SuspendedEVSE",
  "SuspendedEV",
  "Finishing",
  "Reserved",
  "Unavailable",
  "Faulted",
]);

/** OCPP 1.6 §7.6 */
export const ChargePointErrorCode = Type.Enum([
  "ConnectorLockFailure",
  "EVCommunicationError",
  "GroundFailure",
  "HighTemperature",
  "InternalError",
  "LocalListConflict",
  "NoError",
  "OtherError",
  "OverCurrentFailure",
  "OverVoltage",
  "PowerMeterFailure",
  "PowerSwitchFailure",
  "ReaderFailure",
  "ResetFailure",
  "UnderVoltage",
  "WeakSignal",
]);

/** OCPP 1.6 §7.36 */
export const Reason = Type.Enum([
  "DeAuthorized",
  "EmergencyStop",
  "EVDisconnected",
  "HardReset",
  "Local",
  "Other",
  "PowerLoss",
  "Reboot",
  "Remote",
  "SoftReset",
  "UnlockCommand",
]);

/** OCPP 1.6 §7.11 */
export const ChargingProfilePurpose = Type.Enum(["ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"]);

/** OCPP 1.6 §7.12 */
export const ChargingRateUnit = Type.Enum(["A", "W"]);

/** OCPP 1.6 §7.14: at most one decimal. */
export const ChargingSchedulePeriod = Payload({
  startPeriod: Type.Integer({ minimum: 0 }),
  limit: Type.Number({ minimum: 0, multipleOf: 0.1 }),
  numberPhases: Maybe(Type.Integer({ minimum: 1, maximum: 3 })),
});

/** OCPP 1.6 §7.13 */
export const ChargingSchedule = Payload({
  duration: Maybe(Type.Integer({ minimum: 0 })),
  startSchedule: Maybe(DateTime),
  chargingRateUnit: ChargingRateUnit,
  chargingSchedulePeriod: Type.Array(ChargingSchedulePeriod, { minItems: 1 }),
  minChargingRate: Maybe(Type.Number({ multipleOf: 0.1 })),
});

/** OCPP 1.6 §7.8 */
export const ChargingProfile = Payload({
  chargingProfileId: Int,
  transactionId: Maybe(Int),
  stackLevel: Type.Integer({ minimum: 0 }),
  chargingProfilePurpose: ChargingProfilePurpose,
  chargingProfileKind: Type.Enum(["Absolute", "Recurring", "Relative"]),
  recurrencyKind: Maybe(Type.Enum(["Daily", "Weekly"])),
  validFrom: Maybe(DateTime),
  validTo: Maybe(DateTime),
  chargingSchedule: ChargingSchedule,
});
export type ChargingProfile = Static<typeof ChargingProfile>;

/** A request or response without fields. */
export const Nothing = Payload({});
