// People and their programs: locks, proxies, hashes, the end of sessions and tokens, proofs of the password.
import { BadUsage } from "../../src/config.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { Passwords } from "../../src/http/auth/password.ts";
import { EventReader } from "../kit/event_reader.ts";
import { PASSWORD, startTestGateway } from "../kit/gateway.ts";
import { logIn, visit } from "../kit/visitor.ts";

const BASIC = `admin:${PASSWORD}`;
const DAY = 86_400_000;

Deno.test("wrong tokens lock out neither good tokens nor passwords of the same address", async () => {
  await using site = await startTestGateway();
  const { token } = (await site.rest("POST", "/ocpp/tokens/", { label: "t", role: "viewer" })).body;
  const answers: number[] = [];
  for (let n = 0; n < 55; n++) {
    answers.push((await visit(site, "GET /ocpp/chargers/", { bearer: `ogw_${n}` })).status);
  }
  assertEquals([answers[0], answers.at(-1)], [401, 429]);
  assertEquals((await visit(site, "GET /ocpp/chargers/", { bearer: token })).status, 200);
  assertEquals((await visit(site, "POST /login", { body: { password: PASSWORD } })).status, 200);
  for (let n = 0; n < 50; n++) await visit(site, "GET /ocpp/chargers/", { basic: `user${n}:x` });
  assertEquals((await visit(site, "GET /ocpp/chargers/", { basic: BASIC })).status, 429, "a locked address");
  assertEquals((await visit(site, "GET /ocpp/chargers/", { bearer: token })).status, 200);
});

Deno.test("X-Forwarded-For names the client only where the setting trusts the proxy that sends it", async () => {
  await using site = await startTestGateway();
  const addressFor = async (forwarded: string) => {
    const headers = { "x-forwarded-for": forwarded };
    const { headers: answer } = await visit(site, "POST /login", { body: { password: PASSWORD }, headers });
    const cookie = answer.get("set-cookie")!.split(";")[0]!;
    const { sessions } = (await visit(site, "GET /ocpp/sessions/", { cookie })).body;
    return sessions.find(({ current }: { current: boolean }) => current).address;
  };
  assertEquals(await addressFor("10.1.2.3"), "127.0.0.1", "by default nobody is trusted");
  await site.rest("PATCH", "/ocpp/settings/", { trusted_proxies: "127.0.0.1, 10.9.0.0/16, fd00::/8" });
  assertEquals(await addressFor("10.1.2.3"), "10.1.2.3");
  assertEquals(await addressFor("6.6.6.6, 10.1.2.3"), "10.1.2.3", "what the client says itself is ignored");
  assertEquals(await addressFor("10.1.2.3, 10.9.8.7, fd00::7"), "10.1.2.3", "proxies behind proxies");
  assertEquals(await addressFor("[2001:db8::1]:4711"), "2001:db8::1");
  assertEquals(await addressFor("nonsense"), "127.0.0.1");
  const bad = await site.rest("PATCH", "/ocpp/settings/", { trusted_proxies: "proxy.example" });
  assertEquals(bad.status, 400);
});

Deno.test("a password lock behind a trusted proxy is the client's, not everybody's", async () => {
  await using site = await startTestGateway({ settings: { trusted_proxies: "127.0.0.1" } });
  const from = (address: string, basic: string) =>
    visit(site, "GET /ocpp/chargers/", { basic, headers: { "x-forwarded-for": address } });
  for (let n = 0; n < 6; n++) await from("10.0.0.66", `admin:wrong${n}`);
  assertEquals((await from("10.0.0.66", BASIC)).status, 429);
  assertEquals((await from("10.0.0.7", BASIC)).status, 200);
});

Deno.test("passwords are hashed at OWASP's minimum for scrypt; a hash of an older cost is replaced at the next login", async () => {
  assert((await new Passwords().hash("x")).startsWith("scrypt$8192$8$10$"));
  await using site = await startTestGateway();
  const { users } = site.gateway.services.store;
  const old = "scrypt$512$8$1$AAAAAAAAAAAAAAAAAAAAAA==$" + await oldKey(PASSWORD);
  await users.put({ ...users.get("admin")!, password: old });
  assertEquals((await visit(site, "POST /login", { body: { password: "a wrong one" } })).status, 401);
  assertEquals(users.get("admin")!.password, old);
  await logIn(site);
  assert(users.get("admin")!.password.startsWith("scrypt$256$8$10$"), users.get("admin")!.password);
  assert(users.get("admin")!.last_login !== null);
  await logIn(site);
});

/** The key of an empty salt at the cost of an earlier version. */
async function oldKey(password: string): Promise<string> {
  const { scryptSync } = await import("node:crypto");
  return scryptSync(password, new Uint8Array(16), 32, { N: 512, r: 8, p: 1 }).toString("base64");
}

