// A small S3 server in memory, which checks each request's Signature Version 4 by the specification alone.
import { createHash, createHmac } from "node:crypto";

/** The credentials that the server knows. */
export const CREDENTIALS = {
  access_key: "AKIDEXAMPLE",
  secret_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};

/** The server. */
export class S3Server implements AsyncDisposable {
  readonly objects = new Map<string, Uint8Array>();
  /** Uploads in parts that were begun and neither completed nor aborted. */
  readonly uploads = new Map<string, Map<number, Uint8Array>>();
  /** Requests as `METHOD path?query`. */
  readonly requests: string[] = [];
  /** Replaces the answer to a request; null: the usual one. */
  answer: (request: string) => Response | null = () => null;
  /** Changes what is stored, as a faulty server would. */
  stored: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      (request) => this.#serve(request),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/depot`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #serve(request: Request): Promise<Response> {
    const body = new Uint8Array(await request.arrayBuffer());
    const { pathname, search, searchParams } = new URL(request.url);
    const line = `${request.method} ${pathname}${search}`;
    this.requests.push(line);
    const problem = problemOf(request, body);
    if (problem) return failure(403, problem);
    return this.answer(line) ?? this.#do(request.method, { key: pathname, query: searchParams, body });
  }

  #do(
    method: string,
    { key, query, body }: { key: string; query: URLSearchParams; body: Uint8Array },
  ): Response {
    const upload = query.get("uploadId");
    if (query.has("uploads")) {
      const id = crypto.randomUUID();
      this.uploads.set(id, new Map());
      return new Response(`<Result><UploadId>${id}</UploadId></Result>`);
    }
    if (upload && method === "DELETE") return this.#end(upload);
    if (upload && method === "PUT") {
      this.uploads.get(upload)!.set(Number(query.get("partNumber")), body);
      return new Response(null, { headers: { etag: `"${etag(body)}"` } });
    }
    if (upload) return this.#complete(key, upload, new TextDecoder().decode(body));
    if (query.has("list-type")) return this.#list(query);
    return this.#object(method, key, body);
  }

  #object(method: string, key: string, body: Uint8Array): Response {
    if (method === "PUT") this.objects.set(key, this.stored(body));
    if (method === "DELETE") {
      this.objects.delete(key);
      return new Response(null, { status: 204 });
    }
    const object = this.objects.get(key);
    if (!object) return failure(404, "NoSuchKey");
    return new Response(null, { headers: { "content-length": String(object.length) } });
  }

  #end(upload: string): Response {
    this.uploads.delete(upload);
    return new Response(null, { status: 204 });
  }

  #complete(key: string, upload: string, xml: string): Response {
    const numbers = [...xml.matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>"(\w+)"<\/ETag>/g)];
    const parts = numbers.map(([, number, tag]) => ({
      bytes: this.uploads.get(upload)!.get(Number(number))!,
      tag,
    }));
    if (parts.some(({ bytes, tag }) => etag(bytes) !== tag)) return failure(400, "InvalidPart");
    this.uploads.delete(upload);
    this.objects.set(key, this.stored(new Uint8Array(parts.flatMap(({ bytes }) => [...bytes]))));
    return new Response("<CompleteMultipartUploadResult/>");
  }

  /** Lists two keys a page. */
  #list(query: URLSearchParams): Response {
    const prefix = `/depot/${query.get("prefix")}`;
    const from = Number(query.get("continuation-token") ?? 0);
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    const page = keys.slice(from, from + 2).map((key) => `<Contents><Key>${key.slice(7)}</Key></Contents>`);
    const next = from + 2 < keys.length ? `<NextContinuationToken>${from + 2}</NextContinuationToken>` : "";
    return new Response(`<ListBucketResult>${page.join("")}${next}</ListBucketResult>`);
  }
}

function failure(status: number, code: string): Response {
  return new Response(`<Error><Code>${code}</Code><Message>as the test wants</Message></Error>`, { status });
}

const etag = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");
const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");
const hmac = (key: string | Uint8Array, text: string) => createHmac("sha256", key).update(text).digest();

/** Returns the S3 code of what is wrong with a request's signature, or null (AWS Signature Version 4, header form). */
function problemOf(request: Request, body: Uint8Array): string | null {
  const authorization = request.headers.get("authorization") ?? "";
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/
      .exec(authorization);
  if (!match) return "AccessDenied";
  const [, access_key, day, region, signed, signature] = match as unknown as string[];
  if (access_key !== CREDENTIALS.access_key) return "InvalidAccessKeyId";
  if (request.headers.get("x-amz-content-sha256") !== sha256(body)) return "XAmzContentSHA256Mismatch";
  const url = new URL(request.url);
  const query = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort().join(
    "&",
  );
  const names = signed!.split(";");
  if (!names.includes("host") || !names.includes("x-amz-content-sha256")) return "AccessDenied";
  const headers = names.map((name) =>
    `${name}:${name === "host" ? url.host : request.headers.get(name)!.trim()}\n`
  );
  const canonical = [request.method, url.pathname, query, headers.join(""), signed, sha256(body)].join("\n");
  const at = request.headers.get("x-amz-date")!;
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", at, scope, sha256(canonical)].join("\n");
  const key = [day!, region!, "s3", "aws4_request"].reduce<string | Uint8Array>(
    hmac,
    `AWS4${CREDENTIALS.secret_key}`,
  );
  return hmac(key, text).toString("hex") === signature ? null : "SignatureDoesNotMatch";
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
