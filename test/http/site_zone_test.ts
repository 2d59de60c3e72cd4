// Days and months are those of the site's time zone.
import { assertEquals } from "@std/assert";
import { startTestGateway } from "../kit/gateway.ts";
import { transactionWith } from "../kit/transaction.ts";

const STARTS = [
  "2026-09-30T21:59:59.999Z", // the last millisecond of September in Madrid
  "2026-09-30T22:00:00.000Z",
  "2026-10-24T21:59:59.999Z",
  "2026-10-24T22:00:00.000Z", // the day when clocks change begins
  "2026-10-25T22:30:00.000Z", // 23:30 on that day, which has 25 hours
  "2026-10-25T23:00:00.000Z",
  "2026-10-31T22:59:59.999Z", // the last millisecond of October
  "2026-10-31T23:00:00.000Z",
];

Deno.test("a day or a month as limit of a list is its start in the site's zone, and belongs to one interval", async () => {
  await using site = await startTestGateway({ settings: { time_zone: "Europe/Madrid" } });
  const { transactions } = site.gateway.services.store;
  for (const [index, start_time] of STARTS.entries()) {
    await transactions.add(transactionWith({ transaction_id: index, start_time }));
  }
  const found = async (query: string) => {
    const { body } = await site.rest("GET", `/ocpp/transactions/?${query}`);
    return body.transactions.map((one: { transaction_id: number }) => one.transaction_id).reverse();
  };
  assertEquals(await found("from=2026-10-25&to=2026-10-26"), [3, 4]);
  assertEquals(await found("from=2026-10-24&to=2026-10-25"), [2]);
  assertEquals(await found("from=2026-09&to=2026-10"), [0]);
  assertEquals(await found("from=2026-10&to=2026-11"), [1, 2, 3, 4, 5, 6]);
  assertEquals(await found("from=2026-11"), [7]);
  assertEquals(await found("from=2026-10-25T00:00:00Z&to=2026-10-25T23:00:00Z"), [4]);
  await site.rest("PATCH", "/ocpp/settings/", { time_zone: "America/Monterrey" });
  assertEquals(await found("from=2026-10&to=2026-11"), [2, 3, 4, 5, 6, 7]);
  for (const text of ["2026-13", "2026-10-32", "October"]) {
    assertEquals((await site.rest("GET", `/ocpp/transactions/?from=${text}`)).status, 400, text);
  }
});

Deno.test("set-up takes the site's time zone, and refuses one that there is not", async () => {
  await using site = await startTestGateway({ config: { admin_password: null } });
  const setUp = (time_zone: string) =>
    fetch(`${site.url}/ocpp/setup/`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code: site.gateway.setup_code, password: "a long enough one", time_zone }),
    });
  const refused = await setUp("Mars/Base");
  assertEquals([refused.status, (await refused.json()).values], [400, { field: "time_zone" }]);
  const done = await setUp("America/Monterrey");
  assertEquals([done.status, (await done.json()).user], [201, "admin"]);
  assertEquals(site.gateway.services.store.calendar.time_zone, "America/Monterrey");
});
