import { assertEquals } from "@std/assert";
import { curlOf, pairMessages } from "../../src/admin/message_pairs.ts";
import type { LogEntry } from "../../src/admin/types.ts";

function entry(second: number, direction: "in" | "out", message: unknown[] | null, text?: string): LogEntry {
  const at = `2026-01-01T00:00:0${second}.000Z`;
  return { at, direction, message, ...(text === undefined ? {} : { text }) };
}

Deno.test("pairMessages joins a request and its answer, newest first", () => {
  const [reset, boot] = pairMessages([
    entry(0, "in", [2, "1", "BootNotification", { chargePointVendor: "V" }]),
    entry(1, "out", [3, "1", { status: "Accepted", interval: 300 }]),
    entry(2, "out", [2, "1", "Reset", { type: "Soft" }]), // the same id, the other way
    entry(5, "in", [4, "1", "NotSupported", "no", {}]),
  ]);
  assertEquals([boot?.action, boot?.status, boot?.latency_ms, boot?.outcome], [
    "BootNotification",
    "Accepted",
    1000,
    "ok",
  ]);
  assertEquals([reset?.action, reset?.status, reset?.latency_ms, reset?.outcome], [
    "Reset",
    "NotSupported",
    3000,
    "error",
  ]);
});

Deno.test("pairMessages shows what is not answered, and what is no message", () => {
  const exchanges = pairMessages([
    entry(0, "in", [3, "9", {}]), // its request is no longer in the log
    entry(1, "in", null, "garbage"),
    entry(2, "out", [2, "2", "Reset", {}]),
  ]);
  assertEquals(exchanges.map(({ outcome }) => outcome), ["open", "broken", "broken"]);
  assertEquals(exchanges[1]?.request, "garbage");
});

Deno.test("pairMessages takes a tag's standing for the status", () => {
  const [exchange] = pairMessages([
    entry(0, "in", [2, "a", "Authorize", { idTag: "X" }]),
    entry(0, "out", [3, "a", { idTagInfo: { status: "Blocked" } }]),
  ]);
  assertEquals(exchange?.status, "Blocked");
});

Deno.test("curlOf makes a line that a shell takes as it is, whatever the payload holds", async () => {
  const payload = { connectorId: 1, messageId: `it's $HOME "quoted" \`id\` \\ \n end` };
  const line = curlOf("http://127.0.0.1:8000/ocpp/chargers/A%20B/", "ClearChargingProfile", payload);
  const shown = `set -- ${line.slice("curl ".length)}; printf '%s\\0' "$@"`;
  const { stdout } = await new Deno.Command("sh", { args: ["-c", shown], env: { TOKEN: "secret" } }).output();
  const [, header, , type, , body, url] = new TextDecoder().decode(stdout).split("\0");
  assertEquals(header, "Authorization: Bearer secret");
  assertEquals(type, "Content-Type: application/json");
  assertEquals(JSON.parse(body!), { action: "clear_charging_profile", payload });
  assertEquals(url, "http://127.0.0.1:8000/ocpp/chargers/A%20B/action/");
});
