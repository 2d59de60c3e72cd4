import { assertEquals } from "@std/assert";
import { Sleep } from "../../../src/site/load/sleep.ts";

const MINUTE = 60_000;

Deno.test("Sleep begins when a car has wanted nothing for two minutes, and lasts through a pause by its charger", () => {
  const sleep = new Sleep();
  sleep.take("SuspendedEV", 0);
  assertEquals([sleep.isAsleep(1 * MINUTE), sleep.isAsleep(3 * MINUTE)], [false, true]);
  sleep.take("SuspendedEVSE", 3 * MINUTE);
  assertEquals(sleep.isAsleep(4 * MINUTE), true);
  sleep.take("SuspendedEV", 5 * MINUTE);
  assertEquals(sleep.isAsleep(5 * MINUTE), true);
  sleep.take("Charging", 6 * MINUTE);
  assertEquals(sleep.isAsleep(7 * MINUTE), false);
});

Deno.test("Sleep lets a car have a chance every half an hour", () => {
  const sleep = new Sleep();
  sleep.take("SuspendedEV", 0);
  const minutes = Array.from({ length: 70 }, (_, minute) => minute).filter((minute) =>
    minute >= 2 && !sleep.isAsleep(minute * MINUTE)
  );
  assertEquals(minutes, [30, 31, 60, 61]);
});
