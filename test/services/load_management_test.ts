import { assert, assertEquals } from "@std/assert";
import { eventually } from "../kit/eventually.ts";
import { Charger, live, type Manner, place, RATING_A, startSite, Time } from "./load_site.ts";

const LIMIT_A = 63;
const MANNERS: Manner[] = ["obeys", "obeys", "obeys", "obeys", "refuses", "mute"];

function makeChargers(time: Time): Charger[] {
  return MANNERS.map((manner, index) =>
    new Charger(`CP${index}`, manner, time, manner === "obeys" ? RATING_A : 10)
  );
}

function sumOf(chargers: Charger[]): number {
  return chargers.reduce((sum, charger) => sum + charger.most(), 0);
}

/** Waits until the chargers may draw `amperes` together, and looks that they never may draw more than there is. */
async function reaches(chargers: Charger[], amperes: number): Promise<void> {
  await eventually(() => {
    assert(sumOf(chargers) <= LIMIT_A, `${sumOf(chargers)} A`);
    return sumOf(chargers) >= amperes;
  }, `${amperes} A`);
}

Deno.test("load management gives six chargers what there is, and never more, though one refuses and one never answers", async () => {
  const time = new Time();
  await using gateway = await startSite(time);
  await using stack = new AsyncDisposableStack();
  const chargers = makeChargers(time);
  await place(gateway, chargers, { max_current_a: LIMIT_A });
  for (const charger of chargers) await stack.use(charger).connect(gateway.ws_url);
  const safe = (count: number) => async () =>
    (await live(gateway)).connectors.filter(({ safe_alone }) => safe_alone).length === count;
  await eventually(safe(4), "fail-safe limits");
  for (const charger of chargers) await charger.start();
  await reaches(chargers, 40); // the first has what it can take, or there are shares already
  for (let round = 0; round < 4; round++) {
    time.pass(11); // cars have followed
    await eventually(() => sumOf(chargers) > 0 && sumOf(chargers) <= LIMIT_A);
    const { circuits, connectors } = await live(gateway);
    assert(connectors.reduce((sum, { budgeted_a }) => sum + budgeted_a, 0) <= LIMIT_A + 0.1);
    assertEquals(circuits[0]!.mode, "normal");
  }
  await reaches(chargers, 60);
  for (const { most, manner } of chargers.map((each) => ({ most: each.most(), manner: each.manner }))) {
    assertEquals(manner === "obeys" ? most > 9 && most < 12 : most === 10, true, `${manner} ${most}`);
  }
  const { connectors } = await live(gateway);
  assertEquals(connectors.find(({ charger_id }) => charger_id === "CP4")!.state, "uncontrolled");
  assertEquals(connectors.find(({ charger_id }) => charger_id === "CP5")!.state, "failsafe");
  const { decisions } = (await gateway.rest("GET", "/ocpp/load/log/")).body as unknown as {
    decisions: { answer: string; reason: string }[];
  };
  assert(decisions.some(({ answer, reason }) => answer === "Accepted" && reason === "shares"));
  const alarms = gateway.gateway.services.maintenance.alarms.all();
  assert(alarms.some(({ kind, text }) => kind === "load_unsafe" && text.includes("CP4")));
});

Deno.test("load management counts the limits of its last run until they have run out", async () => {
  const time = new Time();
  const data_dir = await Deno.makeTempDir();
  const chargers = makeChargers(time).slice(0, 3);
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(data_dir, { recursive: true }).catch(() => {}));
  {
    await using gateway = await startSite(time, data_dir);
    await place(gateway, chargers, { max_current_a: LIMIT_A });
    for (const charger of chargers) await charger.connect(gateway.ws_url);
    await eventually(async () => (await live(gateway)).connectors.every(({ safe_alone }) => safe_alone));
    await chargers[0]!.start();
    await reaches(chargers, 31);
    await chargers[1]!.start();
    await eventually(() => chargers[0]!.most() < RATING_A);
    time.pass(11);
    await reaches(chargers, 60);
    await chargers[2]!.start();
  }
  for (const charger of chargers) await charger[Symbol.asyncDispose]();
  await using gateway = await startSite(time, data_dir);
  const { connectors } = await live(gateway);
  assert(connectors.reduce((sum, { budgeted_a }) => sum + budgeted_a, 0) >= 60, "the old limits count");
  for (const charger of chargers) await stack.use(charger).connect(gateway.ws_url);
  for (let round = 0; round < 4; round++) {
    await eventually(async () => (await live(gateway)).circuits[0]!.mode === "normal");
    assert(sumOf(chargers) <= LIMIT_A, `${sumOf(chargers)} A`);
    time.pass(20);
  }
  await reaches(chargers, 60);
  assert(chargers[2]!.most() > 15, "shares again");
});

Deno.test("load management counts the limits of its last run for longer where the clock was set back meanwhile", async () => {
  const time = new Time();
  const data_dir = await Deno.makeTempDir();
  const chargers = makeChargers(time).slice(0, 1);
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(data_dir, { recursive: true }).catch(() => {}));
  {
    await using gateway = await startSite(time, data_dir);
    await place(gateway, chargers, { max_current_a: LIMIT_A });
    await chargers[0]!.connect(gateway.ws_url);
    await eventually(async () => (await live(gateway)).connectors[0]!.safe_alone);
    await chargers[0]!.start();
    await reaches(chargers, 31);
  }
  await chargers[0]![Symbol.asyncDispose]();
  time.leap(-3600);
  await using gateway = await startSite(time, data_dir, { confirmed: true });
  const budgeted = async () => (await live(gateway)).connectors[0]!.budgeted_a;
  time.pass(3600);
  assert(await budgeted() > 31, "by the charger's clock, which follows, it holds again");
  time.pass(1200);
  assertEquals(await budgeted(), 0);
});
