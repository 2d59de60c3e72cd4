// The schema of an import's answer; apart from rfid_import.ts, which is loaded only for an import.
import { Type } from "../../ocpp/schema_builder.ts";
import { named } from "../schemas.ts";

const Remark = named(
  "CsvRemark",
  Type.Object({
    line: Type.Integer(),
    code: Type.Enum([
      "no_rfid_column",
      "flag",
      "time",
      "ambiguous_date",
      "shortened_tag",
      "invalid",
      "lost_zeros",
      "twice",
      "unknown_column",
    ]),
    severity: Type.Enum(["error", "warning"]),
    text: Type.String({ description: "One sentence" }),
    values: Type.Record(Type.String(), Type.String()),
  }),
);

/** The outcome of an import, or with `preview` of what it would be. */
export const ImportResult = Type.Object({
  created: Type.Integer(),
  changed: Type.Integer(),
  unchanged: Type.Integer(),
  remarks: Type.Array(Remark),
  rows: Type.Optional(
    Type.Array(
      Type.Object({
        line: Type.Integer(),
        rfid: Type.String(),
        kind: Type.Enum(["created", "changed", "unchanged"]),
        changes: Type.Record(Type.String(), Type.Unknown()),
      }),
      { description: "With `preview`: the rows, and the fields that each would change" },
    ),
  ),
});
