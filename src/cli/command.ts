// What a command of the program is.

/** A command; `run` resolves with the exit code. */
export interface Command {
  name: string;
  summary: string;
  run(args: string[]): Promise<number>;
}
