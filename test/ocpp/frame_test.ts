import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { isDeeper, readFrame } from "../../src/ocpp/frame.ts";

Deno.test("readFrame reads the three messages of OCPP-J", () => {
  assertEquals(readFrame('[2,"a","Heartbeat",{}]'), {
    type: "call",
    id: "a",
    action: "Heartbeat",
    payload: {},
  });
  assertEquals(readFrame('[3,"a",{"status":"Accepted"}]'), {
    type: "result",
    id: "a",
    payload: { status: "Accepted" },
  });
  const error = {
    type: "error" as const,
    id: "a",
    code: "NotSupported",
    description: "no",
    details: { x: 1 },
  };
  assertEquals(readFrame('[4,"a","NotSupported","no",{"x":1}]'), error);
});

Deno.test("readFrame reads a missing or null payload as {} (A02)", () => {
  for (const text of ['[2,"a","Heartbeat"]', '[2,"a","Heartbeat",null]', '[2,"a","Heartbeat",{},1]']) {
    assertEquals(readFrame(text), { type: "call", id: "a", action: "Heartbeat", payload: {} });
  }
});

Deno.test("readFrame has no answer for what has no id (A01, A06, A08)", () => {
  const texts = [
    "garbage",
    "{}",
    '"x"',
    "null",
    "[]",
    "[2]",
    "",
    '[2,"","Heartbeat",{}]',
    '[2,null,"Heartbeat",{}]',
  ];
  const types = [0, 5, 6, '"2"', 2.5].map((type) => `[${type},"a","Heartbeat",{}]`);
  for (const text of [...texts, ...types, '[2,{},"Heartbeat",{}]']) assertEquals(readFrame(text), null, text);
});

Deno.test("readFrame drops NUL characters (Q22)", () => {
  assertEquals(readFrame('[2,"a",\n"Heartbeat",{}]\0\0')?.type, "call");
});

Deno.test("readFrame recovers the id of broken JSON (Q17, Q18)", () => {
  const call = '[2,"17","StopTransaction",{"transactionId":,"meterStop":1}]';
  assertEquals(readFrame(call), { type: "broken", id: "17", call: true, text: call });
  const result = '[3,"18",{"configurationKey":[{"key":"He';
  assertEquals(readFrame(result), { type: "broken", id: "18", call: false, text: result });
});

Deno.test("readFrame does not take control characters for an id", () => {
  assertEquals(readFrame('[2,"\u0001good","Heartbeat",{}]'), null);
});

Deno.test("readFrame accepts a CALLERROR with fewer elements or odd details (Q19)", () => {
  const expected = { type: "error" as const, id: "a", code: "GenericError", description: "", details: {} };
  assertEquals(readFrame('[4,"a"]'), expected);
  assertEquals(readFrame('[4,"a","GenericError","",null]'), expected);
});

Deno.test("readFrame never throws", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
    readFrame(text);
  }));
});

Deno.test("isDeeper goes no deeper than it must (A12)", () => {
  assert(isDeeper(JSON.parse("[".repeat(10_000) + "]".repeat(10_000))));
  assertEquals(isDeeper({ a: [{ b: 1 }] }, 3), false);
  assertEquals(isDeeper({ a: [{ b: 1 }] }, 2), true);
});
