// Limits of circuits from outside by REST.
import { assertEquals } from "@std/assert";
import { eventually } from "../kit/eventually.ts";
import { cases, type Site } from "../kit/site.ts";

const PATH = "/ocpp/circuits/house/limit/";

async function limits(site: Site): Promise<unknown[]> {
  const { limits } = await site.get("/ocpp/circuits/house/");
  return limits.map(({ source, limit_a, limit_w }: Record<string, unknown>) => [source, limit_a, limit_w]);
}

cases("limits of circuits from outside", {}, (test) => {
  test("the lowest of a circuit's own limit and those of several sources holds; a source replaces its own", async (site) => {
    await site.ask("POST", "/ocpp/circuits/", { name: "house", max_current_a: 63 });
    const put = (body: unknown) => site.ask("PUT", PATH, body);
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    const grid = await put({ limit_w: 11_040, source: "grid", expires_at });
    assertEquals(grid.limits, [{
      kind: "outside",
      source: "grid",
      limit_a: null,
      limit_w: 11_040,
      until: new Date(Math.round(Date.parse(expires_at) / 1000) * 1000).toISOString(),
    }]);
    assertEquals((await put({ limit_a: 80, valid_s: 60 })).available_a, [63, 63, 63]);
    assertEquals((await put({ limit_a: 20, valid_s: 60 })).available_a, [20, 20, 20]);
    assertEquals(await limits(site), [["grid", null, 11_040], ["admin", 20, null]]);
    await site.ask("DELETE", PATH);
    await site.ask("DELETE", `${PATH}?source=grid`);
    assertEquals(await limits(site), []);
    assertEquals((await site.rest("DELETE", PATH)).status, 404);
  });

  test("bad input names the field, and changes nothing", async (site) => {
    const field = async (body: unknown) => {
      const { status, body: { code, values } } = await site.rest("PUT", PATH, body);
      return [status, code, values?.field];
    };
    const named = (name: string) => [400, "invalid_field", name];
    assertEquals(await field({ valid_s: 60 }), named("limit_a"));
    assertEquals(await field({ limit_a: -1, valid_s: 60 }), named("limit_a"));
    assertEquals(await field({ limit_w: "much", valid_s: 60 }), named("limit_w"));
    assertEquals(await field({ limit_a: 10 }), named("expires_at"));
    assertEquals(await field({ limit_a: 10, valid_s: 0 }), named("valid_s"));
    assertEquals(await field({ limit_a: 10, expires_at: "tomorrow" }), named("expires_at"));
    assertEquals(await field({ limit_a: 10, expires_at: "2020-01-01T00:00:00Z" }), named("expires_at"));
    assertEquals(await field({ limit_a: 10, expires_at: "2120-01-01T00:00:00Z" }), named("expires_at"));
    assertEquals(
      await field({ limit_a: 10, valid_s: 60, expires_at: "2120-01-01T00:00:00Z" }),
      named("valid_s"),
    );
    assertEquals(await field({ limit_a: 10, valid_s: 60, until: 3 }), named("until"));
    assertEquals(
      (await site.rest("PUT", "/ocpp/circuits/shed/limit/", { limit_a: 1, valid_s: 1 })).status,
      404,
    );
    assertEquals(await limits(site), []);
  });

  test("operators may set them, viewers may not; the audit log says who did, and a source is the token's label", async (site) => {
    const as = async (role: string) => {
      const { token } = await site.ask("POST", "/ocpp/tokens/", { label: `EMS ${role}`, role });
      const answer = await fetch(`${site.ws_url.replace("ws", "http").replace(/\/ocpp\/?$/, "")}${PATH}`, {
        method: "PUT",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ limit_a: 16, valid_s: 60 }),
      });
      return [answer.status, (await answer.json()).code];
    };
    assertEquals(await as("viewer"), [403, "role_required"]);
    assertEquals(await as("operator"), [200, undefined]);
    assertEquals(await limits(site), [["EMS operator", 16, null]]);
    await eventually(async () => {
      const [entry] = (await site.get("/ocpp/audit/?who=EMS%20operator")).entries;
      return entry?.action === "limit" && entry.kind === "circuit" && entry.id === "house";
    });
    await site.ask("DELETE", "/ocpp/circuits/house/");
    await site.ask("POST", "/ocpp/circuits/", { name: "house" });
    assertEquals(await limits(site), [], "they go with the circuit");
  });

  test("a circuit has limits at times of the day; bad input names the field, and changes nothing", async (site) => {
    const path = "/ocpp/circuits/house/";
    const night = { days: ["fri", "sat"], from: "22:00", to: "06:00", limit_a: 10 };
    const { schedule } = await site.ask("PATCH", path, { schedule: [night] });
    assertEquals(schedule, [{ ...night, limit_w: null }]);
    const field = async (entry: unknown) =>
      (await site.rest("PATCH", path, { schedule: [night, entry] })).body.values?.field;
    assertEquals(await field({ ...night, from: "24:00" }), "schedule.1.from");
    assertEquals(await field({ ...night, to: "6:00" }), "schedule.1.to");
    assertEquals(await field({ ...night, limit_a: null }), "schedule.1.limit_a");
    assertEquals(await field({ ...night, days: [] }), "schedule.1.days");
    assertEquals((await site.get(path)).schedule.length, 1);
    const always = { from: "00:00", to: "00:00", limit_w: 6900 };
    const { limits } = await site.ask("PATCH", path, { schedule: [always] });
    assertEquals(limits, [{ kind: "schedule", source: "", limit_a: null, limit_w: 6900, until: null }]);
    assertEquals((await site.ask("PATCH", path, { schedule: [] })).limits, []);
  });
});
