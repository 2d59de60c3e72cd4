// Checks of certificate requests of chargers (PKCS #10), and the names of their certificates.
import { node } from "../../node.ts";
import { identityOf } from "../device_identity.ts";
import type { Context } from "../context.ts";

/** The checks on a request beyond its signature and key. */
export interface CsrRules {
  /** The allowed values of its CN. */
  names: string[];
  /** True if the CN must be one of `names`. The site's CA sets the name in the certificate in any case. */
  strict: boolean;
}

const MIN_RSA = 2048;
const MAX_SUBJECT = 200;

/** The library for certificates; loaded at first use, since it costs start-up time and most sites never need it. */
export async function loadX509() {
  await import("reflect-metadata");
  return await import("@peculiar/x509");
}

/** Checks a request: its signature, its key (RSA from 2048, EC from 256 bits) and, if strict, its CN. Returns the reason to refuse it, or null. */
export async function refusalOfCsr(csr: string, { names, strict }: CsrRules): Promise<string | null> {
  const { Pkcs10CertificateRequest } = await loadX509();
  try {
    const request = new Pkcs10CertificateRequest(csr);
    const weak = weaknessOf(request.publicKey.algorithm);
    if (weak) return weak;
    if (!await request.verify()) return "the signature is wrong";
    const name = request.subjectName.getField("CN")[0] ?? "";
    if (strict && !names.includes(name)) return `the CN '${name.slice(0, 50)}' is not the charger's`;
    return null;
  } catch {
    return "it cannot be read";
  }
}

/** Returns the reason why a key is refused, or null. EC keys of fewer than 256 bits cannot be checked on this platform. */
function weaknessOf(algorithm: { name: string; modulusLength?: number; namedCurve?: string }): string | null {
  if (algorithm.name.startsWith("RSA")) {
    return (algorithm.modulusLength ?? 0) < MIN_RSA ? `an RSA key must have ${MIN_RSA} bits or more` : null;
  }
  const good = algorithm.name.startsWith("EC") && /^P-(256|384|521)$/.test(algorithm.namedCurve ?? "");
  return good ? null : `the key type ${algorithm.name} ${algorithm.namedCurve ?? ""} is not supported`;
}

/** Returns the fingerprint of a request's public key (SHA-256 of the SPKI, hex) and the subject that it asks for. */
export async function fingerprintOfCsr(csr: string): Promise<{ fingerprint: string; subject: string }> {
  const { Pkcs10CertificateRequest } = await loadX509();
  const request = new Pkcs10CertificateRequest(csr);
  const fingerprint = node("crypto").createHash("sha256").update(new Uint8Array(request.publicKey.rawData))
    .digest("hex");
  return { fingerprint, subject: request.subject.slice(0, MAX_SUBJECT) };
}

/** Returns the names that a charger may put into a request: its serial number and its id. */
export function namesOf({ store, charger_id }: Pick<Context, "store" | "charger_id">): string[] {
  const charger = store.chargers.get(charger_id);
  const identity = charger ? identityOf(charger) : charger_id;
  return charger?.serial_number ? [charger.serial_number, identity] : [identity];
}
