// Admission of chargers: ids, keys, the waiting room.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HandshakeRefused } from "../../src/ocpp/client/socket.ts";
import { RawClient, type RawClientOptions } from "../../src/ocpp/client/raw_client.ts";
import type { TestGateway } from "../kit/gateway.ts";
import { onEachListener } from "../kit/listeners.ts";
import { eventually } from "../kit/eventually.ts";
import { visit } from "../kit/visitor.ts";

const BOOT = { chargePointVendor: "V", chargePointModel: "M" };
const KEY = "0123456789abcdef";

async function knock(site: TestGateway, path: string, options: RawClientOptions = {}): Promise<number> {
  try {
    await using client = await RawClient.connect(site.ws_url, { path, ...options });
    assertEquals((await client.call("BootNotification", BOOT))[0], 3);
    return 101;
  } catch (error) {
    if (error instanceof HandshakeRefused) return error.status;
    throw error;
  }
}

/** The status of a handshake whose path goes out as it is written. */
async function knockRaw(site: TestGateway, path: string): Promise<number> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: site.port });
  const head =
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n";
  await connection.write(new TextEncoder().encode(head));
  const buffer = new Uint8Array(4096);
  const size = await connection.read(buffer) ?? 0;
  return Number(new TextDecoder().decode(buffer.subarray(0, size)).split(" ")[1]);
}

async function ids(site: TestGateway): Promise<string[]> {
  return (await site.rest("GET", "/ocpp/chargers/")).body.chargers.map((
    { charger_id }: { charger_id: string },
  ) => charger_id);
}

onEachListener("a charger's path leads to no other door, dots and slashes or not (A30)", async (start) => {
  await using site = await start();
  for (const path of ["/ocpp/..%2fadmin", "/ocpp/a%2Fb", "/ocpp/%2e%2e%2f", "/%2e%2e", "/ocpp/a%5Cb", "/"]) {
    assertEquals(await knockRaw(site, path), 404, path);
  }
  for (const charger_id of ["admin", "x"]) await site.rest("POST", "/ocpp/chargers/", { charger_id });
  for (const path of ["/ocpp/../admin", "/ocpp/%2e%2e/x"]) {
    assertEquals(await knockRaw(site, path), 101, path);
  }
  await eventually(async () => (await ids(site)).join() === "admin,x", "they are chargers like any other");
  for (
    const path of [
      "/ocpp/../admin",
      "/ocpp/chargers/..%2f..%2fusers/",
      "/static/..%2f..%2fdeno.json",
      "/static/%2e%2e/deno.json",
      "/admin/..%2f..%2fmain.ts",
    ]
  ) {
    const { status, body } = await visit(site, `GET ${path}`);
    assert([308, 401, 404, 200, 503].includes(status), `${path}: ${status}`);
    assert(!JSON.stringify(body).includes("imports"), path);
  }
});

onEachListener("what is no percent-encoded UTF-8 is 400 (A31)", async (start) => {
  await using site = await start();
  for (const path of ["/ocpp/%zz", "/ocpp/%ff", "/ocpp/%", "/%e0%80"]) {
    assertEquals(await knockRaw(site, path), 400, path);
  }
  assertEquals((await visit(site, "GET /ocpp/c/%ff/")).status, 404);
  assertEquals((await site.rest("GET", "/ocpp/chargers/%ff/")).status, 404);
});

onEachListener("odd ids are refused, or stored exactly as they are (A32)", async (start) => {
  await using site = await start();
  const refused = [
    ".",
    "..",
    "x".repeat(65),
    "x".repeat(3000),
    "a%00b",
    "a%0d%0ab",
    "a%E2%80%8Fb",
    "%20a",
    "a%E2%80%AEb",
    "a%C2%85b",
  ];
  for (const id of refused) {
    const status = await knockRaw(site, `/ocpp/${id}`);
    assert(status === 404 || (/^\.+$/.test(id) && status === 101), `${id}: ${status}`);
  }
  const taken = [
    "__proto__",
    "constructor",
    "toString",
    "%F0%9F%94%8C",
    "RDAM%20123",
    "Stra%C3%9Fe",
    "x".repeat(64),
    "a:b",
  ];
  for (const id of taken) assertEquals(await knock(site, `/ocpp/${id}`), 101, id);
  assertEquals(await knock(site, "/Cafe%CC%81"), 101);
  assertEquals(await knock(site, "/Caf%C3%A9"), 101);
  const known = await ids(site);
  for (const id of taken) assert(known.includes(decodeURIComponent(id)), id);
  assertEquals(known.filter((id) => id.normalize("NFC") === "Café").length, 1, "NFC and NFD are one");
  assertEquals((await site.rest("GET", "/ocpp/chargers/__proto__/")).body.charger_id, "__proto__");
  assertEquals((await site.rest("GET", "/ocpp/chargers/hasOwnProperty/")).status, 404);
});

