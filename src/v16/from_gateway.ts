// The messages that the gateway sends, one line each. REST, the admin's form and OpenAPI follow from this list.
import type { Command } from "../ocpp/protocol.ts";
import type { Context } from "../site/context.ts";
import * as CancelReservation from "./cancel_reservation.ts";
import * as CertificateSigned from "./certificate_signed.ts";
import * as ChangeAvailability from "./change_availability.ts";
import * as ChangeConfiguration from "./change_configuration.ts";
import * as ClearCache from "./clear_cache.ts";
import * as ClearChargingProfile from "./clear_charging_profile.ts";
import * as DataTransfer from "./data_transfer.ts";
import * as DeleteCertificate from "./delete_certificate.ts";
import * as ExtendedTriggerMessage from "./extended_trigger_message.ts";
import * as GetCompositeSchedule from "./get_composite_schedule.ts";
import * as GetConfiguration from "./get_configuration.ts";
import * as GetDiagnostics from "./get_diagnostics.ts";
import * as GetInstalledCertificateIds from "./get_installed_certificate_ids.ts";
import * as GetLocalListVersion from "./get_local_list_version.ts";
import * as GetLog from "./get_log.ts";
import * as InstallCertificate from "./install_certificate.ts";
import * as RemoteStartTransaction from "./remote_start_transaction.ts";
import * as RemoteStopTransaction from "./remote_stop_transaction.ts";
import * as ReserveNow from "./reserve_now.ts";
import * as Reset from "./reset.ts";
import * as SendLocalList from "./send_local_list.ts";
import * as SetChargingProfile from "./set_charging_profile.ts";
import * as SignedUpdateFirmware from "./signed_update_firmware.ts";
import * as TriggerMessage from "./trigger_message.ts";
import * as UnlockConnector from "./unlock_connector.ts";
import * as UpdateFirmware from "./update_firmware.ts";

/** Messages of the gateway, by their OCPP name. */
export const FROM_GATEWAY = {
  CancelReservation,
  CertificateSigned,
  ChangeAvailability,
  ChangeConfiguration,
  ClearCache,
  ClearChargingProfile,
  DataTransfer,
  DeleteCertificate,
  ExtendedTriggerMessage,
  GetCompositeSchedule,
  GetConfiguration,
  GetDiagnostics,
  GetInstalledCertificateIds,
  GetLocalListVersion,
  GetLog,
  InstallCertificate,
  RemoteStartTransaction,
  RemoteStopTransaction,
  ReserveNow,
  Reset,
  SendLocalList,
  SetChargingProfile,
  SignedUpdateFirmware,
  TriggerMessage,
  UnlockConnector,
  UpdateFirmware,
} satisfies Record<string, Command<Context>>;
