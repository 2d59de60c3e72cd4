// A charger's certificate request that waits for approval, with its fingerprint and the decision on it.
import { at, call } from "../api.ts";
import { when } from "../format.ts";
import { messages } from "../i18n.ts";
import type { CertificateRequest } from "../types.ts";
import { CERTIFICATE_REQUESTS } from "../../i18n/admin/certificate_requests.ts";
import { ActionButton } from "./action_button.tsx";

const t = messages(CERTIFICATE_REQUESTS);

/** Shows the request. `named`: with a link to the charger. */
export function CertificateRequestLine(
  { request, named, decided }: { request: CertificateRequest; named?: boolean; decided?: () => void },
) {
  const { charger_id, fingerprint, subject, requested_at, remote_address } = request;
  const decide = async (action: "approve" | "refuse") => {
    await call("POST", at("/ocpp/certificate_requests/{charger_id}/", { charger_id }), {
      action,
      fingerprint,
    });
    decided?.();
  };
  return (
    <div class="row between pad">
      <span class="grow">
        {named
          ? <a class="name" href={`/admin/chargers/${encodeURIComponent(charger_id)}`}>{charger_id}</a>
          : <b>{t("waits")}</b>}
        <div class="small soft">
          {[subject, remote_address, when(requested_at)].filter(Boolean).join(" · ")}
        </div>
        <div class="small">
          {t("fingerprint")} <code>{fingerprint.match(/../g)?.join(":")}</code>
        </div>
      </span>
      <span class="row">
        <ActionButton label={t("refuse")} of={charger_id} run={() => decide("refuse")} />
        <ActionButton
          label={t("approve")}
          of={charger_id}
          ask={t("approve_ask")}
          look="primary"
          run={() => decide("approve")}
        />
      </span>
    </div>
  );
}