Deno.test("a login session ends 90 days after the login, however much it is used", async () => {
  let clock = Date.parse("2030-01-01T00:00:00Z");
  await using site = await startTestGateway({ now: () => clock });
  const cookie = await logIn(site);
  for (let day = 20; day < 90; day += 20) {
    clock += 20 * DAY;
    const { status, body } = await visit(site, "GET /ocpp/session/", { cookie });
    assertEquals([status, body.ends_at], [200, "2030-04-01T00:00:00.000Z"], `day ${day}`);
    assert(body.expires_at <= body.ends_at);
  }
  clock += 9 * DAY;
  assertEquals((await visit(site, "GET /ocpp/session/", { cookie })).status, 200);
  await site.rest("PATCH", "/ocpp/settings/", { session_max_days: 80 });
  assertEquals(
    (await visit(site, "GET /ocpp/session/", { cookie })).status,
    401,
    "the setting holds at once",
  );
  await site.rest("PATCH", "/ocpp/settings/", { session_max_days: 90 });
  clock += 1 * DAY;
  assertEquals((await visit(site, "GET /ocpp/session/", { cookie })).status, 401);
});

Deno.test("a token ends with the user who made it, and has no more rights than that user", async () => {
  await using site = await startTestGateway();
  const bob = { name: "bob", role: "admin", password: "bob's password" };
  await site.rest("POST", "/ocpp/users/", bob);
  const basic = `bob:${bob.password}`;
  const made = await visit(site, "POST /ocpp/tokens/", { basic, body: { label: "first", role: "admin" } });
  const first = made.body.token;
  const second = (await visit(site, "POST /ocpp/tokens/", {
    bearer: first,
    body: { label: "second", role: "operator" },
  })).body;
  assertEquals(second.created_by, "bob", "a token makes tokens in the name of its maker");
  const ask = async (bearer: string) =>
    (await visit(site, "GET /ocpp/session/", { bearer })).body.role ?? 401;
  assertEquals([await ask(first), await ask(second.token)], ["admin", "operator"]);
  await site.rest("PATCH", "/ocpp/users/bob/", { role: "viewer" });
  assertEquals([await ask(first), await ask(second.token)], ["viewer", "viewer"]);
  await site.rest("PATCH", "/ocpp/users/bob/", { role: "admin", disabled: true });
  assertEquals([await ask(first), await ask(second.token)], [401, 401]);
  assertEquals((await visit(site, "GET /ocpp/session/", { basic })).status, 401);
  await site.rest("PATCH", "/ocpp/users/bob/", { disabled: false });
  assertEquals([await ask(first), await ask(second.token)], ["admin", "operator"]);
  await site.rest("DELETE", "/ocpp/users/bob/");
  assertEquals([await ask(first), await ask(second.token)], [401, 401]);
  await site.rest("POST", "/ocpp/users/", bob);
  assertEquals([await ask(first), await ask(second.token)], [401, 401], "another bob is another user");
});

Deno.test("a disabled user is logged out, cannot log in, and is not the admin that must remain", async () => {
  await using site = await startTestGateway();
  await site.rest("POST", "/ocpp/users/", { name: "bob", role: "admin", password: "bob's password" });
  const cookie = await logIn(site, "bob", "bob's password");
  const { body } = await site.rest("PATCH", "/ocpp/users/bob/", { disabled: true });
  assertEquals([body.disabled, body.role], [true, "admin"]);
  assertEquals((await visit(site, "GET /ocpp/session/", { cookie })).status, 401);
  const login = { body: { user: "bob", password: "bob's password" } };
  assertEquals((await visit(site, "POST /login", login)).status, 401);
  for (const change of [{ disabled: true }, { role: "viewer" }]) {
    assertEquals((await site.rest("PATCH", "/ocpp/users/admin/", change)).status, 409);
  }
  assertEquals((await site.rest("DELETE", "/ocpp/users/admin/")).status, 409);
  await site.rest("PATCH", "/ocpp/users/bob/", { disabled: false });
  assertEquals((await visit(site, "POST /login", login)).status, 200);
});

Deno.test("a token whose label is a user's name sees and ends none of that user's login sessions", async () => {
  await using site = await startTestGateway();
  const cookie = await logIn(site);
  const { token } = (await site.rest("POST", "/ocpp/tokens/", { label: "admin", role: "viewer" })).body;
  const { session_id } = [...site.gateway.services.store.login_sessions.values()][0]!;
  assertEquals((await visit(site, "GET /ocpp/sessions/", { bearer: token })).body.sessions, []);
  assertEquals((await visit(site, `DELETE /ocpp/sessions/${session_id}/`, { bearer: token })).status, 404);
  assertEquals((await visit(site, "GET /ocpp/session/", { cookie })).status, 200);
});

