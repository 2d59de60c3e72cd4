// Adds up the raw transactions of a running gateway and compares them with what /ocpp/energy/ says. Knows nothing of the
// gateway's code: `deno run -A test/check_energy.ts http://localhost:8000 admin:PASSWORD`.

/** A transaction, as far as it is added up. */
export interface RawTransaction {
  charger_id: string;
  id_tag: string;
  start_time: string;
  stop_time: string | null;
  energy_wh: number | null;
  simulated: boolean;
}

/** Energy in mWh and time in ms, so that sums are whole numbers. */
export interface PlainSum {
  sessions: number;
  energy: number;
  connected: number;
}

/** Adds up transactions by `keyOf`. Running ones last until `now`, ms since 1970. */
export function plainSums(
  transactions: readonly RawTransaction[],
  keyOf: (transaction: RawTransaction) => string,
  now: number,
): Map<string, PlainSum> {
  const sums = new Map<string, PlainSum>();
  for (const transaction of transactions) {
    const key = keyOf(transaction);
    const sum = sums.get(key) ?? { sessions: 0, energy: 0, connected: 0 };
    const start = Date.parse(transaction.start_time);
    const stop = transaction.stop_time === null ? now : Date.parse(transaction.stop_time);
    sum.sessions += 1;
    sum.energy += Math.max(0, Math.round((transaction.energy_wh ?? 0) * 1000));
    sum.connected += Math.max(0, stop - start);
    sums.set(key, sum);
  }
  return sums;
}

async function main(base: string, login: string): Promise<number> {
  const headers = { authorization: `Basic ${btoa(login)}` };
  const ask = async (path: string) => await (await fetch(base + path, { headers })).json();
  const transactions: RawTransaction[] = [];
  for (let cursor: string | null = "";;) {
    const page = await ask(
      `/ocpp/transactions/?state=completed&limit=1000${cursor ? `&cursor=${cursor}` : ""}`,
    );
    transactions.push(...page.transactions);
    if ((cursor = page.next) === null) break;
  }
  let wrong = 0;
  for (const simulated of [false, true]) {
    const some = transactions.filter((transaction) => transaction.simulated === simulated);
    const plain = plainSums(some, ({ charger_id }) => charger_id, 0);
    const answer = await ask(`/ocpp/energy/?from=2000-01&to=2100-01&group=charger&simulated=${simulated}`);
    const said = new Map(answer.rows.map((row: { charger_id: string }) => [row.charger_id, row]));
    for (const [charger_id, sum] of plain) {
      const row = said.get(charger_id) as { energy_wh: number; sessions: number } | undefined;
      if (row && row.sessions === sum.sessions && Math.round(row.energy_wh * 1000) === sum.energy) continue;
      wrong++;
      console.log(charger_id, "added up:", sum, "said:", row);
    }
  }
  console.log(
    `${transactions.length} ended sessions, ${wrong} chargers differ (running sessions are not added up)`,
  );
  return wrong === 0 ? 0 : 1;
}

if (import.meta.main) {
  Deno.exit(await main(Deno.args[0] ?? "http://localhost:8000", Deno.args[1] ?? "admin:"));
}
