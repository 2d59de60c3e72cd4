// The arguments and the error messages of `deno task compile`.
import { assertEquals, assertMatch } from "@std/assert";
import { explained, readArguments, TARGETS } from "../../src/build/compile.ts";
import { Failed } from "../../src/build/run.ts";

Deno.test("readArguments takes --target and --output in each spelling and passes the rest on", () => {
  assertEquals(readArguments(["--target", "aarch64-unknown-linux-gnu", "--output=out/gw", "--quiet"]), {
    target: "aarch64-unknown-linux-gnu",
    output: "out/gw",
    more: ["--quiet"],
  });
  assertEquals(readArguments(["-o", "gw"]).output, "gw");
  assertEquals(readArguments([]).target, TARGETS[Deno.build.arch]);
  assertEquals(readArguments(["--target=aarch64-unknown-linux-gnu"]).output, "dist/ocpp-gateway-aarch64");
});

Deno.test("explained says in one line how to give a base where it cannot be downloaded", () => {
  const output = [
    "Compile a.ts to a",
    "Download https://dl.deno.land/release/v2.9.6/denort-x86_64-unknown-linux-gnu.zip",
    "error: Writing deno compile executable to temporary file '/tmp/a.tmp-b3db8083570850ce'",
    "Caused by:",
    "    0: Setting up base binary.",
    "    1: error sending request for url (https://dl.deno.land/release/v2.9.6/denort-x86_64-unknown-linux-gnu.zip)",
  ].join("\n");
  const { message } = explained(new Failed("deno compile", output));
  assertMatch(message, /^Cannot compile: Deno's runtime base cannot be downloaded here; .* DENORT_BIN=FILE$/);
  assertMatch(
    explained(new Failed("deno compile", "error: disk full")).message,
    /^Cannot compile: deno compile failed\nerror: disk full$/,
  );
});
