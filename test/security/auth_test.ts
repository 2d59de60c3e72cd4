// Authentication: sessions, Basic, tokens, roles, failed logins, foreign origins.
import { assert, assertEquals } from "@std/assert";
import { PASSWORD } from "../kit/gateway.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { onEachListener } from "../kit/listeners.ts";
import { eventually } from "../kit/eventually.ts";
import { logIn, visit } from "../kit/visitor.ts";

const BASIC = `admin:${PASSWORD}`;

onEachListener(
  "without credentials everything of the operator's is 401; health, document and login are public",
  async (start) => {
    await using site = await start();
    const doors = [
      "chargers",
      "users",
      "tokens",
      "waiting",
      "audit",
      "settings",
      "events",
      "session",
      "sessions",
      "revocations",
      "nothing",
    ];
    for (const door of doors) {
      const { status, body, headers } = await visit(site, `GET /ocpp/${door}/`);
      assertEquals([status, typeof body.error], [401, "string"], door);
      assert(headers.get("www-authenticate")?.startsWith("Basic"), "scripts are challenged");
    }
    for (const open of ["/healthz", "/openapi.json"]) {
      assertEquals((await visit(site, `GET ${open}`)).status, 200);
    }
    const browser = await visit(site, "GET /ocpp/chargers/", { headers: { "x-requested-with": "admin" } });
    assert(browser.headers.get("www-authenticate")?.startsWith("Bearer"), "no box of the browser's");
  },
);

onEachListener(
  "a session begins with POST /login, ends with POST /logout, and its cookie is HttpOnly and strict",
  async (start) => {
    await using site = await start();
    const answer = await visit(site, "POST /login", { body: { password: PASSWORD } });
    assertEquals([answer.status, answer.body], [200, { user: "admin", role: "admin" }]);
    const header = answer.headers.get("set-cookie")!;
    assert(
      /^ocpp_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=2592000$/.test(header),
      header,
    );
    const cookie = header.split(";")[0]!;
    const who = await visit(site, "GET /ocpp/session/", { cookie });
    assertEquals([who.body.user, who.body.role, who.body.via], ["admin", "admin", "session"]);
    assertEquals((await visit(site, "POST /logout", { cookie })).status, 204);
    assertEquals((await visit(site, "GET /ocpp/session/", { cookie })).status, 401);
    const form = {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: `user=admin&password=${encodeURIComponent(PASSWORD)}`,
    };
    assertEquals((await visit(site, "POST /login", form)).status, 200);
  },
);

onEachListener(
  "a session survives a restart, slides on, expires after 30 days unused, and can be revoked",
  async (start) => {
    const data_dir = await Deno.makeTempDir();
    const config = { data_dir, kv: `${data_dir}/gateway.db` };
    let clock = Date.parse("2030-01-01T00:00:00Z");
    const now = () => clock;
    const DAY = 86_400_000;
    let cookie: string;
    {
      await using site = await start({ config, now });
      cookie = await logIn(site);
    }
    await using site = await start({ config, now });
    const ask = async () => (await visit(site, "GET /ocpp/session/", { cookie })).status;
    assertEquals(await ask(), 200);
    clock += 29 * DAY;
    assertEquals(await ask(), 200);
    clock += 29 * DAY;
    assertEquals(await ask(), 200);
    clock += 31 * DAY;
    assertEquals(await ask(), 401);
    cookie = await logIn(site);
    const other = await logIn(site);
    const { sessions } = (await visit(site, "GET /ocpp/sessions/", { cookie: other })).body;
    const own = sessions.find((session: { current: boolean }) => !session.current);
    assertEquals(
      (await visit(site, `DELETE /ocpp/sessions/${own.session_id}/`, { cookie: other })).status,
      204,
    );
    assertEquals(await ask(), 401);
    await Deno.remove(data_dir, { recursive: true });
  },
);

onEachListener(
  "five wrong tries lock the account for the address, with Retry-After, for login and Basic alike",
  async (start) => {
    await using site = await start();
    const cookie = await logIn(site);
    for (let n = 0; n < 5; n++) {
      assertEquals((await visit(site, "GET /ocpp/chargers/", { basic: `admin:wrong${n}` })).status, 401);
    }
    for (const line of ["GET /ocpp/chargers/"]) {
      const locked = await visit(site, line, { basic: BASIC });
      assertEquals(locked.status, 429);
      const wait = Number(locked.headers.get("retry-after"));
      assert(wait > 890 && wait <= 900, String(wait));
    }
    assertEquals((await visit(site, "POST /login", { body: { password: PASSWORD } })).status, 429);
    assertEquals(
      (await visit(site, "GET /ocpp/chargers/", { cookie })).status,
      200,
      "who is logged in stays so",
    );
    assertEquals(
      (await visit(site, "GET /ocpp/chargers/", { basic: "nobody:x" })).status,
      401,
      "another account has its own tries",
    );
  },
);

