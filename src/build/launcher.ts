// The shell scripts of a package: the launcher that starts Deno with the bundle, and the head of a self-contained file.
import type { Compression } from "./compress.ts";
import { PERMISSIONS, V8_FLAGS } from "./permissions.ts";

/** Shell command that sets HOME if it is unset, as in a service of root: a folder that any user could create is unsafe. */
const HOME_OF_USER = '[ -n "${HOME:-}" ] || HOME=$(getent passwd "$(id -u)" | cut -d: -f6)';

/** Returns the script that starts the bundle with the Deno binary beside it; it has the flags that a compiled binary has built in. */
export function launcher(): string {
  const flags = [
    "--no-config",
    "--no-lock",
    "--no-remote",
    "--unstable-kv",
    "--unstable-net",
    "--unstable-worker-options",
  ];
  return `#!/bin/sh
# Starts the gateway: Deno's own binary with the bundled program, and no more permissions than it needs.
here=$(dirname "$(readlink -f "$0")")
${HOME_OF_USER}
export OCPP_GATEWAY_HOME="$here" DENO_NO_UPDATE_CHECK=1 DENO_DIR="\${STATE_DIRECTORY:-\${XDG_CACHE_HOME:-\$HOME/.cache}/ocpp-gateway}/deno"
exec "$here/deno" run ${[...flags, ...PERMISSIONS, V8_FLAGS].join(" ")} \\
  "$here/src/main.js" "$@"
`;
}

/** Options of a self-contained file. */
export interface SelfContained {
  /** Name of the folder into which it unpacks itself. */
  name: string;
  compression: Compression;
  /** Folder of the program in the archive behind the script. */
  path: string;
}

/** Returns the head of a self-contained file: it unpacks the archive behind it into the user's cache once, and starts the program. */
export function selfExtractor({ name, compression, path }: SelfContained): string {
  const depth = path.split("/").length;
  const unpack = compression === "xz" ? "xz -dc" : "gzip -dc";
  return `#!/bin/sh
# ocpp-gateway: a script with the program behind it. It unpacks itself once and starts.
set -eu
${HOME_OF_USER}
to="\${OCPP_GATEWAY_UNPACK:-\${XDG_CACHE_HOME:-\$HOME/.cache}/ocpp-gateway}/${name}"
if [ ! -e "$to/.complete" ]; then
  mkdir -p "$to.$$"
  line=$(awk '/^__PROGRAM__$/ { print NR + 1; exit }' "$0")
  tail -n +"$line" "$0" | ${unpack} | tar -xf - -C "$to.$$" --strip-components=${depth} ${path}
  touch "$to.$$/.complete"
  rm -rf "$to"
  mv "$to.$$" "$to"
fi
exec "$to/ocpp-gateway" "$@"
__PROGRAM__
`;
}
