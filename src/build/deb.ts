// The Debian package, built without Debian's tools.
import { ar, type Entry, file, symlink, tar, withFolders } from "./tar.ts";
import { compressed, type Compression } from "./compress.ts";
import type { Architecture } from "./deno_binary.ts";
import { ROOT as PROJECT, SYSTEMD } from "../paths.ts";

const ROOT = "usr/lib/ocpp-gateway";
const UNITS = "usr/lib/systemd/system";
const CONFIG = "etc/ocpp-gateway/ocpp-gateway.conf";

/** The content of a package. */
export interface DebParts {
  version: string;
  architecture: Architecture;
  /** Files of the program, relative to its folder; `ocpp-gateway` among them starts it. */
  program: readonly Entry[];
  /** Time of all files, s since 1970. */
  time: number;
  compression: Compression;
  fast: boolean;
}

/** Builds the compressed archive of the files that a package installs. */
export async function dataArchive(
  parts: DebParts,
): Promise<{ size: number; archive: Uint8Array<ArrayBuffer> }> {
  const data = withFolders(await dataFiles(parts));
  const bytes = tar(data, parts.time, "./");
  return { size: bytes.length, archive: await compressed(bytes, parts.compression, parts.fast) };
}

/** Returns the folder of the program in that archive. */
export function programPath(version: string): string {
  return `./${ROOT}/${version}`;
}

/** Builds the bytes of the .deb. */
export async function deb(
  parts: DebParts,
  { size, archive }: { size: number; archive: Uint8Array<ArrayBuffer> },
): Promise<Uint8Array<ArrayBuffer>> {
  const control = tar(await controlFiles(parts, size), parts.time, "./");
  return ar([
    { name: "debian-binary", content: new TextEncoder().encode("2.0\n") },
    { name: "control.tar.gz", content: await compressed(control, "gz") },
    { name: `data.tar.${parts.compression}`, content: archive },
  ], parts.time);
}

async function dataFiles({ version, program, time }: DebParts): Promise<Entry[]> {
  const gzip = (text: string) => compressed(new TextEncoder().encode(text), "gz");
  const doc = "usr/share/doc/ocpp-gateway";
  return [
    ...program.map((entry) => ({ ...entry, path: `${ROOT}/${version}/${entry.path}` })),
    file(`${ROOT}/supervise`, await source("supervise"), 0o755),
    symlink("usr/bin/ocpp-gateway", `../lib/ocpp-gateway/current/ocpp-gateway`),
    ...await Promise.all(["ocpp-gateway.service", "ocpp-gateway-rollback.service"].map(unit)),
    file(CONFIG, await source("ocpp-gateway.conf"), 0o600),
    file(`${doc}/copyright`, await source("debian/copyright")),
    symlink(`${doc}/licences.txt`, "../../../lib/ocpp-gateway/current/licences.txt"),
    file(`${doc}/changelog.gz`, await gzip(changelog(version, time))),
    file(`${doc}/CHANGELOG.md.gz`, await gzip(await Deno.readTextFile(new URL("CHANGELOG.md", PROJECT)))),
    file("usr/share/man/man1/ocpp-gateway.1.gz", await gzip(await source("ocpp-gateway.1"))),
  ];
}

async function controlFiles({ version, architecture }: DebParts, bytes: number): Promise<Entry[]> {
  const size = Math.ceil(bytes / 1024);
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

/** Returns the entry of a unit of systemd, with the package's root folder in it. */
async function unit(name: string): Promise<Entry> {
  return file(`${UNITS}/${name}`, (await source(name)).replaceAll("/opt/ocpp-gateway/", `/${ROOT}/`));
}

function changelog(version: string, time: number): string {
  const date = new Date(time * 1000).toUTCString().replace("GMT", "+0000");
  return `ocpp-gateway (${version}) stable; urgency=medium\n\n  * Version ${version}; CHANGELOG.md.gz lists the changes.\n\n` +
    ` -- ocpp-gateway <ocpp-gateway@localhost>  ${date}\n`;
}

function source(name: string): Promise<string> {
  return Deno.readTextFile(new URL(name, SYSTEMD));
}

function fill(text: string, values: Record<string, string>): string {
  return text.replaceAll(/@([A-Z]+)@/g, (_, name: string) => values[name] ?? "");
}
