// Request bodies: bounded in size, in time and in all.
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { connect } from "node:net";
import { Bodies } from "../../src/http/bodies.ts";
import { HttpError } from "../../src/http/http_error.ts";
import { AUTHORIZATION, startTestGateway } from "../kit/gateway.ts";
import { onEachListener } from "../kit/listeners.ts";
import { RawSocket } from "../kit/raw_socket.ts";

const JSON_TYPE = { "content-type": "application/json" };
const tuning = { body_ms: 200 };

/** Sends a request whose body never ends, and returns the status of the answer. */
async function statusOfUnfinished(port: number, head: string): Promise<number> {
  const socket = connect(port, "127.0.0.1");
  socket.write(
    `${head}\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{`,
  );
  try {
    for await (const chunk of socket) return Number(/^HTTP\/1.1 (\d+)/.exec(String(chunk))?.[1]);
    return 0;
  } finally {
    socket.destroy();
  }
}

Deno.test("a body that does not come in time is 408", async () => {
  await using site = await startTestGateway({ tuning });
  assertEquals(await statusOfUnfinished(site.port, "POST /login HTTP/1.1"), 408);
  const { authorization } = AUTHORIZATION;
  const patch = `PATCH /ocpp/settings/ HTTP/1.1\r\nauthorization: ${authorization}`;
  assertEquals(await statusOfUnfinished(site.port, patch), 408);
  const upload = `PUT /ocpp/firmware/x.bin HTTP/1.1\r\nauthorization: ${authorization}`;
  assertEquals(await statusOfUnfinished(site.port, upload), 408);
});

onEachListener("a connection goes on after a request whose body was refused unread", async (start) => {
  await using site = await start();
  using socket = await RawSocket.open({ port: site.port });
  const refused = "POST /ocpp/rfids/ HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 2\r\n\r\n{}";
  await socket.write(refused);
  assertMatch(await socket.read(), /^HTTP\/1.1 401 /);
  await socket.write("GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
  let read = "";
  while (!read.includes('"status":"ok"')) {
    const more = await socket.read();
    if (more === "") break;
    read += more;
  }
  assertMatch(read, /HTTP\/1.1 200 /);
});

Deno.test("a stranger's body is 8 kB at most", async () => {
  await using site = await startTestGateway();
  const login = (password: string) =>
    fetch(`${site.url}/login`, {
      method: "POST",
      headers: JSON_TYPE,
      body: JSON.stringify({ user: "admin", password }),
    });
  const long = await login("x".repeat(8_200));
  assertEquals([long.status, (await long.json()).code], [413, "body_too_large"]);
  const short = await login("x".repeat(100));
  assertEquals([short.status, (await short.json()).code], [401, "wrong_login"]);
});

Deno.test("bodies that are held at once are bounded together, and end with their requests", async () => {
  const bodies = new Bodies({ max: 1000, within_ms: 10_000 });
  const { promise: more, resolve } = Promise.withResolvers<void>();
  const half = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(new Uint8Array(600));
      await more;
      controller.close();
    },
  });
  const first = bodies.read(half, 1000);
  const refused = await assertRejects(
    () => bodies.read(ReadableStream.from([new Uint8Array(500)]), 1000),
    HttpError,
  );
  assertEquals([refused.status, refused.code], [503, "overloaded"]);
  resolve();
  assertEquals((await first).length, 600);
  assertEquals((await bodies.read(ReadableStream.from([new Uint8Array(900)]), 1000)).length, 900);
});
