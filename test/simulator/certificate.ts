// Certificates for tests, made on the spot.
import { Buffer } from "node:buffer";
import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { element, oid, pemOf, readElements, utf8 } from "../../src/simulator/charger/der.ts";

/** A certificate with its key. */
export interface Certified {
  pem: string;
  key: KeyObject;
}

const ECDSA = element(0x30, oid("1.2.840.10045.4.3.2"));

function name(common_name: string): Uint8Array {
  return element(0x30, element(0x31, element(0x30, oid("2.5.4.3"), utf8(common_name))));
}

function validity(): Uint8Array {
  const time = (year: number) => element(0x17, new TextEncoder().encode(`${year}0101000000Z`));
  return element(0x30, time(20), time(49));
}

function certificate(subject: string, spki: Uint8Array, issuer: string, issuer_key: KeyObject): string {
  const version = element(0xa0, Uint8Array.of(2, 1, 2));
  const serial = element(0x02, Uint8Array.of(0x4d, 0x2a));
  const tbs = element(0x30, version, serial, ECDSA, name(issuer), validity(), name(subject), spki);
  const signature = element(0x03, Uint8Array.of(0), sign("sha256", tbs, issuer_key));
  return pemOf("CERTIFICATE", element(0x30, tbs, ECDSA, signature));
}

/** A root that vouches for itself. */
export function root(subject: string): Certified {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    pem: certificate(subject, publicKey.export({ type: "spki", format: "der" }), subject, privateKey),
    key: privateKey,
  };
}

/** A certificate from a root, for a new key. */
export function issue(subject: string, issuer: Certified, issuer_name: string): Certified {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  return { pem: certificate(subject, spki, issuer_name, issuer.key), key: privateKey };
}

/** A certificate for the key of a certificate request. */
export function answerRequest(csr: string, issuer: Certified, issuer_name: string): string {
  const der = Buffer.from(csr.replaceAll(/-----[^-]+-----|\s/g, ""), "base64");
  const [info] = readElements(readElements(der)[0]!.content);
  const spki = readElements(info!.content)[2]!.bytes;
  createPublicKey({ key: Buffer.from(spki), type: "spki", format: "der" });
  return certificate("SIM-0001", spki, issuer_name, issuer.key);
}
