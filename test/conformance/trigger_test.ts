// Remote trigger (TC_054, TC_055; X26).
import { assert, assertEquals } from "@std/assert";
import { cases, type Json, time } from "../kit/site.ts";

const VALUE = { timestamp: time(), sampledValue: [{ value: "5", context: "Trigger" }] };

/** A requested message, and the check of the message that follows. */
const FOLLOWED: [string, Json, Json][] = [
  ["MeterValues", { connectorId: 1 }, { connectorId: 1, meterValue: [VALUE] }],
  ["Heartbeat", {}, {}],
  ["StatusNotification", { connectorId: 1 }, { connectorId: 1, errorCode: "NoError", status: "Available" }],
  ["DiagnosticsStatusNotification", {}, { status: "Idle" }],
  ["FirmwareStatusNotification", {}, { status: "Idle" }],
];

cases("Remote trigger", {}, (it) => {
  it("each message that is triggered is sent for, answered when it comes, and shown (TC_054)", async (site) => {
    await using charger = await site.charger();
    for (const [requestedMessage, more, message] of FOLLOWED) {
      const trigger = { requestedMessage, ...more };
      const asked = site.command(charger.charger_id, "trigger_message", trigger);
      const call = await charger.next("TriggerMessage");
      assertEquals(call.payload, trigger);
      charger.answer(call, { status: "Accepted" });
      const answer = await charger.call(requestedMessage, message);
      if (requestedMessage !== "Heartbeat") assertEquals(answer, {});
      const { body } = await asked;
      assertEquals([body.status, body.followed_by], ["Accepted", {
        action: requestedMessage,
        payload: message,
      }]);
    }
  });

  it("a trigger that is Rejected is shown (TC_055)", async (site) => {
    await using charger = await site.charger();
    const { status, body } = await charger.answerCommand(
      "trigger_message",
      { requestedMessage: "Heartbeat" },
      {
        status: "Rejected",
      },
    );
    assertEquals([status, body.status], [200, "Rejected"]);
  });

  it("BootNotification is not triggered once it was Accepted (X26)", async (site) => {
    await using charger = await site.charger();
    for (const action of ["trigger_message", "extended_trigger_message"]) {
      const { status, body } = await site.command(charger.charger_id, action, {
        requestedMessage: "BootNotification",
      });
      assertEquals(status, 409);
      assert(body.error.includes("BootNotification"), body.error);
    }
    await charger.assertSilent();
  });
});
