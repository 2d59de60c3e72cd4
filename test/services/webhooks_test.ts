import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { Webhook as Verifier } from "standardwebhooks";
import { signedHeaders } from "../../src/services/outputs/webhook_signature.ts";
import { destinationOf } from "../../src/services/outputs/webhook_messages.ts";
import { StorageError } from "../../src/store/kv/commits.ts";
import { OUTBOX_BOUNDS } from "../../src/store/outbox/destination_queue.ts";
import { start as startProgram } from "../e2e/process.ts";
import { eventually } from "../kit/eventually.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { Receiver } from "../kit/receiver.ts";
import { type GatewayAccess, Site, time } from "../kit/site.ts";

const FAST = { tuning: { retry_ms: [20], sweep_ms: 20 } };

/** Creates a webhook; returns its id and its secret. */
async function webhook(
  { rest }: GatewayAccess,
  url: string,
  events = ["*"],
): Promise<{ path: string; secret: string; webhook_id: string }> {
  const { status, body } = await rest("POST", "/ocpp/webhooks/", { url, events });
  assertEquals(status, 201, JSON.stringify(body));
  return { path: `/ocpp/webhooks/${body.webhook_id}/`, ...body };
}

function typesOf(receiver: Receiver): string[] {
  return receiver.messages.map(({ body }) => body.type);
}

/** Adds tags, each of which is an event. */
async function addTags({ rest }: GatewayAccess, ...tags: string[]): Promise<void> {
  for (const rfid of tags) assertEquals((await rest("POST", "/ocpp/rfids/", { rfid })).status, 201);
}

function tagsOf(receiver: Receiver): string[] {
  return receiver.messages.filter(({ body }) => body.type === "rfid").map(({ body }) => body.data.rfid);
}

Deno.test("signedHeaders gives the published example's signature", () => {
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const message = { message_id: "msg_p5jXN8AQM9LWM0D4loKWxJek", body: '{"test": 2432232314}' };
  assertEquals(signedHeaders(message, { secret, at: 1614265330000 }), {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  });
});

Deno.test("a webhook gets the events of a session, signed, in order", async () => {
  await using receiver = new Receiver();
  await using gateway = await startTestGateway(FAST);
  const { secret } = await webhook(gateway, receiver.url);
  await using charger = await new Site(gateway).charger({ record: { require_rfid: false } });
  await charger.status(1, "Preparing");
  const { transactionId } = await charger.start("TAG");
  await charger.call("StopTransaction", {
    transactionId,
    meterStop: 5000,
    timestamp: new Date().toISOString(),
  });
  const ended = await eventually(() =>
    receiver.messages.find(({ body }) => body.type === "transaction" && body.data.state === "completed")
  );
  assertEquals(ended.body.data.energy_wh, 4000);
  assertEquals(
    ended.body.data,
    await new Site(gateway).transaction(transactionId).then(({ readings: _, ...view }) => ({
      ...view,
      ...chargerId(view),
    })),
  );
  assertEquals(ended.body.id, ended.headers["webhook-id"]);
  assert(typesOf(receiver).indexOf("connector") < typesOf(receiver).indexOf("transaction"));
  const verifier = new Verifier(secret);
  for (const { text, headers } of receiver.messages) verifier.verify(text, headers);
  assertThrows(() => verifier.verify(ended.text.replace("4000", "9000"), ended.headers));
});

function chargerId({ charger_id }: { charger_id?: string }) {
  return { charger_id };
}

Deno.test("a webhook gets only the events it names; * leaves out meter values", async () => {
  await using all = new Receiver();
  await using some = new Receiver();
  await using gateway = await startTestGateway(FAST);
  await webhook(gateway, all.url);
  await webhook(gateway, some.url, ["meter"]);
  await using charger = await new Site(gateway).charger();
  const sampledValue = [{ value: "7000", measurand: "Power.Active.Import", unit: "W" }];
  await charger.call("MeterValues", {
    connectorId: 1,
    meterValue: [{ timestamp: new Date().toISOString(), sampledValue }],
  });
  await eventually(() => some.messages.length > 0);
  await addTags(gateway, "LAST");
  await eventually(() => tagsOf(all).length > 0);
  assertEquals([...new Set(typesOf(some))], ["meter"]);
  assert(!typesOf(all).includes("meter"));
});