Deno.test("users, tokens and restores are changed only within five minutes of the password", async () => {
  let clock = Date.parse("2030-01-01T00:00:00Z");
  await using site = await startTestGateway({ now: () => clock });
  const user = { name: "ana", role: "viewer", password: "ana's password" };
  const cookie = await logIn(site);
  assertEquals(
    (await visit(site, "POST /ocpp/users/", { cookie, body: user })).status,
    201,
    "just logged in",
  );
  const { token, token_id } = (await site.rest("POST", "/ocpp/tokens/", { label: "t", role: "admin" })).body;
  clock += 5 * 60_000;
  const guarded: [line: string, body?: unknown][] = [
    ["POST /ocpp/users/", { ...user, name: "eve" }],
    ["PATCH /ocpp/users/ana/", { role: "admin" }],
    ["DELETE /ocpp/users/ana/"],
    ["POST /ocpp/tokens/", { label: "x", role: "admin" }],
    [`DELETE /ocpp/tokens/${token_id}/`],
    ["POST /ocpp/backups/restore/", "x"],
    ["POST /ocpp/session/second_factor/", {}],
    ["DELETE /ocpp/session/second_factor/"],
  ];
  for (const [line, body] of guarded) {
    const answer = await visit(site, line, { cookie, ...(body === undefined ? {} : { body }) });
    assertEquals([answer.status, answer.body.code], [403, "reauthentication_required"], line);
  }
  assertEquals((await visit(site, "PATCH /ocpp/settings/", { cookie, body: { name: "x" } })).status, 200);
  assertEquals(
    (await visit(site, "POST /login/confirm", { cookie, body: { password: "a wrong one" } })).status,
    403,
  );
  assertEquals(
    (await visit(site, "POST /ocpp/users/", { cookie, body: { ...user, name: "eve" } })).status,
    403,
  );
  const confirmed = await visit(site, "POST /login/confirm", { cookie, body: { password: PASSWORD } });
  assertEquals([confirmed.status, confirmed.body.confirmed_until], [200, "2030-01-01T00:10:00.000Z"]);
  assertEquals(
    (await visit(site, "POST /ocpp/users/", { cookie, body: { ...user, name: "eve" } })).status,
    201,
  );
  assertEquals(
    (await visit(site, "DELETE /ocpp/users/eve/", { basic: BASIC })).status,
    204,
    "Basic is a proof",
  );
  assertEquals(
    (await visit(site, "DELETE /ocpp/users/ana/", { bearer: token })).status,
    204,
    "so is a token",
  );
  assertEquals(
    (await visit(site, "POST /login/confirm", { bearer: token, body: { password: PASSWORD } })).status,
    409,
  );
});

Deno.test("an open stream of events ends with the login, the token or the user that it was opened by", async () => {
  await using site = await startTestGateway();
  await site.rest("POST", "/ocpp/users/", { name: "ana", role: "viewer", password: "ana's password" });
  const cookie = await logIn(site, "ana", "ana's password");
  const { token, token_id } = (await site.rest("POST", "/ocpp/tokens/", { label: "t", role: "viewer" })).body;
  const readers = await Promise.all([
    EventReader.open(site.url, "", { cookie }),
    EventReader.open(site.url, "", { authorization: `Bearer ${token}` }),
    EventReader.open(site.url, "", { authorization: `Basic ${btoa("ana:ana's password")}` }),
  ]);
  await using admin = await EventReader.open(site.url);
  const changed = () => site.rest("POST", "/ocpp/rfids/", { rfid: crypto.randomUUID().slice(0, 20) });
  await changed();
  for (const reader of readers) await reader.next("rfid");
  await visit(site, "POST /logout", { cookie });
  await site.rest("DELETE", `/ocpp/tokens/${token_id}/`);
  await site.rest("PATCH", "/ocpp/users/ana/", { disabled: true });
  await changed();
  for (const reader of readers) await assertRejects(() => reader.next("rfid"));
  await admin.next("rfid");
  await admin.next("rfid");
  for (const reader of readers) await reader[Symbol.asyncDispose]();
});

Deno.test("the most common passwords are refused wherever a password is chosen", async () => {
  await using site = await startTestGateway();
  const common = ["Password123", "qwertyuiop", "1q2w3e4r", "iloveyou1"];
  for (const password of common) {
    const { status, body } = await site.rest("POST", "/ocpp/users/", {
      name: "ana",
      role: "viewer",
      password,
    });
    assertEquals([status, body.code], [400, "common_password"], password);
  }
  assertEquals((await site.rest("PATCH", "/ocpp/users/admin/", { password: "12345678" })).status, 400);
  const body = { password: PASSWORD, new_password: "sunshine1" };
  assertEquals((await visit(site, "PATCH /ocpp/session/", { basic: BASIC, body })).status, 400);
  await logIn(site);
  await assertRejects(
    () => startTestGateway({ config: { admin_password: "football" } }),
    BadUsage,
    "OCPP_ADMIN_PASSWORD is one of the 10,000 most common passwords: choose another",
  );
  await using fresh = await startTestGateway({ config: { admin_password: null } });
  const code = fresh.gateway.setup_code;
  const setup = { body: { code, password: "baseball1" } };
  assertEquals((await visit(fresh, "POST /ocpp/setup/", setup)).body.code, "common_password");
  assertEquals(fresh.gateway.setup_code, code, "still to be set up");
});
