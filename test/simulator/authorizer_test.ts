import { assertEquals } from "@std/assert";
import { type SimulatedCharger, simulatedCharger } from "../kit/simulated_charger.ts";

async function list(
  b: SimulatedCharger,
  updateType: string,
  listVersion: number,
  localAuthorizationList: object[],
): Promise<string> {
  return (await b.call("SendLocalList", { updateType, listVersion, localAuthorizationList })).status;
}

async function offline(b: SimulatedCharger): Promise<void> {
  b.central.refuse = 503;
  await b.sim.drop();
}

const accepted = { status: "Accepted" };

Deno.test("SendLocalList: full, differential, versions and rejected updates", async () => {
  await using b = await simulatedCharger();
  assertEquals(await b.call("GetLocalListVersion"), { listVersion: 0 });
  assertEquals(
    await list(b, "Full", 3, [{ idTag: "A", idTagInfo: accepted }, {
      idTag: "B",
      idTagInfo: { status: "Blocked" },
    }]),
    "Accepted",
  );
  assertEquals(await list(b, "Differential", 3, [{ idTag: "B" }]), "VersionMismatch");
  assertEquals(
    await list(b, "Differential", 4, [{ idTag: "B" }, { idTag: "C", idTagInfo: accepted }]),
    "Accepted",
  );
  assertEquals(await list(b, "Full", 5, [{ idTag: "A" }]), "Failed");
  assertEquals(
    await list(b, "Full", 5, [{ idTag: "A", idTagInfo: accepted }, { idTag: "a", idTagInfo: accepted }]),
    "Failed",
  );
  assertEquals(await b.call("GetLocalListVersion"), { listVersion: 4 });
  await b.call("ChangeConfiguration", { key: "LocalAuthListEnabled", value: "false" });
  assertEquals(await b.call("GetLocalListVersion"), { listVersion: -1 });
  assertEquals(await list(b, "Full", 9, []), "NotSupported");
});

Deno.test("the local list authorizes offline, before the cache", async () => {
  await using b = await simulatedCharger();
  await list(b, "Full", 1, [{ idTag: "A", idTagInfo: accepted }, {
    idTag: "B",
    idTagInfo: { status: "Blocked" },
  }]);
  b.sim.plugIn();
  await offline(b);
  assertEquals(await b.sim.presentTag("unknown"), "Invalid");
  assertEquals(await b.sim.presentTag("b"), "Blocked");
  assertEquals(await b.sim.presentTag("a"), "Accepted");
  assertEquals(b.sim.status(), "Charging");
});

Deno.test("a tag that was accepted before is known offline, until ClearCache", async () => {
  for (const cleared of [false, true]) {
    await using b = await simulatedCharger();
    b.sim.plugIn();
    await b.sim.presentTag("T");
    await b.clock.settle();
    b.sim.unplug();
    await b.clock.settle();
    if (cleared) await b.call("ClearCache");
    await offline(b);
    assertEquals(await b.sim.presentTag("T"), cleared ? "Invalid" : "Accepted");
  }
});

Deno.test("LocalPreAuthorize omits Authorize for a known tag, unless it has expired", async () => {
  await using b = await simulatedCharger({ configuration: { LocalPreAuthorize: "true" } });
  await list(b, "Full", 1, [
    { idTag: "A", idTagInfo: accepted },
    { idTag: "OLD", idTagInfo: { status: "Accepted", expiryDate: "2020-01-01T00:00:00Z" } },
  ]);
  await b.sim.presentTag("A");
  await b.clock.settle();
  assertEquals(b.newMessages(), ["1 Preparing"]);
  await b.sim.presentTag("OLD");
  assertEquals(b.newMessages(), ["Authorize"]);
});

Deno.test("a tag of the same group stops a session, any other does not", async () => {
  await using b = await simulatedCharger();
  b.central.replies.Authorize = ({ idTag }) => ({
    idTagInfo: { ...accepted, parentIdTag: idTag.startsWith("F") ? "FAMILY" : idTag },
  });
  await b.charge(1, "F1");
  assertEquals(await b.sim.presentTag("X"), "Rejected");
  assertEquals(b.sim.status(), "Charging");
  assertEquals(await b.sim.presentTag("F2"), "Accepted");
  await b.clock.settle();
  assertEquals([b.central.of("StopTransaction")[0].reason, b.central.of("StopTransaction")[0].idTag], [
    "Local",
    "F2",
  ]);
});

Deno.test("LocalListConflict is reported when central system and local list disagree", async () => {
  await using b = await simulatedCharger();
  const localAuthorizationList = [{ idTag: "TAG", idTagInfo: { status: "Accepted" } }];
  await b.call("SendLocalList", { listVersion: 1, updateType: "Full", localAuthorizationList });
  await b.sim.presentTag("TAG");
  const conflicts = () =>
    b.central.of("StatusNotification").filter(({ errorCode }) => errorCode === "LocalListConflict");
  assertEquals(conflicts(), []);
  b.central.replies.Authorize = () => ({ idTagInfo: { status: "Blocked" } });
  assertEquals(await b.sim.presentTag("TAG"), "Blocked");
  await b.sim.presentTag("OTHER");
  await b.clock.settle();
  assertEquals(conflicts().map(({ connectorId, status }) => [connectorId, status]), [[0, "Available"]]);
});
