// The Chromium of the tests.
import { assertEquals, assertMatch } from "@std/assert";
import { packagedChromium } from "./browser.ts";

Deno.test("two processes that unpack Chromium at once both get one that runs", async () => {
  const parent = await Deno.makeTempDir();
  try {
    const script = `import { packagedChromium } from "${import.meta.resolve("./browser.ts")}";
      console.log(await packagedChromium("${parent}/chromium"));`;
    const paths = await Promise.all([run(Deno.execPath(), script), run(Deno.execPath(), script)]);
    assertEquals(paths, Array(2).fill(await packagedChromium(`${parent}/chromium`)));
    const { stdout } = await new Deno.Command(paths[0]!, { args: ["--version"] }).output();
    assertMatch(new TextDecoder().decode(stdout), /^Chromium \d+/);
    assertEquals([...Deno.readDirSync(parent)].map(({ name }) => name), ["chromium"]);
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
});

async function run(program: string, script: string): Promise<string> {
  const { success, stdout } = await new Deno.Command(program, {
    args: ["eval", "--ext=ts", script],
    cwd: new URL("../../", import.meta.url),
    stderr: "inherit",
  }).output();
  assertEquals(success, true);
  return new TextDecoder().decode(stdout).trim();
}
