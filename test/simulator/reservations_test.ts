import { assertEquals } from "@std/assert";
import { type SimulatedCharger, simulatedCharger } from "../kit/simulated_charger.ts";

async function reserve(
  b: SimulatedCharger,
  connectorId: number,
  reservationId: number,
  rest: object = {},
): Promise<string> {
  const expiryDate = new Date(b.clock.now() + 600_000).toISOString();
  return (await b.call("ReserveNow", { connectorId, reservationId, expiryDate, idTag: "R", ...rest })).status;
}

Deno.test("a reserved connector accepts its tag only, and the session names the reservation", async () => {
  await using b = await simulatedCharger();
  assertEquals(await reserve(b, 1, 11), "Accepted");
  assertEquals(b.newMessages(), ["1 Reserved"]);
  assertEquals(await b.sim.presentTag("OTHER"), "Rejected");
  assertEquals(await b.sim.presentTag("r"), "Accepted");
  b.sim.plugIn();
  await b.clock.settle();
  assertEquals(b.central.of("StartTransaction")[0].reservationId, 11);
  b.sim.unplug();
  await b.clock.settle();
  assertEquals(b.sim.status(), "Available");
});

Deno.test("a reservation ends when it expires or is cancelled", async () => {
  await using b = await simulatedCharger();
  await reserve(b, 1, 1);
  await b.clock.advance(600_000);
  assertEquals(b.newMessages().filter((name) => name !== "Heartbeat"), ["1 Reserved", "1 Available"]);
  await reserve(b, 1, 2);
  assertEquals(await b.call("CancelReservation", { reservationId: 9 }), { status: "Rejected" });
  assertEquals(await b.call("CancelReservation", { reservationId: 2 }), { status: "Accepted" });
  assertEquals(b.newMessages(), ["1 Reserved", "1 Available"]);
});

Deno.test("a tag of the reservation's group may use it", async () => {
  await using b = await simulatedCharger();
  b.central.replies.Authorize = () => ({ idTagInfo: { status: "Accepted", parentIdTag: "FAMILY" } });
  await reserve(b, 1, 3, { parentIdTag: "FAMILY" });
  b.sim.plugIn();
  assertEquals(await b.sim.presentTag("CHILD"), "Accepted");
  await b.clock.settle();
  assertEquals(b.central.of("StartTransaction")[0].reservationId, 3);
});

Deno.test("ReserveNow answers by the connector's status", async () => {
  await using b = await simulatedCharger({ connectors: 3 });
  await b.charge(1);
  b.sim.fault(2, { error_code: "GroundFailure" });
  await b.call("ChangeAvailability", { connectorId: 3, type: "Inoperative" });
  assertEquals(await reserve(b, 1, 1), "Occupied");
  assertEquals(await reserve(b, 2, 2), "Faulted");
  assertEquals(await reserve(b, 3, 3), "Unavailable");
  assertEquals(await reserve(b, 9, 4), "Rejected");
  assertEquals(await reserve(b, 0, 5), "Occupied");
});

Deno.test("a reservation of connector 0 keeps one connector free", async () => {
  await using b = await simulatedCharger({ connectors: 2 });
  assertEquals(await reserve(b, 0, 7), "Accepted");
  assertEquals(await b.sim.presentTag("A", 1), "Accepted");
  b.sim.plugIn(1);
  await b.clock.settle();
  assertEquals(await b.sim.presentTag("B", 2), "Rejected");
  assertEquals(await b.sim.presentTag("R", 2), "Accepted");
  b.sim.plugIn(2);
  await b.clock.settle();
  assertEquals(b.central.of("StartTransaction")[1].reservationId, 7);
});
