// Execution of build tools.

/** A program that failed; `output` is its standard output, then its standard error. */
export class Failed extends Error {
  override readonly name = "Failed";

  constructor(command: string, readonly output: string) {
    super(`${command} failed`);
  }
}

/** Runs a program and returns its standard output; progress and warnings on standard error are dropped. Throws Failed. */
export async function run(
  program: string,
  args: readonly string[],
  options: Deno.CommandOptions = {},
): Promise<string> {
  const env = {
    NO_COLOR: "1",
    DENO_NO_UPDATE_CHECK: "1",
    DENO_TLS_CA_STORE: "system,mozilla",
    ...options.env,
  };
  const command = new Deno.Command(program, {
    ...options,
    args: [...args],
    env,
    stdout: "piped",
    stderr: "piped",
  });
  const { code, stdout, stderr } = await command.output();
  const written = new TextDecoder().decode(stdout);
  if (code === 0) return written;
  throw new Failed(
    [program.split("/").at(-1), args[0]].join(" "),
    written + new TextDecoder().decode(stderr),
  );
}

/** Runs the Deno that runs this program. */
export function deno(args: readonly string[], options: Deno.CommandOptions = {}): Promise<string> {
  return run(Deno.execPath(), args, options);
}
