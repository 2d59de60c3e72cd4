import { assertEquals } from "@std/assert";
import { parseCsv } from "../../src/http/parse_csv.ts";
import { previewOf } from "../../src/admin/pages/rfids/preview.ts";
import type { Rfid } from "../../src/admin/types.ts";

const KNOWN: Rfid[] = [
  {
    rfid: "AA11",
    allowed: true,
    label: "Ana",
    expires_at: null,
    parent_id_tag: null,
    last_seen: null,
    last_charger_id: null,
  },
];

Deno.test("previewOf tells new, changed and unchanged cards apart", () => {
  const { valid, rows } = previewOf("\ufeffrfid,label,allowed\naa11,Ana,yes\nBB22,Luis,\n", KNOWN);
  assertEquals(valid, true);
  assertEquals(rows.map(({ rfid, kind }) => [rfid, kind]), [["aa11", "same"], ["BB22", "created"]]);
  const changed = previewOf("rfid,label,allowed\nAA11,Ana María,no\n", KNOWN).rows[0];
  assertEquals(changed?.kind, "changed");
  assertEquals(changed?.changes, ["allowed: no", "label: Ana María"]);
});

Deno.test("previewOf refuses a file without the column rfid", () => {
  assertEquals(previewOf("tag,label\nAA11,Ana\n", KNOWN), { valid: false, rows: [] });
});

Deno.test("parseCsv reads quotes, separators and line ends as RFC 4180 has them", () => {
  const rows = parseCsv('a,"b ""x"", y"\r\n"1\n2",3\n\n');
  assertEquals(rows, [["a", 'b "x", y'], ["1\n2", "3"]]);
  assertEquals(parseCsv('\ufeffrfid,label\r"A""1", x \r\r'), [["rfid", "label"], ['A"1', "x"]]);
  assertEquals(parseCsv("rfid\nAA11\n"), [["rfid"], ["AA11"]]);
  assertEquals(parseCsv("a,b,\n,,\n1,2"), [["a", "b", ""], ["1", "2"]]);
});
