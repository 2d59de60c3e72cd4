import { assert, assertEquals, assertRejects } from "@std/assert";
import { runCommissioning } from "../../src/cli/commission.ts";
import { FAST, only, startSite } from "../services/commissioning/site.ts";
import { PASSWORD } from "../kit/gateway.ts";

Deno.test("commission prints prompts and results, and writes the report", async () => {
  await using site = await startSite();
  const report = await Deno.makeTempFile({ suffix: ".html" });
  const lines: string[] = [];
  try {
    const options = {
      url: site.test.url,
      authorization: `Basic ${btoa(`admin:${PASSWORD}`)}`,
      language: "es" as const,
      report,
      print: (line: string) => void lines.push(line),
      body: { charger_id: "NEW-1", ...only("connection", "plug_in", "unlock"), options: FAST },
    };
    assertEquals(await runCommissioning(options), 0);
    assertEquals(lines.filter((line) => !line.startsWith(">>>")).map((line) => line.split(":")[0]), [
      "OBSERVATION  connection",
      "PASS  plug_in 1",
      "PASS  unlock 1",
    ]);
    assert((await Deno.readTextFile(report)).includes("Reporte de entrega"));
    const strict = { ...options, body: { ...options.body, options: { ...FAST, security_profile: 2 } } };
    assertEquals(await runCommissioning(strict), 1);
    const nobody = { ...options, body: { charger_id: "NOBODY" } };
    await assertRejects(() => runCommissioning(nobody), Error, "There is no charger NOBODY");
  } finally {
    await Deno.remove(report);
  }
});
