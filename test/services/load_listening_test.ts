import { assertEquals } from "@std/assert";
import { LoadManagement } from "../../src/services/load/load_management.ts";
import { Events } from "../../src/site/events.ts";
import { Store } from "../../src/store/store.ts";
import { circuit } from "../site/load/world.ts";

Deno.test("LoadManagement has meter events put together only where there is a circuit", async () => {
  const store = await Store.open({ path: ":memory:", window_ms: 0, now: Date.now });
  const events = new Events();
  const parts = {
    store,
    events,
    central: {},
    alarms: {},
    now: Date.now,
    mono: Date.now,
    clock: { set_back_ms: 0 },
  };
  const load = new LoadManagement(parts as never);
  load.start();
  let made = 0;
  const emit = () =>
    events.emit("meter", "CP1", () => {
      made++;
      return {} as never;
    });
  emit();
  assertEquals(made, 0);
  await store.circuits.put(circuit({}));
  emit();
  assertEquals(made, 1);
  load.stop();
  await store.close();
});
