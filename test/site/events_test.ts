import { assertEquals } from "@std/assert";
import { Events } from "../../src/site/events.ts";

Deno.test("Events.emit puts an event together only while a listener wants its name", () => {
  const events = new Events();
  const seen: string[] = [];
  let wanted = false;
  let made = 0;
  events.subscribe(({ type }) => seen.push(type), (type) => wanted && type === "charger_deleted");
  const emit = () =>
    events.emit("charger_deleted", "CP-1", () => {
      made++;
      return { charger_id: "CP-1" };
    });
  emit();
  assertEquals({ made, seen }, { made: 0, seen: [] });
  wanted = true;
  emit();
  events.emit("disconnected", "CP-1", () => {
    throw new Error("is not put together");
  });
  assertEquals({ made, seen }, { made: 1, seen: ["charger_deleted"] });
});

Deno.test("Events.subscribe calls a listener for all events, for those of its names, and no more once unsubscribed", () => {
  const events = new Events();
  const all: string[] = [];
  const some: string[] = [];
  const unsubscribe = events.subscribe(({ type }) => all.push(type));
  events.subscribe(({ type }) => some.push(type), ["connected"]);
  events.emit("connected", "CP-1", () => ({ charger_id: "CP-1" }));
  events.emit("charger_deleted", "CP-1", () => ({ charger_id: "CP-1" }));
  unsubscribe();
  events.emit("connected", "CP-1", () => ({ charger_id: "CP-1" }));
  assertEquals({ all, some }, { all: ["connected", "charger_deleted"], some: ["connected", "connected"] });
});
