// Signatures of releases: as `deno task package` writes them, and as `ocpp-gateway update` checks them.
import { assertEquals, assertRejects } from "@std/assert";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { readSigner, writeSignatures } from "../../src/build/signing.ts";
import { refuseUnsigned, releaseKeys } from "../../src/cli/system/release_signature.ts";
import { run } from "../../src/build/run.ts";
import { tempDir } from "../faults/gateway_process.ts";

const PROGRAM = new TextEncoder().encode("#!/bin/sh\n");

function privatePem(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

/** A folder with a signed program, the key file, and the keys file that a program of that release has. */
async function release(more = "") {
  const folder = await tempDir();
  const { privateKey } = generateKeyPairSync("ed25519");
  await Deno.writeTextFile(`${folder.path}/release.key`, privatePem(privateKey) + more);
  await Deno.writeFile(`${folder.path}/program`, PROGRAM);
  const signer = (await readSigner(`${folder.path}/release.key`))!;
  assertEquals(await writeSignatures(`${folder.path}/`, ["program"], signer), ["program.sig"]);
  await Deno.writeTextFile(`${folder.path}/release_keys.pem`, signer.accepted);
  return {
    folder: folder.path,
    file: `${folder.path}/program`,
    keys: await releaseKeys(`${folder.path}/release_keys.pem`),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

Deno.test("a program takes an update that the key of its own release has signed, as openssl does", async () => {
  await using made = await release();
  await refuseUnsigned(made.file, PROGRAM, made.keys);
  const args = ["pkeyutl", "-verify", "-pubin", "-inkey", `${made.folder}/release_keys.pem`, "-rawin"];
  await run("openssl", [...args, "-in", made.file, "-sigfile", `${made.file}.sig`]);
});

Deno.test("a program refuses an update that is changed, signed by another key, or not signed", async () => {
  await using made = await release();
  await using other = await release();
  const refused = (content: Uint8Array, keys: string[], why: string) =>
    assertRejects(() => refuseUnsigned(made.file, content, keys), Error, why);
  await refused(new TextEncoder().encode("#!/bin/sh\n#"), made.keys, "does not fit the file");
  await refused(PROGRAM, other.keys, "by another key");
  await refused(PROGRAM, [], "has no key");
  await Deno.writeFile(`${made.file}.sig`, new Uint8Array(3));
  await refused(PROGRAM, made.keys, "does not fit the file");
  await Deno.remove(`${made.file}.sig`);
  await refused(PROGRAM, made.keys, "is not signed");
});

Deno.test("public keys behind the signing key are accepted too, so that a later release can have another key", async () => {
  await using next = await release();
  await using made = await release(next.keys.join("\n"));
  assertEquals(made.keys.length, 2);
  await refuseUnsigned(next.file, PROGRAM, made.keys);
});

Deno.test("a build without a signing key signs nothing, and one with a key of another kind stops", async () => {
  assertEquals(await readSigner(""), null);
  await using folder = await tempDir();
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  await Deno.writeTextFile(`${folder.path}/ec.key`, privatePem(privateKey));
  for (const name of ["ec.key", "missing.key"]) {
    await assertRejects(() => readSigner(`${folder.path}/${name}`), Error, "Cannot sign");
  }
});
