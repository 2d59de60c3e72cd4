// Firmware updates: fetched, verified where they are signed, and installed (OCPP 1.6 §5.19; security white paper §3, L01).
import { Buffer } from "node:buffer";
import { constants, type KeyObject, verify, X509Certificate } from "node:crypto";
import { readTime } from "../../ocpp/time.ts";
import type { Charger } from "./charger.ts";
import { sleep } from "../clock.ts";
import type { CallOf, CommandOf, ReplyTo } from "./messages.ts";
import { download } from "./transfers.ts";

type Status = NonNullable<CallOf<"SignedFirmwareStatusNotification">["status"]>;
type PlainStatus = CallOf<"FirmwareStatusNotification">["status"];
type SignedRequest = CommandOf<"SignedUpdateFirmware">;

/** One update, signed or not. */
interface Job {
  location: string;
  retrieve_at: number;
  install_at: number;
  retries: { retries?: number; retryInterval?: number };
  signed: { request_id: number; certificate: X509Certificate; signature: string } | null;
  stop: AbortController;
}

const INSTALLATION = 5; // s

/** Updates of a charger's firmware, one at a time. */
export class Firmware {
  readonly #charger: Charger;
  #job: Job | null = null;
  #status: Status = "Idle";
  #request_id: number | null = null;

  constructor(charger: Charger) {
    this.#charger = charger;
  }

  /** UpdateFirmware. */
  update({ location, retrieveDate, retries, retryInterval }: CommandOf<"UpdateFirmware">): void {
    const retrieve_at = readTime(retrieveDate);
    this.#begin({
      location,
      retrieve_at,
      install_at: 0,
      retries: retriesOf({ retries, retryInterval }),
      signed: null,
    });
  }

  /** Whether SignedUpdateFirmware can be begun: by its certificate. */
  judge({ firmware }: SignedRequest): ReplyTo<"SignedUpdateFirmware">["status"] {
    const certificate = certificateOf(firmware.signingCertificate);
    if (!certificate || !this.#charger.certificates.trustsMaker(certificate)) return "InvalidCertificate";
    return this.#job ? "AcceptedCanceled" : "Accepted";
  }

  /** SignedUpdateFirmware, once it is accepted; one that was under way is given up. */
  updateSigned({ requestId: request_id, firmware, retries, retryInterval }: SignedRequest): void {
    const { signature } = firmware;
    const certificate = new X509Certificate(firmware.signingCertificate);
    this.#begin({
      location: firmware.location,
      retrieve_at: readTime(firmware.retrieveDateTime),
      install_at: firmware.installDateTime ? readTime(firmware.installDateTime) : 0,
      retries: retriesOf({ retries, retryInterval }),
      signed: { request_id, certificate, signature },
    });
  }

  /** Tells the state of the update that was last under way. */
  report(signed = this.#request_id !== null): Promise<unknown> {
    return this.#tell(this.#status === "Installed" ? "Idle" : this.#status, signed);
  }

  /** Gives up what is under way. */
  stop(): void {
    this.#job?.stop.abort();
    this.#job = null;
  }

  #begin(order: Omit<Job, "stop">): void {
    this.stop();
    const job = { ...order, stop: new AbortController() };
    this.#job = job;
    this.#request_id = job.signed?.request_id ?? null;
    this.#run(job).catch((error) => this.#charger.warn("Cannot update the firmware", error)).finally(() => {
      if (this.#job === job) this.#job = null;
    });
  }

  async #run(job: Job): Promise<void> {
    const bytes = await this.#fetch(job);
    if (!bytes || !await this.#isGenuine(job, bytes)) return;
    if (!await this.#wait(job, job.install_at, "InstallScheduled")) return;
    if (bytes.length === 0) return void await this.#step(job, "InstallationFailed");
    await this.#install(job, versionIn(job.location) ?? next(this.#charger.firmware_version));
  }

  async #fetch(job: Job): Promise<Uint8Array | null> {
    if (!await this.#wait(job, job.retrieve_at, "DownloadScheduled")) return null;
    await this.#step(job, "Downloading");
    try {
      const bytes = await download(this.#charger, job.location, job.retries, job.stop.signal);
      await this.#step(job, "Downloaded");
      return bytes;
    } catch {
      if (!job.stop.signal.aborted) await this.#step(job, "DownloadFailed");
      return null;
    }
  }

  async #isGenuine({ signed, ...job }: Job, bytes: Uint8Array): Promise<boolean> {
    if (!signed) return true;
    const genuine = isSignedBy(bytes, signed.signature, signed.certificate.publicKey);
    if (!genuine) this.#charger.security.tell("InvalidFirmwareSignature");
    await this.#step({ signed, ...job }, genuine ? "SignatureVerified" : "InvalidSignature");
    return genuine;
  }

  /** Not while a car charges (OCPP 1.6 §4.5); connectors are out of service meanwhile. */
  async #install(job: Job, version: string): Promise<void> {
    const { connectors, clock } = this.#charger;
    while (connectors.some(({ session }) => session) && !job.stop.signal.aborted) {
      await sleep(clock, 10_000, job.stop.signal);
    }
    if (job.stop.signal.aborted) return;
    this.#charger.availability.setUpdating(true);
    await this.#step(job, "Installing");
    await sleep(clock, INSTALLATION * 1000, job.stop.signal);
    if (job.signed) await this.#step(job, "InstallRebooting");
    this.#charger.firmware_version = version;
    await this.#charger.power.restart("Reboot", true);
    await Promise.race([this.#charger.admitted, aborted(job.stop.signal)]);
    this.#charger.availability.setUpdating(false);
    if (job.signed) this.#charger.security.tell("FirmwareUpdated", `to ${version}`);
    await this.#step(job, "Installed");
  }

  /** Waits for a moment of the charger's clock; false: the job was given up. */
  async #wait({ signed, stop }: Job, at: number, scheduled: Status): Promise<boolean> {
    const wait = at - this.#charger.now();
    if (wait > 0) {
      this.#status = scheduled;
      if (signed) await this.#tell(scheduled, true);
      await sleep(this.#charger.clock, wait, stop.signal);
    }
    return !stop.signal.aborted;
  }

  async #step({ signed, stop }: Job, status: Status): Promise<void> {
    if (stop.signal.aborted) return;
    this.#status = status;
    await this.#tell(status, signed !== null);
  }

  #tell(status: Status, signed: boolean): Promise<unknown> {
    if (!signed) return this.#charger.trySend("FirmwareStatusNotification", { status: plain(status) });
    const requestId = status === "Idle" || this.#request_id === null ? {} : { requestId: this.#request_id };
    return this.#charger.trySend("SignedFirmwareStatusNotification", { status, ...requestId });
  }
}

