// REST requests with any credentials.
import { PASSWORD, type RestAnswer, type TestGateway } from "./gateway.ts";

/** The credentials and body of a request. */
export interface Asking {
  cookie?: string;
  /** `user:password` */
  basic?: string;
  bearer?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

/** Sends a request. */
export async function visit(site: TestGateway, line: string, asking: Asking = {}): Promise<RestAnswer> {
  const [method = "GET", path = "/"] = line.split(" ");
  const { cookie, basic, bearer, body, headers = {} } = asking;
  const authorization = bearer ? `Bearer ${bearer}` : basic ? `Basic ${btoa(basic)}` : undefined;
  const all = {
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(cookie ? { cookie } : {}),
    ...(authorization ? { authorization } : {}),
    ...headers,
  };
  const text = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  const response = await fetch(site.url + path, { method, headers: all, redirect: "manual", ...text });
  const answer = await response.text();
  const json = response.headers.get("content-type")?.includes("json") && answer !== "";
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(answer) : answer };
}

/** Logs in; returns the cookie. */
export async function logIn(site: TestGateway, user = "admin", password = PASSWORD): Promise<string> {
  const { status, headers } = await visit(site, "POST /login", { body: { user, password } });
  if (status !== 200) throw new Error(`Login refused: ${status}`);
  return headers.get("set-cookie")!.split(";")[0]!;
}
