// What a charger asks for in SignCertificate: a PKCS #10 request, checked before anything is signed.

/** What a request is checked against. */
export interface CsrRules {
  /** The names that its CN may have. */
  names: string[];
  /** Whether the CN counts; the site's CA writes the charger's name into the certificate in any case. */
  strict: boolean;
}

const MIN_RSA = 2048;

/** The library for certificates; loaded at first use, since it costs start-up time and most sites never need it. */
export async function loadX509() {
  await import("reflect-metadata");
  return await import("@peculiar/x509");
}

/** Why a request is refused, or null: its signature, its key (RSA from 2048, EC from 224 bits: security white paper A00.FR.502) and, if strict, its CN. */
export async function refusalOfCsr(csr: string, { names, strict }: CsrRules): Promise<string | null> {
  const { Pkcs10CertificateRequest } = await loadX509();
  try {
    const request = new Pkcs10CertificateRequest(csr);
    const weak = weaknessOf(request.publicKey.algorithm);
    if (weak) return weak;
    if (!await request.verify()) return "the signature is wrong";
    const name = request.subjectName.getField("CN")[0] ?? "";
    if (strict && !names.includes(name)) return `the CN '${name.slice(0, 50)}' is not the charger's`;
    return null;
  } catch {
    return "it cannot be read";
  }
}

/** EC keys of fewer than 256 bits are beyond what this platform can check. */
function weaknessOf(algorithm: { name: string; modulusLength?: number; namedCurve?: string }): string | null {
  if (algorithm.name.startsWith("RSA")) {
    return (algorithm.modulusLength ?? 0) < MIN_RSA ? `an RSA key must have ${MIN_RSA} bits or more` : null;
  }
  const good = algorithm.name.startsWith("EC") && /^P-(256|384|521)$/.test(algorithm.namedCurve ?? "");
  return good ? null : `the key type ${algorithm.name} ${algorithm.namedCurve ?? ""} is not supported`;
}
