import { assertEquals } from "@std/assert";
import { FLAGS } from "../../src/site/sessions/flags.ts";
import { ENERGY_FLAGS } from "../../src/site/energy/energy_rules.ts";
import { TestCharger } from "../kit/charger.ts";

async function sample(
  charger: TestCharger,
  transactionId: number | undefined,
  wh: number,
  connectorId = 1,
): Promise<void> {
  charger.clock += 60_000;
  await charger.call("MeterValues", {
    connectorId,
    ...(transactionId === undefined ? {} : { transactionId }),
    meterValue: [{ timestamp: new Date(charger.clock).toISOString(), sampledValue: [{ value: String(wh) }] }],
  });
}

async function stop(charger: TestCharger, transactionId: number, meterStop: number): Promise<void> {
  charger.clock += 540_000;
  await charger.call("StopTransaction", {
    transactionId,
    meterStop,
    timestamp: new Date(charger.clock).toISOString(),
  });
}

async function figures(charger: TestCharger, id: number): Promise<unknown[]> {
  const transaction = await charger.store.transactions.get(id);
  return [transaction?.state, transaction?.energy_wh, transaction?.flags];
}

Deno.test("Available during a session makes it suspect, StopTransaction puts it right (E42)", async () => {
  await using charger = await TestCharger.make();
  const id = await charger.start();
  await sample(charger, id, 7300);
  await charger.status("Charging");
  await charger.status("Available");
  assertEquals(await figures(charger, id), ["active", 6300, ["suspect"]]);
  await stop(charger, id, 7320);
  assertEquals(await figures(charger, id), ["completed", 6320, []]);
});

Deno.test("a session goes on over a reboot: suspect until it is named again (E30)", async () => {
  await using charger = await TestCharger.make();
  const id = await charger.start();
  await sample(charger, id, 4000);
  await charger.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  assertEquals(await figures(charger, id), ["active", 3000, ["suspect"]]);
  await sample(charger, undefined, 5000);
  assertEquals(await figures(charger, id), ["active", 4000, ["suspect"]]);
  await sample(charger, id, 6000);
  assertEquals(await figures(charger, id), ["active", 5000, []]);
  await stop(charger, id, 8000);
  assertEquals(await figures(charger, id), ["completed", 7000, []]);
});

Deno.test("a second StopTransaction that differs is a conflict, and the first stands (E32)", async () => {
  await using charger = await TestCharger.make();
  const id = await charger.start();
  await sample(charger, id, 13000);
  await stop(charger, id, 13345);
  await stop(charger, id, 13345);
  assertEquals(await figures(charger, id), ["completed", 12345, []]);
  await stop(charger, id, 13400);
  assertEquals(await figures(charger, id), ["completed", 12345, ["conflict"]]);
});

Deno.test("Energy between the last sample and the next session is unaccounted (rule 11)", async () => {
  await using charger = await TestCharger.make();
  const id = await charger.start();
  await sample(charger, id, 4000);
  charger.clock += 3_600_000;
  await charger.start({ meterStart: 4500 });
  assertEquals(await figures(charger, id), ["completed", 3000, ["no-meter-stop", "no-stop", "unaccounted"]]);
  assertEquals((await charger.store.transactions.get(id))?.unaccounted_wh, 500);
  await stop(charger, id, 4500);
  assertEquals(await figures(charger, id), ["completed", 3500, []]);
  assertEquals((await charger.store.transactions.get(id))?.unaccounted_wh, undefined);
});

Deno.test("meter values of a session that nobody knows make a recovered one, which StopTransaction ends (Q29)", async () => {
  await using charger = await TestCharger.make();
  await charger.status("Available");
  await sample(charger, 4711, 5000);
  assertEquals(charger.store.transactions.active(), [], "the connector says that it is not charging");
  await charger.status("Charging");
  await sample(charger, 4711, 5100);
  await sample(charger, 4711, 5600);
  const [recovered] = charger.store.transactions.active();
  assertEquals([recovered?.reported_transaction_id, recovered?.energy_wh], [4711, 500]);
  assertEquals(await charger.command("RemoteStopTransaction", {}, { status: "Accepted" }), {
    transactionId: 4711,
  });
  await stop(charger, 4711, 5700);
  assertEquals(charger.store.transactions.active(), []);
  const id = recovered!.transaction_id;
  assertEquals((await figures(charger, id)).slice(0, 2), ["completed", 600]);
  await stop(charger, 4711, 5700);
  assertEquals((await charger.store.transactions.list()).transactions.length, 1);
});

