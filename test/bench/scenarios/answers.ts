// Single answers that have a limit: a long StopTransaction, commands when the line breaks, refused handshakes, the end.
import { HandshakeRefused } from "../../../src/ocpp/client/socket.ts";
import { RawClient } from "../../../src/ocpp/client/raw_client.ts";
import { startTestGateway, type TestGateway } from "../../kit/gateway.ts";
import { Site, time } from "../../kit/site.ts";
import { type Bench, using } from "../bench.ts";
import { startGateway } from "../server.ts";

const SAMPLES = 2000;
const HANDSHAKES = 1000;
const AT_ONCE = 50;

/** Times of single answers. */
export async function answers(bench: Bench): Promise<void> {
  const { report } = bench;
  report.title("answers: single answers that have a limit");
  const figure = (name: string, ms: number, at_most: number) =>
    report.figure(name, ms, { at_most }, { unit: "ms", decimals: 0 });
  await using test = await startTestGateway({ settings: { max_refusals_per_minute: 200 } });
  figure(`StopTransaction with ${SAMPLES} samples`, await stopLongSession(test), 1000);
  figure("409 for a command whose charger is gone", await loseTheLine(test), 1000);
  await test.rest("PATCH", "/ocpp/settings/", { unknown_chargers: "reject" });
  figure(`${HANDSHAKES} refused handshakes`, await refuse(test), 20_000);
  const start = (folder: string) => startGateway({ data_dir: folder });
  const stopped = await using(bench, start, (server) => timeOf(() => server.stop()));
  figure("SIGTERM to the end of the process", stopped, 5000);
}

async function stopLongSession(test: TestGateway): Promise<number> {
  const site = new Site(test);
  await using charger = await site.charger();
  const id = await charger.charge(await site.tag(), { timestamp: time(-60) });
  const transactionData = Array.from({ length: SAMPLES }, (_, second) => ({
    timestamp: time(-60 + second / 60),
    sampledValue: [{ value: String(1000 + second) }],
  }));
  return await timeOf(() => charger.stop(id, { transactionData, meterStop: 2999 }));
}

async function loseTheLine(test: TestGateway): Promise<number> {
  const site = new Site(test);
  await using charger = await site.charger({ charger_id: "LOST" });
  const asked = site.command("LOST", "reset");
  await charger.next();
  return await timeOf(async () => {
    await charger.wire.drop();
    await asked;
  });
}

async function refuse({ ws_url }: TestGateway): Promise<number> {
  return await timeOf(async () => {
    for (let first = 0; first < HANDSHAKES; first += AT_ONCE) {
      await Promise.all(
        Array.from({ length: AT_ONCE }, (_, index) => knock(ws_url, `NOBODY${first + index}`)),
      );
    }
  });
}

async function knock(ws_url: string, path: string): Promise<void> {
  try {
    await (await RawClient.connect(ws_url, { path })).drop();
  } catch (error) {
    if (!(error instanceof HandshakeRefused)) throw error;
  }
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
