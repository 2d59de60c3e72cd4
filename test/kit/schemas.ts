// The schemas of OCPP 1.6 and its security extension from the npm package `ocpp-rpc`: a check independent of our own schemas.
import schemas from "ocpp-rpc/lib/schemas/ocpp1_6.json" with { type: "json" };
import fc from "fast-check";
import type { TSchema } from "typebox";
import { type Checker, checkerOf, sentenceOf } from "../../src/ocpp/schema.ts";

/** The part of JSON schema that OCA's schemas use. */
interface OfficialSchema {
  $ref?: string;
  definitions?: Record<string, OfficialSchema>;
  type?: string;
  enum?: string[];
  format?: string;
  maxLength?: number;
  multipleOf?: number;
  minItems?: number;
  items?: OfficialSchema;
  properties?: Record<string, OfficialSchema>;
  required?: string[];
}

const SCHEMAS: ReadonlyMap<string, OfficialSchema> = new Map(
  (schemas as unknown as (OfficialSchema & { $id: string })[]).map(({ $id, ...schema }) => [
    $id.replace("urn:", ""),
    schema,
  ]),
);
const CHECKERS = new Map<string, Checker>();

/** Returns the schema of a message such as `BootNotification.req` or `BootNotification.conf`. */
export function officialSchema(message: string): TSchema {
  const schema = SCHEMAS.get(message);
  if (!schema) throw new Error(`${message} is no message of OCPP 1.6`);
  return schema as unknown as TSchema;
}

/** Throws if a payload is not valid. */
export function assertValid(message: string, payload: unknown): void {
  let checker = CHECKERS.get(message);
  if (!checker) CHECKERS.set(message, checker = checkerOf(officialSchema(message)));
  const wrong = checker.violations(payload)[0];
  if (wrong) throw new Error(`${message} is not valid: ${sentenceOf(wrong)}: ${JSON.stringify(payload)}`);
}

/** Makes payloads that a message's schema allows. */
export function payloadsOf(message: string): fc.Arbitrary<unknown> {
  const root = officialSchema(message) as unknown as OfficialSchema;
  return valuesOf(root, root.definitions ?? {});
}

function valuesOf(
  schema: OfficialSchema,
  definitions: Record<string, OfficialSchema>,
): fc.Arbitrary<unknown> {
  if (schema.$ref) return valuesOf(definitions[schema.$ref.split("/").at(-1)!]!, definitions);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.type === "object") return objectsOf(schema, definitions);
  if (schema.type === "array") {
    return fc.array(valuesOf(schema.items!, definitions), { minLength: schema.minItems ?? 0, maxLength: 3 });
  }
  if (schema.type === "boolean") return fc.boolean();
  if (schema.type === "integer") return fc.integer();
  if (schema.type === "number") return fc.integer({ min: -9999, max: 99_999 }).map((tenths) => tenths / 10);
  if (schema.format === "date-time") {
    return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("9999-12-31") }).map((date) =>
      date.toISOString()
    );
  }
  return fc.string({ maxLength: Math.min(schema.maxLength ?? 30, 600) });
}

function objectsOf(
  { properties = {}, required = [] }: OfficialSchema,
  definitions: Record<string, OfficialSchema>,
) {
  const model = Object.entries(properties).map(([name, schema]) => [name, valuesOf(schema, definitions)]);
  return fc.record(Object.fromEntries(model), { requiredKeys: required, noNullPrototype: true } as never);
}
