// OCPP 1.6-J as one protocol version.
import type { SiteProtocol } from "../site/charger_port.ts";
import { chargerPort } from "./commands.ts";
import { FROM_CHARGER } from "./from_charger.ts";
import { FROM_GATEWAY } from "./from_gateway.ts";
import { LENIENT_RULES } from "./lenient_rules.ts";
import { reportOf } from "./reports.ts";

/** OCPP 1.6-J with the messages of the security white paper. */
export const OCPP16: SiteProtocol = {
  subprotocol: "ocpp1.6",
  calls: FROM_CHARGER,
  commands: FROM_GATEWAY,
  lenient_rules: LENIENT_RULES,
  port: chargerPort,
  report: reportOf,
};
