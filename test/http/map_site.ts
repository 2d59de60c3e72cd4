// A gateway with a data dir of its own, for tests of the site's map.
import { ask, AUTHORIZATION, startTestGateway, type TestGateway, type TestOptions } from "../kit/gateway.ts";

/** The gateway, with the requests of the tests. */
export interface MapSite extends AsyncDisposable {
  test: TestGateway;
  data_dir: string;
  upload(bytes: BodyInit): ReturnType<typeof ask>;
  /** Returns the answer to a GET. */
  get(path: string, headers?: Record<string, string>): Promise<Response>;
}

/** Starts the gateway; `data_dir`: existing data, which are kept at the end. */
export async function startMapSite(options: TestOptions & { data_dir?: string } = {}): Promise<MapSite> {
  const data_dir = options.data_dir ?? await Deno.makeTempDir();
  const test = await startTestGateway({ ...options, config: { data_dir, ...options.config } });
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(test.url + path, { headers: { ...AUTHORIZATION, ...headers } });
  return {
    test,
    data_dir,
    get,
    async upload(body) {
      const answer = await fetch(`${test.url}/ocpp/map/`, { method: "PUT", body, headers: AUTHORIZATION });
      return { status: answer.status, headers: answer.headers, body: await answer.json() };
    },
    async [Symbol.asyncDispose]() {
      await test[Symbol.asyncDispose]();
      if (!options.data_dir) await Deno.remove(data_dir, { recursive: true });
    },
  };
}
