// A Debian package, made without Debian's tools.
import { ar, type Entry, file, symlink, tar, withFolders } from "./tar.ts";
import { compressed, type Compression } from "./compress.ts";
import type { Architecture } from "./deno_binary.ts";

const FILES = new URL("../../systemd/", import.meta.url);
const ROOT = "usr/lib/ocpp-gateway";
const UNITS = "usr/lib/systemd/system";
const CONFIG = "etc/ocpp-gateway/ocpp-gateway.conf";

/** What goes into a package. */
export interface DebParts {
  version: string;
  architecture: Architecture;
  /** Files of the program, relative to its folder: `ocpp-gateway` starts it. */
  program: readonly Entry[];
  /** s since 1970. */
  time: number;
  compression: Compression;
}

/** The bytes of the .deb. */
export async function deb(parts: DebParts): Promise<Uint8Array<ArrayBuffer>> {
  const data = withFolders(await dataFiles(parts));
  const control = await controlFiles(parts, data);
  const pack = (entries: readonly Entry[], kind: Compression) =>
    compressed(tar(entries, parts.time, "./"), kind);
  return ar([
    { name: "debian-binary", content: new TextEncoder().encode("2.0\n") },
    { name: "control.tar.gz", content: await pack(control, "gz") },
    { name: `data.tar.${parts.compression}`, content: await pack(data, parts.compression) },
  ], parts.time);
}

async function dataFiles({ version, program, time }: DebParts): Promise<Entry[]> {
  const gzip = (text: string) => compressed(new TextEncoder().encode(text), "gz");
  const doc = "usr/share/doc/ocpp-gateway";
  return [
    ...program.map((entry) => ({ ...entry, path: `${ROOT}/${version}/${entry.path}` })),
    file(`${ROOT}/rollback`, await source("rollback"), 0o755),
    symlink("usr/bin/ocpp-gateway", `../lib/ocpp-gateway/current/ocpp-gateway`),
    ...await Promise.all(["ocpp-gateway.service", "ocpp-gateway-rollback.service"].map(unit)),
    file(CONFIG, await source("ocpp-gateway.conf")),
    file(`${doc}/copyright`, await source("debian/copyright")),
    file(`${doc}/changelog.gz`, await gzip(changelog(version, time))),
    file("usr/share/man/man1/ocpp-gateway.1.gz", await gzip(await source("ocpp-gateway.1"))),
  ];
}

async function controlFiles({ version, architecture }: DebParts, data: readonly Entry[]): Promise<Entry[]> {
  const size = Math.ceil(data.reduce((sum, { content }) => sum + content.length, 0) / 1024);
  const control = fill(await source("debian/control"), {
    VERSION: version,
    ARCHITECTURE: architecture,
    SIZE: String(size),
  });
  const scripts = await Promise.all(
    ["preinst", "postinst", "prerm", "postrm"].map(async (name) =>
      file(name, fill(await source(`debian/${name}`), { VERSION: version }), 0o755)
    ),
  );
  return [file("control", control), file("conffiles", `/${CONFIG}\n`), ...scripts];
}

/** The package has its own place for programs. */
async function unit(name: string): Promise<Entry> {
  return file(`${UNITS}/${name}`, (await source(name)).replaceAll("/opt/ocpp-gateway/", `/${ROOT}/`));
}

function changelog(version: string, time: number): string {
  const date = new Date(time * 1000).toUTCString().replace("GMT", "+0000");
  return `ocpp-gateway (${version}) stable; urgency=medium\n\n  * Version ${version}; the README says what is new.\n\n` +
    ` -- ocpp-gateway <ocpp-gateway@localhost>  ${date}\n`;
}

function source(name: string): Promise<string> {
  return Deno.readTextFile(new URL(name, FILES));
}

function fill(text: string, values: Record<string, string>): string {
  return text.replaceAll(/@([A-Z]+)@/g, (_, name: string) => values[name] ?? "");
}