onEachListener("the length of ids is a setting (A32)", async (start) => {
  await using site = await start({ settings: { max_id_length: 5 } });
  assertEquals([await knock(site, "/ABCDE"), await knock(site, "/ABCDEF")], [101, 404]);
});

onEachListener(
  "markup and formulas in what chargers say are shown as text, in pages and in CSV (A33)",
  async (start) => {
    await using site = await start();
    const evil = "<script>alert(1)</script>";
    await using client = await RawClient.connect(site.ws_url, { path: `/${encodeURIComponent("<b>1<&b>")}` });
    await client.call("BootNotification", { chargePointVendor: evil.slice(0, 20), chargePointModel: "=1+1" });
    await client.call("StatusNotification", {
      connectorId: 1,
      errorCode: "NoError",
      status: "Available",
      info: evil,
    });
    const tag = "=HYPERLINK(1)";
    const { 2: { transactionId } } = await client.call("StartTransaction", {
      connectorId: 1,
      idTag: tag,
      meterStart: 0,
      timestamp: new Date().toISOString(),
    });
    assert(transactionId > 0);
    const page = (await visit(site, `GET /ocpp/c/${encodeURIComponent("<b>1<&b>")}/`)).body as string;
    assert(!page.includes("<b>1") && !page.includes("<script>alert"), "escaped");
    const csv = (await site.rest("GET", "/ocpp/transactions/?format=csv")).body as string;
    assert(csv.includes(`'${tag}`) && !csv.includes(`,${tag}`), csv);
    assertEquals((await site.rest("GET", "/ocpp/chargers/")).headers.get("content-type"), "application/json");
  },
);

onEachListener("an idTag with quotes or wildcards is a plain unknown tag (A34)", async (start) => {
  await using site = await start();
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1", require_rfid: true });
  await site.rest("POST", "/ocpp/rfids/", { rfid: "GOOD" });
  await using client = await RawClient.connect(site.ws_url, { path: "/CP1" });
  await client.call("BootNotification", BOOT);
  for (const idTag of ["' OR 1=1", "%", "*", "__proto__", "GO?D"]) {
    assertEquals((await client.call("Authorize", { idTag }))[2].idTagInfo.status, "Invalid", idTag);
  }
});

onEachListener("keys are bytes: OCPP-J's own example opens the door, byte for byte", async (start) => {
  await using site = await start();
  await site.rest("POST", "/ocpp/chargers/", {
    charger_id: "AL1000",
    password: "0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF",
  });
  const header = (authorization: string) => ({ headers: { authorization } });
  assertEquals(await knock(site, "/AL1000", header("Basic QUwxMDAwOgABAgMEBQYH////////////////")), 101);
  assertEquals(await knock(site, "/AL1000", header("Basic QUwxMDAwOgABAgMEBQYH///////////////+")), 401);
  assertEquals(
    await knock(site, "/AL1000", {
      username: "AL1000",
      password: "0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF",
    }),
    101,
    "hex digits, as some send",
  );
  const { store } = site.gateway.services;
  assert(
    !JSON.stringify(store.chargers.get("AL1000")).toUpperCase().includes("0001020304050607FF"),
    "kept as a hash",
  );
});

