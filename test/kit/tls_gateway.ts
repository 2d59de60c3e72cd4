// A gateway with its TLS listener, for tests.
import type { Config } from "../../src/config.ts";
import type { Settings } from "../../src/store/store.ts";
import { startTestGateway, type TestGateway } from "./gateway.ts";
import { makeCa, type Pair, type TestCa } from "./certificates.ts";

/** A gateway that serves TLS, too. */
export interface TlsGateway extends AsyncDisposable {
  plain: TestGateway;
  /** `wss://127.0.0.1:PORT` */
  wss_url: string;
  https_url: string;
  /** The CA of the server's certificate. */
  ca: TestCa;
  /** The CA of the chargers' certificates. */
  client_ca: TestCa;
  /** Folder of server.crt and server.key. */
  folder: string;
}

/** Starts one; `clients`: chargers may show certificates. */
export async function startTlsGateway(
  { clients = false, config = {}, settings = {} }: {
    clients?: boolean;
    config?: Partial<Config>;
    settings?: Partial<Settings>;
  } = {},
): Promise<TlsGateway> {
  const folder = await Deno.makeTempDir({ prefix: "ocpp-tls-" });
  const ca = await makeCa("Test server CA");
  const client_ca = await makeCa("Test client CA");
  const server = await ca.issue({
    common_name: "127.0.0.1",
    names: ["127.0.0.1", "localhost"],
    usage: "server",
  });
  await writePair(folder, server);
  await Deno.writeTextFile(`${folder}/clients.crt`, client_ca.cert);
  const tls = {
    tls_cert: `${folder}/server.crt`,
    tls_key: `${folder}/server.key`,
    tls_port: 0,
    tls_client_ca: clients ? `${folder}/clients.crt` : null,
  };
  const plain = await startTestGateway({ config: { ...tls, ...config }, settings });
  const authority = `127.0.0.1:${plain.gateway.tls_port}`;
  return {
    plain,
    wss_url: `wss://${authority}`,
    https_url: `https://${authority}`,
    ca,
    client_ca,
    folder,
    async [Symbol.asyncDispose]() {
      await plain[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Puts a certificate and its key where the gateway reads them. */
export async function writePair(folder: string, { cert, key }: Pair): Promise<void> {
  await Deno.writeTextFile(`${folder}/server.key`, key);
  await Deno.writeTextFile(`${folder}/server.crt`, cert);
}
