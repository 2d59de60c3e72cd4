// The tab with the QR code, the landing page and the address for the charger.
import { Addresses } from "../../components/addresses.tsx";
import { CopyButton } from "../../components/copy_button.tsx";
import { Card } from "../../components/parts.tsx";
import { Icon } from "../../icons.tsx";
import { messages } from "../../i18n.ts";
import type { ChargerView } from "../../types.ts";
import { LABELS } from "../../../i18n/admin/labels.ts";

const t = messages(LABELS);

/** Returns true for an address that names the machine on which it is opened. */
export function isLocal(url: string): boolean {
  return /^https?:\/\/(localhost|127\.|\[::1\])/.test(url);
}

/** Shows the label. */
export function LabelTab({ charger: { charger_id, landing_url } }: { charger: ChargerView }) {
  const path = `/ocpp/c/${encodeURIComponent(charger_id)}/`;
  return (
    <>
      {isLocal(landing_url) && <p class="answer tone-amber">{t("local_warning")}</p>}
      <div class="pair">
        <Card title={t("landing")}>
          <div class="row">
            <img class="qr" src={`${path}qr.svg`} alt={t("alt", { url: landing_url })} />
            <div class="stack grow">
              <a href={landing_url} target="_blank" rel="noreferrer">{landing_url}</a>
              <div class="row">
                <CopyButton text={landing_url} />
                <a class="btn small" href={path} target="_blank" rel="noreferrer">
                  <Icon name="link" size={16} /> {t("open")}
                </a>
                <a class="btn small" href={`${path}qr.png`} download={`${charger_id}.png`}>
                  <Icon name="download" size={16} /> PNG
                </a>
                <a class="btn small" href={`${path}qr.svg`} download={`${charger_id}.svg`}>
                  <Icon name="download" size={16} /> SVG
                </a>
                <a class="btn small" href={`/admin/labels?id=${encodeURIComponent(charger_id)}`}>
                  <Icon name="print" size={16} /> {t("print_label")}
                </a>
              </div>
            </div>
          </div>
        </Card>
        <Card title={t("address")}>
          <Addresses id={charger_id} />
        </Card>
      </div>
    </>
  );
}