Deno.test("a receiver that fails gets every message later, once each, in order", async () => {
  await using receiver = new Receiver();
  let attempts = 0;
  receiver.answer = () => new Response(null, { status: ++attempts % 3 === 0 ? 200 : 503 });
  await using gateway = await startTestGateway(FAST);
  const { path } = await webhook(gateway, receiver.url, ["rfid"]);
  const tags = Array.from({ length: 8 }, (_, index) => `TAG${index}`);
  await addTags(gateway, ...tags);
  await eventually(async () => (await gateway.rest("GET", path)).body.waiting === 0);
  assertEquals(tagsOf(receiver), tags);
  const { body } = await gateway.rest("GET", `${path}deliveries/`);
  assertEquals(
    body.deliveries.map(({ state, attempts }: { state: string; attempts: number }) => [state, attempts]),
    tags.map(() => ["delivered", 3]),
  );
  assertEquals((await gateway.rest("GET", path)).body.failing_since, null);
});

Deno.test("a webhook says why its receiver does not take a message", async (t) => {
  await using gateway = await startTestGateway(FAST);
  await using elsewhere = new Receiver();
  const receiver = new Receiver();
  const { path } = await webhook(gateway, receiver.url, ["rfid"]);
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) });
  const cases: [string, () => Response, RegExp][] = [
    ["500", () => new Response("no", { status: 500 }), /answered 500/],
    ["301", () => Response.redirect(elsewhere.url, 301), /redirects \(301\), which is not followed/],
    ["an endless body is not read", () => new Response(endless, { status: 400 }), /answered 400/],
  ];
  for (const [name, answer, error] of cases) {
    await t.step(name, async () => {
      receiver.answer = answer;
      const { status, body } = await gateway.rest("POST", `${path}test/`);
      assertEquals([status, body.ok], [200, false]);
      assertMatch(body.error!, error);
    });
  }
  assertEquals(elsewhere.messages, []);
  await receiver[Symbol.asyncDispose]();
  assertMatch((await gateway.rest("POST", `${path}test/`)).body.error, /refused/i);
});

Deno.test("a webhook is disabled by 410, and after five days of failures, with an alarm", async () => {
  let passed = 0;
  await using gateway = await startTestGateway({ ...FAST, now: () => Date.now() + passed });
  await using gone = new Receiver();
  gone.answer = () => new Response(null, { status: 410 });
  await using failing = new Receiver();
  failing.answer = () => new Response(null, { status: 500 });
  const hooks = [await webhook(gateway, gone.url, ["rfid"]), await webhook(gateway, failing.url, ["rfid"])];
  await addTags(gateway, "TAG");
  await eventually(async () => (await gateway.rest("GET", hooks[1]!.path)).body.failing_since);
  passed = 5 * 86_400_000 + 60_000;
  await Promise.all(hooks.map(({ path }, index) =>
    eventually(async () => {
      const { enabled, disabled_reason } = (await gateway.rest("GET", path)).body;
      return !enabled && disabled_reason === ["gone", "failing"][index];
    })
  ));
  const alarms = (await gateway.rest("GET", "/ocpp/system/")).body.alarms.map(({ text }: { text: string }) =>
    text
  );
  for (const { port } of [gone, failing]) {
    assert(
      alarms.some((text: string) => text.includes(`127.0.0.1:${port} was disabled`)),
      JSON.stringify(alarms),
    );
  }
  failing.answer = () => new Response();
  await gateway.rest("PATCH", hooks[1]!.path, { enabled: true });
  await eventually(() => failing.messages.length > 0);
  assertEquals(tagsOf(failing), ["TAG"]);
});

