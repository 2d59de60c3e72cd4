// A release in a repository of its own.
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { release } from "../../src/build/release.ts";
import { run } from "../../src/build/run.ts";
import { writeSums } from "../../src/build/signing.ts";

const MANIFEST = '{\n  "version": "0.1.0"\n}\n';
const CHANGELOG = "# Changelog\n\n## Unreleased\n\n- Something new.\n\n## 0.1.0 - 2026-01-01\n\nThe first.\n";

interface Repository extends AsyncDisposable {
  root: string;
  read(file: string): Promise<string>;
  release(version: string, build?: () => Promise<unknown>): Promise<string[]>;
}

async function repository(changelog = CHANGELOG): Promise<Repository> {
  const root = `${await Deno.makeTempDir()}/`;
  const git = (...args: string[]) =>
    run("git", ["-c", "user.name=T", "-c", "user.email=t@x", ...args], { cwd: root });
  await Deno.writeTextFile(`${root}deno.json`, MANIFEST);
  await Deno.writeTextFile(`${root}CHANGELOG.md`, changelog);
  await Deno.writeTextFile(`${root}.gitignore`, "/dist/\n");
  await git("init", "-q");
  await git("add", "-A");
  await git("commit", "-qm", "first");
  const packages = async () => {
    await Deno.mkdir(`${root}dist`);
    await Deno.writeTextFile(`${root}dist/ocpp-gateway.deb`, "abc");
    await writeSums(`${root}dist/`, ["ocpp-gateway.deb"]);
  };
  return {
    root,
    read: (file) => Deno.readTextFile(root + file),
    release: (version, build = packages) => release(version, { root, date: "2026-02-03", build }),
    [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }),
  };
}

Deno.test("release sets the version, moves Unreleased, and writes checksums that sha256sum takes", async () => {
  await using site = await repository();
  const lines = await site.release("0.2.0");
  assertMatch(lines.join("\n"), /version 0\.2\.0[\s\S]*dist\/ocpp-gateway\.deb\ndist\/SHA256SUMS/);
  assertEquals(JSON.parse(await site.read("deno.json")), { version: "0.2.0" });
  assertMatch(
    await site.read("CHANGELOG.md"),
    /## Unreleased\n\n## 0\.2\.0 - 2026-02-03\n\n- Something new\.\n\n## 0\.1\.0/,
  );
  assertMatch(
    await run("sha256sum", ["-c", "SHA256SUMS"], { cwd: `${site.root}dist` }),
    /ocpp-gateway\.deb: OK/,
  );
});

Deno.test("release refuses a version that is none or not later, and an empty Unreleased", async () => {
  await using site = await repository();
  for (const version of ["", "0.2", "v0.2.0", "0.1.0", "0.0.9"]) {
    await assertRejects(() => site.release(version), Error, "Cannot release");
  }
  await using empty = await repository(CHANGELOG.replace("- Something new.\n\n", ""));
  await assertRejects(() => empty.release("0.2.0"), Error, "nothing under Unreleased");
  assertEquals(await site.read("deno.json"), MANIFEST);
});

Deno.test("release refuses a dirty tree, and takes everything back when the build fails", async () => {
  await using site = await repository();
  await assertRejects(
    () => site.release("0.2.0", () => Promise.reject(new Error("no base"))),
    Error,
    "no base",
  );
  assertEquals([await site.read("deno.json"), await site.read("CHANGELOG.md")], [MANIFEST, CHANGELOG]);
  await Deno.writeTextFile(`${site.root}new.txt`, "");
  await assertRejects(() => site.release("0.2.0"), Error, "uncommitted changes");
});
