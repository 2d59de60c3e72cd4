// Home Assistant's discovery by the schemas of Home Assistant itself, in a program of its own. A slow test, since it needs 40 MB
// from PyPI that nothing else needs:
//
//     pip download -d WHEELS --no-deps --only-binary=:all: --python-version 3.14.5 homeassistant==2026.11.0 probatio==0.13.0 \
//       jinja2==3.1.6 markupsafe==3.0.4 attrs==26.1.0 awesomeversion==25.8.0
//     HOME_ASSISTANT_WHEELS=WHEELS deno task test test/home_assistant
import { assert, assertEquals, assertMatch } from "@std/assert";
import { aedes } from "../kit/broker.ts";
import { eventually } from "../kit/eventually.ts";
import { startTestGateway } from "../kit/gateway.ts";
import { needs } from "../kit/needs.ts";
import { Site } from "../kit/site.ts";

const WHEELS = Deno.env.get("HOME_ASSISTANT_WHEELS");
/** Python 3.14, which Home Assistant needs, comes as WebAssembly from npm; it has a lock file of its own, as Chromium does. */
const PROGRAM = `
import { loadPyodide } from "npm:pyodide@314.0.7";
const [script, folder] = [Deno.env.get("SCRIPT"), Deno.env.get("HOME_ASSISTANT_WHEELS")];
const python = await loadPyodide({ stdout() {} });
for (const { name } of Deno.readDirSync(folder)) {
  if (!name.endsWith(".whl")) continue;
  python.FS.writeFile("/" + name, Deno.readFileSync(folder + "/" + name));
  python.runPython("import sys; sys.path.insert(0, '/" + name + "')");
}
python.globals.set("messages", await new Response(Deno.stdin.readable).text());
console.log(python.runPython(Deno.readTextFileSync(script)));
`;
const SCRIPT = new URL("validate.py", import.meta.url).pathname;
const LOCK = new URL("pyodide.lock", import.meta.url).pathname;
const PREFIX = "homeassistant/device/";

interface Message {
  topic: string;
  // deno-lint-ignore no-explicit-any
  payload: any;
}

/** Returns the discovery messages of a gateway with two chargers, one of them of two connectors, with commands. */
async function discovery(): Promise<Message[]> {
  await using broker = await aedes();
  await using gateway = await startTestGateway({ config: { public_url: "http://depot.local:8000" } });
  const site = new Site(gateway);
  await using one = await site.charger({ charger_id: "CP 1+ñ", record: { name: "Patio" } });
  await using two = await site.charger({ charger_id: "CP2" });
  await one.status(1, "Available");
  for (const connector of [1, 2]) await two.status(connector, "Charging");
  const { token } = (await gateway.rest("POST", "/ocpp/tokens/", { label: "mqtt", role: "operator" })).body;
  await gateway.rest("PATCH", "/ocpp/settings/", { mqtt_url: broker.url, mqtt_command_token: token });
  const topics = () => [...broker.last.keys()].filter((topic) => topic.startsWith(PREFIX));
  await eventually(() => topics().length === 3, "three devices", 20_000);
  return topics().map((topic) => ({ topic, payload: broker.json(topic) }));
}

/** Returns what Home Assistant would refuse, a line each. */
async function faultsOf(messages: Message[]): Promise<string[]> {
  const args = ["eval", "--no-config", "--frozen", `--lock=${LOCK}`, "--ext=ts", PROGRAM];
  const pipes = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  const child = new Deno.Command(Deno.execPath(), { args, env: { SCRIPT }, ...pipes }).spawn();
  const sent = new Blob([JSON.stringify(messages)]).stream().pipeTo(child.stdin);
  const { success, stdout, stderr } = await child.output();
  await sent.catch(() => {});
  if (!success) throw new Error(new TextDecoder().decode(stderr).slice(-2000));
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test({
  name: "Home Assistant 2026.11 takes every device and component, and would refuse wrong ones",
  ...needs("HOME_ASSISTANT_WHEELS, a folder of wheels", WHEELS !== undefined),
  async fn() {
    const messages = await discovery();
    const components = messages.flatMap(({ payload }) => Object.keys(payload.components));
    assert(components.length > 20, `only ${components.length} components`);
    const wrong = structuredClone(messages.find(({ topic }) => topic.endsWith("_CP2/config"))!);
    const { c1_energy, c1_power, restart } = wrong.payload.components;
    c1_energy.unit_of_measurement = "W";
    c1_power.value_template = "{{ broken";
    delete restart.command_topic;
    const nameless = structuredClone(messages[0]!);
    delete nameless.payload.origin.name;
    const faults = await faultsOf([...messages, wrong, nameless]);
    assertEquals(faults.length, 4, faults.join("\n"));
    for (const part of ["c1_energy", "c1_power", "restart", "name"]) {
      assertMatch(faults.join("\n"), new RegExp(part));
    }
  },
});
