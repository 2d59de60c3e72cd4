// `ocpp-gateway update FILE`: replaces the installed binary by a signed one; if the new version does not start, the old one
// is restored.
import { backUp, backupName } from "../store/file/backup.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import * as installation from "./system/installation.ts";
import { refuseUnsigned, releaseKeys } from "./system/release_signature.ts";
import { remove, runSteps, type Step, writeAtomically } from "./system/steps.ts";
import { isRoot } from "./system/systemd.ts";

export const command: Command = { run: update };

const OPTIONS = {
  "dry-run": { type: "boolean", help: "print the changes without making them" },
  "unsigned": { type: "boolean", help: "install a file without checking its signature FILE.sig" },
} as const;
const DATA_DIR = installation.DATA_DIRS[0]!;
const DATABASE = `${DATA_DIR}/gateway.db`;
const STAGE = `${installation.ROOT}/new`;
const STAGED = `${STAGE}/ocpp-gateway`;

async function update(args: string[]): Promise<number> {
  const given = parseArguments(args, { name: "update", file: "FILE", required: true, options: OPTIONS });
  if (!given) return 0;
  const dry = given.values["dry-run"] === true;
  if (!dry && !isRoot()) throw new Error("Cannot update: this needs root (sudo)");
  if (await installation.isPackaged()) {
    throw new Error("Cannot update: the package ocpp-gateway is installed; update it with dpkg -i");
  }
  if (!dry && (await installation.linksOf()).current === null) {
    throw new Error("Cannot update: no gateway is installed; run 'install' of the new binary instead");
  }
  const content = await readProgram(given.file!);
  if (given.values.unsigned !== true) await refuseUnsigned(given.file!, content, await releaseKeys());
  await runSteps(steps(given.file!, content), dry);
  return dry ? 0 : await installStaged();
}

/** Reads an ELF program for this machine's processor, or a self-contained file, which begins with a script. Throws Error for others. */
async function readProgram(path: string): Promise<Uint8Array> {
  const content = await Deno.readFile(path).catch((error) => {
    throw new Error(`Cannot update: ${path} cannot be read (${error.message})`);
  });
  const head = content.subarray(0, 20);
  const machine = Deno.build.arch === "aarch64" ? 183 : 62;
  const elf = head[0] === 0x7f && head[1] === 0x45 && head[18] === machine;
  const script = head[0] === 0x23 && head[1] === 0x21;
  if (!elf && !script) throw new Error(`Cannot update: ${path} is not a program for ${Deno.build.arch}`);
  return content;
}

function steps(file: string, content: Uint8Array): Step[] {
  return [
    {
      description: `copy ${file} to ${STAGED}`,
      run: () => writeAtomically(STAGED, content, 0o755),
    },
    { description: `back up ${DATABASE}`, run: backUpFirst },
    {
      description: "run the install command of the new version, and wait until it is running",
      run: () => Promise.resolve(),
    },
  ];
}

async function backUpFirst(): Promise<void> {
  if (!await Deno.stat(DATABASE).catch(() => null)) return;
  const folder = `${DATA_DIR}/backups`;
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const { path } = await backUp(DATABASE, `${folder}/${backupName(Date.now(), "update", { form: "db" })}`);
  const { uid, gid } = await Deno.stat(DATA_DIR);
  for (const made of [folder, path]) await Deno.chown(made, uid, gid);
}

/** Runs the new version's own install command, as a unit of systemd, so that a lost connection does not interrupt it. */
async function installStaged(): Promise<number> {
  const unpack = [`OCPP_GATEWAY_UNPACK=${STAGE}`, `XDG_CACHE_HOME=${STAGE}`].map((set) => `--setenv=${set}`);
  const args = ["--quiet", "--collect", "--wait", "--pipe", ...unpack, STAGED, "install"];
  const run = new Deno.Command("/usr/bin/systemd-run", { args, stdout: "inherit", stderr: "inherit" });
  const { code } = await run.output().finally(() => remove(STAGE));
  if (code !== 0) console.error("Update failed: see the messages above");
  return code === 0 ? 0 : 1;
}
