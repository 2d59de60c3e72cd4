import { assertRejects } from "@std/assert";
import { Refusal } from "../../src/site/context.ts";
import { TestCharger } from "../kit/charger.ts";

Deno.test("BootNotification is triggered only until it was accepted on this connection (X26, errata 3.40, Q07)", async () => {
  await using charger = await TestCharger.make();
  const trigger = () =>
    charger.command("TriggerMessage", { requestedMessage: "BootNotification" }, { status: "Accepted" });
  await trigger();
  await charger.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  await assertRejects(trigger, Refusal, "already accepted");
  await assertRejects(
    () =>
      charger.command("ExtendedTriggerMessage", { requestedMessage: "BootNotification" }, {
        status: "Accepted",
      }),
    Refusal,
    "already accepted",
  );
  await charger.command("TriggerMessage", { requestedMessage: "Heartbeat" }, { status: "Accepted" });
});
