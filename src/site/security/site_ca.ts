// The site's own certificate authority: created at first use, its key in a file that only the gateway may read.
import { node } from "../../node.ts";
import type { PublicKeyType } from "@peculiar/x509";
import type { Store } from "../../store/store.ts";
import { loadX509 } from "./certificate_request.ts";

const ALGORITHM = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  publicExponent: new Uint8Array([1, 0, 1]),
};
const KEY_BITS = 3072;
const DAY = 86_400_000;
const ROOT_DAYS = 7300;
const LEAF_DAYS = 730;

/** Folder and clock of the authority. */
export interface SiteCaOptions {
  /** Folder of `site_ca_key.pem` and `site_ca.pem`; null: the authority is in memory only. */
  directory: string | null;
  now: () => number;
  /** Length of the authority's RSA key, bits; default 3072. */
  key_bits?: number;
}

/** The subject of a certificate. */
export interface Subject {
  /** The charger's id. */
  common_name: string;
  /** The name of the operator (security white paper A00.FR.404). */
  organization: string;
  /** The record that the certificate is bound to, kept in its OU. */
  record_id?: string;
}

/** The start of the OU that names a charger's record. */
export const RECORD_UNIT = "record ";

/** Returns the name of the operator for a subject. */
export function organizationOf({ settings }: Pick<Store, "settings">): string {
  return settings.name || "OCPP gateway";
}

/** A signed certificate. */
export interface SignedCertificate {
  /** PEM of the charger's certificate; the root is not part of the chain. */
  chain: string;
  serial_number: string;
  subject: string;
  not_after: string;
}

interface Issue {
  publicKey: PublicKeyType;
  subject: Subject;
  /** An ExtendedKeyUsage. */
  usage: string;
  names: string[];
}

interface Authority {
  key: CryptoKey;
  pem: string;
}

/** The certificate authority. It signs with RSA and SHA-256 (PKCS #1), which all chargers and the compliance tool support. */
export class SiteCa {
  readonly #options: SiteCaOptions;
  #authority: Promise<Authority> | undefined;

  constructor(options: SiteCaOptions) {
    this.#options = options;
  }

  /** Returns the authority's certificate as PEM, which chargers install as CentralSystemRootCertificate. */
  async certificate(): Promise<string> {
    return (await this.#get()).pem;
  }

  /** Returns the same; null: there is no authority yet. */
  async existingCertificate(): Promise<string | null> {
    const authority = await (this.#authority ?? this.#read());
    return authority?.pem ?? null;
  }

  /** Signs a request that was checked before. The subject is the given one, not that of the request. */
  async sign(csr: string, subject: Subject): Promise<SignedCertificate> {
    const { Pkcs10CertificateRequest } = await loadX509();
    return await this.signClient(new Pkcs10CertificateRequest(csr).publicKey, subject);
  }

  /** Signs a client certificate for a charger's key. */
  async signClient(publicKey: PublicKeyType, subject: Subject): Promise<SignedCertificate> {
    const { ExtendedKeyUsage } = await loadX509();
    return await this.#issue({ publicKey, subject, usage: ExtendedKeyUsage.clientAuth, names: [] });
  }

  /** Signs a certificate for a server at these host names and addresses. */
  async signServer(publicKey: CryptoKey, names: string[], organization: string): Promise<SignedCertificate> {
    const x509 = await loadX509();
    const subject = { common_name: names[0]!.slice(0, 64), organization };
    return await this.#issue({ publicKey, subject, usage: x509.ExtendedKeyUsage.serverAuth, names });
  }

  async #issue({ publicKey, subject, usage, names }: Issue): Promise<SignedCertificate> {
    const x509 = await loadX509();
    const { key, pem } = await this.#get();
    const alternatives = names.map((value) => ({
      type: node("net").isIP(value) ? "ip" as const : "dns" as const,
      value,
    }));
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: randomSerial(),
      subject: [
        { CN: [subject.common_name] },
        { O: [subject.organization] },
        ...(subject.record_id ? [{ OU: [`${RECORD_UNIT}${subject.record_id}`] }] : []),
      ],
      issuer: new x509.X509Certificate(pem).subjectName,
      notBefore: new Date(this.#options.now() - DAY),
      notAfter: new Date(this.#options.now() + LEAF_DAYS * DAY),
      publicKey,
      signingKey: key,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([usage]),
        ...(names.length ? [new x509.SubjectAlternativeNameExtension(alternatives)] : []),
      ],
    });
    return {
      chain: certificate.toString("pem"),
      serial_number: certificate.serialNumber,
      subject: certificate.subject,
      not_after: certificate.notAfter.toISOString(),
    };
  }

  #get(): Promise<Authority> {
    this.#authority ??= this.#open().catch((error) => {
      this.#authority = undefined;
      throw error;
    });
    return this.#authority;
  }

  async #open(): Promise<Authority> {
    return await this.#read() ?? await this.#make();
  }

  async #read(): Promise<Authority | null> {
    const { directory } = this.#options;
    if (directory === null) return null;
    try {
      const pem = await Deno.readTextFile(`${directory}/site_ca.pem`);
      const key = bytesOf(await Deno.readTextFile(`${directory}/site_ca_key.pem`));
      return { pem, key: await crypto.subtle.importKey("pkcs8", key, ALGORITHM, false, ["sign"]) };
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  }

  async #make(): Promise<Authority> {
    const x509 = await loadX509();
    const keys = await crypto.subtle.generateKey(
      { ...ALGORITHM, modulusLength: this.#options.key_bits ?? KEY_BITS },
      true,
      ["sign", "verify"],
    );
    const name = `OCPP gateway CA ${randomSerial().slice(0, 8)}`;
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: randomSerial(),
      name: [{ CN: [name] }],
      notBefore: new Date(this.#options.now() - DAY),
      notAfter: new Date(this.#options.now() + ROOT_DAYS * DAY),
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    const authority = { key: keys.privateKey, pem: certificate.toString("pem") };
    await this.#keep(authority);
    return authority;
  }

  /** Writes the key first: a certificate without its key would be found and be useless. */
  async #keep({ key, pem }: Authority): Promise<void> {
    const { directory } = this.#options;
    if (directory === null) return;
    const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", key));
    await Deno.mkdir(directory, { recursive: true, mode: 0o700 });
    await writeSynced(`${directory}/site_ca_key.pem`, pemOf(pkcs8, "PRIVATE KEY"), 0o600);
    await writeSynced(`${directory}/site_ca.pem`, pem, 0o644);
  }
}

/** Writes a file atomically, so that a power cut leaves the old or the new one. */
export async function writeSynced(path: string, text: string, mode: number): Promise<void> {
  const file = await Deno.open(`${path}.new`, { write: true, create: true, truncate: true, mode });
  try {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    await file.sync();
  } finally {
    file.close();
  }
  await Deno.rename(`${path}.new`, path);
}

/** Returns 16 random bytes that are a positive number, as hex. */
function randomSerial(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Encodes a key or certificate as PEM. */
export function pemOf(bytes: Uint8Array, label: string): string {
  const lines = btoa(String.fromCharCode(...bytes)).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

function bytesOf(pem: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(pem.replaceAll(/-----[^-]+-----|\s/g, "")), (char) => char.charCodeAt(0));
}
