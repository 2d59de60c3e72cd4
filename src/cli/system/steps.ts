// Changes to the machine as a list of steps, each printed before it runs.

/** One change to the machine; the description is an imperative sentence. */
export interface Step {
  description: string;
  run: () => Promise<unknown>;
}

/** Runs the steps in order and prints each description; with `dry` they are only printed. */
export async function runSteps(
  steps: readonly Step[],
  dry: boolean,
  print: (line: string) => void = console.log,
): Promise<void> {
  for (const { description: what, run: make } of steps) {
    print(`${dry ? "would " : ""}${what}`);
    if (!dry) await make();
  }
}

/** Writes a file atomically: it has its whole new content, also after a power cut, or the old one. */
export async function writeAtomically(
  path: string,
  content: string | Uint8Array,
  mode = 0o644,
): Promise<void> {
  await Deno.mkdir(path.replace(/[^/]*$/, ""), { recursive: true });
  const fresh = `${path}.new`;
  await Deno.remove(fresh).catch(() => {});
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  {
    using file = await Deno.open(fresh, { write: true, createNew: true, mode });
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    await file.sync();
  }
  await Deno.rename(fresh, path);
}

/** Makes a symbolic link, replacing an existing one atomically. */
export async function link(target: string, path: string): Promise<void> {
  const fresh = `${path}.new`;
  await Deno.remove(fresh).catch(() => {});
  await Deno.symlink(target, fresh);
  await Deno.rename(fresh, path);
}

/** Deletes a file or a folder with its content, if it exists. */
export async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
