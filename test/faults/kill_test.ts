// Power cuts: everything that was acknowledged is stored.
import { needs } from "../kit/needs.ts";
import { survive } from "./acknowledged.ts";
import { failingCard, HAS_CC } from "./failing_card.ts";
import { tempDir } from "./gateway_process.ts";

const CUTS = 21;
const POWER_CUTS = 6;

Deno.test("kill -9 under load, again and again, loses nothing that was acknowledged", async () => {
  await using folder = await tempDir();
  await survive({ cuts: CUTS, data_dir: folder.path });
});

Deno.test(
  "a power cut, which takes all that was not synced, loses nothing that was acknowledged",
  needs("a C compiler", HAS_CC),
  async () => {
    await using card = await failingCard();
    await survive({ cuts: POWER_CUTS, data_dir: card.data_dir, env: card.env, cut: card.cutPower });
  },
);