function retriesOf(
  { retries, retryInterval }: { retries: number | undefined; retryInterval: number | undefined },
) {
  return {
    ...(retries === undefined ? {} : { retries }),
    ...(retryInterval === undefined ? {} : { retryInterval }),
  };
}

const PLAIN = [
  "Downloaded",
  "DownloadFailed",
  "Downloading",
  "InstallationFailed",
  "Installing",
  "Installed",
];

function plain(status: Status): PlainStatus {
  return (PLAIN.includes(status) ? status : "Idle") as PlainStatus;
}

function certificateOf(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

/** RSA-PSS as the white paper has it, PKCS#1 as OCA's test tool has it, or ECDSA; over SHA-256. */
function isSignedBy(bytes: Uint8Array, signature: string, key: KeyObject): boolean {
  const blob = Buffer.from(signature, "base64");
  const paddings = key.asymmetricKeyType === "rsa"
    ? [constants.RSA_PKCS1_PSS_PADDING, constants.RSA_PKCS1_PADDING]
    : [undefined];
  return paddings.some((padding) => {
    try {
      return verify("sha256", bytes, padding === undefined ? key : { key, padding }, blob);
    } catch {
      return false;
    }
  });
}

function versionIn(location: string): string | undefined {
  return /\d+(?:\.\d+)+/.exec(location.split("/").at(-1) ?? "")?.[0];
}

function next(version: string): string {
  return version.replace(/(\d+)(?!.*\d)/, (digits) => String(Number(digits) + 1));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
