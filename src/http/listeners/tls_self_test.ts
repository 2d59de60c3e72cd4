// A self-test at start: some runtimes do not request client certificates although they are told to.
import { randomBytes, X509Certificate } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { request as ask } from "node:https";
import { type Certificate, normalizedHex } from "../admission/client_certificate.ts";
import type { SecureContext } from "./tls_files.ts";

const WITHIN_MS = 5_000;

/** The listener's side: a secret path that is refused without a client certificate. */
export class SelfTest {
  readonly path = `/${randomBytes(16).toString("hex")}`;
  #over = false;

  /** Answers a request for the secret path. Returns false for other requests. */
  answers(request: IncomingMessage, response: ServerResponse, certificate: Certificate | null): boolean {
    if (this.#over || request.url !== this.path) return false;
    response.writeHead(certificate ? 200 : 403).end(certificate?.fingerprint ?? "");
    return true;
  }

  end(): void {
    this.#over = true;
  }
}

/** Returns an address at which this machine reaches a listener on `host`. */
export function reachable(host: string): string {
  return host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
}

/** Connects with and without a certificate. Throws an Error if the listener does not tell the two apart. */
export async function proveClientsAreAsked(
  self_test: SelfTest,
  { host, port, cert, key }: SecureContext & { host: string; port: number },
): Promise<void> {
  const to = { host: reachable(host), port, path: self_test.path };
  const without = await asked(to, {});
  const with_one = await asked(to, { cert, key });
  self_test.end();
  const fingerprint = normalizedHex(new X509Certificate(cert).fingerprint256);
  if (without.status === 403 && with_one.status === 200 && with_one.body === fingerprint) return;
  throw new Error("Cannot start: this runtime does not ask clients for their certificates; use Deno 2.9");
}

function asked(
  to: { host: string; port: number; path: string },
  certificate: Partial<SecureContext>,
): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const options = {
    ...to,
    ...certificate,
    ca: [], // else the runtime reads the system's list and NODE_EXTRA_CA_CERTS, which the service may not
    rejectUnauthorized: false,
    agent: false as const,
    timeout: WITHIN_MS,
  };
  const request = ask(options, (response) => {
    let body = "";
    response.setEncoding("utf8").on("data", (text: string) => body += text);
    response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
  });
  request.on(
    "timeout",
    () => request.destroy(new Error("Cannot start: the TLS listener does not respond")),
  );
  request.on("error", reject);
  request.end();
  return promise;
}
