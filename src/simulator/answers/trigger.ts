// Messages that TriggerMessage and ExtendedTriggerMessage ask for (OCPP 1.6 §5.17; security white paper).
import type { Connector } from "../charger/connector.ts";
import { meterValue } from "../physics/samples.ts";
import type { Afterwards, AnsweringCharger } from "./table.ts";

/** Sends a message `afterwards`, and returns the status of the answer. */
export function trigger(
  message: string,
  connector_id: number | undefined,
  { charger, afterwards }: { charger: AnsweringCharger; afterwards: Afterwards },
): "Accepted" | "Rejected" | "NotImplemented" {
  const connectors = charger.connectors.filter(({ id }) => connector_id === undefined || id === connector_id);
  if (connectors.length === 0) return "Rejected";
  const send = SENDERS[message];
  if (!send) return "NotImplemented";
  // BootNotification of a registered charger: errata 3.40.
  if (message === "BootNotification" && charger.registration.status === "Accepted") return "Rejected";
  afterwards(() => send(charger, connectors, connector_id));
  return "Accepted";
}

type Sender = (
  charger: AnsweringCharger,
  connectors: readonly Connector[],
  connector_id: number | undefined,
) => unknown;

const SENDERS: Record<string, Sender> = {
  BootNotification: ({ registration }) => registration.boot(),
  DiagnosticsStatusNotification: ({ diagnostics }) => diagnostics.report(),
  FirmwareStatusNotification: ({ firmware }) => firmware.report(false),
  Heartbeat: ({ registration }) => registration.heartbeat(),
  LogStatusNotification: ({ diagnostics }) => diagnostics.reportLog(),
  MeterValues: (charger, connectors) => connectors.forEach((connector) => sendReading(connector, charger)),
  SignChargePointCertificate: ({ messenger, certificates }) =>
    messenger.trySend("SignCertificate", { csr: certificates.createRequest() }),
  SignedFirmwareStatusNotification: ({ firmware }) => firmware.report(true),
  StatusNotification: ({ notifier }, connectors, connector_id) => {
    if (connector_id === undefined) notifier.reportCharger();
    for (const connector of connectors) notifier.report(connector);
  },
};

function sendReading(connector: Connector, { meters, configuration, sessions }: AnsweringCharger): void {
  const reading = meters.of(connector).read();
  const value = meterValue(reading, configuration.list("MeterValuesSampledData"), "Trigger");
  if (value) sessions.sendMeterValues(connector, value);
}
