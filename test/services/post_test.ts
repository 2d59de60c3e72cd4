import { assert, assertEquals, assertMatch } from "@std/assert";
import { post } from "../../src/services/outputs/post.ts";
import { makeCa } from "../kit/certificates.ts";
import { Receiver } from "../kit/receiver.ts";

const NEVER = new AbortController().signal;

function outcomeAt(url: string) {
  return post({ url, headers: { "content-type": "application/json" }, body: "{}" }, NEVER);
}

Deno.test("post gives the first words of a refusal, in one line", async (t) => {
  await using receiver = new Receiver();
  const text = { "content-type": "text/plain" };
  const endless = () => new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(65_536).fill(65)) });
  const silent = () => new ReadableStream({ start: (to) => to.enqueue(new TextEncoder().encode("wait")) });
  const cases: [string, () => Response, RegExp][] = [
    [
      "Telegram's",
      () => Response.json({ ok: false, description: "Bad Request: chat not found" }, { status: 400 }),
      /^The receiver answered 400: Bad Request: chat not found$/,
    ],
    [
      "ntfy's",
      () => Response.json({ code: 40101, http: 401, error: "unauthorized" }, { status: 401 }),
      /^The receiver answered 401: unauthorized$/,
    ],
    ["lines", () => new Response("no\r\n\x1b[2Jroom", { status: 507, headers: text }), / 507: no \[2Jroom$/],
    [
      "HTML is left out",
      () => new Response("<h1>no</h1>", { status: 502, headers: { "content-type": "text/html" } }),
      / 502$/,
    ],
    ["without end", () => new Response(endless(), { status: 400, headers: text }), / 400: A{200}$/],
    ["silent", () => new Response(silent(), { status: 400, headers: text }), / 400: wait$/],
  ];
  for (const [name, answer, error] of cases) {
    await t.step(name, async () => {
      receiver.answer = answer;
      const outcome = await outcomeAt(receiver.url);
      assertEquals(outcome.ok, false);
      assertMatch(outcome.error!, error);
    });
  }
});

Deno.test("post keeps the URL, which may hold a token, out of its reasons", async () => {
  const { error } = await outcomeAt("http://nowhere.invalid/bot123:SECRET/sendMessage");
  assert(error && !error.includes("SECRET"), error ?? "no error");
  assertMatch(error, /dns/i);
});

Deno.test("post waits for an answer until its deadline", async () => {
  await using receiver = new Receiver();
  const { promise, resolve } = Promise.withResolvers<Response>();
  receiver.answer = () => promise;
  const request = { url: receiver.url, headers: { "content-type": "application/json" }, body: "{}" };
  const outcome = await post(request, NEVER, { deadline_ms: 50 });
  assertMatch(outcome.error!, /^No answer within/);
  resolve(new Response());
});

Deno.test("post refuses a receiver whose certificate nobody vouches for, and says so", async () => {
  const { cert, key } = await (await makeCa("Nobody")).issue({
    common_name: "receiver",
    names: ["127.0.0.1"],
    usage: "server",
  });
  let asked = 0;
  const options = { hostname: "127.0.0.1", port: 0, cert, key, onListen() {} };
  await using server = Deno.serve(options, () => new Response(String(asked++)));
  const { ok, status, error } = await outcomeAt(`https://127.0.0.1:${server.addr.port}/`);
  assertEquals([ok, status, asked], [false, null, 0]);
  assertMatch(error!, /certificate/i);
});
