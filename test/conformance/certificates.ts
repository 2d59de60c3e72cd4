// A charger's side of certificates: its key, its request, and what it reads in what the gateway sends.
import { loadX509 } from "../../src/site/security/certificate_request.ts";

const EC = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** A charger's key, and its request for a certificate, as PEM. */
export interface Asked {
  csr: string;
  /** PKCS #8, PEM. */
  key: string;
  public_key: string;
}

/** Makes a key and a certificate request. */
export async function askForCertificate(name: string): Promise<Asked> {
  const x509 = await loadX509();
  const keys = await crypto.subtle.generateKey(EC, true, ["sign", "verify"]) as CryptoKeyPair;
  const request = await x509.Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: EC });
  return {
    csr: request.toString("pem"),
    key: pem(new Uint8Array(await crypto.subtle.exportKey("pkcs8", keys.privateKey)), "PRIVATE KEY"),
    public_key: request.publicKey.toString("pem"),
  };
}

/** What the gateway has signed: the leaf of a chain. */
export async function readLeaf(chain: string) {
  const x509 = await loadX509();
  const leaf = new x509.X509Certificate(chain.slice(0, chain.indexOf("-----END CERTIFICATE-----") + 25));
  return {
    common_name: leaf.subjectName.getField("CN")[0],
    organization: leaf.subjectName.getField("O")[0],
    public_key: leaf.publicKey.toString("pem"),
    algorithm: leaf.signatureAlgorithm,
    isSignedBy: (root: string) =>
      leaf.verify({ publicKey: new x509.X509Certificate(root), signatureOnly: true }),
  };
}

function pem(bytes: Uint8Array, label: string): string {
  const lines = btoa(String.fromCharCode(...bytes)).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
