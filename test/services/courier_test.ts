import { assert, assertEquals } from "@std/assert";
import { Courier, type Outcome } from "../../src/services/outputs/courier.ts";
import type { Delivery } from "../../src/store/store.ts";
import { eventually } from "../kit/eventually.ts";

const DELIVERY = { destination: "d", sequence: 1, attempts: 0, state: "waiting" } as Delivery;
const REFUSED: Outcome = { ok: false, status: 500, error: "no" };

Deno.test("Courier waits longer after each failure, a fifth more or less, and as long as at last from then on", async () => {
  const waits: number[] = [];
  const { setTimeout: real } = globalThis;
  const retry_ms = [1000, 5000, 30_000];
  let attempts = 0;
  const courier = new Courier({
    destination: "d",
    outbox: { next: () => Promise.resolve(DELIVERY), update: () => Promise.resolve() } as never,
    attempt: () => Promise.resolve(REFUSED),
    onOutcome: () => attempts++,
    now: Date.now,
    retry_ms,
  });
  globalThis.setTimeout = ((run: () => void, ms: number) => {
    if (ms < 500) return real(run, ms); // not the courier's
    waits.push(ms);
    return real(run, 0);
  }) as typeof setTimeout;
  try {
    courier.wake();
    await eventually(() => attempts >= 40);
  } finally {
    globalThis.setTimeout = real;
    await courier.stop();
  }
  const expected = waits.map((_, index) => retry_ms[Math.min(index, retry_ms.length - 1)]!);
  assert(waits.every((ms, index) => Math.abs(ms / expected[index]! - 1) <= 0.2 + 1e-9), waits.join());
  const last = waits.slice(2);
  assertEquals(new Set(last).size, last.length, "no two are the same: receivers are not asked in step");
});
