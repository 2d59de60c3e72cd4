// Our words for schemas against TypeBox's own.
import { assertEquals } from "@std/assert";
import TypeBox from "typebox";
import { Type } from "../../src/ocpp/schema_builder.ts";

/** One schema of every kind, built with the given words. */
function schemas({ Array: List, Boolean, Enum, Integer, Null, Number, Object, ...rest }: typeof Type) {
  const { Optional, Partial, Record, String, Tuple, Union, Unknown } = rest;
  const closed = { additionalProperties: false };
  const text = String({ minLength: 1, maxLength: 20 });
  const whole = Object({ a: text, b: Optional(Integer({ minimum: 0 })), c: Null() }, closed);
  return [
    whole,
    Object({}),
    Object({ b: Optional(Boolean({ default: true })) }),
    Partial(whole),
    Object({ ...Partial(whole).properties, d: Optional(Optional(text)) }),
    Object({ again: whole.properties.b }, { description: "a mark stays with its schema" }),
    List(Enum(["x", "y"]), { minItems: 1 }),
    Enum(["x"], { default: "x" }),
    Record(String(), Unknown()),
    Record(String({ maxLength: 50 }), Number({ exclusiveMinimum: 0 })),
    Tuple([Number(), text]),
    Union([Number(), Null()], { default: null }),
    Unknown({ description: "anything" }),
  ];
}

Deno.test("Type makes the schemas that TypeBox makes", () => {
  const plain = (words: typeof Type) => schemas(words).map((schema) => JSON.parse(JSON.stringify(schema)));
  assertEquals(plain(Type), plain(TypeBox));
});