onEachListener(
  "a hundred wrong passwords at once are five tries; the right ones at once are none",
  async (start) => {
    await using site = await start({ settings: { max_http_connections_per_address: 200 } });
    const right = await Promise.all(
      Array.from({ length: 30 }, () => visit(site, "GET /ocpp/chargers/", { basic: BASIC })),
    );
    assertEquals(right.filter(({ status }) => status !== 200).length, 0);
    const wrong = await Promise.all(
      Array.from({ length: 100 }, (_, n) => visit(site, "GET /ocpp/chargers/", { basic: `admin:w${n}` })),
    );
    assertEquals(wrong.filter(({ status }) => status === 401).length, 5);
    assertEquals(wrong.filter(({ status }) => status === 429).length, 95);
  },
);

onEachListener("one address that tries many accounts is locked as a whole", async (start) => {
  await using site = await start({ settings: { login_tries: 1 } });
  for (let n = 0; n < 10; n++) await visit(site, "GET /ocpp/chargers/", { basic: `user${n}:x` });
  assertEquals((await visit(site, "GET /ocpp/chargers/", { basic: BASIC })).status, 429);
  assertEquals((await visit(site, "GET /ocpp/chargers/", { bearer: "ogw_x" })).status, 429);
});

onEachListener(
  "roles: a viewer sees, an operator starts, stops, unlocks and keeps the tags, an admin does all",
  async (start) => {
    await using site = await start();
    await using charger = await RawClient.connect(site.ws_url, { path: "/CP1" });
    await charger.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
    for (const role of ["viewer", "operator"]) {
      const made = await site.rest("POST", "/ocpp/users/", {
        name: role,
        role,
        password: `${role}-password`,
      });
      assertEquals([made.status, "password" in made.body], [201, false]);
    }
    const ask = async (role: string, line: string, body?: unknown) =>
      (await visit(site, line, { basic: `${role}:${role}-password`, ...(body ? { body } : {}) })).status;
    const unlock = { action: "unlock_connector", payload: { connectorId: 1 } };
    const answering = (async () => {
      const [, id] = await charger.next();
      charger.send([3, id, { status: "Unlocked" }]);
    })();
    const table: [line: string, body: unknown, viewer: number, operator: number][] = [
      ["GET /ocpp/chargers/", undefined, 200, 200],
      ["GET /ocpp/session/", undefined, 200, 200],
      ["GET /ocpp/settings/", undefined, 200, 200],
      ["GET /ocpp/users/", undefined, 403, 403],
      ["GET /ocpp/tokens/", undefined, 403, 403],
      ["GET /ocpp/audit/", undefined, 403, 200],
      ["GET /ocpp/waiting/", undefined, 403, 200],
      ["GET /ocpp/backups/", undefined, 403, 403],
      ["POST /ocpp/rfids/", { rfid: "A1" }, 403, 201],
      ["PATCH /ocpp/rfids/A1/", { label: "x" }, 403, 200],
      ["DELETE /ocpp/rfids/A1/", undefined, 403, 204],
      ["POST /ocpp/chargers/CP1/action/", unlock, 403, 200],
      ["POST /ocpp/chargers/CP1/action/", { action: "reset" }, 403, 403],
      ["POST /ocpp/chargers/CP1/action/", { action: "change_configuration", payload: {} }, 403, 403],
      ["PATCH /ocpp/chargers/CP1/", { name: "x" }, 403, 403],
      ["POST /ocpp/chargers/", { charger_id: "X" }, 403, 403],
      ["DELETE /ocpp/chargers/CP1/", undefined, 403, 403],
      ["PATCH /ocpp/settings/", { name: "x" }, 403, 403],
      ["POST /ocpp/users/", { name: "x", role: "admin", password: "12345678" }, 403, 403],
      ["POST /ocpp/tokens/", { label: "x", role: "admin" }, 403, 403],
    ];
    for (const [line, body, viewer, operator] of table) {
      assertEquals(
        [await ask("viewer", line, body), await ask("operator", line, body)],
        [viewer, operator],
        line,
      );
    }
    await answering;
  },
);

