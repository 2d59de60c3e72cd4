// A request for a certificate (PKCS#10, RFC 2986).
import { Buffer } from "node:buffer";
import { createPublicKey, type KeyObject, sign } from "node:crypto";
import { CertificationRequest, CertificationRequestInfo } from "@peculiar/asn1-csr";
import { AsnConvert } from "@peculiar/asn1-schema";
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  Name,
  RelativeDistinguishedName,
  SubjectPublicKeyInfo,
} from "@peculiar/asn1-x509";

/** Object identifiers of the attributes of a subject. */
export const ORGANIZATION = "2.5.4.10";
export const COMMON_NAME = "2.5.4.3";
/** ecdsa-with-SHA256 (RFC 5758). */
const ECDSA_SHA256 = new AlgorithmIdentifier({ algorithm: "1.2.840.10045.4.3.2" });

/** Returns the request for an EC key as PEM; attributes of the subject that are empty are left out. */
export function certificateRequest(key: KeyObject, subject: [type: string, value: string][]): string {
  const subjectPKInfo = publicKeyInfo(createPublicKey(key.export({ type: "pkcs8", format: "pem" })));
  const info = new CertificationRequestInfo({ subject: nameOf(subject), subjectPKInfo });
  const signature = bytesOf(sign("sha256", Buffer.from(AsnConvert.serialize(info)), key));
  const request = new CertificationRequest({
    certificationRequestInfo: info,
    signatureAlgorithm: ECDSA_SHA256,
    signature,
  });
  return pemOf("CERTIFICATE REQUEST", AsnConvert.serialize(request));
}

/** Returns a distinguished name, an attribute a level. */
function nameOf(attributes: [type: string, value: string][]): Name {
  return new Name(
    attributes.filter(([, value]) => value !== "").map(([type, utf8String]) =>
      new RelativeDistinguishedName([
        new AttributeTypeAndValue({ type, value: new AttributeValue({ utf8String }) }),
      ])
    ),
  );
}

/** Returns a public key as certificates hold it. */
function publicKeyInfo(key: KeyObject): SubjectPublicKeyInfo {
  return AsnConvert.parse(key.export({ type: "spki", format: "der" }), SubjectPublicKeyInfo);
}

/** Returns DER as PEM. */
function pemOf(label: string, der: ArrayBuffer): string {
  const lines = Buffer.from(der).toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

/** Returns the bytes in a buffer of their own. */
function bytesOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
