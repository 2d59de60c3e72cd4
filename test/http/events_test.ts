// GET /ocpp/events/?messages=: the message log as it is written.
import { assert, assertEquals } from "@std/assert";
import { MessageLog } from "../../src/central/message_log.ts";
import { messageEvent, MessageFeed } from "../../src/http/api/message_feed.ts";
import { SILENT } from "../../src/log.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { EventReader } from "../kit/event_reader.ts";
import { AUTHORIZATION, startTestGateway, type TestGateway } from "../kit/gateway.ts";

Deno.test("a stream that asks for a charger's messages gets them as the log has them, and no others", async () => {
  await using site = await startTestGateway();
  await using reader = await EventReader.open(site.url, "?messages=CP1");
  const charger = await RawClient.connect(site.ws_url, { path: "CP1" });
  const other = await RawClient.connect(site.ws_url, { path: "CP2" });
  await other.call("Heartbeat");
  charger.sendText("garbage\nevent: message");
  charger.sendText('[2,\n"1",\r\n"Heartbeat",{}]');
  const key = "0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF";
  const payload = { key: "AuthorizationKey", value: key };
  const asked = site.rest("POST", "/ocpp/chargers/CP1/action/", { action: "change_configuration", payload });
  let call = await charger.next();
  while (call[0] !== 2) call = await charger.next(); // answers to what it sent before
  charger.send([3, call[1], { status: "Accepted" }]);
  await asked;
  const { log } = (await site.rest("GET", "/ocpp/chargers/CP1/")).body;
  const heard = await reader.events("message", log.length);
  // deno-lint-ignore no-explicit-any
  assertEquals(heard, log.map((entry: any) => ({ charger_id: "CP1", ...entry })));
  assert(heard.some(({ text }) => text === "garbage\nevent: message"));
  assert(!reader.text.includes(key));
  await Promise.all([charger.close(), other.close()]);
});

Deno.test("a stream gets everyone's messages for *, and none unasked", async () => {
  await using site = await startTestGateway();
  await using all = await EventReader.open(site.url, "?messages=*");
  await using none = await EventReader.open(site.url);
  const chargers = await Promise.all(["CP1", "CP2"].map((path) => RawClient.connect(site.ws_url, { path })));
  for (const charger of chargers) await charger.call("Heartbeat");
  const heard = await all.events("message", 4);
  assertEquals(new Set(heard.map(({ charger_id }) => charger_id)), new Set(["CP1", "CP2"]));
  assertEquals(await none.events("message", 0), []);
  await Promise.all(chargers.map((charger) => charger.close()));
});

Deno.test("a slow reader's messages wait for it up to a bound; what is left out is counted", async () => {
  const messages = new MessageLog({
    directory: null,
    file_bytes: () => 0,
    files: () => 0,
    log: SILENT,
    now: Date.now,
  });
  const sent: Uint8Array[] = [];
  const told = Promise.withResolvers<void>();
  let asked = 0;
  const ready = () => ++asked > 1; // slow at first
  const feed = new MessageFeed({
    messages,
    charger_id: null,
    ready,
    eventOf: (message, from) => messageEvent(message, from, { made: new WeakMap(), shown: (whole) => whole }),
    send: (bytes) => {
      sent.push(bytes);
      if (sent.length === 5) told.resolve();
    },
  });
  feed.start();
  const text = JSON.stringify([2, "1", "DataTransfer", { vendorId: "V", data: "x".repeat(15_000) }]);
  for (let n = 0; n < 10; n++) messages.write(messages.of("CP1"), "in", text, true, false);
  await told.promise;
  const texts = sent.map((bytes) => new TextDecoder().decode(bytes));
  assertEquals(texts.filter((text) => text.startsWith("event: message\n")).length, 4);
  assertEquals(texts.at(-1), 'event: messages_lost\ndata: {"count":6}\n\n');
  feed.stop();
  messages.write(messages.of("CP1"), "in", text, true, false); // nobody listens: the feed leaves no timer behind
  await messages.close();
});