Deno.test("messages survive kill -9 of the gateway while the receiver is away", async () => {
  const data_dir = await Deno.makeTempDir();
  const receiver = new Receiver();
  const { port } = receiver;
  await receiver[Symbol.asyncDispose]();
  const program = await startProgram(data_dir);
  const { path } = await webhook(program, receiver.url, ["rfid"]);
  await addTags(program, "BEFORE1", "BEFORE2");
  await eventually(async () => (await program.rest("GET", path)).body.waiting === 2);
  await program.stop("SIGKILL");
  await using back = new Receiver(port);
  await using again = await startProgram(data_dir);
  await eventually(() => tagsOf(back).length >= 2);
  await addTags(again, "AFTER");
  await eventually(() => tagsOf(back).includes("AFTER"));
  assertEquals(tagsOf(back), ["BEFORE1", "BEFORE2", "AFTER"]);
  await Deno.remove(data_dir, { recursive: true }).catch(() => {});
});

Deno.test("a message whose answer was lost, with the gateway's kill -9 or the receiver's end, comes again with its id", async () => {
  const data_dir = await Deno.makeTempDir();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const program = await startProgram(data_dir);
  await webhook(program, `http://127.0.0.1:${port}/hook`, ["rfid"]);
  await addTags(program, "TAG");
  const seen = [await idOfNext(listener), await idOfNext(listener)]; // each takes the message, and dies
  const connection = await listener.accept();
  await connection.read(new Uint8Array(65_536));
  await program.stop("SIGKILL");
  connection.close();
  listener.close();
  await using back = new Receiver(port);
  await using _again = await startProgram(data_dir);
  const message = await eventually(() => back.messages[0], "the message", 20_000);
  assertEquals([tagsOf(back), seen[1], message.headers["webhook-id"]], [["TAG"], seen[0], seen[0]]);
  await Deno.remove(data_dir, { recursive: true }).catch(() => {});
});

/** Reads a request, and closes its connection without an answer; returns its `webhook-id`. */
async function idOfNext(listener: Deno.Listener): Promise<string> {
  using connection = await listener.accept();
  const bytes = new Uint8Array(65_536);
  const read = await connection.read(bytes) ?? 0;
  return /^webhook-id: (\S+)/im.exec(new TextDecoder().decode(bytes.subarray(0, read)))![1]!;
}

Deno.test("a receiver that comes back gets what waits with rests between, and is not flooded", async () => {
  await using receiver = new Receiver();
  let is_back = false;
  receiver.answer = () => new Response(null, { status: is_back ? 204 : 503 });
  await using gateway = await startTestGateway(FAST);
  const { path } = await webhook(gateway, receiver.url, ["rfid"]);
  const tags = Array.from({ length: 90 }, (_, index) => `TAG${index}`);
  await addTags(gateway, ...tags);
  is_back = true;
  const began = performance.now();
  await eventually(async () => (await gateway.rest("GET", path)).body.waiting === 0);
  assertEquals(tagsOf(receiver), tags);
  assert(performance.now() - began > 30 * 20, "40 of them come 20 ms apart");
});

Deno.test("what has waited for 30 days is given up, and counted", async () => {
  let passed = 0;
  const tuning = { retry_ms: [3_600_000], sweep_ms: 20 };
  await using gateway = await startTestGateway({ tuning, now: () => Date.now() + passed });
  const { path } = await webhook(gateway, "http://127.0.0.1:9/", ["rfid"]);
  await addTags(gateway, "OLD");
  await eventually(async () => (await gateway.rest("GET", path)).body.failing_since);
  passed = 31 * 86_400_000;
  await addTags(gateway, "NEW");
  const { body } = await gateway.rest("GET", path);
  assertEquals([body.waiting, body.dropped], [1, 1]);
});

