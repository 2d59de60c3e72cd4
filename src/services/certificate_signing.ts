// Issues the certificates that chargers ask for: at once to a charger that has proved who it is, else once an operator agrees.
import type { CentralSystem } from "../central/central_system.ts";
import { describeError, type Log } from "../log.ts";
import { toIso } from "../ocpp/time.ts";
import { CallFailed } from "../ocpp/error.ts";
import { Refusal } from "../site/context.ts";
import type { Events } from "../site/events.ts";
import { chargerOf, recordIdOf } from "../site/charger_record.ts";
import { identityOf } from "../site/device_identity.ts";
import { fingerprintOfCsr } from "../site/security/certificate_request.ts";
import { certificatesOf, keepIssued, requestView } from "../site/security/certificates.ts";
import { organizationOf, type SiteCa } from "../site/security/site_ca.ts";
import type { CertificateRequest, Store } from "../store/store.ts";

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
    this.#unsubscribe = this.#deps.events.subscribe((event) => {
      const { charger_id } = event;
      if (charger_id === undefined) return;
      if (event.type === "charger_deleted") void this.#forget(charger_id).catch(() => {});
      else if (event.type === "sign_certificate") {
        const { csr } = event.data;
        setTimeout(() => void this.#take(charger_id, csr), 0);
      }
    }, ["sign_certificate", "charger_deleted"]);
  }

  stop(): void {
    this.#unsubscribe();
  }

  /** Issues the certificate of a waiting request, and sends it if the charger is connected. Returns true if it was sent. */
  async approve({ charger_id, csr }: CertificateRequest): Promise<boolean> {
    await this.#issue(charger_id, csr);
    await this.#forget(charger_id);
    return await this.sendWaiting(charger_id);
  }

  /** Drops a waiting request. */
  async refuse(charger_id: string): Promise<void> {
    await this.#forget(charger_id);
  }

  /** Sends a charger the certificate that it has not answered yet. Returns true if it has answered now. */
  async sendWaiting(charger_id: string): Promise<boolean> {
    const { store, central, log } = this.#deps;
    const [newest] = certificatesOf(store, charger_id).issued;
    if (newest?.status !== "sent" || newest.chain === undefined) return false;
    try {
      await central.port(charger_id).sendCertificate(newest.chain);
      log.info("Issued a certificate", { charger_id });
      return true;
    } catch (error) {
      if (!(error instanceof CallFailed) && !(error instanceof Refusal)) throw error;
      log.warn("The certificate is sent at the charger's next connection", { charger_id });
      return false;
    }
  }

  /** Issues the certificate to a charger that has proved who it is; the request of another one waits for an operator. */
  async #take(charger_id: string, csr: string): Promise<void> {
    const { central, log } = this.#deps;
    try {
      if (!central.state(charger_id).proved) return await this.#keep(charger_id, csr);
      await this.#issue(charger_id, csr);
      await this.sendWaiting(charger_id);
    } catch (error) {
      log.error("Cannot issue a certificate", { charger_id, error: describeError(error) });
    }
  }

  async #keep(charger_id: string, csr: string): Promise<void> {
    const { store, events, log, now } = this.#deps;
    const charger = store.chargers.get(charger_id);
    if (!charger || !store.chargers.isStored(charger_id)) return;
    const request: CertificateRequest = {
      charger_id,
      csr,
      ...await fingerprintOfCsr(csr),
      requested_at: toIso(now()),
      remote_address: charger.remote_address,
    };
    await store.certificate_requests.put(request);
    log.warn("A certificate request waits for approval", { charger_id, fingerprint: request.fingerprint });
    events.emit("certificate_request", charger_id, () => ({ charger_id, request: requestView(request) }));
  }

  async #forget(charger_id: string): Promise<void> {
    const { store, events } = this.#deps;
    if (!store.certificate_requests.has(charger_id)) return;
    await store.certificate_requests.delete(charger_id);
    events.emit("certificate_request", charger_id, () => ({ charger_id, request: null }));
  }

  /** Signs for the charger's id, whatever name it asked for, and binds the certificate to its record. */
  async #issue(charger_id: string, csr: string): Promise<void> {
    const { store, central, ca, now } = this.#deps;
    const context = central.context(charger_id);
    const charger = chargerOf(context);
    const record_id = await recordIdOf(charger, store);
    const subject = { common_name: identityOf(charger), organization: organizationOf(store), record_id };
    const signed = await ca.sign(csr, subject);
    await keepIssued({ ...signed, record_id, issued_at: toIso(now()), status: "sent" }, context);
  }
}
