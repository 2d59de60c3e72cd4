// A disk that fails on demand: an LD_PRELOAD library, built with cc, between the gateway and its file system.
import { tempDir } from "./gateway_process.ts";

const SOURCE = new URL("./failing_card.c", import.meta.url).pathname;
const NUMBERS = { EIO: 5, ENOSPC: 28, EROFS: 30 };

/** The failing operations: writes, syncs, or every change. */
export type Failing = "write" | "sync" | "all";

/** A data dir on a failing disk. */
export interface FailingCard extends AsyncDisposable {
  data_dir: string;
  /** The environment of the processes to affect. */
  env: Record<string, string>;
  fail(what: Failing, error: keyof typeof NUMBERS): Promise<void>;
  mend(): Promise<void>;
  /** Reduces the database to its synced content, as a power cut does. */
  cutPower(): Promise<void>;
}

/** True if a failing disk can be built. */
export const HAS_CC = await run(["--version"]);

/** Creates a failing disk. Throws Error without cc. */
export async function failingCard(): Promise<FailingCard> {
  const folder = await tempDir();
  const library = `${folder.path}/failing_card.so`;
  const args = ["-O2", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"];
  if (!await run(args)) throw new Error("Cannot build the failing disk: cc failed");
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

function run(args: string[]): Promise<boolean> {
  const cc = new Deno.Command("cc", { args, stdout: "null", stderr: "inherit" });
  return cc.output().then(({ success }) => success, () => false);
}
