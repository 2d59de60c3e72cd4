import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { makeLocation } from "../../src/site/files/locations.ts";
import { HttpError } from "../../src/http/http_error.ts";
import { FileStore } from "../../src/http/files/file_store.ts";
import { RESERVE } from "../../src/machine/disk.ts";
import { beginJob, jobsOf, noteProgress } from "../../src/site/files/jobs.ts";
import { newCharger } from "../../src/store/new_charger.ts";
import { ask, AUTHORIZATION, startTestGateway, type TestGateway } from "../kit/gateway.ts";

interface Site extends AsyncDisposable {
  gateway: TestGateway;
  /** A URL for charger CP/1. */
  location(purpose: "firmware" | "upload", name: string): Promise<string>;
  turn(ms: number): void;
}

async function site(max_upload_bytes = 1_000_000): Promise<Site> {
  const data_dir = await Deno.makeTempDir();
  let clock = Date.now();
  const gateway = await startTestGateway({
    config: { data_dir },
    settings: { max_upload_bytes },
    now: () => clock,
  });
  const { central, store } = gateway.gateway.services;
  await store.chargers.put(newCharger("CP/1", "Accepted", clock));
  const context = central.context("CP/1");
  context.state.base_url = gateway.url;
  return {
    gateway,
    location: async (purpose, name) => {
      const location = await makeLocation({ purpose, name, job_id: 1 }, context);
      await beginJob({
        action: purpose === "upload" ? "GetDiagnostics" : "UpdateFirmware",
        location,
        file_name: "x",
      }, context);
      return location;
    },
    turn: (ms) => clock += ms,
    [Symbol.asyncDispose]: async () => {
      await gateway[Symbol.asyncDispose]();
      await Deno.remove(data_dir, { recursive: true });
    },
  };
}

Deno.test("a charger uploads diagnostics, and the operator downloads them as bytes", async () => {
  await using one = await site();
  const location = await one.location("upload", "diagnostics");
  const up = await fetch(`${location}/..%2f..%2fevil.html`, {
    method: "PUT",
    body: "<script>alert(1)</script>",
  });
  assertEquals([up.status, await up.text()], [201, ""]);
  const { body: { files } } = await one.gateway.rest("GET", "/ocpp/chargers/CP%2F1/files/");
  assertMatch(files[0].name, /^\d{8}T\d{6}Z-diagnostics-[0-9a-f]{6}\.bin$/);
  assertEquals(jobsOf(one.gateway.gateway.services.store)[0]?.file, files[0].name);
  const url = `${one.gateway.url}/ocpp/chargers/CP%2F1/files/${files[0].name}`;
  const down = await fetch(url, { headers: AUTHORIZATION });
  assertEquals(await down.text(), "<script>alert(1)</script>");
  assertEquals(down.headers.get("content-type"), "application/octet-stream");
  assertEquals(down.headers.get("x-content-type-options"), "nosniff");
  assertMatch(String(down.headers.get("content-disposition")), /^attachment/);
  assertEquals((await ask(url, "DELETE")).status, 204);
  assertEquals((await ask(url, "GET")).status, 404);
});

Deno.test("a charger uploads by a form, too", async () => {
  await using one = await site();
  const form = new FormData();
  form.append("file", new File(["log text"], "security.log"));
  const up = await fetch(await one.location("upload", "log"), { method: "POST", body: form });
  assertEquals([up.status, await up.text()], [201, ""]);
  const { body: { files } } = await one.gateway.rest("GET", "/ocpp/chargers/CP%2F1/files/");
  assertMatch(files[0].name, /-log-[0-9a-f]{6}\.log$/);
  assertEquals(files[0].size, 8);
});

Deno.test("uploads are refused when too large, without a good token, and when it has expired", async () => {
  await using one = await site(2000);
  const location = await one.location("upload", "diagnostics");
  const put = async (url: string, body: BodyInit) => {
    const answer = await fetch(url, { method: "PUT", body });
    await answer.body?.cancel();
    return answer.status;
  };
  assertEquals(await put(location, "x".repeat(2001)), 413);
  assertEquals(await put(location, new Blob(["x".repeat(2001)]).stream()), 413);
  assertEquals((await one.gateway.rest("GET", "/ocpp/chargers/CP%2F1/files/")).body.files, []);
  assertEquals(await put(location.replace(/[0-9a-f]{32}/, "0".repeat(32)), "x"), 404);
  assertEquals(await put(location.replace("upload", "firmware"), "x"), 405);
  assertEquals((await ask(location.replace("upload", "firmware"), "GET")).status, 404, "it is for uploads");
  one.turn(8 * 86_400_000);
  assertEquals(await put(location, "x"), 404);
});

