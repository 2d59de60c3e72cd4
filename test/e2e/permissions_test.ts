// The gateway's permissions: no more than it needs, however it is started.
import { assert, assertEquals } from "@std/assert";
import { permissionsOf } from "../../src/cli/system/sandbox.ts";
import { readConfig } from "../../src/config.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { ask, PASSWORD } from "../kit/gateway.ts";
import { cityMap, tileAt } from "../map/city.ts";
import { makeCa } from "../kit/certificates.ts";
import type { Probed } from "./probe_worker.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const OWN = { "read own": false, "write own": false, "env own": false };

function assertConfined(probed: Probed): void {
  const { "read own": read, "write own": write, "env own": env, ...beyond } = probed;
  assertEquals({ "read own": read, "write own": write, "env own": env }, OWN);
  assertEquals(Object.entries(beyond).filter(([, refused]) => !refused), [], "refused beyond its own");
  assert(Object.keys(beyond).length >= 8);
}

Deno.test("deno task start gives named permissions: beyond the data dir nothing is read or written, nothing run", async () => {
  const folder = await Deno.makeTempDir();
  const flags = await flagsOf(["--data-dir", folder, "--port", "0"]);
  assert(
    !flags.some((flag) =>
      /^(-A|--allow-all|--allow-run|--allow-ffi|--allow-read|--allow-write|--allow-env|--allow-sys)$/.test(
        flag,
      )
    ),
    flags.join(" "),
  );
  const args = ["run", ...flags, new URL("probe_worker.ts", import.meta.url).pathname, folder];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output();
  const text = new TextDecoder().decode(stdout);
  assert(text, new TextDecoder().decode(stderr));
  assertConfined(JSON.parse(text));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a gateway that was given more gives it up: its worker has the same permissions", async () => {
  const folder = await Deno.makeTempDir();
  const config = readConfig(["--data-dir", folder], () => undefined);
  const permissions = permissionsOf(config);
  const probes = new URL("./", import.meta.url);
  const worker = new Worker(new URL("./probe_worker.ts", import.meta.url), {
    type: "module",
    deno: { permissions: { ...permissions, read: [...permissions.read as string[], probes] } },
  });
  const probed = Promise.withResolvers<Probed>();
  worker.onmessage = ({ data }) => probed.resolve(data);
  worker.postMessage(folder);
  assertConfined(await probed.promise);
  worker.terminate();
  await Deno.remove(folder, { recursive: true });
});

