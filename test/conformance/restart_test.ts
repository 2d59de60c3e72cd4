// Power cuts: the program as a process, killed at the worst moments (X11, X12, E49).
import { assert, assertEquals } from "@std/assert";
import { type GatewayProcess, spawnGateway, tempDir } from "../faults/gateway_process.ts";
import { WireCharger } from "../kit/wire_charger.ts";
import { Site, time } from "../kit/site.ts";

/** The program on its data, and one charger of it. */
class Cut {
  gateway!: GatewayProcess;
  site!: Site;
  charger!: WireCharger;

  constructor(readonly data_dir: string) {}

  async start(): Promise<void> {
    this.gateway = await spawnGateway({ data_dir: this.data_dir });
    this.site = new Site(this.gateway);
    this.charger = await WireCharger.connect(this.site, { charger_id: "CP1" });
    await this.charger.boot();
  }

  async kill(): Promise<void> {
    await this.gateway.kill();
    await this.charger.wire.closed;
  }
}

Deno.test("Restarts", async (t) => {
  await using folder = await tempDir();
  const it = new Cut(folder.path);
  const unsanitized = { sanitizeOps: false, sanitizeResources: false };
  const step = (name: string, fn: () => Promise<void>) => t.step({ name, fn, ...unsanitized });
  let transactionId = 0;
  await it.start();
  await using _stop = { [Symbol.asyncDispose]: () => it.kill() };

  await step("a session is durable before StartTransaction is answered (X11)", async () => {
    ({ transactionId } = await it.charger.start("TAG1"));
    await it.kill();
    await it.start();
    const { state, meter_start, id_tag } = await it.site.transaction(transactionId);
    assertEquals([state, meter_start, id_tag], ["active", 1000, "TAG1"]);
  });

  await step(
    "killed between two samples: the same session, and nothing that was answered is lost (E49)",
    async () => {
      await it.charger.meter(4000, { transactionId }, time(1));
      await it.kill();
      await it.start();
      assertEquals((await it.site.transaction(transactionId)).energy_wh, 3000);
      await it.charger.meter(5000, { transactionId }, time(2));
      const { energy_wh, state, readings } = await it.site.transaction(transactionId);
      assertEquals([energy_wh, state, readings.count], [4000, "active", 2]);
      assertEquals(await it.charger.stop(transactionId, { meterStop: 6000, timestamp: time(3) }), {});
      const closed = await it.site.transaction(transactionId);
      assertEquals([closed.state, closed.energy_wh, closed.flags], ["completed", 5000, []]);
    },
  );

  await step("transaction ids never repeat (X12)", async () => {
    const before = await it.charger.start("TAG2", { timestamp: time(4) });
    await it.kill();
    await it.start();
    const after = await it.charger.start("TAG3", { timestamp: time(5) });
    assert(before.transactionId > transactionId && after.transactionId > before.transactionId);
  });
});
