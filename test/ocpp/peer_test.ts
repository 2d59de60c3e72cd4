import { assert, assertEquals, assertRejects } from "@std/assert";
import { CallFailed, ERROR_CODES, OcppError } from "../../src/ocpp/error.ts";
import { Peer, type PeerOptions } from "../../src/ocpp/peer.ts";

function peerWith(options: Partial<PeerOptions> = {}) {
  const sent: unknown[][] = [];
  const peer = new Peer({ send: (text) => void sent.push(JSON.parse(text)) }, {
    serve: () => ({}),
    ...options,
  });
  return { peer, sent };
}

/** Lets everything that is ready run. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("Peer answers a CALL with a CALLRESULT of the same id", async () => {
  const { peer, sent } = peerWith({ serve: (action) => ({ action }) });
  peer.receive('[2,"a","Heartbeat",{}]');
  await settled();
  assertEquals(sent, [[3, "a", { action: "Heartbeat" }]]);
});

Deno.test("Peer echoes a number as id as it came (A06)", async () => {
  const { peer, sent } = peerWith();
  peer.receive('[2,5,"Heartbeat",{}]');
  await settled();
  assertEquals(sent, [[3, 5, {}]]);
});

Deno.test("Peer echoes ids up to 255 characters and does not answer longer ones (A07)", async () => {
  const { peer, sent } = peerWith();
  for (const length of [37, 255, 256, 100_000]) {
    peer.receive(JSON.stringify([2, "x".repeat(length), "Heartbeat", {}]));
  }
  await settled();
  assertEquals(sent.map(([, id]) => String(id).length), [37, 255]);
});

Deno.test("Peer turns an OcppError into a CALLERROR and anything else into InternalError without details", async () => {
  const faults: unknown[] = [];
  const { peer, sent } = peerWith({
    serve: (action) => {
      throw action === "A"
        ? new OcppError("SecurityError", "x".repeat(300), { why: 1 })
        : new Error("secret at file.ts:3");
    },
    onFault: (_action, error) => faults.push(error),
  });
  peer.receive('[2,"a","A",{}]');
  peer.receive('[2,"b","B",{}]');
  await settled();
  assertEquals(sent[0], [4, "a", "SecurityError", "x".repeat(255), { why: 1 }]);
  assertEquals(sent[1], [4, "b", "InternalError", "The request could not be processed", {}]);
  assertEquals(faults.length, 1);
});

Deno.test("Peer serves CALLs in order, and the same id in progress once", async () => {
  const gate = Promise.withResolvers<object>();
  const served: string[] = [];
  const { peer, sent } = peerWith({
    serve: (action) => {
      served.push(action);
      return action === "Slow" ? gate.promise : {};
    },
  });
  for (const [id, action] of [["1", "Slow"], ["1", "Slow"], ["2", "Quick"]]) {
    peer.receive(JSON.stringify([2, id, action, {}]));
  }
  await settled();
  assertEquals(served, ["Slow"]);
  gate.resolve({});
  await settled();
  assertEquals(sent.map(([, id]) => id), ["1", "2"]);
});

Deno.test("Peer serves once what comes in while an answer is being sent", async () => {
  const served: string[] = [];
  const peer = new Peer({
    send: (text) => {
      if (text.startsWith('[3,"1"')) peer.receive('[2,"2","B",{}]');
    },
  }, {
    serve: (action) => {
      served.push(action);
      return Promise.resolve({});
    },
  });
  peer.receive('[2,"1","A",{}]');
  await settled();
  assertEquals(served, ["A", "B"]);
});

Deno.test("Peer tells of a flood when more CALLs wait than it may hold (A19)", async () => {
  let floods = 0;
  const gate = Promise.withResolvers<object>();
  const { peer } = peerWith({ serve: () => gate.promise, max_waiting: () => 3, onFlood: () => floods++ });
  for (let id = 0; id < 5; id++) peer.receive(`[2,"${id}","MeterValues",{}]`);
  assertEquals(floods, 2);
  gate.resolve({});
  await settled();
});

Deno.test("Peer has one CALL under way and sends the next when it is answered (X03)", async () => {
  const { peer, sent } = peerWith();
  const answers = ["A", "B", "C"].map((action) => peer.call(action, {}));
  for (let index = 0; index < 3; index++) {
    assertEquals(sent.length, index + 1);
    peer.receive(JSON.stringify([3, sent[index]![1], { index }]));
    assertEquals((await answers[index])?.payload, { index });
  }
  assertEquals(peer.pending, 0);
});

Deno.test("Peer serves while its own CALL waits (X07)", async () => {
  const { peer, sent } = peerWith();
  const answer = peer.call("Reset", { type: "Soft" });
  peer.receive('[2,"h","Heartbeat",{}]');
  await settled();
  assertEquals(sent.map(([type]) => type), [2, 3]);
  peer.receive(JSON.stringify([3, sent[0]![1], { status: "Accepted" }]));
  assertEquals((await answer).payload, { status: "Accepted" });
});

Deno.test("Peer gives up a CALL in time, sends the next, and drops the late answer (X04)", async () => {
  const { peer, sent } = peerWith({ timeout_ms: 1 });
  const error = await assertRejects(() => peer.call("Reset", {}), CallFailed);
  assertEquals(error.reason, "timeout");
  const next = peer.call("ClearCache", {}, { timeout_ms: 1000 });
  peer.receive(JSON.stringify([3, sent[0]![1], { status: "late" }]));
  peer.receive(JSON.stringify([3, sent[1]![1], { status: "Accepted" }]));
  assertEquals((await next).payload, { status: "Accepted" });
});

Deno.test("Peer fails what waits when the connection closes, and sends no more (X05)", async () => {
  const { peer, sent } = peerWith();
  const answers = [peer.call("A", {}), peer.call("B", {})];
  peer.closed();
  for (const answer of answers) {
    assertEquals((await assertRejects(() => answer, CallFailed)).reason, "closed");
  }
  await assertRejects(() => peer.call("C", {}), CallFailed);
  assertEquals(sent.length, 1);
});

Deno.test("Peer passes on the code of a CALLERROR, known or not (X06)", async () => {
  const { peer, sent } = peerWith();
  for (const code of ["NotSupported", "OccurrenceConstraintViolation", "Whatever"]) {
    const answer = peer.call("Reset", {});
    peer.receive(JSON.stringify([4, sent.at(-1)![1], code, "no"]));
    assertEquals((await assertRejects(() => answer, OcppError)).code, code);
  }
});

Deno.test("Peer fails the pending CALL at once when the answer is broken JSON (Q18)", async () => {
  const { peer, sent } = peerWith();
  const answer = peer.call("GetConfiguration", {});
  peer.receive(`[3,"${sent[0]![1]}",{"configurationKey":[{"key":"He`);
  assertEquals((await assertRejects(() => answer, CallFailed)).reason, "invalid");
});

Deno.test("Peer answers a broken CALL with FormationViolation and its id (Q17)", async () => {
  const { peer, sent } = peerWith();
  peer.receive('[2,"17","StopTransaction",{"transactionId":,}]');
  await settled();
  assertEquals(sent[0]?.slice(0, 3), [4, "17", "FormationViolation"]);
});

Deno.test("Peer answers nothing to CALLRESULT and CALLERROR for unknown ids, nor to garbage (A01, A09)", async () => {
  const { peer, sent } = peerWith();
  for (const text of ['[3,"zz",{}]', '[4,"zz","GenericError","",{}]', "garbage", "[]", "{}"]) {
    peer.receive(text);
  }
  await settled();
  assertEquals(sent, []);
});

Deno.test("OcppError knows OCPP-J's ten codes as 1.6 spells them", () => {
  assertEquals(ERROR_CODES.length, 10);
  assert(ERROR_CODES.includes("OccurenceConstraintViolation") && ERROR_CODES.includes("FormationViolation"));
});
