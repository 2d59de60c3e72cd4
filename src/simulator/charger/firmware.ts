// Firmware updates: downloaded, verified if signed, and installed (OCPP 1.6 §5.19; security white paper §3).
import { X509Certificate } from "node:crypto";
import { sleep } from "../../ocpp/client/clock.ts";
import { readTime } from "../../ocpp/time.ts";
import type { CallOf, CommandOf, ReplyTo } from "../messages.ts";
import type { Availability } from "./availability.ts";
import type { HasClock, HasConnectors, HasEvents, HasMessenger } from "./base.ts";
import { type Certificates, parseCertificate } from "./certificates.ts";
import { isSignedBy } from "./firmware_signature.ts";
import type { Power } from "./power.ts";
import type { SecurityEvents } from "./security_events.ts";
import { download } from "./transfers.ts";

/** The parts of a charger that firmware updates use. */
export interface UpdatableCharger extends HasClock, HasConnectors, HasEvents, HasMessenger {
  firmware_version: string;
  readonly availability: Pick<Availability, "setUpdating">;
  readonly certificates: Pick<Certificates, "isFromManufacturer">;
  readonly power: Pick<Power, "restart">;
  readonly security: Pick<SecurityEvents, "add">;
  /** Resolves when the central system has accepted the charger. */
  readonly accepted: Promise<void>;
}

type Status = NonNullable<CallOf<"SignedFirmwareStatusNotification">["status"]>;
type PlainStatus = CallOf<"FirmwareStatusNotification">["status"];
type SignedRequest = CommandOf<"SignedUpdateFirmware">;

/** An update; the request id and the signature belong to signed ones. */
interface Job {
  location: string;
  /** ms since 1970. */
  retrieve_at: number;
  install_at: number;
  retries: number | undefined;
  retryInterval: number | undefined;
  signed: { request_id: number; certificate: X509Certificate; signature: string } | null;
  stop: AbortController;
}

const INSTALLATION = 5; // s

/** Updates of a charger's firmware, one at a time. */
export class Firmware {
  readonly #charger: UpdatableCharger;
  #job: Job | null = null;
  #status: Status = "Idle";
  #request_id: number | null = null;

  constructor(charger: UpdatableCharger) {
    this.#charger = charger;
  }

  /** Handles UpdateFirmware; an update that is under way is aborted. */
  update({ location, retrieveDate, retries, retryInterval }: CommandOf<"UpdateFirmware">): void {
    const retrieve_at = readTime(retrieveDate);
    this.#begin({ location, retrieve_at, install_at: 0, retries, retryInterval, signed: null });
  }

  /** Returns the answer to SignedUpdateFirmware, by its certificate. */
  check({ firmware }: SignedRequest): ReplyTo<"SignedUpdateFirmware">["status"] {
    const certificate = parseCertificate(firmware.signingCertificate);
    if (!certificate || !this.#charger.certificates.isFromManufacturer(certificate)) {
      return "InvalidCertificate";
    }
    return this.#job ? "AcceptedCanceled" : "Accepted";
  }

