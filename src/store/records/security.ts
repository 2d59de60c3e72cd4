// Security events and certificates.

/** A security event, reported by a charger or detected by the gateway. */
export interface SecurityEvent {
  sequence: number;
  charger_id: string;
  type: string;
  /** By the charger's clock. */
  at: string;
  received: string;
  tech_info: string | null;
  source: "charger" | "gateway";
}

/** A root certificate in a charger, as reported by it. */
export interface CertificateHash {
  hashAlgorithm: "SHA256" | "SHA384" | "SHA512";
  issuerNameHash: string;
  issuerKeyHash: string;
  serialNumber: string;
}

/** The certificates of a charger. */
export interface Certificates {
  charger_id: string;
  /** The root certificates by type, as last listed; absent: never listed. */
  roots: Record<string, CertificateHash[]>;
  /** The charger's own certificates, issued by the site's CA, newest first; an older one may still be in use. */
  issued: IssuedCertificate[];
}

/** A certificate that the site's CA has issued to a charger. */
export interface IssuedCertificate {
  serial_number: string;
  subject: string;
  not_after: string;
  issued_at: string;
  /** The record of the charger that it was issued for; absent in those of older programs. */
  record_id?: string;
  /** The certificate, PEM, until the charger has answered. */
  chain?: string;
  /** `sent` until the charger answers; `file`: created by `ocpp-gateway cert --client`. */
  status: "sent" | "Accepted" | "Rejected" | "file";
}

/** A certificate request of a charger that has not proved who it is; it waits for an operator. */
export interface CertificateRequest {
  charger_id: string;
  /** PEM. */
  csr: string;
  /** SHA-256 of the public key, hex. */
  fingerprint: string;
  /** The name that the charger asks for. */
  subject: string;
  requested_at: string;
  remote_address: string | null;
}

/** A revoked client certificate. */
export interface Revocation {
  /** SHA-256 of the certificate, or its serial number: hex in lower case without colons. */
  certificate: string;
  charger_id: string | null;
  reason: string;
  revoked_at: string;
}
