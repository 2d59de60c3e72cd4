import { assertEquals, assertThrows } from "@std/assert";
import { Store } from "../../src/store/store.ts";

Deno.test("Documents keeps records of any size up to 660 kB, and nothing of a longer one before", async () => {
  const store = await Store.open({ path: ":memory:", window_ms: 0 });
  const of = (count: number) => ({
    charger_id: "CP1",
    keys: Array.from(
      { length: count },
      (_, i) => ({ key: `K${i}`, value: "é".repeat(200), readonly: false, at: "" }),
    ),
    unknown: [],
    complete_at: null,
  });
  try {
    for (const count of [1000, 1, 500, 0]) {
      await store.configurations.put(of(count));
      assertEquals(await store.configurations.get("CP1"), of(count));
    }
    assertThrows(() => store.configurations.put(of(2000)), TypeError, "too many");
    const written = store.configurations.put(of(3));
    assertEquals(await store.configurations.get("CP1"), of(3), "read before it is committed");
    await written;
    await store.configurations.delete("CP1");
    assertEquals(await store.configurations.get("CP1"), undefined);
  } finally {
    await store.close();
  }
});
