// Changes to the machine, one by one: told before they are made, or only told.

/** One change. */
export interface Step {
  what: string;
  do: () => Promise<unknown>;
}

/** Makes the changes in order, printing each; with `dry` they are only printed. */
export async function take(
  steps: readonly Step[],
  dry: boolean,
  print: (line: string) => void = console.log,
): Promise<void> {
  for (const { what, do: make } of steps) {
    print(`${dry ? "would " : ""}${what}`);
    if (!dry) await make();
  }
}

/** A file in its place at once or not at all. */
export async function writeWhole(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
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

/** A symbolic link, replaced at once where there is one. */
export async function link(target: string, path: string): Promise<void> {
  const fresh = `${path}.new`;
  await Deno.remove(fresh).catch(() => {});
  await Deno.symlink(target, fresh);
  await Deno.rename(fresh, path);
}

/** Deletes a file or a folder with all in it, where there is one. */
export async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
