// Certificates for tests: a CA, and what it signs.
import { loadX509 } from "../../src/site/security/certificate_request.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 86_400_000;

/** PEM texts. */
export interface Pair {
  cert: string;
  key: string;
}

/** What a certificate is for. */
export interface Wish {
  common_name: string;
  names?: string[];
  /** Days from now. */
  from?: number;
  to?: number;
  usage?: "client" | "server";
}

/** A certificate authority. */
export interface TestCa extends Pair {
  issue(wish: Wish): Promise<Pair>;
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
  const issue = async (
    { common_name, names = [], from = -1, to = 30, usage = "client" }: Wish,
  ): Promise<Pair> => {
    const own = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: crypto.randomUUID().replaceAll("-", "").slice(1),
      subject: [{ CN: [common_name] }],
      issuer: root.subjectName,
      notBefore: new Date(Date.now() + from * DAY),
      notAfter: new Date(Date.now() + to * DAY),
      publicKey: own.publicKey,
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
    return { cert: certificate.toString("pem"), key: await pemOf(own.privateKey) };
  };
  return { cert: root.toString("pem"), key: await pemOf(keys.privateKey), issue };
}

async function pemOf(key: CryptoKey): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.exportKey("pkcs8", key));
  const lines = btoa(String.fromCharCode(...bytes)).match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join("\n")}\n-----END PRIVATE KEY-----\n`;
}