Deno.test("a charger that never reports a status: a session that nobody knows counts from its first reading", async () => {
  await using charger = await TestCharger.make();
  await sample(charger, 4711, 5000);
  await sample(charger, 4711, 5600);
  const [recovered] = charger.store.transactions.active();
  assertEquals([recovered?.reported_transaction_id, recovered?.energy_wh, recovered?.start_time], [
    4711,
    600,
    new Date(charger.clock - 60_000).toISOString(),
  ]);
  await stop(charger, 4711, 5700);
  assertEquals((await figures(charger, recovered!.transaction_id)).slice(0, 2), ["completed", 700]);
});

Deno.test("a charger that never reports a status: the next unknown session ends the one before", async () => {
  await using charger = await TestCharger.make();
  for (const [id, wh] of [[1, 1000], [1, 1500], [2, 1500], [2, 3500]] as const) await sample(charger, id, wh);
  const { transactions } = await charger.store.transactions.list();
  assertEquals(transactions.map((each) => [each.reported_transaction_id, each.state, each.energy_wh]), [
    [2, "active", 2000],
    [1, "completed", 500],
  ]);
  assertEquals(transactions[1]!.flags.toSorted(), [
    "no-meter-start",
    "no-meter-stop",
    "no-stop",
    "recovered",
  ]);
  await sample(charger, 1, 1510); // strays; the charger's session is 2
  await sample(charger, 2, 4000);
  assertEquals(charger.store.transactions.active().map(({ energy_wh }) => energy_wh), [2500]);
  assertEquals((await charger.store.transactions.list()).transactions.length, 2);
});

Deno.test("readings of a session that has ended, sent again, make no session", async () => {
  await using charger = await TestCharger.make();
  const began = charger.clock;
  const late = async (id: number, minute: number, wh: number) => {
    const now = charger.clock;
    charger.clock = began + (minute - 1) * 60_000;
    const sent = sample(charger, id, wh);
    charger.clock = now;
    await sent;
  };
  await sample(charger, 4711, 5000);
  await stop(charger, 4711, 5700); // a recovered one
  await late(4711, 2, 5500);
  assertEquals(charger.store.transactions.active(), []);

  await stop(charger, 900, 7000); // an orphan
  await late(900, 12, 6500);
  assertEquals(charger.store.transactions.active(), []);

  charger.clock += 60_000;
  const id = await charger.start({ meterStart: 8000, timestamp: new Date(charger.clock).toISOString() });
  await stop(charger, id, 9000);
  await late(901, 12, 6800); // before a session of its connector: it has ended too
  assertEquals(charger.store.transactions.active(), []);
  assertEquals((await charger.store.transactions.list()).transactions.length, 3);

  await sample(charger, 902, 9100); // the next one is new
  assertEquals(charger.store.transactions.active().map((each) => each.reported_transaction_id), [902]);
});

Deno.test("meter values that name another charger's session are not attached, and are noted (A37)", async () => {
  await using charger = await TestCharger.make();
  const other = await TestCharger.beside(charger.store, { charger_id: "CP2" });
  const id = await charger.start();
  await other.status("Charging");
  await sample(other, id, 999_000);
  assertEquals((await figures(charger, id))[1], 0);
  assertEquals(charger.store.transactions.active("CP2"), []);
  assertEquals(charger.store.security_events.all().map(({ type }) => type), ["ForeignTransaction"]);
});

Deno.test("StopTransaction of an id never issued leaves the open session alone (E40)", async () => {
  await using charger = await TestCharger.make();
  const id = await charger.start();
  await stop(charger, 777, 9500);
  assertEquals((await figures(charger, id))[0], "active");
});

Deno.test("register_factor corrects samples in kWh that are labelled Wh (E26, Q42)", async () => {
  await using charger = await TestCharger.make({ quirks: { register_factor: 1000 } });
  const id = await charger.start({ meterStart: 360_000 });
  const frame =
    `[2,"1","MeterValues",{"connectorId":1,"transactionId":${id},"meterValue":[{"timestamp":"2026-06-15T12:10:00Z",` +
    '"sampledValue":[{"value":"361","unit":"Wh"}]}]}]';
  await charger.receive(frame);
  assertEquals((await figures(charger, id))[1], 1000);
});

Deno.test("Every word in flags is explained", () => {
  for (const word of ENERGY_FLAGS) assertEquals(typeof FLAGS[word], "string", word);
});

Deno.test("a session that was queued while offline has the charger's times, whatever its tag (E34, E35)", async () => {
  await using charger = await TestCharger.make();
  const id = await charger.start({ timestamp: "2026-06-15T08:00:00Z", meterStart: 2000, idTag: "UNKNOWN" });
  await charger.call("StopTransaction", {
    transactionId: id,
    meterStop: 9000,
    timestamp: "2026-06-15T09:00:00Z",
  });
  const transaction = await charger.store.transactions.get(id);
  assertEquals([transaction?.energy_wh, transaction?.id_tag_status], [7000, "Invalid"]);
  assertEquals([transaction?.start_time, transaction?.stop_time, transaction?.stop_received], [
    "2026-06-15T08:00:00.000Z",
    "2026-06-15T09:00:00.000Z",
    "2026-06-15T12:00:00.000Z",
  ]);
});

