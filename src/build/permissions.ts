// Permissions and V8 flags of the program, built into the binary and into the package's launcher.

/** Programs that commands such as `install` and `doctor` run; `serve` revokes this permission before it opens a port. */
export const PROGRAMS = [
  "/usr/bin/systemctl",
  "/usr/bin/systemd-run",
  "/usr/bin/journalctl",
  "/usr/bin/getconf",
] as const;

/** Deno's permission flags: no prompts, no native libraries, no other programs than the named ones. */
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
 * V8's flags. A small nursery keeps memory use low at no cost in speed. The heap limit is far above the usual use. The
 * nursery is collected in a millisecond by one thread, since waiting for helper threads would take longer. Objects are
 * never made outside the nursery by what became of earlier ones: those of a message live as long as its commit, which V8
 * would take for ever.
 */
export const V8_FLAGS = "--v8-flags=" + [
  "--max-semi-space-size=2",
  "--max-old-space-size=256",
  "--no-parallel-scavenge",
  "--no-allocation-site-pretenuring",
].join();
