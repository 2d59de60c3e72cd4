// The messages that chargers send, one line each.
import type { Call } from "../ocpp/protocol.ts";
import type { Context } from "../site/context.ts";
import * as Authorize from "./authorize.ts";
import * as BootNotification from "./boot_notification.ts";
import * as DataTransfer from "./data_transfer.ts";
import * as DiagnosticsStatusNotification from "./diagnostics_status_notification.ts";
import * as FirmwareStatusNotification from "./firmware_status_notification.ts";
import * as Heartbeat from "./heartbeat.ts";
import * as LogStatusNotification from "./log_status_notification.ts";
import * as MeterValues from "./meter_values.ts";
import * as SecurityEventNotification from "./security_event_notification.ts";
import * as SignCertificate from "./sign_certificate.ts";
import * as SignedFirmwareStatusNotification from "./signed_firmware_status_notification.ts";
import * as StartTransaction from "./start_transaction.ts";
import * as StatusNotification from "./status_notification.ts";
import * as StopTransaction from "./stop_transaction.ts";

/** Messages of chargers, by their OCPP name. */
export const FROM_CHARGER = {
  Authorize,
  BootNotification,
  DataTransfer,
  DiagnosticsStatusNotification,
  FirmwareStatusNotification,
  Heartbeat,
  LogStatusNotification,
  MeterValues,
  SecurityEventNotification,
  SignCertificate,
  SignedFirmwareStatusNotification,
  StartTransaction,
  StatusNotification,
  StopTransaction,
} satisfies Record<string, Call<Context>>;
