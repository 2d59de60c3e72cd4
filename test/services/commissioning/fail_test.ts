// Each failure that a commissioning must find. Most of the time passes in waiting for a charger: several run at once.
import { assertEquals, assertMatch } from "@std/assert";
import { type Case, CASES } from "./faulty_chargers.ts";
import { only, startSite } from "./site.ts";

const AT_ONCE = 4;

/** Commissions one charger on a gateway of its own. */
async function check({ step, result = "fail", reason, after = [], options = {}, ...site_options }: Case) {
  await using site = await startSite(site_options);
  const record = await site.commission({ ...only(...after, step), options });
  const found = site.result(record, step);
  assertMatch(found.reason.en, reason);
  assertEquals(found.result, result);
  const before = Object.entries(site.verdicts(record)).filter(([id]) => after.includes(id));
  assertEquals(before, after.map((id) => [id, "pass"]));
}

/** Checks all, `AT_ONCE` at a time; resolves with the errors of those that failed. */
async function checkAll(): Promise<Map<Case, unknown>> {
  const waiting = [...CASES];
  const failed = new Map<Case, unknown>();
  const work = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      await check(one).catch((error) => failed.set(one, error));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return failed;
}

Deno.test("commissioning judges chargers that misbehave", async (t) => {
  const failed = await checkAll();
  for (const one of CASES) {
    await t.step(
      `${one.result === "skip" ? "it does not judge" : "it finds"} a charger that ${one.that}`,
      () => {
        if (failed.has(one)) throw failed.get(one);
      },
    );
  }
});
