// Running the tools that build.

/** A program that ended with another code than 0; `output` is what it wrote. */
export class Failed extends Error {
  override readonly name = "Failed";

  constructor(command: string, readonly output: string) {
    super(`${command} failed`);
  }
}

/** Runs a program and returns what it wrote on both outputs. Throws Failed. */
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
  const output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  if (code !== 0) throw new Failed([program.split("/").at(-1), args[0]].join(" "), output);
  return output;
}

/** Runs the Deno that runs this. */
export function deno(args: readonly string[], options: Deno.CommandOptions = {}): Promise<string> {
  return run(Deno.execPath(), args, options);
}
