// The answers of OCPP 1.6's Firmware Management profile and of the security white paper.
import type { AnswerTable } from "./answers.ts";
import { triggered } from "./answers_core.ts";
import { securityProfileOf } from "../charger/dialing.ts";

/** One line an action. */
export const MAINTENANCE: AnswerTable = {
  UpdateFirmware: (request, charger, afterwards) => {
    afterwards(() => charger.firmware.update(request));
    return {};
  },
  GetDiagnostics: (request, charger, afterwards) => ({
    fileName: charger.diagnostics.send(request, afterwards),
  }),
  GetLog: (request, charger, afterwards) => charger.diagnostics.sendLog(request, afterwards),
  SignedUpdateFirmware: (request, charger, afterwards) => {
    const status = charger.firmware.judge(request);
    if (status === "InvalidCertificate") charger.security.tell("InvalidFirmwareSigningCertificate");
    else afterwards(() => charger.firmware.updateSigned(request));
    return { status };
  },
  InstallCertificate: (request, charger) => ({ status: charger.certificates.install(request) }),
  DeleteCertificate: (request, charger) => ({ status: charger.certificates.delete(request) }),
  GetInstalledCertificateIds: (request, charger) => charger.certificates.list(request),
  CertificateSigned: ({ certificateChain }, charger, afterwards) => {
    const taken = charger.certificates.take(certificateChain);
    if (taken && securityProfileOf(charger) === 3) afterwards(() => charger.reconnect());
    return { status: taken ? "Accepted" : "Rejected" };
  },
  ExtendedTriggerMessage: ({ requestedMessage, connectorId }, charger, afterwards) => {
    const message = triggered(EXTENDED[requestedMessage] ?? requestedMessage, connectorId, charger);
    if (typeof message === "string") return { status: message };
    afterwards(message);
    return { status: "Accepted" };
  },
};

/** Means another message than in TriggerMessage. */
const EXTENDED: Record<string, string> = { FirmwareStatusNotification: "SignedFirmwareStatusNotification" };
