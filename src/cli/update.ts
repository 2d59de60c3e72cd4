// `ocpp-gateway update FILE`: a newer binary takes the installed one's place; the old one runs on when it does not come up.
import { backUp, backupName } from "../store/file/backup.ts";
import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import * as place from "./system/installation.ts";
import { remove, type Step, take, writeWhole } from "./system/steps.ts";
import { isRoot } from "./system/systemd.ts";

export const command: Command = {
  name: "update",
  summary: "put a new binary in the installed one's place",
  run: update,
};

const OPTIONS = { "dry-run": { type: "boolean", help: "only tell what would be done" } } as const;
const DATA_DIR = place.DATA_DIRS[0]!;
const DATABASE = `${DATA_DIR}/gateway.db`;
const STAGE = `${place.ROOT}/new`;
const STAGED = `${STAGE}/ocpp-gateway`;

async function update(args: string[]): Promise<number> {
  const given = readArguments(args, { name: "update", file: "FILE", required: true, options: OPTIONS });
  if (!given) return 0;
  const dry = given.values["dry-run"] === true;
  if (!dry && !isRoot()) throw new Error("Cannot update: this needs root (sudo)");
  if (await place.isPackaged()) {
    throw new Error("Cannot update: the package ocpp-gateway is installed; update it with dpkg -i");
  }
  if (!dry && (await place.linksOf()).current === null) {
    throw new Error("Cannot update: nothing is installed; use install");
  }
  await refuseFile(given.file!);
  await take(steps(given.file!), dry);
  return dry ? 0 : await installStaged();
}

/** Programs for this machine begin with ELF's mark and machine, self-contained files with a script. */
async function refuseFile(path: string): Promise<void> {
  using file = await Deno.open(path).catch((error) => {
    throw new Error(`Cannot update: ${path} cannot be read (${error.message})`);
  });
  const head = new Uint8Array(20);
  await file.read(head);
  const machine = Deno.build.arch === "aarch64" ? 183 : 62;
  const elf = head[0] === 0x7f && head[1] === 0x45 && head[18] === machine;
  const script = head[0] === 0x23 && head[1] === 0x21;
  if (!elf && !script) throw new Error(`Cannot update: ${path} is no program for ${Deno.build.arch}`);
}

function steps(file: string): Step[] {
  return [
    {
      what: `copy ${file} to ${STAGED}`,
      do: async () => writeWhole(STAGED, await Deno.readFile(file), 0o755),
    },
    { what: `back up ${DATABASE}`, do: backUpFirst },
    { what: "have the new version install itself, and wait until it runs", do: () => Promise.resolve() },
  ];
}

async function backUpFirst(): Promise<void> {
  if (!await Deno.stat(DATABASE).catch(() => null)) return;
  const folder = `${DATA_DIR}/backups`;
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const { path } = await backUp(DATABASE, `${folder}/${backupName(Date.now(), "update")}`);
  const { uid, gid } = await Deno.stat(DATA_DIR);
  for (const made of [folder, path]) await Deno.chown(made, uid, gid);
}

/** The new version knows best where its files go; systemd runs it, so that a lost connection does not end it halfway. */
async function installStaged(): Promise<number> {
  const unpack = [`OCPP_GATEWAY_UNPACK=${STAGE}`, `XDG_CACHE_HOME=${STAGE}`].map((set) => `--setenv=${set}`);
  const args = ["--quiet", "--collect", "--wait", "--pipe", ...unpack, STAGED, "install"];
  const run = new Deno.Command("/usr/bin/systemd-run", { args, stdout: "inherit", stderr: "inherit" });
  const { code } = await run.output().finally(() => remove(STAGE));
  if (code !== 0) console.error("Not updated");
  return code === 0 ? 0 : 1;
}