onEachListener(
  "wrong, missing, or another's credentials are 401 before the upgrade, and the charger inside stays (A35)",
  async (start) => {
    await using site = await start();
    for (const charger_id of ["CP1", "CP2"]) {
      await site.rest("POST", "/ocpp/chargers/", { charger_id, password: KEY + charger_id });
    }
    const key = KEY + "CP1";
    await using inside = await RawClient.connect(site.ws_url, {
      path: "/CP1",
      username: "CP1",
      password: key,
    });
    const refused = await assertRejects(
      () => RawClient.connect(site.ws_url, { path: "/CP1" }),
      HandshakeRefused,
    );
    assertEquals([refused.status, String(refused.headers["www-authenticate"])], [401, 'Basic realm="OCPP"']);
    assertEquals(await knock(site, "/CP1", { username: "CP1", password: "wrong" }), 401);
    assertEquals(await knock(site, "/CP1", { username: "CP2", password: KEY + "CP2" }), 401, "another's");
    assertEquals(
      await knock(site, "/CP1", { username: "CP2", password: key }),
      401,
      "user name differs from the URL",
    );
    assertEquals(await knock(site, "/CP1", { headers: { authorization: "Bearer x" } }), 401);
    assertEquals(await knock(site, "/CP1", { headers: { authorization: "Basic %%%" } }), 401);
    assertEquals((await inside.call("Heartbeat"))[0], 3, "the first socket is untouched (A18)");
    const events = (await site.rest("GET", "/ocpp/chargers/CP1/security_events/")).body.security_events;
    assertEquals(events.map(({ type }: { type: string }) => type), ["WrongKey"]);
  },
);

onEachListener(
  "wrong keys are limited per charger and address, refusals per address; others at it are let in (A21)",
  async (start) => {
    const log_lines: string[] = [];
    await using site = await start({
      settings: { max_wrong_keys_per_minute: 3, max_refusals_per_minute: 20 },
      log_lines,
    });
    await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1", password: KEY });
    await using second = await RawClient.connect(site.ws_url, { path: "/CP2" });
    for (let n = 0; n < 3; n++) {
      assertEquals(await knock(site, "/CP1", { username: "CP1", password: `wrong${n}` }), 401);
    }
    assertEquals(
      await knock(site, "/CP1", { username: "CP1", password: KEY }),
      429,
      "also the right one: there is nothing to be learnt",
    );
    for (let n = 0; n < 17; n++) await knock(site, `/a%2Fb${n}`);
    const lines = log_lines.length;
    for (let n = 0; n < 50; n++) assertEquals(await knock(site, `/c%2Fd${n}`), 429);
    assertEquals(log_lines.length, lines, "and nothing is logged of it");
    assertEquals(await knock(site, "/CP3"), 101);
    await second.call("BootNotification", BOOT);
    assertEquals((await second.call("Heartbeat"))[0], 3);
  },
);

onEachListener(
  "the waiting room keeps who knocked, with address, URL, offer, credentials and reason in words",
  async (start) => {
    await using site = await start({ settings: { unknown_chargers: "reject" } });
    await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1", password: KEY });
    await knock(site, "/foo/CP9/", { headers: { "user-agent": "charger/1" } });
    await knock(site, "/CP1", { protocols: [] });
    await knock(site, "/CP1", { protocols: ["ocpp2.0.1"], username: "CP1", password: KEY });
    await knock(site, "/CP1", { username: "CP1", password: "wrong wrong wrong" });
    await knock(site, "/CP1", { username: "CP1", password: KEY });
    await knock(site, "/a%2Fb");
    const { knocks } = (await site.rest("GET", "/ocpp/waiting/")).body;
    const short = knocks.map((
      { charger_id, status, accepted, credentials, protocols, count, path }: Record<string, unknown>,
    ) => [charger_id, path, status, accepted, credentials, protocols, count].join(" "));
    assertEquals(short.sort(), [
      " /a%2Fb 404 false none ocpp1.6 1",
      "CP1 /CP1 101 true basic ocpp1.6 1",
      "CP9 /foo/CP9/ 404 false none ocpp1.6 1",
    ]);
    const cp9 = knocks.find(({ charger_id }) => charger_id === "CP9")!;
    assertEquals([cp9.address, cp9.secure, cp9.user_agent, cp9.reason], [
      "127.0.0.1",
      false,
      "charger/1",
      "The charger is unknown",
    ]);
    assert(!JSON.stringify(knocks).includes("wrong wrong"), "no credentials");
    const refused = (await site.rest("GET", "/ocpp/waiting/?state=refused")).body.knocks;
    assertEquals(refused.length, 2);
  },
);

