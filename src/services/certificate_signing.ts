// Certificates for chargers: what SignCertificate asked for is signed and sent, behind the answer to it.
import { keepIssued } from "../site/security/certificates.ts";
import { commonNameOf } from "../site/security/certificate_request.ts";
import { toIso } from "../ocpp/time.ts";
import { describeError } from "../log.ts";
import type { CentralSystem } from "../central/central_system.ts";
import type { SiteCa } from "../site/security/site_ca.ts";

/** Signs chargers' requests with the site's authority. */
export class CertificateSigning {
  readonly #central: CentralSystem;
  readonly #ca: SiteCa;
  #unlisten = () => {};

  constructor(central: CentralSystem, ca: SiteCa) {
    this.#central = central;
    this.#ca = ca;
  }

  /** The event comes while the answer is made; a timer runs only when that has been sent. */
  start(): void {
    this.#unlisten = this.#central.parts.events.subscribe(({ charger_id, data }) => {
      if (charger_id === undefined) return;
      setTimeout(() => this.#issue(charger_id, data.csr), 0);
    }, ["sign_certificate"]);
  }

  stop(): void {
    this.#unlisten();
  }

  async #issue(charger_id: string, csr: string): Promise<void> {
    const { log } = this.#central.parts;
    try {
      await this.#send(charger_id, csr);
      log.info("Issued a certificate", { charger_id });
    } catch (error) {
      log.error("Cannot issue a certificate", { charger_id, error: describeError(error) });
    }
  }

  async #send(charger_id: string, csr: string): Promise<void> {
    const { store, now } = this.#central.parts;
    const context = this.#central.context(charger_id);
    const organization = store.settings.name || "OCPP gateway";
    const signed = await this.#ca.sign(csr, { common_name: commonNameOf(context), organization });
    const { serial_number, subject, not_after } = signed;
    await keepIssued({ serial_number, subject, not_after, issued_at: toIso(now()), status: "sent" }, context);
    await this.#central.port(charger_id).sendCertificate(signed.chain);
  }
}
