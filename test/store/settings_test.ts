// Settings follow from their schema: defaults, the REST check and view, and README's table.
import { assert, assertEquals } from "@std/assert";
import { withSettings } from "../../src/build/readme.ts";
import { Type } from "../../src/ocpp/schema_builder.ts";
import { checkerOf } from "../../src/ocpp/schema.ts";
import { text, withoutSecrets } from "../../src/store/setting_schema.ts";
import { DEFAULT_SETTINGS, SettingsSchema } from "../../src/store/settings.ts";
import { settingsCodec } from "../../src/store/settings_codec.ts";
import { startTestGateway } from "../kit/gateway.ts";

Deno.test("every setting has a description, a group, and a default within its bounds", () => {
  assertEquals(checkerOf(SettingsSchema).violations(DEFAULT_SETTINGS), []);
  for (const [name, schema] of Object.entries(SettingsSchema.properties)) {
    const { description, ["x-group"]: group } = schema as { description?: string; "x-group"?: string };
    assert(description && group, name);
  }
});

Deno.test("GET /ocpp/settings/ shows every setting, PATCH changes one and checks it by the schema", async () => {
  await using site = await startTestGateway();
  const { map, ...shown } = (await site.rest("GET", "/ocpp/settings/")).body;
  const defaults = {
    ...withoutSecrets(SettingsSchema.properties, DEFAULT_SETTINGS),
    time_zone: Temporal.Now.timeZoneId(),
  };
  assertEquals([shown, map], [defaults, null]);
  assertEquals((await site.rest("PATCH", "/ocpp/settings/", { call_timeout: 7 })).body.call_timeout, 7);
  assertEquals((await site.rest("GET", "/ocpp/settings/")).body, {
    ...defaults,
    call_timeout: 7,
    map: null,
  });
  for (const [name, value] of [["call_timeout", 601], ["mdns", "yes"], ["language", "fr"], ["unknown", 1]]) {
    const { status, body } = await site.rest("PATCH", "/ocpp/settings/", { [String(name)]: value });
    assertEquals(status, 400);
    assert(body.error!.includes(String(name)), body.error);
  }
});

Deno.test("OpenAPI describes the change of a setting with its bounds, group and unit, and without default", async () => {
  await using site = await startTestGateway();
  const { paths } = (await site.rest("GET", "/openapi.json")).body;
  const { schema } = paths["/ocpp/settings/"].patch.requestBody.content["application/json"];
  assertEquals(Object.keys(schema.properties), Object.keys(SettingsSchema.properties));
  assertEquals(schema.properties.heartbeat_interval, {
    type: "integer",
    description: "Heartbeat interval sent to chargers",
    minimum: 1,
    maximum: 86400,
    "x-unit": "s",
    "x-group": "chargers",
  });
  assertEquals([schema.required, schema.additionalProperties], [undefined, false]);
});

Deno.test("withoutSecrets leaves write-only settings out", () => {
  const { properties } = Type.Object({
    url: text("", "Address", {}),
    password: text("", "Password", { writeOnly: true }),
  });
  const shown: object = withoutSecrets(properties, { url: "a", password: "b" });
  assertEquals(shown, { url: "a" });
});

Deno.test("README lists the settings as they are: deno task readme writes the table", async () => {
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  assertEquals(readme, withSettings(readme));
});

Deno.test("the setting time_zone is the machine's until one is set, and takes names of the tz database only", async () => {
  await using site = await startTestGateway();
  const zone = async () => (await site.rest("GET", "/ocpp/settings/")).body.time_zone;
  assertEquals(await zone(), Temporal.Now.timeZoneId());
  for (const name of ["Mars/Base", "+02:00", "europe/madrid"]) {
    const { status, body } = await site.rest("PATCH", "/ocpp/settings/", { time_zone: name });
    assertEquals(status, 400);
    assertEquals(body.error, "time_zone must be the name of a time zone, such as Europe/Madrid, or empty");
  }
  await site.rest("PATCH", "/ocpp/settings/", { time_zone: "America/Monterrey" });
  assertEquals(await zone(), "America/Monterrey");
  await site.rest("PATCH", "/ocpp/settings/", { time_zone: "" });
  assertEquals(await zone(), Temporal.Now.timeZoneId());
});

Deno.test("settings of an older program keep their values under new names", () => {
  const old = { max_tls_connections: 77, max_tls_connections_per_address: 7, tls_headers_timeout: 3 };
  const settings = settingsCodec.decode(
    new TextEncoder().encode(JSON.stringify({ ...old, call_timeout: 9 })),
  );
  assertEquals(settings, {
    ...DEFAULT_SETTINGS,
    max_connections: 77,
    max_connections_per_address: 7,
    headers_timeout: 3,
    call_timeout: 9,
  });
  assertEquals(settingsCodec.decode(settingsCodec.encode(settings)), settings);
});
