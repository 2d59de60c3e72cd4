// A card that fails when told to: an LD_PRELOAD library, made with cc, in front of the gateway's file system.
import { tempDir } from "./gateway_process.ts";

const SOURCE = new URL("./failing_card.c", import.meta.url).pathname;
const NUMBERS = { EIO: 5, ENOSPC: 28, EROFS: 30 };

/** What fails: writes, what makes them durable, or all that would change anything. */
export type Failing = "write" | "sync" | "all";

/** A data dir on such a card. */
export interface FailingCard extends AsyncDisposable {
  data_dir: string;
  /** Environment of a process that feels it. */
  env: Record<string, string>;
  fail(what: Failing, error: keyof typeof NUMBERS): Promise<void>;
  mend(): Promise<void>;
  /** Leaves of the database what was synced: everything else was only in memory. */
  cutPower(): Promise<void>;
}

/** Makes one; null where there is no cc. */
export async function failingCard(): Promise<FailingCard | null> {
  const folder = await tempDir();
  const library = `${folder.path}/failing_card.so`;
  const args = ["-O2", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"];
  const cc = new Deno.Command("cc", { args, stdout: "null", stderr: "inherit" });
  if (!await cc.output().then(({ success }) => success, () => false)) {
    await folder[Symbol.asyncDispose]();
    return null;
  }
  const data_dir = `${folder.path}/data`;
  const says = `${folder.path}/says`;
  return {
    data_dir,
    env: { LD_PRELOAD: library, CARD: data_dir, CARD_SAYS: says, CARD_KEEPS: "1" },
    fail: (what, error) => Deno.writeTextFile(says, `${what} ${NUMBERS[error]}`),
    mend: () => Deno.remove(says),
    cutPower: async () => {
      await Deno.remove(`${data_dir}/gateway.db-shm`);
      for (const file of [`${data_dir}/gateway.db`, `${data_dir}/gateway.db-wal`]) {
        await Deno.copyFile(`${file}.durable`, file);
      }
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
