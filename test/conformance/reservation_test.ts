// Reservations (TC_046 to TC_053).
import { assert, assertEquals, assertGreater } from "@std/assert";
import { cases, time } from "../kit/site.ts";
import { eventually } from "../kit/eventually.ts";

const ACCEPTED = { status: "Accepted" };

cases("Reservations", {}, (it) => {
  it("a reservation is used by the session that names it (TC_046)", async (site) => {
    await using charger = await site.charger();
    const idTag = await site.tag();
    const asked = { connectorId: 1, idTag, expiryDate: time(30) };
    const { action, request, body } = await charger.answerCommand("reserve_now", asked, ACCEPTED);
    const { reservationId, ...rest } = request;
    assertEquals([action, rest, body.status], ["ReserveNow", asked, "Accepted"]);
    assert(Number.isInteger(reservationId) && reservationId > 0);
    await charger.status(1, "Reserved");
    const id = await charger.charge(idTag, { reservationId });
    const [reservation] = await charger.list("reservations");
    assertEquals([reservation!.state, reservation!.transaction_id], ["used", id]);
    assertEquals((await site.transaction(id)).reservation_id, reservationId);
  });

  it("a reservation past its time is expired (TC_047)", async (site) => {
    await using charger = await site.charger();
    const idTag = await site.tag();
    const expiryDate = new Date(Date.now() + 1000).toISOString();
    await charger.answerCommand("reserve_now", { connectorId: 1, idTag, expiryDate }, ACCEPTED);
    await charger.status(1, "Reserved");
    assertEquals((await charger.list("reservations"))[0]!.state, "active");
    await eventually(
      async () => (await charger.list("reservations"))[0]!.state === "expired",
      "the reservation expires",
    );
    await charger.status(1, "Available");
  });

  const refusals = [["TC_048_1", "Faulted"], ["TC_048_2", "Occupied"], ["TC_048_3", "Unavailable"], [
    "TC_048_4",
    "Rejected",
  ]];
  for (const [id, status] of refusals as [string, string][]) {
    it(`a charger that answers ${status} holds no reservation (${id})`, async (site) => {
      await using charger = await site.charger();
      if (status === "Unavailable") {
        const change = { connectorId: 1, type: "Inoperative" };
        assertEquals((await charger.answerCommand("change_availability", change, ACCEPTED)).request, change);
        await charger.status(1, "Unavailable");
      }
      const asked = { connectorId: 1, idTag: await site.tag(), expiryDate: time(30) };
      const { body, request } = await charger.answerCommand("reserve_now", asked, { status });
      assertEquals(body.status, status);
      const kept = await charger.list("reservations");
      assertEquals(kept.filter(({ state }) => state === "active"), []);
      const used = await charger.charge(asked.idTag, { reservationId: request.reservationId });
      assertGreater(used, 0);
      assert((await charger.list("reservations")).every(({ state }) => state !== "used"));
    });
  }

  it("connector 0 can be reserved (TC_049)", async (site) => {
    await using charger = await site.charger();
    const asked = { connectorId: 0, idTag: await site.tag(), expiryDate: time(30) };
    const { request } = await charger.answerCommand("reserve_now", asked, ACCEPTED);
    assertEquals(request.connectorId, 0);
    assertEquals((await charger.list("reservations"))[0]!.connector_id, 0);
  });

  for (
    const [id, status, state] of [["TC_051", "Accepted", "cancelled"], [
      "TC_052",
      "Rejected",
      "active",
    ]] as const
  ) {
    it(`a cancellation that is ${status}: the reservation is ${state} (${id})`, async (site) => {
      await using charger = await site.charger();
      const asked = { connectorId: 1, idTag: await site.tag(), expiryDate: time(30) };
      const { reservationId } = (await charger.answerCommand("reserve_now", asked, ACCEPTED)).request;
      const { action, request, body } = await charger.answerCommand("cancel_reservation", { reservationId }, {
        status,
      });
      assertEquals([action, request, body.status], ["CancelReservation", { reservationId }, status]);
      assertEquals((await charger.list("reservations"))[0]!.state, state);
    });
  }

  it("a reservation for one tag of a family is used by another of it (TC_053)", async (site) => {
    await using charger = await site.charger();
    const family = { parent_id_tag: "GROUP53" };
    const [one, other] = [await site.tag(family), await site.tag(family)];
    const asked = { connectorId: 1, idTag: one, expiryDate: time(30) };
    const { request } = await charger.answerCommand("reserve_now", asked, ACCEPTED);
    assertEquals(request, { ...asked, parentIdTag: "GROUP53", reservationId: request.reservationId });
    await charger.status(1, "Reserved");
    const { idTagInfo, transactionId } = await charger.start(other, { reservationId: request.reservationId });
    assertEquals(idTagInfo, { status: "Accepted", parentIdTag: "GROUP53" });
    const [reservation] = await charger.list("reservations");
    assertEquals([reservation!.state, reservation!.transaction_id], ["used", transactionId]);
  });
});
