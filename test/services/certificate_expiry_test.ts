import { assertEquals, assertMatch } from "@std/assert";
import { SILENT } from "../../src/log.ts";
import { Alarms } from "../../src/machine/alarms.ts";
import { CertificateExpiry, nearEndOf } from "../../src/services/certificate_expiry.ts";
import { Events } from "../../src/site/events.ts";
import { SiteCa } from "../../src/site/security/site_ca.ts";
import { makeCa } from "../kit/certificates.ts";
import { eventually } from "../kit/eventually.ts";
import { startTestGateway } from "../kit/gateway.ts";
import { Receiver } from "../kit/receiver.ts";

const DAY = 86_400_000;

Deno.test("the gateway's certificates raise an alarm before they expire, until there are new ones", async () => {
  const authority = await makeCa("CA");
  const tls_cert = await Deno.makeTempFile();
  const issue = async (to: number) => (await authority.issue({ common_name: "gw", to })).cert;
  await Deno.writeTextFile(tls_cert, await issue(400));
  const settings = { mqtt_client_cert: await issue(50) };
  let passed = 0;
  const now = () => Date.now() + passed * DAY;
  const alarms = new Alarms(new Events(), SILENT, now);
  const ca = new SiteCa({ directory: null, now: Date.now, key_bits: 2048 });
  const deps = { config: { tls_cert }, ca, store: { settings }, alarms, now, every_ms: 5 } as never;
  const expiry = new CertificateExpiry(deps);
  expiry.start();
  const kinds = () => alarms.all().map(({ kind }) => kind).sort().join();
  try {
    passed = 45; // a fifth of 51 days is left to the one for MQTT
    await eventually(() => kinds() === "certificate_mqtt");
    assertMatch(
      alarms.all()[0]!.text,
      /^The client certificate for the MQTT broker is valid until .* Settings$/,
    );
    passed = 60;
    await eventually(() => / expired on /.test(alarms.all()[0]?.text ?? ""));
    settings.mqtt_client_cert = "";
    await eventually(() => kinds() === "");
    passed = 375;
    await eventually(() => kinds() === "certificate_tls");
    await Deno.writeTextFile(tls_cert, await issue(10_000));
    await eventually(() => kinds() === "");
    passed = 7200;
    await ca.certificate(); // made at its first use
    await eventually(() => kinds() === "certificate_ca");
  } finally {
    await expiry.stop();
    await Deno.remove(tls_cert);
  }
});

Deno.test("a charger's client certificate that is about to expire is told, until it has a newer one", async () => {
  await using receiver = new Receiver();
  let passed = 0;
  const now = () => Date.now() + passed * DAY;
  await using gateway = await startTestGateway({
    tuning: { retry_ms: [20], sweep_ms: 20, gather_ms: 20 },
    now,
  });
  const { rest, gateway: { services: { store } } } = gateway;
  const target = { kind: "webhook", url: receiver.url };
  await rest("POST", "/ocpp/channels/", { name: "Ana", language: "es", target });
  await rest("POST", "/ocpp/chargers/", { charger_id: "CP1", name: "Patio" });
  await store.chargers.put({ ...store.chargers.get("CP1")!, security_profile: 3 });
  const issued = (days: number, status: "Accepted" | "Rejected") => ({
    serial_number: "01",
    subject: "CN=CP1",
    issued_at: new Date().toISOString(),
    not_after: new Date(Date.now() + days * DAY).toISOString(),
    status,
  });
  const old = issued(730, "Accepted");
  await store.certificates.put({ charger_id: "CP1", roots: {}, issued: [issued(2000, "Rejected"), old] });
  const alerts = async (state: string) =>
    (await rest("GET", `/ocpp/alerts/?state=${state}`)).body.alerts.filter(({ rule }: { rule: string }) =>
      rule === "certificate_expiring"
    );
  passed = 699;
  assertEquals(nearEndOf(store.chargers.get("CP1")!, store, now()), null);
  passed = 701;
  await eventually(() => receiver.messages.length > 0);
  const { title } = receiver.messages[0]!.body;
  const day = old.not_after.slice(0, 10);
  assertMatch(title, new RegExp(`Patio: El certificado de cliente solo vale hasta el ${day}`));
  await store.certificates.put({ charger_id: "CP1", roots: {}, issued: [issued(1500, "Accepted"), old] });
  await eventually(async () =>
    nearEndOf(store.chargers.get("CP1")!, store, now()) === null && (await alerts("open")).length === 1
  );
  passed += 0.01;
  await eventually(async () => (await alerts("ended")).length === 1);
});
