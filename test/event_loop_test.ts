import { assertEquals } from "@std/assert";
import { ownTurn } from "../src/event_loop.ts";

Deno.test("ownTurn gives each of several works a turn of the event loop of its own, in order", async () => {
  const done: string[] = [];
  const work = async (name: string) => {
    for (let piece = 0; piece < 3; piece++) {
      await ownTurn();
      done.push(name);
      setTimeout(() => done.push("message"), 0);
    }
  };
  await Promise.all([work("a"), work("b")]);
  assertEquals(done.slice(0, 11), [
    "a",
    "message",
    "b",
    "message",
    "a",
    "message",
    "b",
    "message",
    "a",
    "message",
    "b",
  ]);
});