onEachListener(
  "users: made, changed, deleted; the last admin stays; a new password ends the other sessions",
  async (start) => {
    await using site = await start();
    const bad = [{ name: "a:b", role: "admin", password: "12345678" }, {
      name: "a",
      role: "boss",
      password: "12345678",
    }, { name: "a", role: "admin", password: "short" }];
    for (const body of bad) assertEquals((await site.rest("POST", "/ocpp/users/", body)).status, 400);
    assertEquals(
      (await site.rest("POST", "/ocpp/users/", { name: "Ana", role: "viewer", password: "ana's password" }))
        .status,
      201,
    );
    assertEquals(
      (await site.rest("POST", "/ocpp/users/", { name: "ana", role: "viewer", password: "ana's password" }))
        .status,
      409,
    );
    const cookie = await logIn(site, "Ana", "ana's password");
    const kept = await logIn(site, "Ana", "ana's password");
    const change = { password: "ana's password", new_password: "her new password" };
    assertEquals(
      (await visit(site, "PATCH /ocpp/session/", {
        cookie: kept,
        body: { ...change, password: "wrong one" },
      }))
        .status,
      403,
    );
    assertEquals((await visit(site, "PATCH /ocpp/session/", { cookie: kept, body: change })).status, 204);
    assertEquals((await visit(site, "GET /ocpp/session/", { cookie })).status, 401);
    assertEquals((await visit(site, "GET /ocpp/session/", { cookie: kept })).status, 200);
    assertEquals((await visit(site, "GET /ocpp/session/", { basic: "Ana:ana's password" })).status, 401);
    assertEquals((await site.rest("PATCH", "/ocpp/users/Ana/", { role: "operator" })).body.role, "operator");
    assertEquals((await site.rest("DELETE", "/ocpp/users/Ana/")).status, 204);
    assertEquals((await visit(site, "GET /ocpp/session/", { cookie: kept })).status, 401);
    assertEquals((await site.rest("DELETE", "/ocpp/users/admin/")).status, 409);
    assertEquals((await site.rest("PATCH", "/ocpp/users/admin/", { role: "viewer" })).status, 409);
  },
);

onEachListener(
  "tokens: shown once, kept as a hash, with role, last use and expiry; gone means 401",
  async (start) => {
    let clock = Date.parse("2030-01-01T00:00:00Z");
    await using site = await start({ now: () => clock });
    const made = await site.rest("POST", "/ocpp/tokens/", {
      label: "dashboard",
      role: "viewer",
      expires_at: "2030-02-01T00:00:00Z",
    });
    assertEquals(made.status, 201);
    const { token, token_id } = made.body;
    const stored = JSON.stringify([...site.gateway.services.store.tokens.values()]);
    assert(!stored.includes(token) && token.startsWith("ogw_"));
    assertEquals((await visit(site, "GET /ocpp/chargers/", { bearer: token })).status, 200);
    assertEquals(
      (await visit(site, "PATCH /ocpp/settings/", { bearer: token, body: { name: "x" } })).status,
      403,
    );
    const listed = (await site.rest("GET", "/ocpp/tokens/")).body.tokens[0]!;
    assertEquals([listed.last_used, "token" in listed, "hash" in listed, listed.created_by], [
      "2030-01-01T00:00:00.000Z",
      false,
      false,
      "admin",
    ]);
    clock = Date.parse("2030-02-01T00:00:01Z");
    assertEquals((await visit(site, "GET /ocpp/chargers/", { bearer: token })).status, 401);
    clock = Date.parse("2030-01-02T00:00:00Z");
    assertEquals((await site.rest("DELETE", `/ocpp/tokens/${token_id}/`)).status, 204);
    assertEquals((await visit(site, "GET /ocpp/chargers/", { bearer: token })).status, 401);
  },
);

onEachListener(
  "writes from a foreign origin are 403, however they are authenticated; nothing is changed",
  async (start) => {
    await using site = await start();
    const cookie = await logIn(site);
    const body = { name: "changed" };
    const foreign = [
      { origin: "http://evil.example" },
      { origin: "null" },
      { origin: `https://127.0.0.1:1` },
      {
        "sec-fetch-site": "cross-site",
      },
    ];
    for (const headers of foreign) {
      for (const who of [{ cookie }, { basic: BASIC }]) {
        assertEquals((await visit(site, "PATCH /ocpp/settings/", { ...who, body, headers })).status, 403);
      }
      assertEquals((await visit(site, "POST /login", { body: { password: PASSWORD }, headers })).status, 403);
    }
    assertEquals(site.gateway.services.store.settings.name, "");
    assertEquals(
      (await visit(site, "PATCH /ocpp/settings/", { cookie, body, headers: { origin: site.url } })).status,
      200,
    );
    assertEquals(
      (await visit(site, "PATCH /ocpp/settings/", { cookie, body })).status,
      200,
      "scripts send no origin",
    );
    assertEquals(
      (await visit(site, "GET /ocpp/settings/", { cookie, headers: { origin: "http://evil.example" } }))
        .headers
        .get("access-control-allow-origin"),
      null,
    );
  },
);

