// Certificates whose end is near: alarms for the gateway's own, and the end of a charger's client certificate.
import { node } from "../node.ts";
import type { Config } from "../config.ts";
import { alarmText } from "../i18n/alarm_text.ts";
import type { Alarms } from "../machine/alarms.ts";
import { certificatesOf } from "../site/security/certificates.ts";
import type { SiteCa } from "../site/security/site_ca.ts";
import type { Charger, Store } from "../store/store.ts";

/** The parts that the watch over certificates works with. */
export interface CertificateExpiryDeps {
  config: Pick<Config, "tls_cert">;
  ca: Pick<SiteCa, "existingCertificate">;
  store: Store;
  alarms: Alarms;
  now: () => number;
  /** Milliseconds between two looks. */
  every_ms: number;
}

const DAY_MS = 86_400_000;
/** Time before the end at which it is told; a life of less than five of these has its last fifth. */
const NEAR_MS = 30 * DAY_MS;
const FIFTH = 0.2; // those of 90 days are renewed by themselves when a third is left
/** The same for the authority, whose end makes all chargers need new certificates. */
const NEAR_CA_MS = 180 * DAY_MS;
const CERTIFICATE_PROFILE = 3;

interface Life {
  begin: number;
  end: number;
}

type Kind = "tls" | "ca" | "mqtt";

/** Raises an alarm for each of the gateway's own certificates that is about to expire. */
export class CertificateExpiry {
  readonly #deps: CertificateExpiryDeps;
  #timer: ReturnType<typeof setInterval> | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(deps: CertificateExpiryDeps) {
    this.#deps = deps;
  }

  start(): void {
    const look = () => void (this.#looking = this.#look());
    look();
    this.#timer = setInterval(look, this.#deps.every_ms);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { config: { tls_cert }, ca, store } = this.#deps;
    this.#lookAt("tls", tls_cert && await readable(Deno.readTextFile(tls_cert)), NEAR_MS);
    this.#lookAt("ca", await readable(ca.existingCertificate()), NEAR_CA_MS);
    this.#lookAt("mqtt", store.settings.mqtt_client_cert, NEAR_MS);
  }

  #lookAt(kind: Kind, pem: string | null, near_ms: number): void {
    const { alarms, now } = this.#deps;
    const life = lifeOf(pem);
    const code = `certificate_${kind}` as const;
    if (life === null || !isNear(life, now(), near_ms)) return alarms.clear(code);
    const { end } = life;
    const facts = { what: alarmText(code), day: dayOf(end), advice: alarmText(`${code}_advice`) };
    alarms.raise(code, alarmText(end > now() ? "certificate_expires" : "certificate_expired", facts));
  }
}

/**
 * Returns the last day of a charger's client certificate, `YYYY-MM-DD`; null: the end is not near, or it shows none. Its
 * newest certificate counts, which replaces those before.
 */
export function nearEndOf(
  { charger_id, security_profile = 0 }: Charger,
  store: Store,
  now: number,
): string | null {
  if (security_profile < CERTIFICATE_PROFILE) return null;
  const newest = certificatesOf(store, charger_id).issued.find(({ status }) =>
    status === "Accepted" || status === "file"
  );
  if (!newest) return null;
  const { issued_at, not_after } = newest;
  const life = { begin: Date.parse(issued_at), end: Date.parse(not_after) };
  return isNear(life, now, NEAR_MS) ? dayOf(life.end) : null;
}

/** Null for what cannot be read: those who use it tell of that. */
async function readable(pem: Promise<string | null>): Promise<string | null> {
  return await pem.catch(() => null);
}

/** Returns begin and end of a certificate, ms since 1970; null: there is none. */
function lifeOf(pem: string | null): Life | null {
  try {
    if (!pem) return null;
    const { validFrom, validTo } = new (node("crypto").X509Certificate)(pem);
    return { begin: Date.parse(validFrom), end: Date.parse(validTo) };
  } catch {
    return null;
  }
}

function isNear({ begin, end }: Life, now: number, near_ms: number): boolean {
  return end - now <= Math.min(near_ms, FIFTH * (end - begin));
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
