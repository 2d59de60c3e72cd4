// A gateway with a data dir of its own, and pictures for its plan.
import { Buffer } from "node:buffer";
// @ts-types="@types/pngjs"
import { PNG } from "pngjs";
import { AUTHORIZATION, startTestGateway, type TestGateway } from "../kit/gateway.ts";

/** A site whose plan is kept in `folder`. */
export interface PlanSite extends AsyncDisposable {
  test: TestGateway;
  folder: string;
}

/** Starts the site. */
export async function planSite(): Promise<PlanSite> {
  const data_dir = await Deno.makeTempDir();
  const test = await startTestGateway({ config: { data_dir } });
  return {
    test,
    folder: `${data_dir}/plan`,
    [Symbol.asyncDispose]: async () => {
      await test[Symbol.asyncDispose]();
      await Deno.remove(data_dir, { recursive: true });
    },
  };
}

/** Uploads a plan; returns status and body of the answer. */
export async function upload(url: string, picture: string | Uint8Array<ArrayBuffer>) {
  const answer = await fetch(`${url}/ocpp/plan/`, { method: "PUT", body: picture, headers: AUTHORIZATION });
  return { status: answer.status, body: await answer.json() };
}

/** Returns the plan's picture as it is served. */
export async function served(url: string, version = ""): Promise<{ answer: Response; bytes: Uint8Array }> {
  const answer = await fetch(`${url}/ocpp/plan/picture?v=${version}`, { headers: AUTHORIZATION });
  return { answer, bytes: new Uint8Array(await answer.arrayBuffer()) };
}

/** Returns a PNG of one colour. */
export function png(width: number, height: number): Uint8Array<ArrayBuffer> {
  const picture = new PNG({ width, height });
  picture.data = Buffer.alloc(width * height * 4, 0xdd);
  return new Uint8Array(PNG.sync.write(picture));
}
