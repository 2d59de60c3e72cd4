// The folders of the program. Modules take them from here instead of their own URL, since the packaged program has all its
// modules bundled into `src/`.

/** The folder with `src/`, `static/` and `systemd/`. */
export const ROOT = new URL("../", import.meta.url);

/** Files served to browsers. */
export const STATIC = new URL("static/", ROOT);

/** The systemd units and the files of the Debian package. */
export const SYSTEMD = new URL("systemd/", ROOT);
