// Requests that are refused with the status that says why, never 500.
import { assertEquals } from "@std/assert";
import { ROUTES } from "../../src/http/routes.ts";
import { AUTHORIZATION, startTestGateway } from "../kit/gateway.ts";

Deno.test("a value that the database cannot hold is 413, and nothing is changed", async () => {
  await using site = await startTestGateway();
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1", config: { small: true } });
  const { status, body } = await site.rest("PATCH", "/ocpp/chargers/CP1/", {
    config: { big: "x".repeat(70_000) },
  });
  assertEquals([status, body.code], [413, "body_too_large"]);
  assertEquals((await site.rest("GET", "/ocpp/chargers/CP1/")).body.config, { small: true });
});

Deno.test("a method that a path does not have is 405 with Allow, on every path", async () => {
  await using site = await startTestGateway();
  for (const path of new Set(ROUTES.map((route) => route.path))) {
    const methods = ROUTES.filter((route) => route.path === path).map(({ method }): string => method);
    const wrong = ["PUT", "PATCH", "DELETE", "POST"].find((method) => !methods.includes(method))!;
    const { status, headers } = await site.rest(wrong, path.replaceAll(/\{\w+\}/g, "1"));
    const allow = [...methods, ...methods.includes("GET") ? ["HEAD"] : []].sort().join(", ");
    assertEquals([status, headers.get("allow")], [405, allow], `${wrong} ${path}`);
  }
});

/** The paths outside of REST, and their methods. */
const OTHERS: [string, string][] = [
  ["/", "GET, HEAD"],
  ["/openapi.json", "GET, HEAD"],
  ["/healthz", "GET, HEAD"],
  ["/metrics", "GET, HEAD"],
  ["/admin", "GET, HEAD"],
  ["/admin/", "GET, HEAD"],
  ["/admin/chargers", "GET, HEAD"],
  ["/static/landing.css", "GET, HEAD"],
  ["/ocpp/c/CP1/", "GET, HEAD"],
  ["/ocpp/c/CP1/qr.svg", "GET, HEAD"],
  ["/ocpp/c/CP1/qr.png", "GET, HEAD"],
  ["/files/firmware/TOKEN/file.bin", "GET, HEAD"],
  ["/files/upload/TOKEN", "POST, PUT"],
  ["/files/upload/TOKEN/file.log", "POST, PUT"],
];

Deno.test("a method that a path outside of REST does not have is 405 with Allow", async () => {
  await using site = await startTestGateway();
  for (const [path, allow] of OTHERS) {
    const wrong = [
      "POST",
      "PUT",
      "PATCH",
      "DELETE",
      "OPTIONS",
      ...allow.includes("GET") ? [] : ["GET", "HEAD"],
    ]
      .filter((method) => !allow.split(", ").includes(method));
    for (const method of wrong) {
      const { status, headers } = await site.rest(method, path);
      assertEquals([status, headers.get("allow")], [405, allow], `${method} ${path}`);
    }
  }
  for (const path of ["/nothing", "/files/nothing", "/ocpp/c/"]) {
    assertEquals((await site.rest("POST", path)).status, 404, path);
  }
});

Deno.test("HEAD answers as GET does, without content, and ends what GET would send", async () => {
  await using site = await startTestGateway();
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
  const ask = async (method: string, path: string) => {
    const answer = await fetch(site.url + path, { method, headers: AUTHORIZATION, redirect: "manual" });
    const content = method === "HEAD" ? await answer.text() : (await answer.body?.cancel(), "");
    return { status: answer.status, type: answer.headers.get("content-type"), content };
  };
  const paths = ROUTES.filter(({ method }) => method === "GET").map(({ path }) =>
    path.replaceAll("{charger_id}", "CP1").replaceAll(/\{\w+\}/g, "1")
  );
  for (
    const path of [
      ...paths,
      ...OTHERS.filter(([, allow]) => allow.includes("GET")).map(([path]) => path),
    ]
  ) {
    const { status, type } = await ask("GET", path);
    assertEquals(await ask("HEAD", path), { status, type, content: "" }, path);
  }

  const { events } = site.gateway.services;
  const subscribe = events.subscribe.bind(events);
  let readers = 0;
  events.subscribe = (listener, types) => {
    const unsubscribe = subscribe(listener, types);
    readers++;
    return () => (readers--, unsubscribe());
  };
  await ask("HEAD", "/ocpp/events/");
  assertEquals(readers, 0, "the stream has ended");
});
