// A charger's key and certificate request, and the fields of the certificate that it receives.
import { loadX509 } from "../../src/site/security/certificate_request.ts";
import { pemOf } from "../kit/certificates.ts";

const EC = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** A charger's key and certificate request, as PEM. */
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
    key: await pemOf(keys.privateKey),
    public_key: request.publicKey.toString("pem"),
  };
}

/** Reads the leaf of a certificate chain. */
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
