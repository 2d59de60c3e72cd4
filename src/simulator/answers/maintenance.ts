// The answers of OCPP 1.6's Firmware Management profile and of the security white paper.
import { securityProfileOf } from "../charger/security_profile.ts";
import type { AnswerTable } from "./table.ts";
import { trigger } from "./trigger.ts";

/** The answers, one line an action. */
export const MAINTENANCE: AnswerTable = {
  UpdateFirmware: (request, { firmware }, afterwards) => {
    afterwards(() => firmware.update(request));
    return {};
  },
  GetDiagnostics: (request, { diagnostics }, afterwards) => ({
    fileName: diagnostics.send(request, afterwards),
  }),
  GetLog: (request, { diagnostics }, afterwards) => diagnostics.sendLog(request, afterwards),
  SignedUpdateFirmware: (request, { firmware, security }, afterwards) => {
    const status = firmware.check(request);
    if (status === "InvalidCertificate") security.add("InvalidFirmwareSigningCertificate");
    else afterwards(() => firmware.updateSigned(request));
    return { status };
  },
  InstallCertificate: (request, { certificates }) => ({ status: certificates.install(request) }),
  DeleteCertificate: (request, { certificates }) => ({ status: certificates.delete(request) }),
  GetInstalledCertificateIds: (request, { certificates }) => certificates.list(request),
  CertificateSigned: ({ certificateChain }, charger, afterwards) => {
    const accepted = charger.certificates.acceptSigned(certificateChain);
    if (accepted && securityProfileOf(charger) === 3) afterwards(() => charger.reconnect());
    return { status: accepted ? "Accepted" : "Rejected" };
  },
  ExtendedTriggerMessage: ({ requestedMessage, connectorId }, charger, afterwards) => {
    const message = EXTENDED[requestedMessage] ?? requestedMessage;
    return { status: trigger(message, connectorId, { charger, afterwards }) };
  },
};

/** Names that stand for another message than in TriggerMessage. */
const EXTENDED: Record<string, string> = { FirmwareStatusNotification: "SignedFirmwareStatusNotification" };
