import { assertEquals } from "@std/assert";
import { parse } from "../../src/admin/event_text.ts";

Deno.test("parse hands out whole events and keeps the beginning of the next", () => {
  const events: [string, unknown][] = [];
  const onEvent = (type: string, data: unknown) => void events.push([type, data]);
  const rest = parse('retry: 2000\n\n: \n\nevent: meter\ndata: {"power_w":1}\n\nevent: con', onEvent);
  assertEquals(events, [["meter", { power_w: 1 }]]);
  assertEquals(parse(rest + 'nector\ndata: {"a":"b: c"}\n\n', onEvent), "");
  assertEquals(events[1], ["connector", { a: "b: c" }]);
});
