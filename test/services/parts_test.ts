import { assertEquals, assertRejects } from "@std/assert";
import { type Part, startParts } from "../../src/services/mod.ts";

/** A part that notes its start and stop. */
function part(name: string, told: string[], fails = false): Part {
  return {
    start() {
      if (fails) throw new Error(`${name} fails`);
      told.push(`${name} starts`);
    },
    async stop() {
      await Promise.resolve();
      told.push(`${name} stops`);
    },
  };
}

Deno.test("parts start in order and stop in reverse", async () => {
  const told: string[] = [];
  const stop = await startParts([
    part("a", told),
    { stop: () => void told.push("b stops") },
    part("c", told),
  ]);
  assertEquals(told.splice(0), ["a starts", "c starts"]);
  await stop();
  assertEquals(told, ["c stops", "b stops", "a stops"]);
});

Deno.test("a part that cannot start stops those before it, and its error is thrown", async () => {
  const told: string[] = [];
  const parts = [part("a", told), part("b", told), part("c", told, true), part("d", told)];
  await assertRejects(() => startParts(parts), Error, "c fails");
  assertEquals(told, ["a starts", "b starts", "b stops", "a stops"]);
});
