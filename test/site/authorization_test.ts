import { assertEquals } from "@std/assert";
import { sessionsToStop } from "../../src/site/authorization/authorization.ts";
import { TestCharger } from "../kit/charger.ts";

async function authorized(charger: TestCharger, idTag: string): Promise<unknown> {
  return (await charger.call("Authorize", { idTag })).idTagInfo;
}

Deno.test("Authorize answers Invalid, Blocked and Expired (TC_023)", async () => {
  await using charger = await TestCharger.make();
  await charger.tag("BLOCKED", { allowed: false });
  await charger.tag("OLD", { expires_at: "2026-06-15T11:59:59Z" });
  assertEquals(await authorized(charger, "NOBODY"), { status: "Invalid" });
  assertEquals(await authorized(charger, "BLOCKED"), { status: "Blocked" });
  assertEquals(await authorized(charger, "OLD"), { status: "Expired", expiryDate: "2026-06-15T11:59:59Z" });
});

Deno.test("Authorize compares without regard to case, and gives the parent (X15)", async () => {
  await using charger = await TestCharger.make();
  await charger.tag("ABCD1234", { parent_id_tag: "FAMILY" });
  assertEquals(await authorized(charger, "abcd1234"), { status: "Accepted", parentIdTag: "FAMILY" });
});

Deno.test("Authorize accepts every tag where none is required", async () => {
  await using charger = await TestCharger.make({ require_rfid: false }, { single_transaction_per_tag: true });
  assertEquals(await authorized(charger, ""), { status: "Accepted" });
  await charger.start();
  const again = await charger.call("StartTransaction", {
    connectorId: 2,
    idTag: "TAG1",
    meterStart: 0,
    timestamp: "2026-06-15T12:00:00Z",
  });
  assertEquals(again.idTagInfo, { status: "Accepted" });
});

Deno.test("Authorize treats an empty tag by the setting empty_tags", async () => {
  await using charger = await TestCharger.make();
  assertEquals(await authorized(charger, ""), { status: "Invalid" });
  await charger.store.changeSettings({ empty_tags: "accept" });
  assertEquals(await authorized(charger, ""), { status: "Accepted" });
});

Deno.test("StartTransaction answers ConcurrentTx and keeps the session; Authorize does not (X14)", async () => {
  await using charger = await TestCharger.make({}, { single_transaction_per_tag: true });
  await charger.tag("TAG1");
  await charger.start();
  assertEquals(await authorized(charger, "tag1"), { status: "Accepted" });
  const second = await charger.call("StartTransaction", {
    connectorId: 2,
    idTag: "tag1",
    meterStart: 5,
    timestamp: "2026-06-15T12:00:00Z",
  });
  assertEquals(second.idTagInfo, { status: "ConcurrentTx" });
  const kept = charger.store.transactions.activeById(second.transactionId as number);
  assertEquals(kept?.id_tag_status, "ConcurrentTx");
});

Deno.test("StartTransaction that is repeated is not concurrent with itself", async () => {
  await using charger = await TestCharger.make({}, { single_transaction_per_tag: true });
  await charger.tag("TAG1");
  const frame =
    '[2,"a","StartTransaction",{"connectorId":1,"idTag":"TAG1","meterStart":7,"timestamp":"2026-06-15T12:00:00Z"}]';
  const first = await charger.receive(frame);
  assertEquals(await charger.receive(frame.replace('"a"', '"b"')), first);
});

Deno.test("StopTransaction accepts another tag of the same parent (X13), and says Expired (X16)", async () => {
  await using charger = await TestCharger.make();
  await charger.tag("A", { parent_id_tag: "P" });
  await charger.tag("B", { parent_id_tag: "P" });
  const transactionId = await charger.start({ idTag: "A" });
  const stop = { transactionId, meterStop: 2000, timestamp: "2026-06-15T12:30:00Z", idTag: "B" };
  assertEquals(await charger.call("StopTransaction", stop), {
    idTagInfo: { status: "Accepted", parentIdTag: "P" },
  });
  await charger.tag("B", { expires_at: "2026-06-15T00:00:00Z" });
  const again = await charger.call("StopTransaction", stop);
  assertEquals(again.idTagInfo, { status: "Expired", expiryDate: "2026-06-15T00:00:00Z" });
});

Deno.test("remember_unknown_tags keeps a tag that is tapped, and answers Invalid until it is allowed", async () => {
  await using charger = await TestCharger.make({}, { remember_unknown_tags: true });
  assertEquals(await authorized(charger, "04A1B2"), { status: "Invalid" });
  const seen = charger.store.rfids.get("04A1B2")!;
  assertEquals([seen.allowed, seen.seen_only, seen.last_charger_id], [false, true, "CP1"]);
  assertEquals(await authorized(charger, "04a1b2"), { status: "Invalid" });
  await charger.store.rfids.put({ ...charger.store.rfids.get("04A1B2")!, allowed: true });
  assertEquals(await authorized(charger, "04a1b2"), { status: "Accepted" });
});

Deno.test("id_tag_normaliser strips separators and suffixes (Q37)", async () => {
  await using charger = await TestCharger.make({ quirks: { id_tag_normaliser: "both" } });
  await charger.tag("F6CA0CC5");
  await charger.tag("12345678");
  assertEquals(await charger.receive('[2,"1","Authorize",{"idTag":" F6 CA 0C C5"}]'), {
    idTagInfo: { status: "Accepted" },
  });
  assertEquals(await charger.receive('[2,"2","Authorize",{"idTag":"F6:CA:0C:C5"}]'), {
    idTagInfo: { status: "Accepted" },
  });
  assertEquals(await charger.receive('[2,"3","Authorize",{"idTag":"12345678_serial"}]'), {
    idTagInfo: { status: "Accepted" },
  });
  const id = await charger.start({ idTag: "F6:CA:0C:C5" });
  assertEquals(charger.store.transactions.activeById(id)?.id_tag, "F6CA0CC5");
});

Deno.test("sessionsToStop names sessions whose tag is blocked meanwhile (X17)", async () => {
  await using charger = await TestCharger.make();
  await charger.tag("TAG1");
  const transaction_id = await charger.start();
  await charger.tag("TAG1", { allowed: false });
  assertEquals(sessionsToStop(charger.store, charger.clock), []);
  await charger.store.changeSettings({ stop_blocked_tags: true });
  assertEquals(sessionsToStop(charger.store, charger.clock), [{ charger_id: "CP1", transaction_id }]);
});
