// What the program may do, baked into the binary and into the package's launcher.

/** Programs that commands like `install` and `doctor` run; `serve` gives this permission up before it opens a port. */
export const PROGRAMS = [
  "/usr/bin/systemctl",
  "/usr/bin/systemd-run",
  "/usr/bin/journalctl",
  "/usr/bin/getconf",
] as const;

/** Deno's permission flags for the whole program: no prompts, no native libraries, no programs but the named ones. */
export const PERMISSIONS: readonly string[] = [
  "--no-prompt",
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-sys",
  `--allow-run=${PROGRAMS.join()}`,
];

/**
 * V8's flags: a small nursery keeps the memory small and costs no speed; the heap's limit is far above what is used;
 * collecting the nursery takes a millisecond, so that helpers would only be waited for.
 */
export const V8_FLAGS = "--v8-flags=--max-semi-space-size=2,--max-old-space-size=256,--no-parallel-scavenge";
