// A valid message of every action with all optional fields, for the fuzzer to damage.

type Json = Record<string, unknown>;

const AT = "2026-03-01T08:00:00Z";
const SAMPLES = [{
  timestamp: AT,
  sampledValue: [
    {
      value: "1500",
      context: "Sample.Periodic",
      format: "Raw",
      measurand: "Energy.Active.Import.Register",
      phase: "L1",
      location: "Outlet",
      unit: "Wh",
    },
    { value: "7400", measurand: "Power.Active.Import", unit: "W" },
  ],
}];

/** Requests of chargers. */
export const FROM_CHARGER_EXAMPLES: Record<string, Json> = {
  Authorize: { idTag: "TAG1" },
  BootNotification: {
    chargePointVendor: "Vendor",
    chargePointModel: "Model",
    chargePointSerialNumber: "S1",
    chargeBoxSerialNumber: "S2",
    firmwareVersion: "1.0",
    iccid: "i",
    imsi: "i",
    meterType: "m",
    meterSerialNumber: "m",
  },
  DataTransfer: { vendorId: "V", messageId: "M", data: "ünïcode" },
  DiagnosticsStatusNotification: { status: "Uploading" },
  FirmwareStatusNotification: { status: "Downloading" },
  Heartbeat: {},
  LogStatusNotification: { status: "Uploading", requestId: 1 },
  MeterValues: { connectorId: 1, transactionId: 1, meterValue: SAMPLES },
  SecurityEventNotification: { type: "SettingSystemTime", timestamp: AT, techInfo: "t" },
  SignCertificate: { csr: "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----" },
  SignedFirmwareStatusNotification: { status: "Downloading", requestId: 1 },
  StartTransaction: { connectorId: 1, idTag: "TAG1", meterStart: 1000, reservationId: 1, timestamp: AT },
  StatusNotification: {
    connectorId: 1,
    errorCode: "NoError",
    info: "i",
    status: "Available",
    timestamp: AT,
    vendorId: "V",
    vendorErrorCode: "E",
  },
  StopTransaction: {
    idTag: "TAG1",
    meterStop: 2000,
    timestamp: AT,
    transactionId: 1,
    reason: "Local",
    transactionData: SAMPLES,
  },
};

const HASH = { hashAlgorithm: "SHA256", issuerNameHash: "ab", issuerKeyHash: "cd", serialNumber: "01" };
const ACCEPTED = { status: "Accepted" };
const SCHEDULE = {
  chargingRateUnit: "A",
  chargingSchedulePeriod: [{ startPeriod: 0, limit: 6.1, numberPhases: 3 }],
};
const PROFILE = {
  chargingProfileId: 1,
  stackLevel: 0,
  chargingProfilePurpose: "TxDefaultProfile",
  chargingProfileKind: "Relative",
  chargingSchedule: SCHEDULE,
};

/** Commands of an operator, and a charger's answers to them. */
export const COMMAND_EXAMPLES: Record<string, [Json, Json]> = {
  change_availability: [{ connectorId: 0, type: "Operative" }, ACCEPTED],
  change_configuration: [{ key: "HeartbeatInterval", value: "300" }, ACCEPTED],
  clear_cache: [{}, ACCEPTED],
  clear_charging_profile: [{}, ACCEPTED],
  data_transfer: [{ vendorId: "V" }, { status: "Accepted", data: "x" }],
  delete_certificate: [{ certificateHashData: HASH, confirm: true }, ACCEPTED],
  get_composite_schedule: [
    { connectorId: 1, duration: 60 },
    { status: "Accepted", connectorId: 1, scheduleStart: AT, chargingSchedule: SCHEDULE },
  ],
  get_configuration: [{}, {
    configurationKey: [{ key: "K", readonly: true, value: "v" }],
    unknownKey: ["U"],
  }],
  get_diagnostics: [{ location: "ftp://files.example/" }, { fileName: "f.zip" }],
  get_installed_certificate_ids: [
    { certificateType: "CentralSystemRootCertificate" },
    { status: "Accepted", certificateHashData: [HASH] },
  ],
  get_local_list_version: [{}, { listVersion: 1 }],
  get_log: [{ logType: "SecurityLog", log: {} }, { status: "Accepted", filename: "f" }],
  remote_start: [{ idTag: "TAG1", connectorId: 1 }, ACCEPTED],
  remote_stop: [{ transactionId: 1 }, ACCEPTED],
  reserve_now: [{ connectorId: 1, idTag: "TAG1", expiryDate: "2099-01-01T00:00:00Z" }, ACCEPTED],
  reset: [{}, ACCEPTED],
  send_local_list: [{ updateType: "Full", localAuthorizationList: [] }, ACCEPTED],
  set_charging_profile: [{ connectorId: 1, csChargingProfiles: PROFILE }, ACCEPTED],
  trigger_message: [{ requestedMessage: "Heartbeat" }, { status: "Rejected" }],
  unlock_connector: [{ connectorId: 1 }, { status: "Unlocked" }],
  update_firmware: [{ location: "ftp://files.example/fw" }, {}],
};
