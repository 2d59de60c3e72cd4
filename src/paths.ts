// Folders of the program, wherever it was put: every other module asks here, so that the packaged program, whose modules are
// bundled into `src/`, finds the same files.

/** The folder with `src/`, `static/` and `systemd/`. */
export const ROOT = new URL("../", import.meta.url);

/** Files that browsers are given. */
export const STATIC = new URL("static/", ROOT);

/** The unit file and what the Debian package needs. */
export const SYSTEMD = new URL("systemd/", ROOT);