onEachListener("from the waiting room an operator adopts, gives a password, rejects", async (start) => {
  await using site = await start({ settings: { unknown_chargers: "pending" } });
  const find = async (id: string) =>
    (await site.rest("GET", "/ocpp/waiting/")).body.knocks.find(({ charger_id }) => charger_id === id)!;
  await using pending = await RawClient.connect(site.ws_url, { path: "/CP1" });
  assertEquals((await pending.call("BootNotification", BOOT))[2].status, "Pending");
  assertEquals((await find("CP1")).registration, "Pending");
  const adopted = await site.rest("POST", `/ocpp/waiting/${(await find("CP1")).knock_id}/`, {
    action: "adopt",
  });
  assertEquals([adopted.status, adopted.body.registration], [200, "Accepted"]);
  assertEquals((await pending.call("BootNotification", BOOT))[2].status, "Accepted");
  assertEquals(await knock(site, "/CP2", { protocols: [] }), 400);
  await site.rest("POST", `/ocpp/waiting/${(await find("CP2")).knock_id}/`, {
    action: "adopt",
    assume_ocpp16: true,
    password: KEY,
  });
  assertEquals(await knock(site, "/CP2", { protocols: [] }), 401);
  assertEquals(await knock(site, "/CP2", { protocols: [], username: "CP2", password: KEY }), 101);
  await using third = await RawClient.connect(site.ws_url, { path: "/CP3" });
  await site.rest("POST", `/ocpp/waiting/${(await find("CP3")).knock_id}/`, { action: "reject" });
  assertEquals((await third.closed).code, 1008);
  await using again = await RawClient.connect(site.ws_url, { path: "/CP3" });
  assertEquals((await again.call("BootNotification", BOOT))[2].status, "Rejected");
  assertEquals((await site.rest("POST", "/ocpp/waiting/999/", { action: "adopt" })).status, 404);
  assertEquals(
    (await site.rest("POST", `/ocpp/waiting/${(await find("CP3")).knock_id}/`, { action: "set_password" }))
      .status,
    400,
  );
});

onEachListener("the waiting room is bounded, and one address does not push out the others", async (start) => {
  await using site = await start({ settings: { waiting_room_entries: 10 } });
  const { waiting_room } = site.gateway.services;
  const from = (remote_address: string, n: number) =>
    waiting_room.keep(
      {
        path: `/${"x".repeat(5000)}${n}`,
        header: () => "y".repeat(5000),
        remote_address,
        secure: false,
      },
      `id${n}`,
      { status: 404, reason: "no" },
    );
  from("10.0.0.1", 1);
  for (let n = 0; n < 1000; n++) from("10.0.0.2", n);
  const knocks = waiting_room.list();
  assert(knocks.length <= 10 && knocks.some(({ address }) => address === "10.0.0.1"));
  assert(JSON.stringify(knocks).length < 10_000);
});

onEachListener(
  "the newest socket wins, the operator is told, and two that fight are held off for a while (A17)",
  async (start) => {
    await using site = await start({ settings: { max_takeovers_per_minute: 3 } });
    const open = () => RawClient.connect(site.ws_url, { path: "/CP1" });
    let older = await open();
    await older.call("BootNotification", BOOT);
    for (let n = 0; n < 3; n++) {
      const newer = await open();
      assertEquals((await older.closed).code, 1012);
      older = newer;
    }
    assertEquals((await assertRejects(open, HandshakeRefused)).status, 429);
    assertEquals((await older.call("Heartbeat"))[0], 3);
    const { security_events } = (await site.rest("GET", "/ocpp/security_events/")).body;
    assertEquals(security_events.map(({ type }: { type: string }) => type), ["DuplicateConnection"]);
    await older.drop();
  },
);

