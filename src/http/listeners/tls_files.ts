// The files of the TLS listener: certificate, key and CA of the clients. They are read again when they change.
import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Config } from "../../config.ts";
import { describeError, type Log } from "../../log.ts";

/** PEM texts. */
export interface SecureContext {
  cert: string;
  key: string;
  ca?: string;
}

const LOOK_EVERY_MS = 2_000;

/** The files of the TLS listener. */
export class CertificateFiles {
  readonly #paths: [name: keyof SecureContext, path: string][];
  readonly #log: Log;
  #current: SecureContext;
  #stamp: string;
  #timer: ReturnType<typeof setInterval> | undefined;

  private constructor(
    paths: [keyof SecureContext, string][],
    log: Log,
    context: SecureContext,
    stamp: string,
  ) {
    this.#paths = paths;
    this.#log = log;
    this.#current = context;
    this.#stamp = stamp;
  }

  /** Reads the files. Throws an Error that names the problem. */
  static async read({ tls_cert, tls_key, tls_client_ca }: Config, log: Log): Promise<CertificateFiles> {
    const named = { cert: tls_cert, key: tls_key, ca: tls_client_ca };
    const paths = Object.entries(named).filter(([, path]) => path !== null) as [
      keyof SecureContext,
      string,
    ][];
    try {
      const stamp = await stampOf(paths);
      return new CertificateFiles(paths, log, await readAll(paths), stamp);
    } catch (error) {
      throw new Error(
        `Cannot start: the TLS certificate cannot be used: ${(error as Error).message}${hint(error)}`,
      );
    }
  }

  get current(): SecureContext {
    return this.#current;
  }

  /** Calls `changed` with new contents until `stop`. Unusable files are logged, and the old contents stay in use. */
  watch(changed: (context: SecureContext) => void): void {
    this.#timer = setInterval(() => {
      this.#look(changed).catch((error) => {
        this.#log.error("Cannot use the new TLS certificate; the old one stays in use", {
          error: describeError(error),
        });
      });
    }, LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(changed: (context: SecureContext) => void): Promise<void> {
    const stamp = await stampOf(this.#paths);
    if (stamp === this.#stamp) return;
    const context = await readAll(this.#paths); // key and certificate may not match while they are being replaced: read again later
    this.#stamp = stamp;
    this.#current = context;
    changed(context);
    this.#log.info("Loaded the new TLS certificate");
  }
}

/** Returns advice on files that the service's user may not read. */
function hint(error: unknown): string {
  if (!(error instanceof Deno.errors.PermissionDenied)) return "";
  return "; 'ocpp-gateway cert --cert FILE --key FILE' puts them where the service may read them";
}

async function stampOf(paths: [string, string][]): Promise<string> {
  const stats = await Promise.all(paths.map(([, path]) => Deno.stat(path)));
  return stats.map(({ mtime, size, ino }) => `${mtime?.getTime()} ${size} ${ino}`).join();
}

async function readAll(paths: [keyof SecureContext, string][]): Promise<SecureContext> {
  const texts = await Promise.all(
    paths.map(async ([name, path]) => [name, await Deno.readTextFile(path)] as const),
  );
  const context = Object.fromEntries(texts) as unknown as SecureContext;
  const fits = new X509Certificate(context.cert).checkPrivateKey(createPrivateKey(context.key));
  if (!fits) throw new Error("the key does not match the certificate");
  return context;
}
