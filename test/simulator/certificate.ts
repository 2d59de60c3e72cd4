// Certificates for tests, made on the spot.
import { Buffer } from "node:buffer";
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { CertificationRequest } from "@peculiar/asn1-csr";
import { AsnConvert } from "@peculiar/asn1-schema";
import {
  Certificate,
  type SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from "@peculiar/asn1-x509";
import {
  bytesOf,
  COMMON_NAME,
  ECDSA_SHA256,
  nameOf,
  pemOf,
  publicKeyInfo,
} from "../../src/simulator/charger/certificate_request.ts";

/** A certificate with its key. */
export interface Certified {
  pem: string;
  key: KeyObject;
}

interface Issuer {
  name: string;
  key: KeyObject;
}

function certificate(subject: string, subjectPublicKeyInfo: SubjectPublicKeyInfo, issuer: Issuer): string {
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: bytesOf(Uint8Array.of(0x4d, 0x2a)),
    signature: ECDSA_SHA256,
    issuer: nameOf([[COMMON_NAME, issuer.name]]),
    validity: new Validity({ notBefore: new Date("2020-01-01"), notAfter: new Date("2049-01-01") }),
    subject: nameOf([[COMMON_NAME, subject]]),
    subjectPublicKeyInfo,
  });
  const signed = sign("sha256", Buffer.from(AsnConvert.serialize(tbsCertificate)), issuer.key);
  const signatureValue = bytesOf(signed);
  const whole = new Certificate({ tbsCertificate, signatureAlgorithm: ECDSA_SHA256, signatureValue });
  return pemOf("CERTIFICATE", AsnConvert.serialize(whole));
}

/** A self-signed root. */
export function root(subject: string): Certified {
  const { privateKey: key, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { pem: certificate(subject, publicKeyInfo(publicKey), { name: subject, key }), key };
}

/** A certificate from a root, for a new key. */
export function issue(subject: string, { key }: Certified, name: string): Certified {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { pem: certificate(subject, publicKeyInfo(publicKey), { name, key }), key: privateKey };
}

/** A certificate for the key of a certificate request. */
export function answerRequest(csr: string, { key }: Certified, name: string): string {
  const der = Buffer.from(csr.replaceAll(/-----[^-]+-----|\s/g, ""), "base64");
  const { certificationRequestInfo } = AsnConvert.parse(der, CertificationRequest);
  return certificate("SIM-0001", certificationRequestInfo.subjectPKInfo, { name, key });
}
