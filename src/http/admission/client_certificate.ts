// Client certificates of chargers (security profile 3; security white paper §3.6).
import { isIssuedTo } from "../../site/security/certificates.ts";
import type { TLSSocket } from "node:tls";
import type { Store } from "../../store/store.ts";

/** A client certificate from a TLS handshake. */
export interface Certificate {
  common_name: string | null;
  /** SHA-256, hex in lower case. */
  fingerprint: string;
  /** Hex in lower case, without leading zeros. */
  serial_number: string;
  /** The reason why its chain is not valid, or null. */
  problem: string | null;
}

/** Returns the reason why a charger may not use a certificate, or null. */
export function problemOf(certificate: Certificate, charger_id: string, store: Store): string | null {
  if (certificate.problem !== null) return `it is not valid (${certificate.problem})`;
  if (isRevoked(certificate, store)) return "it is revoked";
  if (certificate.common_name !== charger_id && !isIssuedTo(charger_id, certificate.serial_number, store)) {
    return `it is for ${certificate.common_name?.slice(0, 64) ?? "nobody"}`;
  }
  return null;
}

/** Tells whether an operator has revoked a certificate. */
export function isRevoked({ fingerprint, serial_number }: Certificate, { revocations }: Store): boolean {
  return revocations.has(fingerprint) || revocations.has(serial_number);
}

/** Returns a fingerprint or serial number in the form that is compared: hex in lower case, no colons, a serial without leading zeros. */
export function normalizedHex(text: string): string {
  const hex = text.toLowerCase().replaceAll(":", "");
  return hex.length === 64 ? hex : hex.replace(/^0+(?=.)/, "");
}

/** Returns the certificate that the peer has sent; null: none. */
export function certificateOf(socket: TLSSocket): Certificate | null {
  const shown = socket.getPeerCertificate?.();
  if (!shown?.fingerprint256) return null;
  const problem = socket.authorized ? null : String(socket.authorizationError ?? "not trusted");
  return {
    common_name: typeof shown.subject?.CN === "string" ? shown.subject.CN : null,
    fingerprint: normalizedHex(shown.fingerprint256),
    serial_number: normalizedHex(shown.serialNumber ?? ""),
    problem,
  };
}