Deno.test("a charger fetches firmware that the operator has uploaded, whole or in parts", async () => {
  await using one = await site();
  const url = `${one.gateway.url}/ocpp/firmware/fw-1.2.bin`;
  const put = await fetch(url, { method: "PUT", body: "0123456789", headers: AUTHORIZATION });
  assertEquals([put.status, (await put.json()).size], [201, 10]);
  const location = await one.location("firmware", "fw-1.2.bin");
  assertEquals(await (await fetch(location)).text(), "0123456789");
  const part = await fetch(location, { headers: { range: "bytes=2-4" } });
  assertEquals([part.status, part.headers.get("content-range"), await part.text()], [
    206,
    "bytes 2-4/10",
    "234",
  ]);
  const tail = await fetch(location, { headers: { range: "bytes=8-" } });
  assertEquals([tail.status, await tail.text()], [206, "89"]);
  const beyond = await fetch(location, { headers: { range: "bytes=10-" } });
  await beyond.body?.cancel();
  assertEquals(beyond.status, 416);
  assertEquals((await ask(url, "DELETE")).status, 204);
  const gone = await fetch(location);
  await gone.body?.cancel();
  assertEquals(gone.status, 404);
});

Deno.test("firmware has a plain name, and strangers see no files", async () => {
  await using one = await site();
  for (const name of ["..%2Fx", ".hidden", "a%20b", "x".repeat(101)]) {
    const answer = await fetch(`${one.gateway.url}/ocpp/firmware/${name}`, {
      method: "PUT",
      body: "x",
      headers: AUTHORIZATION,
    });
    await answer.body?.cancel();
    assertEquals(answer.status, 400, name);
  }
  for (const path of ["/ocpp/firmware/", "/ocpp/chargers/CP%2F1/files/"]) {
    const answer = await fetch(one.gateway.url + path);
    await answer.body?.cancel();
    assertEquals(answer.status, 401);
  }
});

Deno.test("what is deleted, and each standard, is told to who listens", async () => {
  await using one = await site();
  const { rest, url, gateway: { services } } = one.gateway;
  const told: [string, unknown][] = [];
  services.events.subscribe(
    ({ type, data }) => told.push([type, (data as { name: string }).name]),
    ["firmware", "firmware_deleted", "file_deleted", "standard", "standard_deleted"],
  );
  await fetch(`${url}/ocpp/firmware/a.bin`, { method: "PUT", headers: AUTHORIZATION, body: "x" });
  await rest("DELETE", "/ocpp/firmware/a.bin");
  await fetch(`${await one.location("upload", "log")}/x.txt`, { method: "PUT", body: "x" });
  const { body: { files: [{ name }] } } = await rest("GET", "/ocpp/chargers/CP%2F1/files/");
  await rest("DELETE", `/ocpp/chargers/CP%2F1/files/${name}`);
  await rest("PUT", "/ocpp/configuration_templates/Site", { values: { HeartbeatInterval: "300" } });
  await rest("DELETE", "/ocpp/configuration_templates/Site");
  assertEquals(told, [
    ["firmware", "a.bin"],
    ["firmware_deleted", "a.bin"],
    ["file_deleted", name],
    ["standard", "Site"],
    ["standard_deleted", "Site"],
  ]);
});

Deno.test("an upload whose name has an odd percent escape is stored, not answered 500", async () => {
  await using one = await site();
  const location = await one.location("upload", "diagnostics");
  const { hostname, port, pathname } = new URL(location);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const lines = [
    `PUT ${pathname}/log%zz.txt HTTP/1.1`,
    `host: ${hostname}`,
    "content-length: 1",
    "connection: close",
  ];
  await connection.write(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\nx`));
  assertMatch(await new Response(connection.readable).text(), /^HTTP\/1\.1 201 /);
});

Deno.test("the upload URL of a job ends with the job; a failed one goes on, since chargers retry", async () => {
  await using one = await site();
  const { central } = one.gateway.gateway.services;
  const put = async (url: string) => {
    const answer = await fetch(url, { method: "PUT", body: "x" });
    await answer.body?.cancel();
    return answer.status;
  };
  const location = await one.location("upload", "diagnostics");
  const report = (status: string) =>
    noteProgress({ action: "GetDiagnostics", status }, central.context("CP/1"));
  await report("Uploading");
  assertEquals(await put(location), 201);
  await report("UploadFailed");
  assertEquals(await put(location), 201);
  await report("Uploaded");
  assertEquals(await put(location), 404);
});

Deno.test("an upload that would use up the database's space is refused with 507, and leaves no file", async () => {
  const data_dir = await Deno.makeTempDir();
  const files = new FileStore(data_dir, () => RESERVE + 1000);
  const save = (size: number) =>
    files.save(new Blob(["x".repeat(size)]).stream(), {
      directory: `${data_dir}/files`,
      name: "a",
      max: 1e6,
    });
  await save(1000);
  const error = await assertRejects(() => save(1001), HttpError, "The disk has no room for the file");
  assertEquals(error.status, 507);
  assertEquals((await files.list(`${data_dir}/files`)).map(({ size }) => size), [1000]);
  await Deno.remove(data_dir, { recursive: true });
});
