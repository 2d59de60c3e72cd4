import { assertEquals, assertRejects } from "@std/assert";
import { OcppError } from "../../src/ocpp/error.ts";
import type { ChargerPort, PortAnswer } from "../../src/site/charger_port.ts";
import { Refusal } from "../../src/site/context.ts";
import { OCPP16 } from "../../src/v16/mod.ts";
import { TestCharger } from "../kit/charger.ts";

type Json = Record<string, unknown>;

/** A port whose messages are noted and answered with `answers`, by their name. */
function portOf(
  charger: TestCharger,
  sent: [string, Json][],
  answers: Record<string, Json> = {},
): ChargerPort {
  const send = async (name: string, payload: Json) => {
    sent.push([name, payload]);
    const answer = answers[name] ?? { status: "Accepted" };
    if (name === "GetConfiguration") await charger.command(name, payload, answer);
    return answer;
  };
  return OCPP16.port(send, charger.context);
}

const ACCEPTED: PortAnswer = { outcome: "accepted", status: "Accepted" };

Deno.test("each command of the domain is one message of OCPP 1.6", async () => {
  await using charger = await TestCharger.make();
  const sent: [string, Json][] = [];
  const port = portOf(charger, sent, { GetConfiguration: {}, GetLocalListVersion: { listVersion: 1 } });
  const update = {
    version: 3,
    full: false,
    entries: [{ id_tag: "A" }, { id_tag: "B", authorization: { status: "Accepted" as const } }],
  };
  assertEquals(await port.startSession({ connector_id: 1, id_tag: "TAG" }), ACCEPTED);
  await port.stopSession(7);
  await port.clearLimits(3);
  await port.clearLimits();
  await port.unlock(1);
  await port.reset("Hard");
  await port.setAvailability(0, false);
  await port.setAvailability(1, true);
  await port.readConfiguration(["A"]);
  await port.writeConfiguration("A", "1");
  await port.setPassword("0123456789abcdef");
  await port.trigger("status", 1);
  await port.trigger("heartbeat");
  await port.readLocalListVersion();
  await port.sendLocalList(update);
  await port.syncLocalList();
  await port.reserve({ connector_id: 1, id_tag: "TAG", expires_at: "2026-06-15T13:00:00Z" });
  await port.cancelReservation(4);
  await port.getDiagnostics();
  await port.sendCertificate("PEM");
  assertEquals(sent, [
    ["RemoteStartTransaction", { connectorId: 1, idTag: "TAG" }],
    ["RemoteStopTransaction", { transactionId: 7 }],
    ["ClearChargingProfile", { id: 3 }],
    ["ClearChargingProfile", {}],
    ["UnlockConnector", { connectorId: 1 }],
    ["Reset", { type: "Hard" }],
    ["ChangeAvailability", { connectorId: 0, type: "Inoperative" }],
    ["ChangeAvailability", { connectorId: 1, type: "Operative" }],
    ["GetConfiguration", { key: ["A"] }],
    ["ChangeConfiguration", { key: "A", value: "1" }],
    ["ChangeConfiguration", { key: "AuthorizationKey", value: "30313233343536373839616263646566" }],
    ["TriggerMessage", { requestedMessage: "StatusNotification", connectorId: 1 }],
    ["TriggerMessage", { requestedMessage: "Heartbeat" }],
    ["GetLocalListVersion", {}],
    ["SendLocalList", {
      listVersion: 3,
      updateType: "Differential",
      localAuthorizationList: [{ idTag: "A" }, { idTag: "B", idTagInfo: { status: "Accepted" } }],
    }],
    ["SendLocalList", {}],
    ["ReserveNow", { connectorId: 1, idTag: "TAG", expiryDate: "2026-06-15T13:00:00Z" }],
    ["CancelReservation", { reservationId: 4 }],
    ["GetDiagnostics", {}],
    ["CertificateSigned", { certificateChain: "PEM" }],
  ]);
});

Deno.test("a limit is a TxProfile of the highest stack level, in the unit that the charger takes", async () => {
  await using charger = await TestCharger.make();
  const sent: [string, Json][] = [];
  const answers = {
    GetConfiguration: {
      configurationKey: [
        { key: "ChargingScheduleAllowedChargingRateUnit", value: "Power", readonly: true },
        { key: "ChargeProfileMaxStackLevel", value: "5", readonly: true },
      ],
    },
    SetChargingProfile: { status: "NotSupported" },
  };
  const port = portOf(charger, sent, answers);
  assertEquals(await port.setLimit({ connector_id: 2, profile_id: 9, limit_a: 10 }), {
    outcome: "unsupported",
    status: "NotSupported",
  });
  assertEquals(sent.at(-1), ["SetChargingProfile", {
    connectorId: 2,
    csChargingProfiles: {
      chargingProfileId: 9,
      stackLevel: 5,
      chargingProfilePurpose: "TxProfile",
      chargingProfileKind: "Relative",
      chargingSchedule: {
        chargingRateUnit: "W",
        chargingSchedulePeriod: [{ startPeriod: 0, limit: 6900 }],
      },
    },
  }]);
  assertEquals(sent.length, 2, "the configuration is asked for once");
});

Deno.test("answers are accepted, refused or unsupported, with the charger's own word", async () => {
  await using charger = await TestCharger.make();
  const answered = (name: string, status: string) => portOf(charger, [], { [name]: { status } });
  const cases: [Promise<PortAnswer>, PortAnswer["outcome"]][] = [
    [answered("UnlockConnector", "Unlocked").unlock(1), "accepted"],
    [answered("UnlockConnector", "UnlockFailed").unlock(1), "refused"],
    [answered("ClearChargingProfile", "Unknown").clearLimits(1), "accepted"],
    [answered("ChangeAvailability", "Scheduled").setAvailability(1, true), "accepted"],
    [answered("TriggerMessage", "NotImplemented").trigger("status"), "unsupported"],
    [answered("SendLocalList", "VersionMismatch").syncLocalList(), "refused"],
  ];
  for (const [answer, outcome] of cases) assertEquals((await answer).outcome, outcome);
  assertEquals(await answered("ChangeConfiguration", "RebootRequired").writeConfiguration("A", "1"), {
    outcome: "accepted",
    status: "RebootRequired",
    needs_reboot: true,
  });
});

Deno.test("a trigger that the charger answers with NotSupported is unsupported; other errors are thrown", async () => {
  await using charger = await TestCharger.make();
  const failing = (code: string) => OCPP16.port(() => Promise.reject(new OcppError(code)), charger.context);
  assertEquals((await failing("NotSupported").trigger("heartbeat")).outcome, "unsupported");
  await assertRejects(() => failing("InternalError").trigger("heartbeat"), OcppError);
});

Deno.test("a password that cannot be a key is refused before anything is sent", async () => {
  await using charger = await TestCharger.make();
  const sent: [string, Json][] = [];
  await assertRejects(() => portOf(charger, sent).setPassword("short"), Refusal, "16 to 20 characters");
  assertEquals(sent, []);
});
