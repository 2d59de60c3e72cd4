// The interface of a subcommand. Its name and its summary are in the command table of main.ts.

/** The place where a command prints; tests pass their own. */
export type Output = Pick<Console, "log" | "error">;

/** A subcommand; `run` resolves with the exit code. Throws BadUsage for exit code 2, any other Error for 1. */
export interface Command {
  run(args: string[], output?: Output): Promise<number>;
}