Deno.test("a webhook whose messages have waited for a quarter of an hour is an alarm, until its receiver has them", async () => {
  let passed = 0;
  await using receiver = new Receiver();
  receiver.answer = () => new Response(null, { status: 503 });
  await using gateway = await startTestGateway({ ...FAST, now: () => Date.now() + passed });
  const { webhook_id } = await webhook(gateway, receiver.url, ["rfid"]);
  const { alarms } = gateway.gateway.services.maintenance;
  const kind = `webhook_${webhook_id}`;
  const alarm = () => alarms.all().find((each) => each.kind === kind);
  await addTags(gateway, "A", "B");
  passed = 14 * 60_000;
  gateway.gateway.services.store.outbox.bounds = { ...OUTBOX_BOUNDS, waiting: 2 };
  assertEquals(alarm(), undefined);
  passed = 16 * 60_000;
  const { text, texts } = await eventually(alarm);
  assertMatch(text, /is behind by 16 min, messages that wait: 2$/);
  assertMatch(texts.es, /va atrasado 16 min/);
  await addTags(gateway, "C");
  await eventually(() => /; 1 was given up$/.test(alarm()!.text));
  receiver.answer = () => new Response();
  await eventually(() => alarm() === undefined);
  assertEquals(tagsOf(receiver), ["B", "C"]);
});

Deno.test("a webhook that gives up messages is an alarm at once", async () => {
  await using gateway = await startTestGateway({ tuning: { retry_ms: [3_600_000], sweep_ms: 20 } });
  const { webhook_id } = await webhook(gateway, "http://127.0.0.1:9/", ["rfid"]);
  gateway.gateway.services.store.outbox.bounds = { ...OUTBOX_BOUNDS, waiting: 1 };
  await addTags(gateway, "A", "B");
  const { alarms } = gateway.gateway.services.maintenance;
  const alarm = await eventually(() => alarms.all().find(({ kind }) => kind === `webhook_${webhook_id}`));
  assertMatch(alarm.text, /messages that wait: 1; 1 was given up$/);
});

Deno.test("a full outbox gives up what says least, and says so", async () => {
  await using gateway = await startTestGateway(FAST);
  gateway.gateway.services.store.outbox.bounds = { ...OUTBOX_BOUNDS, waiting: 4 };
  const { path } = await webhook(gateway, "http://127.0.0.1:9/", ["rfid", "connector"]);
  await using charger = await new Site(gateway).charger({ record: { require_rfid: false } });
  await addTags(gateway, "A", "B");
  for (const status of ["Preparing", "Available", "Preparing"]) await charger.status(1, status);
  await addTags(gateway, "C");
  const { deliveries } = await eventually(async () => {
    const { body } = await gateway.rest("GET", `${path}deliveries/`);
    return body.deliveries.length === 4 && body;
  });
  assertEquals(deliveries.map(({ type }: { type: string }) => type).toReversed(), [
    "rfid",
    "rfid",
    "connector",
    "rfid",
  ]);
  assertEquals((await gateway.rest("GET", path)).body.dropped, 2);
});