Deno.test("charger, connector and transaction events are the whole records, as REST has them", async () => {
  await using site = await startTestGateway();
  await using reader = await EventReader.open(site.url);
  await using charger = await RawClient.connect(site.ws_url, { path: "CP1" });
  await charger.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  const booted = (await site.rest("GET", "/ocpp/chargers/")).body.chargers[0]!;
  const told = (await reader.events("charger", 2)).at(-1)!;
  assertEquals<unknown>({ ...told, last_seen: booted.last_seen }, booted);
  await charger.call("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Preparing" });
  const session = { connectorId: 1, idTag: "A", meterStart: 0, timestamp: new Date().toISOString() };
  await charger.call("StartTransaction", session);
  const [transaction] = await reader.events("transaction", 1);
  assertEquals((await site.rest("GET", "/ocpp/transactions/")).body.transactions[0], transaction);
  const [connector] = await reader.events("connector", 1);
  const shown = (await site.rest("GET", "/ocpp/chargers/")).body.chargers[0]!.connectors[0]!;
  assertEquals(Object.keys(connector!), ["charger_id", ...Object.keys(shown)]);
  assertEquals(reader.text.includes("event: connected"), false, "what is between our parts stays there");
});

/** Returns the id of the newest event of a stream as read so far. */
function lastId(reader: EventReader): string {
  return [...reader.text.matchAll(/^id: (.*)$/gm)].at(-1)![1]!;
}

/** Opens a stream that continues after an event. */
function resume({ url }: TestGateway, id: string, query = ""): Promise<EventReader> {
  return EventReader.open(url, query, { ...AUTHORIZATION, "last-event-id": id });
}

async function addTags(site: TestGateway, ...tags: string[]): Promise<void> {
  for (const rfid of tags) assertEquals((await site.rest("POST", "/ocpp/rfids/", { rfid })).status, 201);
}

Deno.test("a stream that comes back gets what it missed, once each, then what happens", async () => {
  await using site = await startTestGateway();
  const first = await EventReader.open(site.url);
  const begun = lastId(first);
  await addTags(site, "A", "B");
  await first.events("rfid", 2);
  const seen = lastId(first);
  await first[Symbol.asyncDispose]();
  await addTags(site, "C", "D");
  await using second = await resume(site, seen);
  await addTags(site, "E");
  const tags = (await second.events("rfid", 3)).map(({ rfid }) => rfid);
  assertEquals(tags, ["C", "D", "E"]);
  assert(!second.text.includes("event: reload"));
  await using whole = await resume(site, begun);
  assertEquals((await whole.events("rfid", 5)).map(({ rfid }) => rfid), ["A", "B", "C", "D", "E"]);
  await using filtered = await resume(site, begun, "?charger_id=CP1");
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
  await filtered.events("charger", 1);
  assertEquals(await filtered.events("rfid", 0), []);
});

Deno.test("a stream that missed too much, or comes from an earlier process, is told to load anew", async () => {
  await using site = await startTestGateway();
  await using first = await EventReader.open(site.url);
  const begun = lastId(first);
  const { events } = site.gateway.services;
  for (let n = 0; n < 6_000; n++) events.emit("file_deleted", undefined, () => ({ name: String(n) }));
  for (const id of [begun, "00000000-1", "nonsense"]) {
    await using late = await resume(site, id);
    assertEquals(await late.events("reload", 1), [{}]);
    assertEquals(await late.events("file_deleted", 0), []);
    await addTags(site, `NEXT${id.slice(0, 4)}`);
    await late.events("rfid", 1);
  }
});

Deno.test("a charger that boots with other firmware is told as a changed charger", async () => {
  await using site = await startTestGateway();
  const charger = await RawClient.connect(site.ws_url, { path: "CP1" });
  const boot = (firmwareVersion: string) =>
    charger.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M", firmwareVersion });
  await boot("1.0");
  await using reader = await EventReader.open(site.url);
  await boot("2.0");
  assertEquals((await reader.next("charger")).firmware_version, "2.0");
  await charger.close();
});