onEachListener(
  "another charger's transaction is neither stopped nor fed, and the operator is told (A36, A37)",
  async (start) => {
    await using site = await start();
    await using one = await RawClient.connect(site.ws_url, { path: "/CP1" });
    await using two = await RawClient.connect(site.ws_url, { path: "/CP2" });
    for (const client of [one, two]) await client.call("BootNotification", BOOT);
    const timestamp = new Date().toISOString();
    const { 2: { transactionId } } = await one.call("StartTransaction", {
      connectorId: 1,
      idTag: "A",
      meterStart: 0,
      timestamp,
    });
    assertEquals((await two.call("StopTransaction", { transactionId, meterStop: 9000, timestamp }))[0], 3);
    const sampled = [{ timestamp, sampledValue: [{ value: "5000" }] }];
    assertEquals(
      (await two.call("MeterValues", { connectorId: 1, transactionId, meterValue: sampled }))[2],
      {},
    );
    const transaction = (await site.rest("GET", `/ocpp/transactions/${transactionId}/`)).body;
    assertEquals([transaction.state, transaction.readings.count], ["active", 0]);
    const { security_events } = (await site.rest("GET", "/ocpp/security_events/?charger_id=CP2")).body;
    assert(security_events.some(({ type }: { type: string }) => type === "ForeignTransaction"));
  },
);

onEachListener(
  "REST refuses what is not authorized, too large, too deep, of the wrong type; nothing is sent (A38)",
  async (start) => {
    await using site = await start({ settings: { max_body_bytes: 2048 } });
    await using client = await RawClient.connect(site.ws_url, { path: "/CP1" });
    await client.call("BootNotification", BOOT);
    const door = "/ocpp/chargers/CP1/action/";
    assertEquals((await visit(site, `POST ${door}`, { body: { action: "reset" } })).status, 401);
    assertEquals(
      (await visit(site, `POST ${door}`, { bearer: "ogw_wrong", body: { action: "reset" } })).status,
      401,
    );
    assertEquals((await site.rest("POST", "/ocpp/chargers/a%2Fb/action/", { action: "reset" })).status, 404);
    assertEquals(
      (await site.rest("POST", door, {
        action: "reset",
        payload: { type: "Soft", pad: "x".repeat(10_000_000) },
      })).status,
      413,
    );
    assertEquals((await site.rest("POST", door, { action: "reset", payload: { type: 5 } })).status, 400);
    assertEquals((await site.rest("POST", door, { action: "__proto__" })).status, 400);
    const deep = `{"action":"data_transfer","payload":${'{"a":'.repeat(200)}1${"}".repeat(200)}}`;
    assertEquals(
      (await visit(site, `POST ${door}`, { basic: "admin:correct horse battery", body: deep })).status,
      400,
    );
    assertEquals((await site.rest("POST", door, "not json")).status, 415);
    assertEquals((await client.call("Heartbeat"))[0], 3);
    assertEquals(client.waiting, 0, "nothing was sent to the charger");
  },
);

onEachListener("a command to a charger that is not there is 409 or 404 at once (A39)", async (start) => {
  await using site = await start();
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
  assertEquals((await site.rest("POST", "/ocpp/chargers/CP1/action/", { action: "reset" })).status, 409);
  assertEquals((await site.rest("POST", "/ocpp/chargers/NOPE/action/", { action: "reset" })).status, 404);
});

onEachListener("locations are checked before a charger is sent there (A40)", async (start) => {
  await using site = await start();
  await using client = await RawClient.connect(site.ws_url, { path: "/CP1" });
  await client.call("BootNotification", BOOT);
  for (const location of ["file:///etc/passwd", "javascript:alert(1)", `http://x/${"y".repeat(600)}`, ""]) {
    for (const action of ["get_diagnostics", "update_firmware"]) {
      const payload = {
        location,
        ...(action === "update_firmware" ? { retrieveDate: new Date().toISOString() } : {}),
      };
      const { status } = await site.rest("POST", "/ocpp/chargers/CP1/action/", { action, payload });
      assert(
        status === 400 || (location === "" && status !== 500),
        `${action} ${location.slice(0, 30)}: ${status}`,
      );
      if (status !== 400) break;
    }
  }
});
