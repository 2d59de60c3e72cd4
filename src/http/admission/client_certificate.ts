// Client certificates of chargers (security profile 3; security white paper §3.6).
import { RECORD_UNIT } from "../../site/security/site_ca.ts";
import { issuedTo } from "../../site/security/certificates.ts";
import type { TLSSocket } from "node:tls";
import type { Charger, IssuedCertificate, Store } from "../../store/store.ts";

/** A client certificate from a TLS handshake. */
export interface Certificate {
  common_name: string | null;
  /** SHA-256, hex in lower case. */
  fingerprint: string;
  /** Hex in lower case, without leading zeros. */
  serial_number: string;
  /** The record of the charger that the site's CA has issued it for; null: it names none. */
  record_id?: string | null;
  /** The reason why its chain is not valid, or null. */
  problem: string | null;
}

/** Returns the reason why a charger may not use a certificate, or null. */
export function problemOf(certificate: Certificate, charger_id: string, store: Store): string | null {
  if (certificate.problem !== null) return `it is not valid (${certificate.problem})`;
  if (isRevoked(certificate, store)) return "it is revoked";
  const issued = issuedTo(charger_id, certificate.serial_number, store);
  const names: (string | null)[] = [charger_id, store.chargers.get(charger_id)?.identity ?? charger_id];
  if (!names.includes(certificate.common_name) && !issued) {
    return `it is for ${certificate.common_name?.slice(0, 64) ?? "nobody"}`;
  }
  return isForEarlier(certificate, store.chargers.get(charger_id), issued)
    ? "it was issued for an earlier charger of this id"
    : null;
}

/** Returns true for a certificate of a record that was deleted since. Those of older programs name no record, but have a date. */
function isForEarlier(
  { record_id }: Certificate,
  charger: Charger | undefined,
  issued: IssuedCertificate | undefined,
): boolean {
  const bound = record_id ?? issued?.record_id;
  if (bound !== undefined) return bound !== charger?.record_id;
  return charger !== undefined && issued !== undefined && issued.issued_at < charger.created_at;
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
  const unit = [shown.subject?.OU].flat().find((text) => text?.startsWith(RECORD_UNIT));
  const problem = socket.authorized ? null : String(socket.authorizationError ?? "not trusted");
  return {
    common_name: typeof shown.subject?.CN === "string" ? shown.subject.CN : null,
    fingerprint: normalizedHex(shown.fingerprint256),
    serial_number: normalizedHex(shown.serialNumber ?? ""),
    record_id: unit?.slice(RECORD_UNIT.length) ?? null,
    problem,
  };
}