Deno.test("webhooks refuse what they cannot be sent to, and never show the secret again", async (t) => {
  await using gateway = await startTestGateway({ config: { port: 0 } });
  const wrong: [string, unknown, RegExp][] = [
    ["scheme", "ftp://host/", /^url must be a URL with http or https$/],
    ["login", "http://a:b@host/", /^url must not contain a login$/],
    ["link-local", "http://169.254.169.254/latest", /^url must not be a link-local address$/],
    ["no URL", "here", /^url must be a URL/],
  ];
  for (const [name, url, error] of wrong) {
    await t.step(name, async () => {
      const { status, body } = await gateway.rest("POST", "/ocpp/webhooks/", { url, events: ["*"] });
      assertEquals([status, body.code], [400, "invalid_field"]);
      assertMatch(body.error!, error);
    });
  }
  const unknown = await gateway.rest("POST", "/ocpp/webhooks/", {
    url: "http://host/",
    events: ["stopping"],
  });
  assertEquals([unknown.status, unknown.body.values?.field], [400, "events.0"]);
  const { path, secret } = await webhook(gateway, "http://127.0.0.1:9/");
  assertMatch(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  for (
    const answer of [
      await gateway.rest("GET", path),
      await gateway.rest("GET", "/ocpp/webhooks/"),
      await gateway.rest("GET", "/ocpp/audit/"),
    ]
  ) {
    assert(!JSON.stringify(answer.body).includes(secret.slice(6)));
  }
  assertEquals((await gateway.rest("DELETE", path)).status, 204);
  assertEquals((await gateway.rest("GET", path)).status, 404);
});

Deno.test("a message can be sent again by hand", async () => {
  await using receiver = new Receiver();
  await using gateway: TestGateway = await startTestGateway(FAST);
  const { path } = await webhook(gateway, receiver.url, ["rfid"]);
  await addTags(gateway, "TAG");
  await eventually(() => receiver.messages.length === 1);
  const [first] = (await eventually(async () => {
    const { body } = await gateway.rest("GET", `${path}deliveries/`);
    return body.deliveries[0]?.state === "delivered" && body;
  })).deliveries;
  const { status, body } = await gateway.rest("POST", `${path}deliveries/${first.delivery_id}/resend/`);
  assertEquals([status, body.attempts], [200, 2]);
  assertEquals(receiver.messages[0]!.body, receiver.messages[1]!.body);
  assertEquals((await gateway.rest("POST", `${path}deliveries/999/resend/`)).status, 404);
});

/** Lets the events of sessions be lost, as a kill between a commit and what follows it does; `store` goes on. */
function loseEvents({ gateway }: TestGateway): () => void {
  const { events } = gateway.services;
  const emit = events.emit;
  events.emit = (type, ...more) => {
    if (type === "transaction") throw new Error("Killed between the commit and the event");
    emit.call(events, type, ...more);
  };
  return () => void (events.emit = emit);
}

Deno.test("the messages of a session's start, end and recovery are stored with it: a kill behind the commit loses none", async () => {
  await using receiver = new Receiver();
  await using gateway = await startTestGateway(FAST);
  await webhook(gateway, receiver.url, ["transaction"]);
  await using charger = await new Site(gateway).charger({ record: { require_rfid: false } });
  await charger.status(1, "Charging");
  const heal = loseEvents(gateway);
  const answers = [
    ["StartTransaction", { connectorId: 1, idTag: "A", meterStart: 0, timestamp: time() }],
    ["StartTransaction", { connectorId: 1, idTag: "B", meterStart: 500, timestamp: time(1) }], // ends the first
    ["StopTransaction", { transactionId: 2, meterStop: 900, timestamp: time(2) }],
    ["StopTransaction", { transactionId: 77, meterStop: 900, timestamp: time(3) }], // an orphan
    ["MeterValues", {
      connectorId: 1,
      transactionId: 99, // recovered
      meterValue: [{ timestamp: time(4), sampledValue: [{ value: "1000" }] }],
    }],
  ] as const;
  for (const [action, payload] of answers) await charger.exchange(action, payload);
  heal();
  const told = await eventually(() => receiver.messages.length >= 6 && receiver.messages);
  assertEquals(
    told.map(({ body: { data } }) => [data.transaction_id, data.state, data.flags.join()]),
    [
      [1, "active", ""],
      [1, "completed", "no-meter-stop,no-stop,unaccounted"],
      [2, "active", ""],
      [2, "completed", ""],
      [3, "completed", "orphan"],
      [4, "active", "recovered"],
    ],
  );
});

Deno.test("a session whose commit fails is not told", async () => {
  await using receiver = new Receiver();
  await using gateway = await startTestGateway(FAST);
  await webhook(gateway, receiver.url, ["transaction"]);
  await using charger = await new Site(gateway).charger({ record: { require_rfid: false } });
  const { commits, outbox, webhooks } = gateway.gateway.services.store;
  const put = commits.put;
  commits.put = (mutations, options) =>
    mutations.some(({ key }) => key.includes("outbox"))
      ? Promise.reject(new StorageError("the disk is full"))
      : put.call(commits, mutations, options);
  await charger.refused("StartTransaction", { connectorId: 1, idTag: "A", meterStart: 0, timestamp: time() });
  commits.put = put;
  const webhook_id = webhooks.all()[0]!.webhook_id;
  assertEquals(outbox.state(destinationOf(webhook_id)).waiting, 0);
  await charger.start("B");
  const told = await eventually(() => receiver.messages.length > 0 && receiver.messages);
  assertEquals(told.map(({ body }) => body.data.id_tag), ["B"]);
});
