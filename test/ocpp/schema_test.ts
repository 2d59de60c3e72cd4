// Sentences about schema violations: they name the field and say in words what is allowed.
import { assertEquals } from "@std/assert";
import { checkerOf, sentenceOf } from "../../src/ocpp/schema.ts";
import { Type } from "../../src/ocpp/schema_builder.ts";

const CHECKER = checkerOf(Type.Object({
  status: Type.Enum(["Accepted", "Rejected"]),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
  tag: Type.Optional(Type.String({ minLength: 1, maxLength: 20 })),
  at: Type.Optional(Type.String({ format: "date-time" })),
  name: Type.Optional(Type.String({ pattern: "^[a-z]+$", "x-expected": "lower-case letters" })),
  code: Type.Optional(Type.String({ pattern: "^[a-z]+$" })),
  items: Type.Optional(Type.Array(Type.Boolean(), { minItems: 1 })),
}, { additionalProperties: false }));

Deno.test("sentenceOf names the field and says in words what it must be", () => {
  const sentence = (value: unknown) => sentenceOf(CHECKER.violations(value)[0]!);
  const status = "Accepted";
  for (
    const [value, expected] of [
      [7, "payload must be an object"],
      [{}, "status is missing"],
      [{ status: "Maybe" }, "status must be one of Accepted, Rejected"],
      [{ status, limit: "1" }, "limit must be a whole number"],
      [{ status, limit: 0 }, "limit must be at least 1"],
      [{ status, limit: 10 }, "limit must be at most 9"],
      [{ status, tag: "" }, "tag must have at least 1 character"],
      [{ status, tag: "x".repeat(21) }, "tag must not have more than 20 characters"],
      [{ status, at: "noon" }, "at must be an ISO 8601 time"],
      [{ status, name: "9" }, "name must be lower-case letters"],
      [{ status, code: "9" }, "code has an invalid format"],
      [{ status, items: [] }, "items must have at least 1 item"],
      [{ status, items: [1] }, "items.0 must be true or false"],
      [{ status, more: 1 }, "more is not a known field"],
    ] as const
  ) assertEquals(sentence(value), expected);
});
