// Local authorization lists (TC_042, TC_043; X27, X28).
import { assert, assertEquals, assertGreater } from "@std/assert";
import type { WireCharger } from "../kit/wire_charger.ts";
import { cases, type Json, type Site } from "../kit/site.ts";
import { eventually } from "../kit/eventually.ts";

const ACCEPTED = { status: "Accepted" };
const listed = (idTag: string) => ({ idTag, idTagInfo: ACCEPTED });
const tagsIn = (request: Json): string[] => request.localAuthorizationList.map(({ idTag }: Json) => idTag);

cases("Local authorization list", {}, (it) => {
  for (const [id, listVersion] of [["TC_042_1", -1], ["TC_042_2", 0]] as const) {
    it(`list version ${listVersion} is shown (${id})`, async (site) => {
      await using charger = await site.charger();
      const { action, request, body } = await charger.answerCommand("get_local_list_version", undefined, {
        listVersion,
      });
      assertEquals([action, request, body.response], ["GetLocalListVersion", {}, { listVersion }]);
    });
  }

  for (const [id, status] of [["TC_043_1", "NotSupported"], ["TC_043_3", "Failed"]] as const) {
    it(`a Full list that is answered ${status} (${id})`, async (site) => {
      await using charger = await site.charger();
      await site.tag();
      const { request, body } = await charger.answerCommand("send_local_list", { updateType: "Full" }, {
        status,
      });
      assertEquals([request.updateType, body.status], ["Full", status]);
      await charger.assertSilent();
    });
  }

  it("a Full list from the RFID table: every entry has idTagInfo (TC_043_4)", async (site) => {
    await using charger = await site.charger();
    const [good, bad] = [await site.tag({ parent_id_tag: "FAMILY" }), await site.tag({ allowed: false })];
    const { request, body } = await charger.answerCommand(
      "send_local_list",
      { updateType: "Full" },
      ACCEPTED,
    );
    assertEquals([body.status, request.updateType], ["Accepted", "Full"]);
    assertGreater(request.listVersion, 0);
    const infoOf = (tag: string) =>
      request.localAuthorizationList.find(({ idTag }: Json) => idTag === tag).idTagInfo;
    assertEquals(infoOf(good), { parentIdTag: "FAMILY", status: "Accepted" });
    assertEquals(infoOf(bad), { status: "Blocked" });
    assert(request.localAuthorizationList.every(({ idTagInfo }: Json) => idTagInfo));
  });

  it("after a Full list a new tag goes as Differential, alone, under a greater version (TC_043_5)", async (site) => {
    await using charger = await site.charger();
    const full = (await charger.answerCommand("send_local_list", { updateType: "Full" }, ACCEPTED)).request;
    await inStep(charger);
    const tag = await site.tag();
    const { request } = await charger.answerCommand(
      "send_local_list",
      { updateType: "Differential" },
      ACCEPTED,
    );
    assertEquals([request.updateType, request.localAuthorizationList], ["Differential", [listed(tag)]]);
    assertGreater(request.listVersion, full.listVersion);
  });

  for (const listVersion of [2147483647, 1e308]) {
    it(`behind list version ${listVersion} the count begins again (TC_042_2)`, async (site) => {
      await using charger = await site.charger();
      await site.tag();
      await charger.answerCommand("get_local_list_version", undefined, { listVersion });
      const { request } = await charger.answerCommand("send_local_list", { updateType: "Full" }, ACCEPTED);
      assertEquals(request.listVersion, 1);
    });
  }

  for (const status of ["VersionMismatch", "Failed"]) {
    it(`a Differential list that is answered ${status} is followed by a Full one (X27)`, async (site) => {
      await using charger = await site.charger();
      await charger.answerCommand("send_local_list", { updateType: "Full" }, ACCEPTED);
      await inStep(charger);
      const tag = await site.tag();
      const { request, body } = await charger.answerCommand(
        "send_local_list",
        { updateType: "Differential" },
        {
          status,
        },
      );
      assertEquals(body.status, status);
      const next = await charger.next("SendLocalList");
      assertEquals(next.payload.updateType, "Full");
      assertGreater(next.payload.listVersion, request.listVersion - 1);
      assert(tagsIn(next.payload).includes(tag));
      charger.answer(next, ACCEPTED);
      await inStep(charger);
    });
  }

  it("a list longer than SendLocalListMaxLength goes as Full, then Differential, until all is there (X28)", async (site) => {
    await using charger = await site.charger();
    await tableOf(5, site);
    const length = [{ key: "SendLocalListMaxLength", readonly: true, value: "2" }];
    await charger.answerCommand("get_configuration", undefined, { configurationKey: length });
    const first = (await charger.answerCommand("send_local_list", { updateType: "Full" }, ACCEPTED)).request;
    const held = new Set(tagsIn(first));
    let { listVersion } = first;
    assertEquals([first.updateType, held.size], ["Full", 2]);
    const all = (await site.get("/ocpp/rfids/")).rfids.map(({ rfid }: Json) => rfid);
    while (held.size < all.length) {
      const next = await charger.next("SendLocalList");
      assertEquals(next.payload.updateType, "Differential");
      assertGreater(next.payload.listVersion, listVersion);
      ({ listVersion } = next.payload);
      assert(tagsIn(next.payload).length <= 2);
      for (const tag of tagsIn(next.payload)) held.add(tag);
      charger.answer(next, ACCEPTED);
    }
    assertEquals([...held].sort(), all.sort());
    await inStep(charger);
  });
});

async function tableOf(count: number, site: Site): Promise<void> {
  for (let index = 0; index < count; index++) await site.tag();
}

/** The gateway has found that the charger has the whole table, and sends no more. */
async function inStep(charger: WireCharger): Promise<void> {
  const list = () => charger.site.get(`${charger.path}local_list/`); // read behind the gateway's own look at it
  await eventually(async () => (await list()).known, "the list is known");
  for (let times = 0; times < 3; times++) {
    await list();
    await charger.assertSilent();
  }
}
