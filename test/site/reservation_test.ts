import { assertEquals, assertRejects } from "@std/assert";
import { Refusal } from "../../src/site/context.ts";
import { reservationsOf, sweepReservations } from "../../src/site/authorization/reservations.ts";
import { TestCharger } from "../kit/charger.ts";

const UNTIL_ONE = "2026-06-15T13:00:00Z";

function reserve(charger: TestCharger, more: Record<string, unknown> = {}, status = "Accepted") {
  return charger.command("ReserveNow", { connectorId: 1, idTag: "TAG1", expiryDate: UNTIL_ONE, ...more }, {
    status,
  });
}

function states(charger: TestCharger): string[] {
  return reservationsOf(charger.store, charger.clock).map(({ state }) => state);
}

Deno.test("ReserveNow gets an id of ours and the tag's parent", async () => {
  await using charger = await TestCharger.make();
  await charger.tag("TAG1", { parent_id_tag: "FAMILY" });
  assertEquals(await reserve(charger), {
    reservationId: 1,
    connectorId: 1,
    idTag: "TAG1",
    parentIdTag: "FAMILY",
    expiryDate: UNTIL_ONE,
  });
  assertEquals((await reserve(charger, { connectorId: 0 })).reservationId, 2);
  assertEquals(states(charger), ["active", "active"]);
});

Deno.test("ReserveNow that is not Accepted leaves no reservation (TC_048)", async () => {
  await using charger = await TestCharger.make();
  for (const status of ["Faulted", "Occupied", "Unavailable", "Rejected"]) await reserve(charger, {}, status);
  const [newest] = reservationsOf(charger.store, charger.clock);
  assertEquals([newest?.state, newest?.reason], ["refused", "Rejected"]);
  assertEquals(new Set(states(charger)), new Set(["refused"]));
});

Deno.test("ReserveNow for a time that is past is refused", async () => {
  await using charger = await TestCharger.make();
  await assertRejects(() => reserve(charger, { expiryDate: "2026-06-15T11:00:00Z" }), Refusal, "expiryDate");
});

Deno.test("StartTransaction uses the reservation that it names (TC_046)", async () => {
  await using charger = await TestCharger.make();
  await reserve(charger);
  const id = await charger.start({ reservationId: 1 });
  const [used] = reservationsOf(charger.store, charger.clock);
  assertEquals([used?.state, used?.transaction_id], ["used", id]);
  assertEquals(charger.store.transactions.activeById(id)?.reservation_id, 1);
});

Deno.test("StartTransaction uses a reservation of its group though it names 0 (TC_053, Q39)", async () => {
  await using charger = await TestCharger.make();
  await charger.tag("TAG1", { parent_id_tag: "FAMILY" });
  await charger.tag("TAG2", { parent_id_tag: "family" });
  await reserve(charger, { connectorId: 0 });
  const frame =
    '[2,"1","StartTransaction",{"connectorId":2,"idTag":"TAG2","meterStart":0,"reservationId":0,"timestamp":"2026-06-15T12:00:00Z"}]';
  await charger.receive(frame);
  assertEquals(states(charger), ["used"]);
});

Deno.test("StartTransaction of a stranger leaves the reservation", async () => {
  await using charger = await TestCharger.make();
  await reserve(charger);
  await charger.start({ idTag: "STRANGER" });
  assertEquals(states(charger), ["active"]);
});

Deno.test("A reservation expires by the clock, and sweepReservations stores it (TC_047)", async () => {
  await using charger = await TestCharger.make();
  await reserve(charger);
  charger.clock += 3_600_000;
  assertEquals(states(charger), ["expired"]);
  assertEquals(charger.store.reservations.get("CP1/1")?.state, "active");
  await sweepReservations(charger.clock, {
    store: charger.store,
    events: charger.context.events,
    keep_days: 1,
  });
  assertEquals(charger.store.reservations.get("CP1/1")?.state, "expired");
  charger.clock += 2 * 86_400_000;
  await sweepReservations(charger.clock, {
    store: charger.store,
    events: charger.context.events,
    keep_days: 1,
  });
  assertEquals(states(charger), []);
});

Deno.test("A Faulted connector releases its reservation, and only its own (OCPP 1.6 §5.13)", async () => {
  await using charger = await TestCharger.make();
  await reserve(charger);
  await reserve(charger, { connectorId: 2 });
  await charger.status("Faulted", 1);
  assertEquals(charger.store.reservations.get("CP1/1")?.state, "cancelled");
  assertEquals(charger.store.reservations.get("CP1/1")?.reason, "Faulted");
  assertEquals(charger.store.reservations.get("CP1/2")?.state, "active");
});

Deno.test("CancelReservation ends it when Accepted only (TC_051, TC_052), and only ours", async () => {
  await using charger = await TestCharger.make();
  await reserve(charger);
  await charger.command("CancelReservation", { reservationId: 1 }, { status: "Rejected" });
  assertEquals(states(charger), ["active"]);
  assertEquals(await charger.command("CancelReservation", {}, { status: "Accepted" }), { reservationId: 1 });
  assertEquals(states(charger), ["cancelled"]);
  await assertRejects(
    () => charger.command("CancelReservation", { reservationId: 99 }, { status: "Accepted" }),
    Refusal,
    "reservation 99",
  );
});