Deno.test("StopTransaction without a session is an orphan of unknown energy, once (E37)", async () => {
  await using charger = await TestCharger.make();
  const frame =
    '[2,"1","StopTransaction",{"transactionId":-1,"meterStop":9500,"timestamp":"2026-06-15T12:00:00Z"}]';
  assertEquals(await charger.receive(frame), {});
  assertEquals(await charger.receive(frame), {});
  const { transactions } = await charger.store.transactions.list();
  assertEquals(transactions.map(({ energy_wh, flags }) => [energy_wh, flags]), [[null, ["orphan"]]]);
});

/** Sends a StopTransaction for the session, whose tag is TAG1, and returns the states of all sessions, newest first. */
async function statesAfterStop(charger: TestCharger, more: Record<string, unknown>): Promise<unknown[]> {
  const transactionId = await charger.start();
  charger.clock += 60_000;
  const timestamp = new Date(charger.clock).toISOString();
  await charger.call("StopTransaction", { transactionId, meterStop: 900, timestamp, ...more });
  const { transactions } = await charger.store.transactions.list();
  return transactions.map(({ state, flags }) => [state, flags.includes("orphan")]);
}

const ENDED = [["completed", false]];
const ORPHAN = [["completed", true], ["active", false]];

Deno.test("StopTransaction with the tag of another driver is an orphan, and ends nobody's session", async () => {
  await using charger = await TestCharger.make();
  assertEquals(await statesAfterStop(charger, { idTag: "TAG2" }), ORPHAN);
  assertEquals(charger.told("security").length, 1);
});

Deno.test("StopTransaction of yesterday, with an id of today, is an orphan", async () => {
  await using charger = await TestCharger.make();
  const timestamp = new Date(charger.clock - 86_400_000).toISOString();
  assertEquals(await statesAfterStop(charger, { idTag: "TAG1", timestamp }), ORPHAN.toReversed());
});

Deno.test("StopTransaction ends its session though the charger has lost its clock, if the meter has moved", async () => {
  await using charger = await TestCharger.make();
  const stop = { idTag: "tag1", timestamp: "2020-01-01T00:00:00Z", meterStop: 1500 };
  assertEquals(await statesAfterStop(charger, stop), ENDED);
});

Deno.test("StopTransaction without tag, or with one too long to be a tag, ends the session that it names", async () => {
  for (const more of [{}, { idTag: "123456789012345678901" }]) {
    await using charger = await TestCharger.make();
    assertEquals(await statesAfterStop(charger, more), ENDED);
  }
});

Deno.test("StopTransaction without an id ends the only session that runs (Q35)", async () => {
  await using charger = await TestCharger.make();
  const id = await charger.start();
  const frame =
    '[2,"1","StopTransaction",{"transactionId":0,"meterStop":2000,"timestamp":"2026-06-15T12:30:00Z"}]';
  await charger.receive(frame);
  assertEquals(await figures(charger, id), ["completed", 1000, ["guessed"]]);
});

Deno.test("two connectors do not mix (E44)", async () => {
  await using charger = await TestCharger.make();
  const one = await charger.start({ connectorId: 1, meterStart: 0 });
  const two = await charger.start({ connectorId: 2, meterStart: 500 });
  await sample(charger, one, 100, 1);
  await sample(charger, undefined, 900, 2);
  assertEquals([(await figures(charger, one))[1], (await figures(charger, two))[1]], [100, 400]);
});

Deno.test("a clock of 1970 is replaced by the time of receipt, and flagged (E46)", async () => {
  await using charger = await TestCharger.make();
  const id = await charger.start({ timestamp: "1970-01-01T00:00:00Z" });
  const transaction = charger.store.transactions.activeById(id);
  assertEquals([transaction?.start_time, transaction?.flags], ["2026-06-15T12:00:00.000Z", ["clock"]]);
  await stop(charger, id, 2000);
  assertEquals((await figures(charger, id))[1], 1000);
});

Deno.test("without meterStart the first sample is the baseline (E48)", async () => {
  await using charger = await TestCharger.make();
  const frame =
    '[2,"1","StartTransaction",{"connectorId":1,"idTag":"TAG1","meterStart":null,"timestamp":"2026-06-15T12:00:00Z"}]';
  const { transactionId } = await charger.receive(frame);
  await sample(charger, transactionId as number, 5000);
  await stop(charger, transactionId as number, 5600);
  assertEquals(await figures(charger, transactionId as number), ["completed", 600, ["no-meter-start"]]);
});
