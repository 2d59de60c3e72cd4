// Requests that are refused with the status that says why, never 500.
import { assertEquals } from "@std/assert";
import { ROUTES } from "../../src/http/routes.ts";
import { startTestGateway } from "../kit/gateway.ts";

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