  /** Carries out a SignedUpdateFirmware that was accepted; an update that is under way is aborted. */
  updateSigned({ requestId: request_id, firmware, retries, retryInterval }: SignedRequest): void {
    const { signature } = firmware;
    const certificate = new X509Certificate(firmware.signingCertificate);
    this.#begin({
      location: firmware.location,
      retrieve_at: readTime(firmware.retrieveDateTime),
      install_at: firmware.installDateTime ? readTime(firmware.installDateTime) : 0,
      retries,
      retryInterval,
      signed: { request_id, certificate, signature },
    });
  }

  /** Reports the state of the last update. */
  report(signed = this.#request_id !== null): Promise<unknown> {
    return this.#notify(this.#status === "Installed" ? "Idle" : this.#status, signed);
  }

  /** Aborts the update that is under way. */
  stop(): void {
    this.#job?.stop.abort();
    this.#job = null;
  }

  #begin(order: Omit<Job, "stop">): void {
    this.stop();
    const job = { ...order, stop: new AbortController() };
    this.#job = job;
    this.#request_id = job.signed?.request_id ?? null;
    this.#run(job)
      .catch((error) => this.#charger.events.warn("Cannot update the firmware", error))
      .finally(() => {
        if (this.#job === job) this.#job = null;
      });
  }

  async #run(job: Job): Promise<void> {
    const bytes = await this.#download(job);
    if (!bytes || !await this.#verify(job, bytes)) return;
    if (!await this.#waitUntil(job.install_at, "InstallScheduled", job)) return;
    if (bytes.length === 0) return void await this.#step(job, "InstallationFailed");
    await this.#install(job, versionIn(job.location) ?? next(this.#charger.firmware_version));
  }

  async #download(job: Job): Promise<Uint8Array | null> {
    const { location, retrieve_at, retries, retryInterval, stop: { signal } } = job;
    if (!await this.#waitUntil(retrieve_at, "DownloadScheduled", job)) return null;
    await this.#step(job, "Downloading");
    try {
      const { clock } = this.#charger;
      const bytes = await download(location, { clock, retries, retryInterval, signal });
      await this.#step(job, "Downloaded");
      return bytes;
    } catch {
      if (!signal.aborted) await this.#step(job, "DownloadFailed");
      return null;
    }
  }

  async #verify(job: Job, bytes: Uint8Array): Promise<boolean> {
    if (!job.signed) return true;
    const valid = isSignedBy(bytes, job.signed.signature, job.signed.certificate.publicKey);
    if (!valid) this.#charger.security.add("InvalidFirmwareSignature");
    await this.#step(job, valid ? "SignatureVerified" : "InvalidSignature");
    return valid;
  }

  /** Installs once no car charges (OCPP 1.6 §4.5); connectors are unavailable meanwhile. */
  async #install(job: Job, version: string): Promise<void> {
    const { connectors, clock, availability, power, security } = this.#charger;
    const { signal } = job.stop;
    while (connectors.some(({ session }) => session) && !signal.aborted) await sleep(clock, 10_000, signal);
    if (signal.aborted) return;
    availability.setUpdating(true);
    await this.#step(job, "Installing");
    await sleep(clock, INSTALLATION * 1000, signal);
    if (job.signed) await this.#step(job, "InstallRebooting");
    this.#charger.firmware_version = version;
    await power.restart("Reboot", true);
    await Promise.race([this.#charger.accepted, aborted(signal)]);
    availability.setUpdating(false);
    if (job.signed) security.add("FirmwareUpdated", `to ${version}`);
    await this.#step(job, "Installed");
  }

  /** Waits until a time of the charger's clock; resolves with false when the job was aborted. */
  async #waitUntil(at: number, scheduled: Status, { signed, stop }: Job): Promise<boolean> {
    const wait = at - this.#charger.now();
    if (wait > 0) {
      this.#status = scheduled;
      if (signed) await this.#notify(scheduled, true);
      await sleep(this.#charger.clock, wait, stop.signal);
    }
    return !stop.signal.aborted;
  }

  async #step({ signed, stop }: Job, status: Status): Promise<void> {
    if (stop.signal.aborted) return;
    this.#status = status;
    await this.#notify(status, signed !== null);
  }

  #notify(status: Status, signed: boolean): Promise<unknown> {
    const { messenger } = this.#charger;
    if (!signed) return messenger.trySend("FirmwareStatusNotification", { status: plain(status) });
    const requestId = status === "Idle" || this.#request_id === null ? {} : { requestId: this.#request_id };
    return messenger.trySend("SignedFirmwareStatusNotification", { status, ...requestId });
  }
}

const PLAIN = [
  "Downloaded",
  "DownloadFailed",
  "Downloading",
  "InstallationFailed",
  "Installing",
  "Installed",
];

/** Returns the status of an unsigned update that corresponds to a signed one's. */
function plain(status: Status): PlainStatus {
  return (PLAIN.includes(status) ? status : "Idle") as PlainStatus;
}

/** Returns the version in a file's name: 1.2.3 of `fw-1.2.3.bin`. */
function versionIn(location: string): string | undefined {
  return /\d+(?:\.\d+)+/.exec(location.split("/").at(-1) ?? "")?.[0];
}

/** Increments the last number of a version. */
function next(version: string): string {
  return version.replace(/(\d+)(?!.*\d)/, (digits) => String(Number(digits) + 1));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
