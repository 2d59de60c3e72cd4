import { assertEquals } from "@std/assert";
import { cases } from "../kit/site.ts";

cases("GET …/readings/?points=N", {}, (declareCase) => {
  declareCase("answers series by bucket, with null for gaps, before anything is compacted", async (site) => {
    await using charger = await site.charger();
    const sampled = (minute: number, power: string, energy: string) => ({
      timestamp: `2026-03-01T08:0${minute}:00Z`,
      sampledValue: [
        { value: power, measurand: "Power.Active.Import", unit: "W" },
        { value: energy, measurand: "Energy.Active.Import.Register", unit: "Wh" },
      ],
    });
    const meterValue = [sampled(0, "1000", "10"), sampled(1, "2000", "30"), sampled(6, "500.5", "70")];
    await charger.call("MeterValues", { connectorId: 1, meterValue });
    const span = "from=2026-03-01T08:00:00Z&to=2026-03-01T08:08:00Z";
    const answer = await site.get(`${charger.path}readings/?points=4&${span}`);
    const { from, to, step_ms, series } = answer;
    assertEquals([from, to, step_ms], ["2026-03-01T08:00:00.000Z", "2026-03-01T08:08:00.000Z", 120_000]);
    const [energy, power] = series;
    assertEquals([energy.measurand, energy.mean, energy.last], [
      "Energy.Active.Import.Register",
      [null, null, null, null],
      [30, null, null, 70],
    ]);
    assertEquals([power.min, power.mean, power.max], [
      [1000, null, null, 500.5],
      [1500, null, null, 500.5],
      [2000, null, null, 500.5],
    ]);
    const { series: voltage } = await site.get(`${charger.path}readings/?points=4&${span}&measurand=Voltage`);
    assertEquals(voltage, []);
    const wrong = await site.rest("GET", `${charger.path}readings/?points=4&from=2026-03-02&to=2026-03-01`);
    assertEquals([wrong.status, wrong.body.code], [400, "invalid_query"]);
  });
});