for (const how of ["serve.sh", "all permissions given"] as const) {
  Deno.test(`confined (${how}), the gateway serves chargers, TLS, QR codes, backups, a map, and stops by SIGTERM with 0`, async () => {
    const folder = await Deno.makeTempDir();
    await Deno.mkdir(`${folder}/real`);
    await Deno.symlink("real", `${folder}/data`); // as systemd's state directory is
    const ca = await makeCa("CA");
    const { cert, key } = await ca.issue({ common_name: "gw", names: ["127.0.0.1"], usage: "server" });
    await Deno.writeTextFile(`${folder}/cert.pem`, cert);
    await Deno.writeTextFile(`${folder}/key.pem`, key);
    const options = ["--host", "127.0.0.1", "--port", "0", "--tls-port", "0", "--data-dir", `${folder}/data`];
    const tls = ["--tls-cert", `${folder}/cert.pem`, "--tls-key", `${folder}/key.pem`];
    const command = how === "serve.sh"
      ? ["sh", `${ROOT}src/cli/serve.sh`]
      : [Deno.execPath(), "run", "-A", "--no-prompt", `${ROOT}main.ts`, "serve"];
    const child = new Deno.Command(command[0]!, {
      args: [...command.slice(1), ...options, ...tls],
      env: { OCPP_ADMIN_PASSWORD: PASSWORD, NO_COLOR: "1" },
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const errors = new Response(child.stderr).text();
    const line = await firstLine(child.stdout);
    const [, port, tls_port] = /127\.0\.0\.1:(\d+).*https:\/\/127\.0\.0\.1:(\d+)/.exec(line) ?? [];
    assert(port && tls_port, `${line} ${port ? "" : await errors}`);
    const url = `http://127.0.0.1:${port}`;
    for (
      const [base, id] of [[`ws://127.0.0.1:${port}`, "CP1"], [`wss://127.0.0.1:${tls_port}`, "CP2"]] as const
    ) {
      await using charger = await RawClient.connect(base, { path: `/${id}`, tls: { ca: ca.cert } });
      assertEquals(
        (await charger.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" }))[0],
        3,
      );
    }
    assertEquals((await fetch(`${url}/ocpp/c/CP1/qr.png`)).status, 200);
    assertEquals((await ask(`${url}/ocpp/backups/`, "POST", {})).status, 201);
    const put = {
      method: "PUT",
      body: cityMap(),
      headers: { authorization: `Basic ${btoa(`admin:${PASSWORD}`)}` },
    };
    const uploaded = await fetch(`${url}/ocpp/map/`, put);
    assertEquals([uploaded.status, (await uploaded.json()).name], [201, "Monterrey"]);
    assertEquals((await ask(`${url}/ocpp/tiles/15/${tileAt(15).join("/")}`, "GET")).status, 200);
    assertEquals((await ask(`${url}/ocpp/chargers/`, "GET")).body.chargers.length, 2);
    child.kill("SIGTERM");
    assertEquals((await child.status).code, 0, await errors);
    assert(!/NotCapable|Requires \w+ access/.test(await errors), await errors);
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("--tls-client-ca starts confined where NODE_EXTRA_CA_CERTS is set", async () => {
  const folder = await Deno.makeTempDir();
  const ca = await makeCa("CA");
  const { cert, key } = await ca.issue({ common_name: "gw", names: ["127.0.0.1"], usage: "server" });
  await Deno.writeTextFile(`${folder}/cert.pem`, cert);
  await Deno.writeTextFile(`${folder}/key.pem`, key);
  await Deno.writeTextFile(`${folder}/ca.pem`, ca.cert);
  const options = ["--host", "127.0.0.1", "--port", "0", "--tls-port", "0", "--data-dir", `${folder}/data`];
  const tls = [
    "--tls-cert",
    `${folder}/cert.pem`,
    "--tls-key",
    `${folder}/key.pem`,
    "--tls-client-ca",
    `${folder}/ca.pem`,
  ];
  const child = new Deno.Command("sh", {
    args: [`${ROOT}src/cli/serve.sh`, ...options, ...tls],
    env: { OCPP_ADMIN_PASSWORD: PASSWORD, NO_COLOR: "1", NODE_EXTRA_CA_CERTS: `${folder}/ca.pem` },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  const line = await firstLine(child.stdout);
  assert(/wss:/.test(line), line || await errors);
  child.kill("SIGTERM");
  assertEquals((await child.status).code, 0, await errors);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("serve refuses DENO_KV_* in the environment", async () => {
  const folder = await Deno.makeTempDir();
  const child = await new Deno.Command("sh", {
    args: [`${ROOT}src/cli/serve.sh`, "--data-dir", folder, "--port", "0"],
    env: { DENO_KV_PATH_PREFIX: "/tmp" },
  }).output();
  assertEquals(child.code, 1);
  assert(new TextDecoder().decode(child.stderr).includes("DENO_KV_PATH_PREFIX"));
  await Deno.remove(folder, { recursive: true });
});

/** The flags that serve.sh gives to Deno: a stand-in on the path tells them. */
async function flagsOf(args: string[]): Promise<string[]> {
  const bin = await Deno.makeTempDir();
  await Deno.writeTextFile(`${bin}/deno`, '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", 'sh "$@"; true', "sh", `${ROOT}src/cli/serve.sh`, ...args], // its parent is a shell: the path decides
    env: { PATH: `${bin}:${Deno.env.get("PATH")}` },
  }).output();
  await Deno.remove(bin, { recursive: true });
  const words = new TextDecoder().decode(stdout).trim().split("\n");
  return words.slice(words.lastIndexOf("run") + 1, words.lastIndexOf("serve") - 1);
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += decoder.decode(value, { stream: true });
  }
  (async () => {
    while (!(await reader.read()).done);
  })();
  return text.split("\n")[0]!;
}
