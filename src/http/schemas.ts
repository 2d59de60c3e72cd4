// Schemas that many routes share.
import type { Static, TArray, TNull, TObject, TSchema, TString, TUnion } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";

/** ISO 8601, UTC. */
export const Time = Type.String({ format: "date-time" });
/** ISO 8601, or null. */
export const OptionalTime = Nullable(Time);
/** The roles: viewers see, operators also start and stop, admins do everything. */
export const RoleName = Type.Enum(["viewer", "operator", "admin"]);
/** A JSON object of any content. */
export const AnyObject = Type.Record(Type.String(), Type.Unknown());

/** A schema's value, or null. */
export function Nullable<T extends TSchema>(schema: T): TUnion<[T, TNull]> {
  return Type.Union([schema, Type.Null()]);
}

/** A schema under a name: OpenAPI lists it once and refers to it. */
export function named<T extends TSchema>(title: string, schema: T): T {
  return { ...schema, title };
}

/** Returns the schema of a body: an object with no other fields than these. */
export function Body<T extends Record<string, TSchema>>(fields: T): TObject<T> {
  return Type.Object(fields, { additionalProperties: false });
}

/** The query of a list that comes in pages. */
export const PAGE = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
  cursor: Type.Optional(Type.String({ description: "The `next` of the previous page" })),
};

/** The same where the cursor is a number. */
export const NUMBERED_PAGE = {
  ...PAGE,
  cursor: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: "The `next` of the previous page",
    }),
  ),
};

/** A span of time: `from` belongs to it, `to` does not. */
export const SPAN = {
  from: Type.Optional(Type.String({
    format: "date-time",
    description: "A day or a month alone (2026-10-25, 2026-10) is its start in the site's time zone",
  })),
  to: Type.Optional(Type.String({ format: "date-time", description: "The first time behind the span" })),
};

/** Simulated or real ones only. */
export const SIMULATED = {
  simulated: Type.Optional(
    Type.Enum(["true", "false"], { description: "Simulated or real ones only; left out: all" }),
  ),
};

/** The form of a list that also comes as CSV. */
export const FORMAT = { format: Type.Optional(Type.Enum(["json", "csv"])) };

/** The form of a list that also comes as CSV and as a spreadsheet, whose heads are in the language `lang`. */
export const SHEET_FORMAT = {
  format: Type.Optional(Type.Enum(["json", "csv", "xlsx"])),
  lang: Type.Optional(
    Type.String({ description: "Language of a spreadsheet's heads: en or es; left out: the browser's" }),
  ),
};

/** A page of a list: the records under their plural, and the cursor of the next page. */
export type PageOf<Name extends string, T extends TSchema> = TObject<
  { [N in Name]: TArray<T> } & { next: TUnion<[TString, TNull]> }
>;

/** Returns the schema of a page. */
export function page<const Name extends string, T extends TSchema>(name: Name, item: T): PageOf<Name, T> {
  const fields = { [name]: Type.Array(item), next: Nullable(Type.String()) };
  return Type.Object(fields as { [N in Name]: TArray<T> } & { next: TUnion<[TString, TNull]> });
}

/** Returns a page of records that are ordered by a key, from the key behind `cursor` on. */
export function pageBehind<T>(
  all: readonly T[],
  { limit = 100, cursor = "" }: { limit?: number; cursor?: string },
  keyOf: (record: T) => string,
): { records: T[]; next: string | null } {
  const left = all.filter((record) => keyOf(record) > cursor);
  const records = left.slice(0, limit);
  return { records, next: left.length > limit ? keyOf(records.at(-1)!) : null };
}

/** Returns a page of a list from the position `cursor` on. */
export function pageFrom<T>(
  all: readonly T[],
  { limit = 100, cursor = 0 }: { limit?: number; cursor?: number },
): { records: T[]; next: string | null } {
  const end = cursor + limit;
  return { records: all.slice(cursor, end), next: end < all.length ? String(end) : null };
}

/** The static type of a query that has these fields. */
export type QueryOf<T extends Record<string, TSchema>> = Static<TObject<T>>;
