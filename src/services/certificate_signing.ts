// Issues the certificates that chargers ask for.
import { commonNameOf } from "../site/security/certificate_request.ts";
import { keepIssued } from "../site/security/certificates.ts";
import type { SiteCa } from "../site/security/site_ca.ts";
import type { Events } from "../site/events.ts";
import { toIso } from "../ocpp/time.ts";
import { describeError, type Log } from "../log.ts";
import type { CentralSystem } from "../central/central_system.ts";
import type { Store } from "../store/store.ts";

/** The parts that certificate signing works with. */
export interface CertificateSigningDeps {
  store: Store;
  events: Events;
  central: CentralSystem;
  ca: SiteCa;
  log: Log;
  now: () => number;
}

/** Signs the requests of chargers with the site's certificate authority, and sends them the certificates. */
export class CertificateSigning {
  readonly #deps: CertificateSigningDeps;
  #unsubscribe = () => {};

  constructor(deps: CertificateSigningDeps) {
    this.#deps = deps;
  }

  /** Begins to sign. The event comes before the charger has its answer; the timer runs after that was sent. */
  start(): void {
    this.#unsubscribe = this.#deps.events.subscribe(({ charger_id, data }) => {
      if (charger_id !== undefined) setTimeout(() => this.#issue(charger_id, data.csr), 0);
    }, ["sign_certificate"]);
  }

  stop(): void {
    this.#unsubscribe();
  }

  async #issue(charger_id: string, csr: string): Promise<void> {
    const { log } = this.#deps;
    try {
      await this.#send(charger_id, csr);
      log.info("Issued a certificate", { charger_id });
    } catch (error) {
      log.error("Cannot issue a certificate", { charger_id, error: describeError(error) });
    }
  }

  async #send(charger_id: string, csr: string): Promise<void> {
    const { store, central, ca, now } = this.#deps;
    const context = central.context(charger_id);
    const organization = store.settings.name || "OCPP gateway";
    const signed = await ca.sign(csr, { common_name: commonNameOf(context), organization });
    const { serial_number, subject, not_after } = signed;
    await keepIssued({ serial_number, subject, not_after, issued_at: toIso(now()), status: "sent" }, context);
    await central.port(charger_id).sendCertificate(signed.chain);
  }
}
