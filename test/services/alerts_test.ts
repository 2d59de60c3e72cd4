import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { alarmText } from "../../src/i18n/alarm_text.ts";
import { isQuiet } from "../../src/services/outputs/channels/quiet_hours.ts";
import { ntfyRequest, telegramRequest } from "../../src/services/outputs/channels/send.ts";
import { eventually } from "../kit/eventually.ts";
import { startTestGateway, type TestGateway, type TestOptions } from "../kit/gateway.ts";
import { start as startProgram } from "../e2e/process.ts";
import { StorageError } from "../../src/store/kv/commits.ts";
import { makeCa } from "../kit/certificates.ts";
import { MailServer } from "../kit/mail_server.ts";
import { Receiver } from "../kit/receiver.ts";
import { Site } from "../kit/site.ts";
import { WireCharger } from "../kit/wire_charger.ts";
import { Charger, live, place, Time } from "./load_site.ts";

const FAST = { retry_ms: [20], sweep_ms: 20, gather_ms: 50 };

/** A gateway whose clock the test moves. */
interface Watched extends AsyncDisposable {
  gateway: TestGateway;
  site: Site;
  /** Lets minutes pass; looks are taken all the time. */
  pass(minutes: number): void;
}

async function watched(options: TestOptions = {}): Promise<Watched> {
  let passed = 0;
  const gateway = await startTestGateway({ tuning: FAST, now: () => Date.now() + passed, ...options });
  return {
    gateway,
    site: new Site(gateway),
    pass: (minutes) => void (passed += minutes * 60_000),
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

async function channel(
  { rest }: TestGateway,
  target: Record<string, unknown>,
  more: Record<string, unknown> = {},
) {
  const { status, body } = await rest("POST", "/ocpp/channels/", { name: "On call", target, ...more });
  assertEquals(status, 201, JSON.stringify(body));
  return `/ocpp/channels/${body.channel_id}/`;
}

function titlesOf(receiver: Receiver): string[] {
  return receiver.messages.map(({ body }) => body.title);
}

const fault = { errorCode: "OtherError", vendorErrorCode: "EmergencyStop" };

Deno.test("a fault is told once when it begins and once when it ends, in the person's language", async () => {
  await using receiver = new Receiver();
  await using place = await watched({
    settings: { name: "Depot", time_zone: "Europe/Madrid" },
    config: { public_url: "http://depot.local" },
  });
  const { gateway, site, pass } = place;
  await channel(gateway, { kind: "webhook", url: receiver.url }, { language: "es" });
  await using charger = await site.charger({ record: { name: "Patio" } });
  await charger.status(1, "Faulted", fault);
  pass(1);
  await charger.call("Heartbeat");
  assertEquals(receiver.messages, []); // it may be over in a minute
  pass(2);
  await eventually(() => receiver.messages.length === 1);
  const [begun] = receiver.messages;
  assertEquals(begun!.body.title, "Depot: Patio, conector 1: Paro de emergencia presionado");
  assertStringIncludes(begun!.body.text, "EmergencyStop");
  assertStringIncludes(begun!.body.text, "libera el botón");
  assertEquals(begun!.body.link, `http://depot.local/admin/chargers/${charger.charger_id}`);
  assertEquals(begun!.body.severity, "critical");
  await charger.status(1, "Available");
  await charger.status(1, "Faulted", fault); // it flaps
  pass(5);
  await charger.call("Heartbeat");
  await charger.status(1, "Available");
  pass(3);
  await eventually(() => receiver.messages.length === 2);
  assertEquals(titlesOf(receiver)[1], "Depot: Resuelto: Patio, conector 1: Paro de emergencia presionado");
  const { body } = await gateway.rest("GET", "/ocpp/alerts/?state=ended");
  assertEquals(body.alerts.map(({ rule, code }: { rule: string; code: string }) => `${rule} ${code}`), [
    "charger_fault emergency_stop",
  ]);
});

Deno.test("an alarm of the gateway is told to each person in their language, its parts too", async () => {
  await using ana = new Receiver();
  await using bob = new Receiver();
  await using place = await watched({ settings: { name: "Depot" } });
  const { gateway } = place;
  await channel(gateway, { kind: "webhook", url: ana.url }, { language: "es" });
  await channel(gateway, { kind: "webhook", url: bob.url }, { language: "en" });
  const { alarms } = gateway.gateway.services.maintenance;
  const left = alarmText("disk_left", { mb: 7 });
  alarms.raise("disk", alarmText("disk_full", { left }), true);
  await eventually(() => ana.messages.length === 1 && bob.messages.length === 1);
  assertEquals(titlesOf(ana), ["Depot: El disco está lleno; no se guarda nada: quedan 7 MB"]);
  assertEquals(titlesOf(bob), ["Depot: The disk is full; nothing can be stored: 7 MB left"]);
});

Deno.test("fifty chargers that go offline together are one message", async () => {
  await using receiver = new Receiver();
  await using place = await watched();
  const { gateway, site, pass } = place;
  await channel(gateway, { kind: "webhook", url: receiver.url });
  const chargers = await Promise.all(Array.from({ length: 50 }, () => site.charger()));
  await Promise.all(chargers.map((charger) => charger[Symbol.asyncDispose]()));
  await eventually(async () => {
    const { body } = await gateway.rest("GET", "/ocpp/chargers/");
    return body.chargers.every(({ connected }: { connected: boolean }) => !connected);
  });
  pass(16);
  await eventually(() => receiver.messages.length === 1);
  assertMatch(titlesOf(receiver)[0]!, /: Not connected \(50 times\)$/);
  assertStringIncludes(receiver.messages[0]!.body.text, "… and 30 more");
});

Deno.test("a circuit that is used up is told once cars have waited for a quarter of an hour, until none does", async () => {
  await using receiver = new Receiver();
  const time = new Time();
  await using gateway = await startTestGateway({
    tuning: FAST,
    now: time.wall,
    clock: { mono: time.mono },
    settings: { name: "Depot", load_min_dwell: 0, load_limit_validity: 3600 },
    config: { public_url: "http://depot.local" },
  });
  await channel(gateway, { kind: "webhook", url: receiver.url }, { language: "es", min_severity: "info" });
  await using stack = new AsyncDisposableStack();
  const chargers = ["A", "B"].map((id) => new Charger(id, "obeys", time));
  await place(gateway, chargers, { max_current_a: 8 });
  const states = async () => (await live(gateway)).connectors.map(({ state }) => state).sort().join();
  for (const charger of chargers) await stack.use(charger).connect(gateway.ws_url);
  await eventually(async () => (await live(gateway)).connectors.every(({ safe_alone }) => safe_alone));
  for (const charger of chargers) await charger.start();
  await eventually(async () => await states() === "charging,waiting");
  const alerts = async (state: string) =>
    (await gateway.rest("GET", `/ocpp/alerts/?state=${state}`)).body.alerts
      .filter(({ rule }: { rule: string }) => rule === "site_limit");
  time.pass(600);
  await eventually(async () => await states() === "charging,waiting");
  assertEquals(await alerts("open"), []);
  await eventually(async () => {
    time.pass(60);
    return (await alerts("open")).length === 1;
  });
  const told = await eventually(() => receiver.messages.find(({ body }) => /circuito/.test(body.title)));
  assertEquals(told.body.title, "Depot: El circuito site está al límite: 1 en espera para cargar");
  assertEquals(told.body.link, "http://depot.local/admin/load");
  await gateway.rest("PATCH", "/ocpp/circuits/site/", { max_current_a: 40 });
  await eventually(async () => await states() === "charging,charging");
  await eventually(async () => {
    time.pass(60);
    return (await alerts("ended")).length === 1;
  });
});

Deno.test("rules can be changed: what is off is not told, what is short is told at once", async () => {
  await using receiver = new Receiver();
  await using place = await watched();
  const { gateway, site } = place;
  await channel(gateway, { kind: "webhook", url: receiver.url });
  const { body } = await gateway.rest("PATCH", "/ocpp/alert_rules/", {
    charger_fault: { hold_s: 0 },
    gateway: { enabled: false },
    security: { enabled: false },
  });
  assertEquals([body.charger_fault.hold_s, body.charger_fault.severity, body.gateway.enabled], [
    0,
    "critical",
    false,
  ]);
  await using charger = await site.charger();
  await charger.status(1, "Faulted", fault);
  await eventually(() => receiver.messages.length === 1);
  const wrong = await gateway.rest("PATCH", "/ocpp/alert_rules/", { unknown_rule: {} });
  assertEquals([wrong.status, wrong.body.code], [400, "invalid_field"]);
});

const ORPHAN = { transactionId: 77, meterStop: 900 };

Deno.test("an alert about a doubtful session is in the session's commit, and is told after kill -9 behind it", async () => {
  await using receiver = new Receiver();
  const data_dir = await Deno.makeTempDir();
  {
    const program = await startProgram(data_dir);
    const site = new Site(program);
    const target = { kind: "webhook", url: receiver.url };
    await site.ask("POST", "/ocpp/channels/", { name: "On call", target, min_severity: "info" });
    const charger = await site.charger();
    await charger.call("StopTransaction", { ...ORPHAN, timestamp: new Date().toISOString() });
    await program.stop("SIGKILL"); // alerts are gathered for seconds before they are sent
    await charger.wire.closed;
  }
  assertEquals(receiver.messages, []);
  const config = { data_dir, kv: `${data_dir}/gateway.db` };
  await using _again = await startTestGateway({ config, tuning: FAST });
  await eventually(() => receiver.messages.length > 0);
  assert(
    titlesOf(receiver).some((title) => /has remarks \(orphan\)/.test(title)),
    titlesOf(receiver).join(),
  );
  await Deno.remove(data_dir, { recursive: true }).catch(() => {});
});

Deno.test("a doubtful session and its alert are one commit; a session that is not stored is not told", async () => {
  await using receiver = new Receiver();
  await using gateway = await startTestGateway({ tuning: FAST });
  const target = { kind: "webhook", url: receiver.url };
  await channel(gateway, target, { min_severity: "info" });
  await using charger = await new Site(gateway).charger();
  const { commits } = gateway.gateway.services.store;
  const put = commits.put;
  const tables: string[] = [];
  let fails = true;
  commits.put = (mutations, options) => {
    const told = mutations.some(({ key }) => key.includes("alert"));
    if (told) tables.push(mutations.map(({ key }) => key[1]).join());
    return told && fails
      ? Promise.reject(new StorageError("the disk is full"))
      : put.call(commits, mutations, options);
  };
  const stop = { ...ORPHAN, timestamp: new Date().toISOString() };
  await charger.refused("StopTransaction", stop);
  assertEquals((await gateway.rest("GET", "/ocpp/alerts/")).body.alerts, []);
  fails = false;
  await charger.call("StopTransaction", stop);
  await eventually(() => receiver.messages.length === 1);
  commits.put = put;
  assert(tables.slice(0, 2).every((names) => /transaction/.test(names)), tables.join("; "));
});

Deno.test("an alert whose message cannot be stored is told once it can", async () => {
  await using receiver = new Receiver();
  await using place = await watched();
  const { gateway, site, pass } = place;
  await channel(gateway, { kind: "webhook", url: receiver.url });
  const { commits } = gateway.gateway.services.store;
  const put = commits.put;
  let refused = 0;
  commits.put = (mutations, options) => {
    if (!mutations.some(({ key }) => key.includes("outbox"))) return put.call(commits, mutations, options);
    refused++;
    return Promise.reject(new StorageError("the disk is full"));
  };
  await using charger = await site.charger();
  await charger.status(1, "Faulted", fault);
  pass(3);
  await eventually(() => refused > 1);
  commits.put = put;
  await eventually(() => receiver.messages.length > 0);
  assertMatch(titlesOf(receiver)[0]!, /Emergency stop pressed/);
  const { alerts } = gateway.gateway.services.store;
  await eventually(() => alerts.all().every(({ untold }) => untold?.length === 0));
});

Deno.test("a channel that nothing reaches for an hour is an alarm, of which the others are told", async () => {
  await using dead = new Receiver();
  await using bob = new Receiver();
  dead.answer = () =>
    new Response("out of order", { status: 500, headers: { "content-type": "text/plain" } });
  await using place = await watched();
  const { gateway, site, pass } = place;
  await channel(gateway, { kind: "webhook", url: dead.url }, { name: "Ana" });
  await channel(gateway, { kind: "webhook", url: bob.url }, { name: "Bob", language: "es" });
  await using charger = await site.charger();
  await charger.status(1, "Faulted", fault);
  pass(3);
  await eventually(() => bob.messages.length === 1);
  await eventually(async () =>
    (await gateway.rest("GET", "/ocpp/channels/")).body.channels.some(({ last_error }) => last_error !== null)
  );
  pass(58);
  const { alarms } = gateway.gateway.services.maintenance;
  assertEquals(alarms.all().filter(({ kind }) => kind.startsWith("channel_")), []);
  pass(3);
  await eventually(() => alarms.all().some(({ kind }) => kind.startsWith("channel_")));
  await eventually(() => {
    pass(1); // the rule's hold time
    return titlesOf(bob).find((title) => /Los avisos no llegan a Ana: .* out of order/.test(title));
  });
  dead.answer = () => new Response();
  await eventually(() => !alarms.all().some(({ kind }) => kind.startsWith("channel_")));
});

Deno.test("mail goes by STARTTLS or TLS, with a login, to a server whose authority the machine trusts", async () => {
  const ca = await makeCa("Mail CA");
  await using starttls = await MailServer.start({ ca });
  await using tls = await MailServer.start({ ca, secure: true });
  const data_dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${data_dir}/mail_ca.pem`, ca.cert);
  {
    await using program = await startProgram(data_dir, [], { DENO_CERT: `${data_dir}/mail_ca.pem` });
    for (const [security, mail] of [["starttls", starttls], ["tls", tls]] as const) {
      const target = {
        kind: "email",
        host: "127.0.0.1",
        port: mail.port,
        security,
        username: "gateway",
        password: "secret",
        from: "g@depot.example",
        to: ["a@depot.example"],
      };
      const { body } = await program.rest("POST", "/ocpp/channels/", { name: security, target });
      const test = await program.rest("POST", `/ocpp/channels/${body.channel_id}/test/`);
      assertEquals(test.body, { ok: true, status: 250, error: null }, security);
      assertEquals(mail.mails.map(({ secure }) => secure), [true], security);
    }
  }
  await Deno.remove(data_dir, { recursive: true }).catch(() => {});
});

Deno.test("each kind of condition is told by its own rule", async () => {
  await using place = await watched({ settings: { unknown_chargers: "pending" } });
  const { gateway, site, pass } = place;
  const { alarms } = gateway.gateway.services.maintenance;
  const told = async () =>
    (await gateway.rest("GET", "/ocpp/alerts/?limit=500")).body.alerts
      .map(({ rule, code }: { rule: string; code: string }) => `${rule} ${code}`);
  await using newcomer = await WireCharger.connect(site, { charger_id: "NEW" });
  await newcomer.boot();
  await site.ask("POST", "/ocpp/chargers/", { charger_id: "LOCKED", password: "a key of sixteen" });
  const wrong = { charger_id: "LOCKED", username: "LOCKED", password: "another of these" };
  await WireCharger.connect(site, wrong).catch(() => {});
  await using charger = await site.charger();
  const timestamp = new Date().toISOString();
  await charger.call("SecurityEventNotification", { type: "TamperDetectionActivated", timestamp });
  alarms.raise("backup", alarmText("backup_failed", { reason: "no room" }));
  const wanted = [
    "charger_refused key_refused",
    "charger_waiting waiting_for_acceptance",
    "gateway backup",
    "security security", // the wrong key
    "security security", // the charger's own
  ];
  pass(3);
  await eventually(async () => (await told()).length >= wanted.length);
  assertEquals((await told()).sort(), wanted);
});

Deno.test("mail that a greylisting server wants to be asked for again arrives later", async () => {
  await using mail = await MailServer.start();
  let tries = 0;
  mail.onRecipient = () => ++tries < 3 ? Object.assign(new Error("Greylisted"), { responseCode: 450 }) : null;
  await using place = await watched();
  const { gateway, site, pass } = place;
  const target = {
    kind: "email",
    host: "127.0.0.1",
    port: mail.port,
    security: "none",
    username: "",
    from: "gateway@depot.example",
    to: ["ana@depot.example"],
  };
  await channel(gateway, target);
  await using charger = await site.charger();
  await charger.status(1, "Faulted", fault);
  pass(3);
  const [received] = await eventually(() => mail.mails.length > 0 && mail.mails);
  assertEquals([received!.from, received!.to], ["gateway@depot.example", ["ana@depot.example"]]);
  assertStringIncludes(received!.text, "Emergency stop pressed");
  assertEquals(tries, 3);
});

Deno.test("the test of a mail channel says what the server answered", async () => {
  await using mail = await MailServer.start();
  await using gateway = await startTestGateway({ tuning: FAST });
  const target = {
    kind: "email",
    host: "127.0.0.1",
    port: mail.port,
    security: "none",
    username: "gateway",
    password: "wrong",
    from: "g@depot.example",
    to: ["a@depot.example"],
  };
  const path = await channel(gateway, target);
  const refused = await gateway.rest("POST", `${path}test/`);
  assertEquals([refused.status, refused.body.ok, refused.body.status], [200, false, 535]);
  assertMatch(refused.body.error, /Wrong login/);
  const { password: _, ...same } = target;
  await gateway.rest("PATCH", path, { target: { ...target, password: "secret" } });
  await gateway.rest("PATCH", path, { target: { ...same, to: ["b@depot.example"] } }); // the password stays
  assertEquals((await gateway.rest("POST", `${path}test/`)).body, { ok: true, status: 250, error: null });
  assertEquals(mail.mails.map(({ to }) => to), [["b@depot.example"]]);
  await gateway.rest("PATCH", path, { target: { ...same, security: "starttls" } });
  assertMatch((await gateway.rest("POST", `${path}test/`)).body.error, /certificate/i);
});

Deno.test("channels never show their secrets, and refuse what cannot be sent", async () => {
  await using gateway = await startTestGateway();
  const { rest } = gateway;
  const secret = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
  const path = await channel(gateway, { kind: "telegram", token: secret, chat_id: "42" });
  for (
    const answer of [
      await rest("GET", path),
      await rest("GET", "/ocpp/channels/"),
      await rest("GET", "/ocpp/audit/"),
    ]
  ) {
    assert(!JSON.stringify(answer.body).includes("AAHdq"), JSON.stringify(answer.body));
  }
  assertEquals((await rest("GET", path)).body.target, { kind: "telegram", chat_id: "42", has_secret: true });
  const wrong: [Record<string, unknown>, string][] = [
    [{ kind: "telegram", chat_id: "42" }, "target.token"],
    [{ kind: "ntfy", url: "http://ntfy.local/" }, "target.url"],
    [{ kind: "webhook", url: "http://169.254.169.254/" }, "target.url"],
  ];
  for (const [target, field] of wrong) {
    const { status, body } = await rest("POST", "/ocpp/channels/", { name: "N", target });
    assertEquals([status, body.values?.field], [400, field]);
  }
  const half = await rest("PATCH", path, { quiet_from: "22:00" });
  assertEquals([half.status, half.body.values?.field], [400, "quiet_to"]);
});

Deno.test("ntfyRequest and telegramRequest have the forms of these services", () => {
  const message = {
    title: "Depósito: falla",
    text: "Desde las 10",
    link: "http://gw/admin/",
    severity: "critical" as const,
  };
  const ntfy = ntfyRequest({ kind: "ntfy", url: "https://ntfy.example/base/alerts", token: "tk_1" }, message);
  assertEquals([ntfy.url, ntfy.headers.authorization], ["https://ntfy.example/base/", "Bearer tk_1"]);
  assertEquals(JSON.parse(ntfy.body), {
    topic: "alerts",
    title: "Depósito: falla",
    message: "Desde las 10",
    click: "http://gw/admin/",
    priority: 5,
  });
  const telegram = telegramRequest({ kind: "telegram", token: "1:A", chat_id: "42" }, message);
  assertEquals(telegram.url, "https://api.telegram.org/bot1:A/sendMessage");
  assertEquals(JSON.parse(telegram.body), {
    chat_id: "42",
    text: "Depósito: falla\nDesde las 10\nhttp://gw/admin/",
  });
});

Deno.test("isQuiet follows the site's clocks, over midnight too", () => {
  const at = (time: string) => Date.parse(`2026-07-01T${time}:00Z`); // Madrid is two hours ahead
  const night = { quiet_from: "22:00", quiet_to: "07:00" };
  const cases: [string, boolean][] = [["19:59", false], ["20:00", true], ["03:00", true], ["05:00", false]];
  for (const [time, quiet] of cases) assertEquals(isQuiet(night, at(time), "Europe/Madrid"), quiet, time);
  assertEquals(isQuiet({ quiet_from: "12:00", quiet_to: "14:00" }, at("11:00"), "Europe/Madrid"), true);
  assertEquals(isQuiet({ quiet_from: null, quiet_to: null }, at("03:00"), "UTC"), false);
});

Deno.test("in quiet hours only what is critical is told; the rest comes afterwards", async () => {
  await using receiver = new Receiver();
  let now = Date.parse("2026-07-01T23:00:00Z");
  const began = performance.now();
  await using gateway = await startTestGateway({
    tuning: FAST,
    now: () => now + performance.now() - began,
    settings: { time_zone: "UTC" },
  });
  const site = new Site(gateway);
  await gateway.rest("PATCH", "/ocpp/alert_rules/", { gateway: { enabled: false } });
  await channel(gateway, { kind: "webhook", url: receiver.url }, { quiet_from: "22:00", quiet_to: "07:00" });
  const away = await site.charger();
  await away[Symbol.asyncDispose]();
  await using charger = await site.charger();
  await charger.status(1, "Faulted", { ...fault, timestamp: new Date(now).toISOString() });
  now += 20 * 60_000;
  await eventually(() => receiver.messages.length > 0);
  await eventually(async () =>
    (await gateway.rest("GET", "/ocpp/alerts/?state=open")).body.alerts.length === 2
  );
  assertEquals(receiver.messages.map(({ body }) => body.severity), ["critical"]);
  now = Date.parse("2026-07-02T07:00:01Z");
  await eventually(() => receiver.messages.length === 2);
  assertMatch(titlesOf(receiver)[1]!, /Not connected$/);
});
