// Names for the records of REST, whose types are inferred from its routes.
import type { AnswerAt } from "../http/client_types.ts";
import type { HEAVY } from "../site/charger_view.ts";

type Charger = "/ocpp/chargers/{charger_id}";

export type WholeCharger = AnswerAt<"GET", "/ocpp/chargers/">["chargers"][number];
/** A charger as the live picture has it: `SlimCharger` of REST. */
export type ChargerView = Omit<WholeCharger, typeof HEAVY[number]>;
export type ConnectorView = ChargerView["connectors"][number];
export type LogEntry = AnswerAt<"GET", `${Charger}/`>["log"][number];
export type CommandAnswer = AnswerAt<"POST", `${Charger}/action/`>;
export type Reading = AnswerAt<"GET", `${Charger}/readings/`>["readings"][number];
export type Configuration = AnswerAt<"GET", `${Charger}/configuration/`>;
export type ConfigurationKey = Configuration["keys"][number];
export type Difference = AnswerAt<"GET", `${Charger}/configuration/compare/`>["differences"][number];
export type WriteResult = AnswerAt<"POST", `${Charger}/configuration/`>;
export type Certificates = AnswerAt<"GET", `${Charger}/certificates/`>;
export type CertificateRequest = NonNullable<Certificates["request"]>;
export type CertificateHash = Certificates["roots"][string][number];
export type LocalList = AnswerAt<"GET", `${Charger}/local_list/`>;
export type InstalledProfile = AnswerAt<"GET", `${Charger}/profiles/`>["profiles"][number];
export type UploadedFile = AnswerAt<"GET", `${Charger}/files/`>["files"][number];
export type Session = AnswerAt<"GET", "/ocpp/transactions/">["transactions"][number];
export type Rfid = AnswerAt<"GET", "/ocpp/rfids/">["rfids"][number];
export type ConfigurationTemplate = AnswerAt<
  "GET",
  "/ocpp/configuration_templates/"
>["configuration_templates"][number];
export type Firmware = AnswerAt<"GET", "/ocpp/firmware/">["firmware"][number];
export type Job = AnswerAt<"GET", "/ocpp/jobs/">["jobs"][number];
export type Reservation = AnswerAt<"GET", "/ocpp/reservations/">["reservations"][number];
export type SecurityEvent = AnswerAt<"GET", "/ocpp/security_events/">["security_events"][number];
export type SiteSettings = AnswerAt<"GET", "/ocpp/settings/"> & Record<string, unknown>;
export type Simulator = AnswerAt<"GET", "/ocpp/simulators/">["simulators"][number];
export type CommissioningView = AnswerAt<"GET", "/ocpp/commissioning/">["commissionings"][number];
export type StepTexts = AnswerAt<"GET", "/ocpp/commissioning/steps/">["steps"][number];
export type SystemState = AnswerAt<"GET", "/ocpp/system/">;
export type ClockState = SystemState["clock"];
export type Health = AnswerAt<"GET", "/healthz">;
export type Backup = AnswerAt<"GET", "/ocpp/backups/">["backups"][number];
export type BackupState = AnswerAt<"GET", "/ocpp/backups/">;
export type BackupCopy = BackupState["copies"][number];
export type ScrubState = AnswerAt<"GET", "/ocpp/scrub/">;
export type Damage = ScrubState["damages"][number];
export type PowerSlot = AnswerAt<"GET", "/ocpp/power/">["slots"][number];
export type ConnectionAttempt = AnswerAt<"GET", "/ocpp/waiting/">["knocks"][number];
export type User = AnswerAt<"GET", "/ocpp/users/">["users"][number];
export type ActivityEntry = AnswerAt<"GET", "/ocpp/events/log/">["entries"][number];
export type AuditEntry = AnswerAt<"GET", "/ocpp/audit/">["entries"][number];
export type Alert = AnswerAt<"GET", "/ocpp/alerts/">["alerts"][number];
export type AlertRules = AnswerAt<"GET", "/ocpp/alert_rules/">;
export type Channel = AnswerAt<"GET", "/ocpp/channels/">["channels"][number];
export type TestOutcome = AnswerAt<"POST", "/ocpp/channels/{channel_id}/test/">;
export type Webhook = AnswerAt<"GET", "/ocpp/webhooks/">["webhooks"][number];
export type Delivery = AnswerAt<"GET", "/ocpp/webhooks/{webhook_id}/deliveries/">["deliveries"][number];
export type LoadNow = AnswerAt<"GET", "/ocpp/load/">;
export type Circuit = LoadNow["circuits"][number];
export type LoadConnector = LoadNow["connectors"][number];
export type MqttState = AnswerAt<"GET", "/ocpp/mqtt/">;
