// The card that a charger has just asked about.
import { toIso } from "../../ocpp/time.ts";
import type { Finding, Subject } from "./finding.ts";
import type { DiagnosisCode } from "./remedies.ts";

const SHOWN_MS = 600_000; // the driver is still there

const CODES: Readonly<Record<string, DiagnosisCode>> = {
  Blocked: "card_blocked",
  Expired: "card_expired",
  Invalid: "card_unknown",
  ConcurrentTx: "card_in_use",
};

/** Returns the finding on a tag that was refused with a status of OCPP 1.6 §7.2. */
export function cardFinding(id_tag: string, status: string, since: string): Finding {
  return { code: CODES[status] ?? "card_refused", since, values: { id_tag, status } };
}

/** Returns the finding on a charger's newest Authorize.req if it was refused in the last ten minutes. */
export function refusedCard({ state, now }: Subject): Finding | null {
  const last = state.last_authorization;
  if (!last || last.status === "Accepted" || now() - last.at > SHOWN_MS) return null;
  return cardFinding(last.id_tag, last.status, toIso(last.at));
}

/** Returns true if a charger's newest Authorize.req was accepted in the last ten minutes. */
export function hasAcceptedCard({ state, now }: Subject): boolean {
  const last = state.last_authorization;
  return last?.status === "Accepted" && now() - last.at <= SHOWN_MS;
}
