import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { Refusal } from "../../src/site/context.ts";
import { localListOf, nextUpdate, tagsOfTable } from "../../src/site/authorization/local_list.ts";
import { requestOf } from "../../src/v16/send_local_list.ts";
import { TestCharger } from "../kit/charger.ts";

type Json = Record<string, unknown>;

function send(charger: TestCharger, payload: Json = {}, status = "Accepted"): Promise<Json> {
  return charger.command("SendLocalList", payload, { status });
}

async function know(charger: TestCharger, values: Record<string, string>): Promise<void> {
  const configurationKey = Object.entries(values).map(([key, value]) => ({ key, value, readonly: true }));
  await charger.command("GetConfiguration", { key: Object.keys(values) }, { configurationKey });
}

/** The next update as the message that it is sent by. */
async function nextMessage(charger: TestCharger) {
  const update = await nextUpdate(charger.context);
  return update && requestOf(update);
}

function tagsIn(request: Json): string[] {
  return (request.localAuthorizationList as { idTag: string }[]).map(({ idTag }) => idTag);
}

Deno.test("SendLocalList without a list is made from the RFID table: Full, then what changed (TC_043_4, _5)", async () => {
  await using charger = await TestCharger.make();
  await charger.tag("A");
  await charger.tag("B", { allowed: false, parent_id_tag: "P" });
  await charger.tag("SEEN", { allowed: false, seen_only: true });
  assertEquals(await send(charger), {
    listVersion: 1,
    updateType: "Full",
    localAuthorizationList: [
      { idTag: "A", idTagInfo: { status: "Accepted" } },
      { idTag: "B", idTagInfo: { parentIdTag: "P", status: "Blocked" } },
    ],
  });
  await charger.tag("C");
  await charger.store.rfids.delete("A");
  assertEquals(await send(charger), {
    listVersion: 2,
    updateType: "Differential",
    localAuthorizationList: [{ idTag: "A" }, { idTag: "C", idTagInfo: { status: "Accepted" } }],
  });
  await assertRejects(() => send(charger), Refusal, "already has the RFID table");
});

Deno.test("A list longer than SendLocalListMaxLength goes in steps (X28)", async () => {
  await using charger = await TestCharger.make();
  for (const tag of ["A", "B", "C", "D", "E"]) await charger.tag(tag);
  await know(charger, { SendLocalListMaxLength: "2" });
  const steps: [unknown, string[]][] = [];
  for (let i = 0; i < 3; i++) {
    const request = await send(charger);
    steps.push([request.updateType, tagsIn(request)]);
  }
  assertEquals(steps, [["Full", ["A", "B"]], ["Differential", ["C", "D"]], ["Differential", ["E"]]]);
  assertEquals(await nextMessage(charger), null);
});

Deno.test("LocalAuthListMaxLength keeps the tags that were seen last", async () => {
  await using charger = await TestCharger.make();
  await charger.tag("OLD", { last_seen: "2020-01-01T00:00:00Z" });
  await charger.tag("NEW", { last_seen: "2026-01-01T00:00:00Z" });
  assertEquals(Object.keys(tagsOfTable(charger.store, charger.clock, 1)), ["NEW"]);
});

Deno.test("A Differential that fails is followed by a Full one (X27)", async () => {
  for (const status of ["VersionMismatch", "Failed"]) {
    await using charger = await TestCharger.make();
    await charger.tag("A");
    await send(charger);
    await charger.tag("B");
    await send(charger, {}, status);
    assertEquals((charger.told("local_list").at(-1) as Json).unfinished, true);
    const full = await nextMessage(charger);
    assertEquals([full?.updateType, full?.listVersion], ["Full", 2]);
  }
});

Deno.test("An operator's own list is sent verbatim, and is what the charger is to hold", async () => {
  await using charger = await TestCharger.make();
  await charger.tag("TABLE");
  const own = {
    listVersion: 7,
    updateType: "Full",
    localAuthorizationList: [{ idTag: "X", idTagInfo: { status: "Accepted" } }],
  };
  assertEquals(await send(charger, own), own);
  assertEquals(await nextMessage(charger), null);
  const more = { listVersion: 8, updateType: "Differential", localAuthorizationList: [{ idTag: "x" }] };
  await send(charger, more, "Failed");
  assertEquals(await nextMessage(charger), {
    listVersion: 8,
    updateType: "Full",
    localAuthorizationList: [],
  });
});

