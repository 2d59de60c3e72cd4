// The folders of the program. Modules take them from here instead of their own URL, since the packaged program has all its
// modules bundled into `src/`.

/** The folder with `src/`, `static/` and `systemd/`. */
export const ROOT = new URL("../", import.meta.url);

/** Files served to browsers. */
export const STATIC = new URL("static/", ROOT);

/** The systemd units and the files of the Debian package. */
export const SYSTEMD = new URL("systemd/", ROOT);

/** The public keys by which updates are checked, in PEM. Only programs that were built with a signing key have the file. */
export const RELEASE_KEYS = new URL("release_keys.pem", ROOT);
