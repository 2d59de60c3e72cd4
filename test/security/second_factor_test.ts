// The second factor: codes of an authenticator app (RFC 6238) and recovery codes.
import { assert, assertEquals } from "@std/assert";
import { codeAt } from "../../src/http/auth/totp.ts";
import { applyReset, leaveReset } from "../../src/http/auth/password_reset.ts";
import { PASSWORD, startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { logIn, visit } from "../kit/visitor.ts";

const BASIC = `admin:${PASSWORD}`;
const STEP = 30_000;

Deno.test("codes are those of RFC 6238, appendix B", () => {
  const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"; // "12345678901234567890"
  const vectors: [seconds: number, code: string][] = [
    [59, "287082"],
    [1_111_111_109, "081804"],
    [1_111_111_111, "050471"],
    [1_234_567_890, "005924"],
    [2_000_000_000, "279037"],
    [20_000_000_000, "353130"],
  ];
  for (const [seconds, code] of vectors) assertEquals(codeAt(secret, seconds * 1000), code);
});

/** A gateway whose admin has a second factor. */
async function guarded(clock: { now: number }) {
  const site = await startTestGateway({ now: () => clock.now });
  const cookie = await logIn(site);
  const path = "/ocpp/session/second_factor/";
  const begun = (await visit(site, `POST ${path}`, { cookie, body: {} })).body;
  const finish = (code: string) => visit(site, `PUT ${path}`, { cookie, body: { code } });
  return { site, cookie, path, begun, finish };
}

async function logInWith(site: TestGateway, code?: string): Promise<[number, string | undefined]> {
  const body = { password: PASSWORD, ...(code === undefined ? {} : { code }) };
  const answer = await visit(site, "POST /login", { body });
  return [answer.status, answer.body.code];
}

Deno.test("a login with a second factor needs a code of the app, and each code is good once", async () => {
  const clock = { now: Date.parse("2030-01-01T00:00:00Z") };
  const { site, cookie, begun, finish, path } = await guarded(clock);
  await using _ = site;
  assert(/^[A-Z2-7]{32}$/.test(begun.secret) && begun.uri.startsWith("otpauth://totp/"), begun.uri);
  assert(begun.qr_svg.includes("<svg"));
  assertEquals(await logInWith(site), [200, undefined], "off until a code has proved it");
  assertEquals((await finish("000000")).body.code, "wrong_code");
  const { status, body } = await finish(codeAt(begun.secret, clock.now));
  assertEquals([status, body.recovery_codes.length, new Set(body.recovery_codes).size], [200, 10, 10]);
  assertEquals((await visit(site, `POST ${path}`, { cookie, body: {} })).status, 409, "no second secret");

  assertEquals(await logInWith(site), [403, "code_required"]);
  assertEquals(await logInWith(site, codeAt(begun.secret, clock.now)), [403, "wrong_code"], "used at set-up");
  clock.now += STEP;
  const code = codeAt(begun.secret, clock.now);
  assertEquals(await logInWith(site, ` ${code.slice(0, 3)} ${code.slice(3)} `), [200, undefined]);
  assertEquals(await logInWith(site, code), [403, "wrong_code"], "a replay");
  clock.now += 2 * STEP;
  assertEquals(
    await logInWith(site, codeAt(begun.secret, clock.now - STEP)),
    [200, undefined],
    "a slow phone",
  );
  assertEquals(await logInWith(site, codeAt(begun.secret, clock.now - STEP)), [403, "wrong_code"]);
  assertEquals(await logInWith(site, codeAt(begun.secret, clock.now + STEP)), [200, undefined], "a fast one");
  assertEquals(
    await logInWith(site, codeAt(begun.secret, clock.now)),
    [403, "wrong_code"],
    "older than the last",
  );
});

Deno.test("a recovery code is good once; new ones replace them; only hashes are stored, and no answer has the secret", async () => {
  const clock = { now: Date.parse("2030-01-01T00:00:00Z") };
  const { site, cookie, begun, finish, path } = await guarded(clock);
  await using _ = site;
  const [first, second, third] = (await finish(codeAt(begun.secret, clock.now))).body.recovery_codes;
  assertEquals(await logInWith(site, first), [200, undefined]);
  assertEquals(await logInWith(site, first), [403, "wrong_code"]);
  assertEquals(await logInWith(site, second.toUpperCase().replaceAll("-", " ")), [200, undefined]);
  const stored = JSON.stringify(site.gateway.services.store.users.get("admin"));
  assert(!stored.includes(third) && !stored.includes(third.replaceAll("-", "")));
  const renewed = await visit(site, `POST ${path}recovery_codes/`, { cookie, body: {} });
  assertEquals([renewed.status, renewed.body.recovery_codes.length], [200, 10]);
  assertEquals(await logInWith(site, third), [403, "wrong_code"]);
  assertEquals(await logInWith(site, renewed.body.recovery_codes[9]), [200, undefined]);
  for (
    const line of ["GET /ocpp/users/", "GET /ocpp/users/admin/", "GET /ocpp/session/", "GET /ocpp/audit/"]
  ) {
    const { status, body } = await visit(site, line, { cookie });
    assertEquals([status, JSON.stringify(body).includes(begun.secret)], [200, false], line);
  }
});

Deno.test("wrong codes lock the second factor from every address, and right passwords do not unlock it", async () => {
  const clock = { now: Date.parse("2030-01-01T00:00:00Z") };
  const { site, cookie, begun, finish } = await guarded(clock);
  await using _ = site;
  await finish(codeAt(begun.secret, clock.now));
  clock.now += STEP;
  await site.gateway.services.store.changeSettings({ trusted_proxies: "127.0.0.1" });
  for (let n = 0; n < 5; n++) {
    const headers = { "x-forwarded-for": `10.0.0.${n}` };
    const wrong = await visit(site, "POST /login", {
      body: { password: PASSWORD, code: `00000${n}` },
      headers,
    });
    assertEquals(wrong.body.code, "wrong_code");
    assertEquals(await logInWith(site), [403, "code_required"]);
  }
  assertEquals(await logInWith(site, codeAt(begun.secret, clock.now)), [429, "too_many_tries"]);
  assertEquals((await visit(site, "GET /ocpp/session/", { cookie })).status, 200);
});

Deno.test("HTTP Basic of a user with a second factor is refused with a sentence that names tokens", async () => {
  const clock = { now: Date.parse("2030-01-01T00:00:00Z") };
  const { site, cookie, begun, finish } = await guarded(clock);
  await using _ = site;
  await finish(codeAt(begun.secret, clock.now));
  const { status, body } = await visit(site, "GET /ocpp/chargers/", { basic: BASIC });
  assertEquals([status, body.code], [403, "basic_not_possible"]);
  assert(body.error.includes("use an API token"), body.error);
  assertEquals((await visit(site, "GET /ocpp/chargers/", { basic: "admin:a wrong one" })).status, 401);
  const { token } =
    (await visit(site, "POST /ocpp/tokens/", { cookie, body: { label: "t", role: "viewer" } })).body;
  assertEquals((await visit(site, "GET /ocpp/chargers/", { bearer: token })).status, 200);
});

Deno.test("a new proof of the password needs a code too; with it the second factor is taken off", async () => {
  const clock = { now: Date.parse("2030-01-01T00:00:00Z") };
  const { site, cookie, begun, finish, path } = await guarded(clock);
  await using _ = site;
  await finish(codeAt(begun.secret, clock.now));
  clock.now += 10 * 60_000;
  const remove = async () => (await visit(site, `DELETE ${path}`, { cookie })).status;
  const confirm = async (body: unknown) =>
    (await visit(site, "POST /login/confirm", { cookie, body })).body.code;
  assertEquals(await remove(), 403);
  assertEquals(await confirm({ password: PASSWORD }), "code_required");
  assertEquals(await confirm({ password: PASSWORD, code: "000000" }), "wrong_code");
  assertEquals(await remove(), 403);
  assertEquals(await confirm({ password: PASSWORD, code: codeAt(begun.secret, clock.now) }), undefined);
  assertEquals(await remove(), 204);
  assertEquals(await logInWith(site), [200, undefined]);
});

Deno.test("an admin takes another user's second factor off, and so does reset-password on the machine", async () => {
  const clock = { now: Date.parse("2030-01-01T00:00:00Z") };
  const { site, begun, finish } = await guarded(clock);
  await using _ = site;
  await finish(codeAt(begun.secret, clock.now));
  const { store, auth } = site.gateway.services;
  await auth.createUser("bob", "admin", "bob's password");
  const basic = "bob:bob's password";
  const list = await visit(site, "GET /ocpp/users/", { basic });
  assertEquals(list.body.users.map((user: { second_factor: boolean }) => user.second_factor), [true, false]);
  const on = await visit(site, "PATCH /ocpp/users/admin/", { basic, body: { second_factor: true } });
  assertEquals(on.status, 400, "only the user can turn it on");
  const before = store.users.get("admin")!;
  await visit(site, "PATCH /ocpp/users/admin/", { basic, body: { second_factor: false } });
  assertEquals(await logInWith(site), [200, undefined]);

  await store.users.put(before);
  const data_dir = await Deno.makeTempDir();
  await leaveReset(data_dir, { name: "admin", password: before.password });
  assertEquals(await applyReset(data_dir, store, auth.login_sessions), true);
  assertEquals(await logInWith(site), [200, undefined]);
  await Deno.remove(data_dir, { recursive: true });
});