Deno.test("A Differential of an operator's is not added to when nothing is known of the list", async () => {
  await using charger = await TestCharger.make();
  const entry = { idTag: "X", idTagInfo: { status: "Accepted" } };
  await send(charger, { listVersion: 3, updateType: "Differential", localAuthorizationList: [entry] });
  assertEquals((charger.told("local_list").at(-1) as Json).unfinished, false);
});

Deno.test("A Differential of an operator's that fails is followed by a Full one, also when nothing is known of the list", async () => {
  for (const status of ["VersionMismatch", "Failed"]) {
    await using charger = await TestCharger.make();
    for (const tag of ["A", "B"]) await charger.tag(tag);
    const changes = [{ idTag: "X", idTagInfo: { status: "Blocked" } }, { idTag: "b" }];
    const own = { listVersion: 3, updateType: "Differential", localAuthorizationList: changes };
    await send(charger, own, status);
    assertEquals((charger.told("local_list").at(-1) as Json).unfinished, true);
    const full = await nextMessage(charger);
    assertEquals(full?.updateType, "Full");
    assertEquals(full?.localAuthorizationList, [
      { idTag: "A", idTagInfo: { status: "Accepted" } },
      { idTag: "X", idTagInfo: { status: "Blocked" } },
    ]);
    await send(charger, full!);
    assertEquals(await nextMessage(charger), null);
  }
});

Deno.test("SendLocalList refuses a Full list without idTagInfo, a tag twice, and version 0", async () => {
  await using charger = await TestCharger.make();
  const info = { status: "Accepted" };
  const cases: [Json, string][] = [
    [{ listVersion: 1, localAuthorizationList: [{ idTag: "A" }] }, "idTagInfo is required"],
    [{
      listVersion: 1,
      localAuthorizationList: [{ idTag: "A", idTagInfo: info }, { idTag: "a", idTagInfo: info }],
    }, "twice"],
    [{ listVersion: 0, localAuthorizationList: [] }, "listVersion"],
  ];
  for (const [payload, text] of cases) await assertRejects(() => send(charger, payload), Refusal, text);
});

Deno.test("GetLocalListVersion tells when the list is another one (TC_042)", async () => {
  await using charger = await TestCharger.make();
  await charger.tag("A");
  await send(charger);
  await charger.command("GetLocalListVersion", {}, { listVersion: 1 });
  assertEquals((await localListOf(charger.store, "CP1")).known, true);
  await charger.command("GetLocalListVersion", {}, { listVersion: 9 });
  const full = await nextMessage(charger);
  assertEquals([full?.updateType, full?.listVersion], ["Full", 10]);
  await charger.command("GetLocalListVersion", {}, { listVersion: -1 });
  assertEquals((await localListOf(charger.store, "CP1")).supported, false);
});

Deno.test("Updates in steps always end with the table in the charger", async () => {
  const tables = fc.array(fc.uniqueArray(fc.constantFrom(..."ABCDEFGHIJ"), { maxLength: 10 }), {
    minLength: 1,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(tables, fc.integer({ min: 1, max: 4 }), async (wanted, length) => {
      await using charger = await TestCharger.make();
      await know(charger, { SendLocalListMaxLength: String(length) });
      const held = new Set<string>();
      for (const table of wanted) {
        for (const { rfid } of charger.store.rfids.all()) await charger.store.rfids.delete(rfid);
        for (const tag of table) await charger.tag(tag);
        for (let step = 0; await nextMessage(charger); step++) {
          const request = await send(charger);
          if (request.updateType === "Full") held.clear();
          for (
            const { idTag, idTagInfo } of request.localAuthorizationList as {
              idTag: string;
              idTagInfo?: unknown;
            }[]
          ) {
            if (idTagInfo) held.add(idTag);
            else held.delete(idTag);
          }
          if (step > 30) throw new Error("It never ends");
        }
        assertEquals([...held].sort(), [...table].sort());
      }
    }),
    { numRuns: 20 },
  );
});
