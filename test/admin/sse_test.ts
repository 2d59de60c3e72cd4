import { assertEquals } from "@std/assert";
import { parse } from "../../src/admin/event_text.ts";

Deno.test("parse hands out whole events and keeps the beginning of the next", () => {
  const events: [string, unknown][] = [];
  const ids: string[] = [];
  const onEvent = (type: string, data: unknown) => void events.push([type, data]);
  const receiver = { onEvent, onId: (id: string) => void ids.push(id) };
  const rest = parse(
    'retry: 2000\nid: a-0\n\n: \n\nid: a-1\nevent: meter\ndata: {"power_w":1}\n\nevent: con',
    receiver,
  );
  assertEquals(events, [["meter", { power_w: 1 }]]);
  assertEquals(parse(rest + 'nector\ndata: {"a":"b: c"}\n\n', receiver), "");
  assertEquals(ids, ["a-0", "a-1"]);
  assertEquals(events[1], ["connector", { a: "b: c" }]);
});
