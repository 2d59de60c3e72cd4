// `deno task start` runs a bundle of what the sources are now; where that cannot be made, the sources.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { bundleCode, filesBelow } from "../../src/build/code.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const PARTS = ["deno.json", "deno.lock", "main.ts", "src", "static"];

/** A copy of the checkout, with a folder for data. */
async function copyOfCheckout() {
  const folder = await Deno.makeTempDir({ prefix: "ocpp-checkout-" });
  await new Deno.Command("cp", { args: ["-a", ...PARTS.map((part) => ROOT + part), folder] }).output();
  await Deno.mkdir(`${folder}/test`);
  await Deno.copyFile(`${ROOT}test/deno.json`, `${folder}/test/deno.json`);
  return {
    folder,
    /** Starts the gateway until it serves; returns what it printed on standard error, and the code that runs. */
    start: async (): Promise<{ errors: string; code: string }> => {
      const child = new Deno.Command("sh", {
        args: ["src/cli/serve.sh", "--host", "127.0.0.1", "--port", "0", "--data-dir", `${folder}/data`],
        cwd: folder,
        env: { NO_COLOR: "1" },
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const reader = child.stdout.getReader();
      const first = new TextDecoder().decode((await reader.read()).value);
      const line = await Deno.readTextFile(`/proc/${child.pid}/cmdline`);
      child.kill("SIGTERM");
      while (!(await reader.read()).done);
      const errors = await new Response(child.stderr).text();
      await child.status;
      assertStringIncludes(first, "serves on", errors);
      return { errors, code: line.split("\0").find((word) => /main\.(ts|js)$/.test(word))! };
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

Deno.test("deno task start makes a bundle when a source has changed, runs it, and runs the sources where it cannot be made", async () => {
  await using checkout = await copyOfCheckout();
  const first = await checkout.start();
  assertEquals(first.code, ".bundle/main.js");
  assertStringIncludes(first.errors, "Preparing the program");
  const before = await Deno.stat(`${checkout.folder}/.bundle/stamp.txt`);
  assert(!(await checkout.start()).errors.includes("Preparing"), "nothing has changed");
  assertEquals((await Deno.stat(`${checkout.folder}/.bundle/stamp.txt`)).mtime, before.mtime);

  const cli = `${checkout.folder}/src/cli/run_gateway.ts`;
  const text = await Deno.readTextFile(cli);
  await Deno.writeTextFile(
    cli,
    text.replace('log.info(signal ? "Stopping"', 'log.info(signal ? "Stopping for the test"'),
  );
  const changed = await checkout.start();
  assertEquals(changed.code, ".bundle/main.js");
  assertStringIncludes(changed.errors, "Stopping for the test");

  await Deno.writeTextFile(`${checkout.folder}/src/build/code.ts`, "throw new Error('no bundler here');\n");
  const unmade = await checkout.start();
  assertEquals(unmade.code, "main.ts");
  assertStringIncludes(unmade.errors, "it runs from its sources");
});

Deno.test("errors of the bundle name files and lines of the sources, and it starts without Node's modules", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ocpp-bundle-" });
  await bundleCode(`${folder}/src`);
  const files = await filesBelow(`${folder}/src`);
  const first = files.find((path) => /^run_gateway-.*\.js$/.test(path))!;
  const probe = `const { runGateway } = await import("./${first}");
    await runGateway(null, new Promise(() => {})).catch((error) => console.log(error.stack));
    Deno.exit(0);`;
  await Deno.writeTextFile(`${folder}/src/probe.js`, probe);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-config",
      "--no-prompt",
      "--allow-env",
      `--allow-read=${folder}`,
      `${folder}/src/probe.js`,
    ],
  }).output();
  assertMatch(new TextDecoder().decode(stdout), /src\/cli\/run_gateway\.ts:\d+:\d+/);
  for (const path of files.filter((path) => path.endsWith(".js"))) {
    const text = await Deno.readTextFile(`${folder}/src/${path}`);
    assert(!text.includes("__deno_internal_createRequire"), `${path} loads Node's require`);
  }
  await Deno.remove(folder, { recursive: true });
});
