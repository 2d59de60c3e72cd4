// Registration and the RPC layer (X01 to X07, X19, X20, X24, X25, X31, X32).
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { HandshakeRefused } from "../../src/ocpp/client/socket.ts";
import { WireCharger } from "../kit/wire_charger.ts";
import { EventReader } from "../kit/event_reader.ts";
import { cases } from "../kit/site.ts";
import { eventually } from "../kit/eventually.ts";

const ACCEPTED = { status: "Accepted" };

cases("Registration and calls", {}, (it) => {
  it("a charger never seen, policy pending: Pending, SecurityError, and Accepted once approved (X01)", async (site) => {
    await site.with({ unknown_chargers: "pending" }, async () => {
      await using charger = await WireCharger.connect(site);
      const { status, interval } = await charger.boot();
      assertEquals([status, Number.isInteger(interval) && interval > 0], ["Pending", true]);
      assertEquals(await charger.refused("Heartbeat"), "SecurityError");
      const start = { connectorId: 1, idTag: "T", meterStart: 0, timestamp: new Date().toISOString() };
      assertEquals(await charger.refused("StartTransaction", start), "SecurityError");
      assertEquals(await site.transactionsOf(charger.charger_id), []);
      await site.ask("PATCH", charger.path, { registration: "Accepted" });
      assertEquals((await charger.boot()).status, "Accepted");
      await charger.call("Heartbeat");
    });
  });

  it("policy reject: refused before the upgrade (X02)", async (site) => {
    await site.with({ unknown_chargers: "reject" }, async () => {
      await assertRejects(() => WireCharger.connect(site), HandshakeRefused, "404");
    });
  });

  it("a charger that the operator has rejected: Rejected, and nothing is sent to it (X02)", async (site) => {
    const charger_id = site.freshId();
    await site.ask("POST", "/ocpp/chargers/", { charger_id, registration: "Rejected" });
    await using charger = await WireCharger.connect(site, { charger_id });
    const { status, interval } = await charger.boot();
    assertEquals([status, interval > 0], ["Rejected", true]);
    for (const action of ["clear_cache", "get_configuration", "reset"]) {
      assertEquals((await site.command(charger_id, action)).status, 409, action);
    }
    assertEquals(await charger.refused("Heartbeat"), "SecurityError");
    assertEquals(charger.wire.waiting, 0);
  });

  it("three commands at once go one at a time, in order; another charger is served meanwhile (X03)", async (site) => {
    await using charger = await site.charger();
    await using other = await site.charger();
    const asked: Promise<unknown>[] = [];
    for (const value of ["1", "2", "3"]) {
      asked.push(site.command(charger.charger_id, "change_configuration", { key: "K", value }));
      await other.view(); // answered behind the command's arrival
      await other.call("Heartbeat");
    }
    for (const value of ["1", "2", "3"]) {
      const call = await charger.next("ChangeConfiguration");
      await charger.call("Heartbeat");
      assertEquals(charger.wire.waiting, 0, "the next command waits for this one's answer");
      assertEquals(call.payload.value, value);
      charger.answer(call, ACCEPTED);
    }
    await Promise.all(asked);
  });

  it("a charger that never answers: 504 in time, the queue moves on, the late answer is ignored (X04)", async (site) => {
    await site.with({ call_timeout: 1 }, async () => {
      await using charger = await site.charger();
      const asked = site.command(charger.charger_id, "clear_cache");
      const silent = await charger.next("ClearCache");
      const queued = site.command(charger.charger_id, "reset");
      const { status, body } = await asked;
      assertEquals([status, body.error], [504, "No answer to ClearCache within 1 s"]);
      const next = await charger.next("Reset");
      charger.answer(silent, ACCEPTED);
      await charger.assertSilent();
      charger.answer(next, { status: "Rejected" });
      assertEquals((await queued).body.status, "Rejected", "the late answer is not taken for this one's");
    });
  });

  it("a charger that drops mid-call: REST fails at once, and nothing is sent again (X05)", async (site) => {
    await using charger = await site.charger();
    const asked = [
      site.command(charger.charger_id, "reset"),
      site.command(charger.charger_id, "clear_cache"),
    ];
    await charger.next();
    await charger.wire.drop();
    for (const { status } of await Promise.all(asked)) assertEquals(status, 409);
    await using back = await charger.again();
    await back.boot();
    await back.assertSilent();
  });

  const errors: [string, (id: string) => unknown[], string][] = [
    ["NotSupported", (id) => [4, id, "NotSupported", "no cache here", {}], "NotSupported"],
    ["a code that nobody knows", (id) => [4, id, "Whatever", "no cache here", { a: 1 }], "Whatever"],
    ["four elements only", (id) => [4, id, "GenericError", "no cache here"], "GenericError"],
    ["the other spelling", (id) => [4, id, "FormatViolation", "no cache here", null], "FormatViolation"],
  ];
  for (const [what, frame, code] of errors) {
    it(`CALLERROR with ${what}: the operator sees code and text, and the socket stays (X06)`, async (site) => {
      await using charger = await site.charger();
      const asked = site.command(charger.charger_id, "clear_cache");
      charger.wire.send(frame((await charger.next("ClearCache")).id));
      const { status, body } = await asked;
      assertEquals([status, body.code], [502, code]);
      assert(body.error.includes("no cache here"), body.error);
      await charger.assertSilent();
    });
  }

  it("a Heartbeat is answered while a command waits for its answer (X07)", async (site) => {
    await using charger = await site.charger();
    const asked = site.command(charger.charger_id, "clear_cache");
    const call = await charger.next("ClearCache");
    await charger.call("Heartbeat");
    charger.answer(call, ACCEPTED);
    assertEquals((await asked).status, 200);
  });

  it("any message is a sign of life; a lost connection is shown, and told as an event (X19)", async (site) => {
    await using charger = await site.charger();
    await using events = await EventReader.open(site.ws_url, `?charger_id=${charger.charger_id}`);
    const before = Date.parse((await charger.view()).last_seen);
    await eventually(() => Date.now() > before, "the clock ticks");
    charger.wire.sendText("no OCPP at all");
    await eventually(async () => Date.parse((await charger.view()).last_seen) > before, "it was seen");
    await charger.wire.drop();
    assertEquals((await events.next("charger")).connected, false);
    assertEquals((await charger.view()).connected, false);
    await using back = await charger.again();
    assertEquals((await events.next("charger")).connected, true);
    await back.call("Heartbeat");
    assertEquals((await back.view()).connected, true);
  });

  it("a second socket of the same charger wins, and the old one's end leaves it alone (X20)", async (site) => {
    await using old = await site.charger();
    await using young = await old.again();
    assertEquals((await old.wire.closed).code, 1012);
    await young.call("Heartbeat");
    assertEquals((await young.view()).connected, true);
    assertEquals((await young.answerCommand("clear_cache", undefined, ACCEPTED)).status, 200);
    const types = (await young.list("security_events")).map(({ type }) => type);
    assertEquals(types, ["DuplicateConnection"]);
  });

  it("remote start with an idTag of 21 characters: 400 naming it, nothing sent (X24)", async (site) => {
    await using charger = await site.charger();
    const { status, body } = await site.command(charger.charger_id, "remote_start", {
      idTag: "x".repeat(21),
    });
    assertEquals(status, 400);
    assertMatch(body.error, /idTag/);
    await charger.assertSilent();
  });

  it("remote start and stop while Pending: 409, nothing sent; configuration may be read (X25)", async (site) => {
    const charger_id = site.freshId();
    await site.ask("POST", "/ocpp/chargers/", { charger_id, registration: "Pending" });
    await using charger = await WireCharger.connect(site, { charger_id });
    assertEquals((await charger.boot()).status, "Pending");
    assertEquals((await site.command(charger_id, "remote_start", { idTag: "T" })).status, 409);
    assertEquals((await site.command(charger_id, "remote_stop", { transactionId: 1 })).status, 409);
    assertEquals((await charger.answerCommand("get_configuration", undefined, {})).status, 200);
  });

  it("many chargers report connector 0 at the same instant: all are stored (X31)", async (site) => {
    const ids = Array.from({ length: 25 }, () => site.freshId());
    const chargers = await Promise.all(ids.map((charger_id) => WireCharger.connect(site, { charger_id })));
    const report = { connectorId: 0, errorCode: "NoError", status: "Available" };
    const answers = await Promise.all(chargers.map((charger) => charger.call("StatusNotification", report)));
    assertEquals(answers, ids.map(() => ({})));
    for (const charger of chargers) {
      assertEquals((await charger.connector(0)).status, "Available");
      await charger.wire.drop();
    }
  });

  it("the time of a boot is the host's, in UTC (X32)", async (site) => {
    await using charger = await site.charger();
    const before = Math.floor(Date.now() / 1000) * 1000; // it has whole seconds
    const { currentTime } = await charger.boot();
    assertMatch(currentTime, /Z$/);
    const at = Date.parse(currentTime);
    assert(at >= before && at <= Date.now(), currentTime);
  });
});