onEachListener(
  "every answer has the headers that browsers need to be safe; HSTS only over TLS",
  async (start) => {
    await using site = await start();
    for (
      const line of [
        "GET /healthz",
        "GET /ocpp/chargers/",
        "GET /nothing",
        "GET /admin/",
        "GET /ocpp/c/NOPE/",
      ]
    ) {
      const { headers } = await visit(site, line);
      const csp = headers.get("content-security-policy") ?? "";
      assert(/default-src '(self|none)'/.test(csp) && !/unsafe-/.test(csp), `${line}: ${csp}`);
      assert(csp.includes("frame-ancestors 'none'") || csp.includes("frame-ancestors 'self'"), csp);
      assertEquals(headers.get("x-content-type-options"), "nosniff");
      assertEquals(headers.get("referrer-policy"), "strict-origin-when-cross-origin");
      assertEquals(headers.get("cross-origin-opener-policy"), "same-origin");
      assert(headers.get("permissions-policy")?.includes("camera=()"), "permissions-policy");
      assertEquals(headers.get("strict-transport-security"), null);
    }
  },
);

onEachListener(
  "the audit log tells who did what to which charger, tag or setting, and no secrets",
  async (start) => {
    await using site = await start();
    const cookie = await logIn(site);
    const secret = "0123456789abcdef";
    await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1", password: secret });
    await visit(site, "PATCH /ocpp/settings/", { cookie, body: { name: "Plaza" } });
    await site.rest("POST", "/ocpp/users/", { name: "ana", role: "viewer", password: "her secret word" });
    const { token } = (await site.rest("POST", "/ocpp/tokens/", { label: "t", role: "operator" })).body;
    await visit(site, "POST /ocpp/rfids/", { bearer: token, body: { rfid: "A1" } });
    await site.rest("DELETE", "/ocpp/rfids/A1/");
    await visit(site, "POST /login", { body: { password: "a wrong one" } });
    await site.rest("PATCH", "/ocpp/chargers/NOPE/", { name: "nothing happened" });
    let entries: {
      who: string;
      via: string;
      action: string;
      kind: string;
      id: string;
      address: string;
      details: unknown;
    }[] = [];
    await eventually(async () =>
      (entries = (await site.rest("GET", "/ocpp/audit/")).body.entries).length >= 8
    );
    const lines = entries.map(({ who, via, action, kind, id }) => [who, via, action, kind, id].join(" "))
      .reverse();
    assertEquals(lines, [
      "admin session login user admin",
      "admin basic create charger CP1",
      "admin session change setting ",
      "admin basic create user ana",
      "admin basic create token t",
      "t token create rfid A1",
      "admin basic delete rfid A1",
      " none login refused user admin",
    ]);
    assert(entries.every(({ address }) => address === "127.0.0.1"));
    const text = JSON.stringify(entries);
    for (const word of [secret, "her secret word", "a wrong one", token]) assert(!text.includes(word), word);
    assert(text.includes("Plaza"));
    const csv = (await site.rest("GET", "/ocpp/audit/?format=csv&kind=rfid")).body as string;
    assertEquals(csv.trim().split("\r\n").length, 3);
    const page = (await site.rest("GET", "/ocpp/audit/?limit=3")).body;
    assertEquals(page.entries.length, 3);
    assertEquals((await site.rest("GET", `/ocpp/audit/?limit=3&cursor=${page.next}`)).body.entries.length, 3);
  },
);

onEachListener("the audit log keeps as many entries as the setting says", async (start) => {
  await using site = await start({ settings: { audit_entries: 100 } });
  for (let n = 0; n < 105; n++) await site.rest("PATCH", "/ocpp/settings/", { name: `n${n}` });
  const { entries } = (await site.rest("GET", "/ocpp/audit/?limit=1000")).body;
  assertEquals(entries.length, 100);
});
