// The certificates that a charger holds and requests (security white paper §3).
import { Buffer } from "node:buffer";
import { createHash, generateKeyPairSync, type KeyObject, X509Certificate } from "node:crypto";
import { AsnConvert } from "@peculiar/asn1-schema";
import { Certificate } from "@peculiar/asn1-x509";
import type { CommandOf, ReplyTo } from "../messages.ts";
import type { HasClock, HasConfiguration } from "./base.ts";
import { certificateRequest, COMMON_NAME, ORGANIZATION } from "./certificate_request.ts";
import type { SecurityEvents } from "./security_events.ts";

/** The parts of a charger that its certificates use. */
export interface CertifiedCharger extends HasClock, HasConfiguration {
  readonly security: Pick<SecurityEvents, "add">;
}

type Use = CommandOf<"InstallCertificate">["certificateType"];
type HashData = CommandOf<"DeleteCertificate">["certificateHashData"];
type Algorithm = HashData["hashAlgorithm"];

/** A root certificate. */
interface Root {
  use: Use;
  pem: string;
  certificate: X509Certificate;
}

/** A client certificate and its key, as PEM. */
export interface Identity {
  cert: string;
  key: string;
}

/** The certificates of a charger. */
export class Certificates {
  readonly #charger: CertifiedCharger;
  #roots: Root[] = [];
  /** Key of the last certificate request. */
  #requested: KeyObject | null = null;
  #identity: Identity | null = null;

  constructor(charger: CertifiedCharger) {
    this.#charger = charger;
    const { tls_ca, tls_cert: cert, tls_key: key } = charger.settings;
    if (tls_ca) this.#add("CentralSystemRootCertificate", tls_ca);
    if (cert && key) this.#identity = { cert, key };
  }

  /** The charger's own certificate; null while it has none. */
  get identity(): Identity | null {
    return this.#identity;
  }

  /** Root certificates of central systems, as PEM. */
  get central_roots(): string {
    return this.#roots.filter(({ use }) => use === "CentralSystemRootCertificate").map(({ pem }) => pem).join(
      "\n",
    );
  }

  /** Returns true if a certificate is valid and the manufacturer's; any passes while no manufacturer's root is installed. */
  isFromManufacturer(certificate: X509Certificate): boolean {
    const now = this.#charger.now();
    if (now < Date.parse(certificate.validFrom) || now > Date.parse(certificate.validTo)) return false;
    const roots = this.#roots.filter(({ use }) => use === "ManufacturerRootCertificate");
    return roots.length === 0 || roots.some((root) => isIssuedBy(certificate, root.certificate));
  }

  /** Handles InstallCertificate. */
  install(
    { certificateType, certificate }: CommandOf<"InstallCertificate">,
  ): ReplyTo<"InstallCertificate">["status"] {
    const { configuration, security } = this.#charger;
    if (this.#roots.length >= configuration.number("CertificateStoreMaxLength")) return "Failed";
    if (this.#add(certificateType, certificate)) return "Accepted";
    const central = certificateType === "CentralSystemRootCertificate";
    security.add(central ? "InvalidCentralSystemCertificate" : "InvalidFirmwareSigningCertificate");
    return "Rejected";
  }

  /** Handles GetInstalledCertificateIds. */
  list({ certificateType }: CommandOf<"GetInstalledCertificateIds">): ReplyTo<"GetInstalledCertificateIds"> {
    const certificateHashData = this.#roots.filter(({ use }) => use === certificateType)
      .map(({ certificate }) => hashDataOf(certificate, "SHA256"));
    return certificateHashData.length ? { status: "Accepted", certificateHashData } : { status: "NotFound" };
  }

  /** Handles DeleteCertificate. */
  delete(
    { certificateHashData: wanted }: CommandOf<"DeleteCertificate">,
  ): ReplyTo<"DeleteCertificate">["status"] {
    const found = this.#roots.find(({ certificate }) =>
      isSame(hashDataOf(certificate, wanted.hashAlgorithm), wanted)
    );
    this.#roots = this.#roots.filter((root) => root !== found);
    return found ? "Accepted" : "NotFound";
  }

  /**
   * Makes a new key and a request (PKCS#10, PEM) for a certificate: O is the CpoName, CN the serial number (security white
   * paper A00.FR.404, A00.FR.405).
   */
  createRequest(): string {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#requested = privateKey;
    const { configuration, settings } = this.#charger;
    return certificateRequest(privateKey, [
      [ORGANIZATION, configuration.text("CpoName")],
      [COMMON_NAME, settings.serial_number],
    ]);
  }

  /** Handles CertificateSigned; true if the leaf has the requested key: it is used from the next connection on. */
  acceptSigned(chain: string): boolean {
    const leaf = parseCertificate(chain);
    if (!leaf || !this.#requested || !leaf.checkPrivateKey(this.#requested)) {
      this.#charger.security.add("InvalidChargePointCertificate");
      return false;
    }
    const key = this.#requested.export({ type: "pkcs8", format: "pem" }).toString();
    this.#identity = { cert: chain, key };
    return true;
  }

  #add(use: Use, pem: string): boolean {
    const certificate = parseCertificate(pem);
    if (certificate) this.#roots.push({ use, pem, certificate });
    return certificate !== null;
  }
}

/** Parses a certificate in PEM; null if it is none. */
export function parseCertificate(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

function isIssuedBy(certificate: X509Certificate, root: X509Certificate): boolean {
  return certificate.raw.equals(root.raw) ||
    (certificate.issuer === root.subject && certificate.verify(root.publicKey));
}

/** Returns the hashes of the issuer's name and key (RFC 6960 §4.1.1) of a root certificate, which is its own issuer. */
export function hashDataOf(certificate: X509Certificate, hashAlgorithm: Algorithm): HashData {
  const { issuer, serialNumber, subjectPublicKeyInfo } =
    AsnConvert.parse(certificate.raw, Certificate).tbsCertificate;
  return {
    hashAlgorithm,
    issuerNameHash: hash(hashAlgorithm, AsnConvert.serialize(issuer)),
    issuerKeyHash: hash(hashAlgorithm, subjectPublicKeyInfo.subjectPublicKey),
    serialNumber: Buffer.from(serialNumber).toString("hex").replace(/^(00)+(?=.)/, ""),
  };
}

function hash(algorithm: Algorithm, bytes: ArrayBuffer): string {
  return createHash(algorithm.toLowerCase()).update(new Uint8Array(bytes)).digest("hex");
}

function isSame(a: HashData, b: HashData): boolean {
  const lower = ({ issuerNameHash, issuerKeyHash, serialNumber }: HashData) =>
    `${issuerNameHash} ${issuerKeyHash} ${serialNumber.replace(/^0+(?=.)/, "")}`.toLowerCase();
  return lower(a) === lower(b);
}
