// Copies of backups in a bucket of an S3-compatible server, uploaded in parts, so that memory stays bounded.
import { node } from "../../node.ts";
import { AwsClient } from "aws4fetch";
import type { CopyPlace } from "./copy_place.ts";

/** A bucket and the credentials for it. */
export interface S3PlaceOptions {
  /** URL of the bucket, with a prefix for the names perhaps: `https://host/bucket/prefix`. */
  url: string;
  region: string;
  access_key: string;
  secret_key: string;
  /** Part of the names, so that sites can share a bucket. */
  site_id: string;
  /** Bytes of a part; S3 asks for 5 MiB at least. */
  part_bytes?: number;
  /** Time limit of one request, ms. */
  timeout_ms?: number;
}

interface Ask {
  method: string;
  query?: Record<string, string>;
  body?: Uint8Array<ArrayBuffer>;
}

const PART = 8_388_608;
const TIMEOUT = 120_000;

/** Returns the place in a bucket. */
export function s3Place(options: S3PlaceOptions): CopyPlace {
  const bucket = new Bucket(options);
  return {
    kind: "s3",
    target: bucket.target,
    list: (signal) => bucket.list(signal),
    put: (path, name, signal) => bucket.put(path, name, signal),
    async remove(name, signal) {
      await bucket.ask(name, { method: "DELETE" }, signal);
    },
  };
}

/** A bucket; requests are signed by Signature Version 4, the hash of each body among what is signed. */
class Bucket {
  readonly #options: S3PlaceOptions;
  readonly #client: AwsClient;
  readonly #origin: string;
  readonly #bucket: string;
  readonly #prefix: string;

  constructor(options: S3PlaceOptions) {
    this.#options = options;
    const { access_key: accessKeyId, secret_key: secretAccessKey, region } = options;
    this.#client = new AwsClient({ accessKeyId, secretAccessKey, region, service: "s3" });
    const { origin, pathname } = new URL(options.url);
    const [bucket = "", ...prefix] = pathname.split("/").filter((part) => part !== "");
    this.#origin = origin;
    this.#bucket = bucket;
    this.#prefix = [...prefix, options.site_id].join("/");
  }

  get target(): string {
    return `${this.#origin}/${this.#bucket}/${this.#prefix}`;
  }

  /** Returns the names of the site's objects. */
  async list(signal: AbortSignal): Promise<string[]> {
    const names: string[] = [];
    const prefix = `${this.#prefix}/`;
    for (let token: string | undefined = ""; token !== undefined;) {
      const more: Record<string, string> = token ? { "continuation-token": token } : {};
      const query = { "list-type": "2", prefix: decodeURIComponent(prefix), ...more };
      const xml = await (await this.ask(null, { method: "GET", query }, signal)).text();
      for (const [, key = ""] of xml.matchAll(/<Key>([^<]*)<\/Key>/g)) {
        names.push(key.slice(key.lastIndexOf("/") + 1));
      }
      token = /<NextContinuationToken>([^<]+)</.exec(xml)?.[1];
    }
    return names;
  }

  async put(path: string, name: string, signal: AbortSignal): Promise<void> {
    const { size } = await Deno.stat(path);
    if (size <= this.#part) await this.ask(name, { method: "PUT", body: await Deno.readFile(path) }, signal);
    else await this.#putParts(path, name, signal);
    const stored = Number((await this.ask(name, { method: "HEAD" }, signal)).headers.get("content-length"));
    if (stored === size) return;
    await this.ask(name, { method: "DELETE" }, signal);
    throw new Error(`the server has stored ${stored} of ${size} bytes`);
  }

  async #putParts(path: string, name: string, signal: AbortSignal): Promise<void> {
    const begun = await (await this.ask(name, { method: "POST", query: { uploads: "" } }, signal)).text();
    const uploadId = /<UploadId>([^<]+)</.exec(begun)?.[1];
    if (!uploadId) throw new Error("the server did not begin an upload in parts");
    try {
      const tags: string[] = [];
      for await (const body of parts(path, this.#part)) {
        const query = { partNumber: String(tags.length + 1), uploadId };
        const { headers } = await this.ask(name, { method: "PUT", query, body }, signal);
        tags.push(headers.get("etag") ?? "");
      }
      await this.#complete(name, { uploadId, tags }, signal);
    } catch (error) {
      const query = { uploadId };
      await this.ask(name, { method: "DELETE", query }, AbortSignal.timeout(5000)).catch(() => {});
      throw error;
    }
  }

  /** Completes an upload; S3 can answer 200 with an error in the body. */
  async #complete(
    name: string,
    { uploadId, tags }: { uploadId: string; tags: string[] },
    signal: AbortSignal,
  ): Promise<void> {
    const list = tags.map((tag, index) =>
      `<Part><PartNumber>${index + 1}</PartNumber><ETag>${tag.replaceAll(/[<>&]/g, "")}</ETag></Part>`
    );
    const xml = `<CompleteMultipartUpload>${list.join("")}</CompleteMultipartUpload>`;
    const body = new TextEncoder().encode(xml);
    const answer = await this.ask(name, { method: "POST", query: { uploadId }, body }, signal);
    const text = await answer.text();
    if (text.includes("<Error>")) throw new Error(`the server answers ${reasonIn(text)}`);
  }

  /** Sends a request for an object; null: for the bucket. Throws Error with the server's reason. */
  async ask(name: string | null, { method, query = {}, body }: Ask, signal: AbortSignal): Promise<Response> {
    const key = name === null ? "" : `/${this.#prefix}/${name}`;
    const url = `${this.#origin}/${this.#bucket}${key}?${new URLSearchParams(query)}`.replace(/\?$/, "");
    const hash = node("crypto").createHash("sha256").update(body ?? new Uint8Array()).digest("hex");
    const request = await this.#client.sign(url, {
      method,
      headers: { "x-amz-content-sha256": hash },
      ...(body && { body }),
    });
    const limit = AbortSignal.any([signal, AbortSignal.timeout(this.#options.timeout_ms ?? TIMEOUT)]);
    const answer = await fetch(request, { redirect: "manual", signal: limit }).catch((error) => {
      throw new Error(
        `${this.#origin} cannot be reached (${error instanceof Error ? error.message : error})`,
      );
    });
    if (answer.ok) return answer;
    throw new Error(`the server answers ${answer.status} ${reasonIn(await answer.text())}`.trim());
  }

  get #part(): number {
    return this.#options.part_bytes ?? PART;
  }
}

/** Yields a file in parts of `bytes`, one at a time in memory. */
async function* parts(path: string, bytes: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  using file = await Deno.open(path);
  for (;;) {
    const part = new Uint8Array(bytes);
    let length = 0;
    while (length < bytes) {
      const read = await file.read(part.subarray(length));
      if (read === null) break;
      length += read;
    }
    if (length > 0) yield part.subarray(0, length);
    if (length < bytes) return;
  }
}

/** Returns the code and the message in an S3 server's error. */
function reasonIn(xml: string): string {
  const [code, message] = ["Code", "Message"].map((tag) => new RegExp(`<${tag}>([^<]*)<`).exec(xml)?.[1]);
  return [code, message?.slice(0, 200)].filter((part) => part).join(": ");
}
