// Certificates for tests: authorities, the certificates that they issue, and requests.
import { loadX509 } from "../../src/site/security/certificate_request.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 86_400_000;

/** A certificate and its key (PKCS #8), as PEM. */
export interface Pair {
  cert: string;
  key: string;
}

/** The fields of a certificate. */
export interface CertificateFields {
  common_name: string;
  /** Subject alternative names: addresses or host names. */
  names?: string[];
  /** Validity, days from now; default -1 to 30. */
  from?: number;
  to?: number;
  usage?: "client" | "server";
}

/** A certificate authority. */
export interface TestCa extends Pair {
  /** Issues a certificate for a new key. */
  issue(fields: CertificateFields): Promise<Pair>;
  /** Issues a certificate, as PEM, for the key of a request. */
  sign(csr: string, fields: CertificateFields): Promise<string>;
}

/** Makes a certificate authority. */
export async function makeCa(name: string): Promise<TestCa> {
  const x509 = await loadX509();
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [name] }],
    notBefore: new Date(Date.now() - DAY),
    notAfter: new Date(Date.now() + 3650 * DAY),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const certify = async (
    publicKey: CryptoKey,
    { common_name, names = [], from = -1, to = 30, usage = "client" }: CertificateFields,
  ): Promise<string> => {
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: crypto.randomUUID().replaceAll("-", "").slice(1),
      subject: [{ CN: [common_name] }],
      issuer: root.subjectName,
      notBefore: new Date(Date.now() + from * DAY),
      notAfter: new Date(Date.now() + to * DAY),
      publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([
          usage === "client" ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth,
        ]),
        new x509.SubjectAlternativeNameExtension(
          names.map((name) => ({
            type: /^[\d.]+$/.test(name) ? "ip" as const : "dns" as const,
            value: name,
          })),
        ),
      ],
    });
    return certificate.toString("pem");
  };
  return {
    cert: root.toString("pem"),
    key: await pemOf(keys.privateKey),
    async issue(fields) {
      const own = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
      return { cert: await certify(own.publicKey, fields), key: await pemOf(own.privateKey) };
    },
    async sign(csr, fields) {
      return await certify(await new x509.Pkcs10CertificateRequest(csr).publicKey.export(), fields);
    },
  };
}

/** Exports a private key as PEM (PKCS #8). */
export async function pemOf(key: CryptoKey): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.exportKey("pkcs8", key));
  const lines = btoa(String.fromCharCode(...bytes)).match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join("\n")}\n-----END PRIVATE KEY-----\n`;
}
