import { assert, assertEquals, assertMatch } from "@std/assert";
import { FAST, only, startSite } from "./site.ts";

Deno.test("a commissioning is begun, watched and reported over REST", async () => {
  await using site = await startSite();
  const { rest, gateway } = site.test;
  const { commissionings, store } = gateway.services;
  await rest("PATCH", "/ocpp/chargers/NEW-1/", { name: "Patio <1>", latitude: 25.67, longitude: -100.3 });
  const begun = await rest("POST", "/ocpp/commissioning/", {
    charger_id: "NEW-1",
    installer: "Rosa Peña",
    ...only("connection", "trigger_heartbeat", "plug_in", "tag", "unlock"),
    options: FAST,
  });
  assertEquals([begun.status, begun.body.state, begun.body.installer], [201, "running", "Rosa Peña"]);
  await commissionings.finished(begun.body);
  await rest("PATCH", "/ocpp/commissioning/1/", { notes: "Poste nuevo" });
  const { body } = await rest("GET", "/ocpp/commissioning/1/");
  assertEquals([body.state, body.passed, body.observed, body.failed, body.notes], [
    "done",
    4,
    1,
    0,
    "Poste nuevo",
  ]);
  assertEquals(
    body.results.find(({ step }: { step: string }) => step === "connection").result,
    "observation",
  );
  const list = await rest("GET", "/ocpp/commissioning/?charger_id=NEW-1");
  assertEquals(list.body.commissionings.length, 1);
  const { frames } = (await rest("GET", "/ocpp/commissioning/1/frames/?step=tag&connector_id=1")).body;
  assert(frames.some(({ text }: { text: string }) => text.includes("Authorize")));
  const report = (await rest("GET", "/ocpp/commissioning/1/report.json")).body;
  assertEquals([report.verdict, report.charger.latitude, report.gateway_version.length > 0], [
    "observation",
    25.67,
    true,
  ]);
  assertEquals(report.results.length, 5);
  await rest("PATCH", "/ocpp/settings/", { time_zone: "Pacific/Kiritimati" });
  const page = await rest("GET", "/ocpp/commissioning/1/report/?lang=es");
  const started = new Intl.DateTimeFormat("es-MX", {
    dateStyle: "long",
    timeStyle: "short",
    hourCycle: "h23",
    timeZone: "Pacific/Kiritimati",
  }).format(new Date(report.started_at));
  assertMatch(page.headers.get("content-type")!, /text\/html/);
  for (
    const words of [
      "Reporte de entrega",
      "Aprobado con observaciones",
      "Perfil de seguridad: 0",
      "Se identifica con: nada",
      "Nombre, fecha y firma",
      "Rosa Peña",
      "Patio &lt;1>",
      "<svg",
      "Poste nuevo",
      started,
      "Pacific/Kiritimati",
    ]
  ) {
    assert(page.body.includes(words), words);
  }
  assertEquals((await rest("DELETE", "/ocpp/commissioning/1/")).status, 204);
  assertEquals([store.commissionings.size, store.commissioning_results.size], [0, 0]);
});

Deno.test("a commissioning that is done is signed by name, until a step is repeated", async () => {
  await using site = await startSite();
  const { rest, gateway } = site.test;
  await rest("PATCH", "/ocpp/settings/", { language: "es" });
  const wanted = { charger_id: "NEW-1", ...only("connection", "trigger_heartbeat"), options: FAST };
  const { body: record } = await rest("POST", "/ocpp/commissioning/", wanted);
  assertEquals((await rest("POST", "/ocpp/commissioning/1/sign/", { name: "Rosa Peña" })).status, 409);
  await gateway.services.commissionings.finished(record);
  assertEquals((await rest("POST", "/ocpp/commissioning/1/sign/", { name: "  " })).status, 400);
  const signed = await rest("POST", "/ocpp/commissioning/1/sign/", { name: " Rosa <Peña> " });
  assertEquals([signed.status, signed.body.signature.name], [200, "Rosa <Peña>"]);
  const page = await rest("GET", "/ocpp/commissioning/1/report/");
  for (const words of ["Rosa &lt;Peña>", "Firmado el", 'lang="es-MX"']) {
    assert(page.body.includes(words), words);
  }
  await rest("POST", "/ocpp/commissioning/1/action/", {
    action: "repeat",
    step: "connection",
    connector_id: 0,
  });
  await gateway.services.commissionings.finished(record);
  assertEquals((await rest("GET", "/ocpp/commissioning/1/")).body.signature, null);
});

Deno.test("a commissioning is broken off, skipped, resumed and repeated over REST", async () => {
  await using site = await startSite({ hands: { plug_in: () => {} } });
  const { rest, gateway } = site.test;
  const asked = site.reached("plug_in", "plug_in");
  const wanted = { ...only("plug_in", "tag"), options: FAST };
  const { body: record } = await rest("POST", "/ocpp/commissioning/", { charger_id: "NEW-1", ...wanted });
  await asked;
  const { current } = (await rest("GET", "/ocpp/commissioning/1/")).body;
  assertEquals([current.ask, current.connector_id], ["plug_in", 1]);
  assertMatch(current.prompt.es, /Conecta un vehículo/);
  const act = (body: unknown) => rest("POST", "/ocpp/commissioning/1/action/", body);
  assertEquals((await act({ action: "resume" })).status, 409);
  const broken = await act({ action: "break_off" });
  assertEquals([broken.status, broken.body.state], [200, "broken_off"]);
  assertEquals((await act({ action: "skip" })).status, 409);
  const again = site.reached("plug_in", "plug_in");
  assertEquals((await act({ action: "resume" })).body.state, "running");
  await again;
  assertEquals((await act({ action: "skip" })).status, 200);
  await gateway.services.commissionings.finished(record);
  assertEquals((await act({ action: "repeat" })).status, 400);
  assertEquals((await act({ action: "repeat", step: "plug_in", connector_id: 1 })).body.state, "running");
  await act({ action: "break_off" });
});

Deno.test("a commissioning that can't be is refused in words", async () => {
  await using site = await startSite();
  const { rest } = site.test;
  const refused: [body: Record<string, unknown>, status: number, words: RegExp][] = [
    [{}, 400, /charger_id/],
    [{ charger_id: "NOBODY" }, 404, /NOBODY/],
    [{ charger_id: "NEW-1", without: ["dance"] }, 400, /without\.0/],
    [{ charger_id: "NEW-1", options: { cut_s: -1 } }, 400, /options\.cut_s/],
    [{ charger_id: "NEW-1", connectors: [4] }, 400, /connector 4/],
  ];
  for (const [body, status, words] of refused) {
    const answer = await rest("POST", "/ocpp/commissioning/", body);
    assertEquals(answer.status, status);
    assertMatch(answer.body.error!, words);
  }
  await rest("POST", "/ocpp/chargers/", { charger_id: "AWAY" });
  assertEquals((await rest("POST", "/ocpp/commissioning/", { charger_id: "AWAY" })).status, 409);
  assertEquals((await rest("GET", "/ocpp/commissioning/7/")).status, 404);
  const { steps } = (await rest("GET", "/ocpp/commissioning/steps/")).body;
  assert(steps.every(({ name, hint }) => name.es && hint.en));
});
