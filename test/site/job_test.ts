import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Refusal } from "../../src/site/context.ts";
import { jobsOf, sweepJobs } from "../../src/site/files/jobs.ts";
import { grantOf, maskLocation, sweepTokens } from "../../src/site/files/locations.ts";
import { TestCharger } from "../kit/charger.ts";

function newest(charger: TestCharger) {
  const job = jobsOf(charger.store, "CP1")[0]!;
  return [job.state, ...job.history.map(({ status }) => status)];
}

Deno.test("UpdateFirmware is a job that ends with Installed (TC_044_1), and stays so (Q49)", async () => {
  await using charger = await TestCharger.make();
  await charger.command("UpdateFirmware", { location: "ftp://user:pass@10.0.0.2/fw.bin" }, {});
  for (const status of ["Downloading", "Downloaded", "Installing", "Installed"]) {
    await charger.call("FirmwareStatusNotification", { status });
  }
  assertEquals(newest(charger), ["done", "Downloading", "Downloaded", "Installing", "Installed"]);
  assertEquals(jobsOf(charger.store)[0]?.location, "ftp://***@10.0.0.2/fw.bin");
  assertEquals(await charger.receive('[2,"9","FirmwareStatusNotification",{"status":"Installed"}]'), {});
  assertEquals(newest(charger).length, 5);
});

Deno.test("A status without any job is answered (Q49)", async () => {
  await using charger = await TestCharger.make();
  assertEquals(await charger.receive('[2,"9","FirmwareStatusNotification",{"status":"Installed"}]'), {});
  assertEquals(await charger.receive('[2,"9","LogStatusNotification",{"status":"Idle"}]'), {});
  assertEquals(jobsOf(charger.store), []);
});

Deno.test("A failed download may be tried again by the charger (TC_044_2)", async () => {
  await using charger = await TestCharger.make();
  await charger.command("UpdateFirmware", { location: "http://10.0.0.2/fw.bin" }, {});
  await charger.call("FirmwareStatusNotification", { status: "DownloadFailed" });
  assertEquals(newest(charger), ["failed", "DownloadFailed"]);
  await charger.call("FirmwareStatusNotification", { status: "Downloading" });
  assertEquals(newest(charger), ["running", "DownloadFailed", "Downloading"]);
});

Deno.test("GetDiagnostics: Idle closes nothing, a flood of the same word is kept once (Q51)", async () => {
  await using charger = await TestCharger.make();
  await charger.command("GetDiagnostics", {}, { fileName: "diag.zip" });
  for (let i = 0; i < 50; i++) {
    await charger.receive('[2,"1","DiagnosticsStatusNotification",{"status":"Uploading"}]');
  }
  await charger.call("DiagnosticsStatusNotification", { status: "Idle" });
  assertEquals(newest(charger), ["running", "Uploading"]);
  await charger.call("DiagnosticsStatusNotification", { status: "Uploaded" });
  assertEquals(newest(charger), ["done", "Uploading", "Uploaded"]);
});

Deno.test("A job that nothing is heard of for a day is given up, and goes on when the charger speaks again", async () => {
  await using charger = await TestCharger.make();
  const HOUR = 3_600_000;
  const begun = charger.context.now();
  const retrieveDate = new Date(begun + 48 * HOUR).toISOString();
  await charger.command("UpdateFirmware", { location: "http://10.0.0.2/fw.bin", retrieveDate }, {});
  await sweepJobs(begun + 71 * HOUR, charger.context);
  assertEquals(newest(charger), ["running"]);
  await sweepJobs(begun + 73 * HOUR, charger.context);
  assertEquals(newest(charger), ["unknown"]);
  assertEquals(jobsOf(charger.store)[0]!.ended_at, new Date(begun + 73 * HOUR).toISOString());
  await charger.call("FirmwareStatusNotification", { status: "Downloading" });
  assertEquals(newest(charger), ["running", "Downloading"]);
  await charger.call("FirmwareStatusNotification", { status: "Installed" });
  await sweepJobs(begun + 900 * HOUR, charger.context);
  assertEquals(newest(charger)[0], "done");
});

Deno.test("GetDiagnostics without fileName has nothing to upload", async () => {
  await using charger = await TestCharger.make();
  await charger.command("GetDiagnostics", { location: "ftps://10.0.0.2/" }, {});
  assertEquals(newest(charger), ["nothing"]);
});

Deno.test("GetDiagnostics without location gets a URL of ours that expires", async () => {
  await using charger = await TestCharger.make();
  const { location } = await charger.command("GetDiagnostics", {}, { fileName: "diag.zip" });
  const match = /^http:\/\/10\.0\.0\.1:8000\/files\/upload\/([0-9a-f]{32})\/diagnostics$/.exec(
    String(location),
  )!;
  const token = match[1]!;
  assertEquals(jobsOf(charger.store)[0]?.location, "http://10.0.0.1:8000/files/upload/***/diagnostics");
  assertEquals(grantOf(token, "upload", charger.context)?.job_id, jobsOf(charger.store)[0]?.job_id);
  assertEquals(grantOf(token, "firmware", charger.context), undefined);
  charger.clock += 8 * 86_400_000;
  assertEquals(grantOf(token, "upload", charger.context), undefined);
  await sweepTokens(charger.clock, charger.context);
  assertEquals(charger.store.file_tokens.size, 0);
});

Deno.test("locations of other schemes, or too long, are refused (A40)", async () => {
  await using charger = await TestCharger.make();
  const wrong = [
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:,x",
    "no url",
    `http://a/${"x".repeat(510)}`,
  ];
  for (const location of wrong) {
    await assertRejects(() => charger.command("GetDiagnostics", { location }, {}), Refusal, "location");
  }
  assertEquals(maskLocation("sftp://me:secret@host/x"), "sftp://***@host/x");
});

Deno.test("UpdateFirmware without location names an uploaded firmware", async () => {
  await using charger = await TestCharger.make();
  await assertRejects(() => charger.command("UpdateFirmware", {}, {}), Refusal, "location is missing");
  await charger.store.firmware.put({ name: "fw1.bin", size: 1, sha256: "", uploaded_at: "" });
  await charger.store.firmware.put({ name: "fw2.bin", size: 1, sha256: "", uploaded_at: "" });
  await assertRejects(() => charger.command("UpdateFirmware", {}, {}), Refusal, "location is missing");
  const sent = await charger.command("UpdateFirmware", { file: "fw2.bin" }, {});
  assertMatch(String(sent.location), /^http:\/\/10\.0\.0\.1:8000\/files\/firmware\/[0-9a-f]{32}\/fw2\.bin$/);
  assertEquals([sent.retrieveDate, "file" in sent], ["2026-06-15T12:00:00Z", false]);
});

Deno.test("GetLog and its statuses go by requestId (TC_079); AcceptedCanceled ends the one before", async () => {
  await using charger = await TestCharger.make();
  const log = { remoteLocation: "http://10.0.0.2/up" };
  const first = await charger.command("GetLog", { logType: "SecurityLog", log }, {
    status: "Accepted",
    filename: "s.log",
  });
  assertEquals(first.requestId, 1);
  await charger.command("GetLog", { logType: "SecurityLog", log }, { status: "AcceptedCanceled" });
  await charger.call("LogStatusNotification", { status: "Uploading", requestId: 2 });
  await charger.call("LogStatusNotification", { status: "UploadFailure", requestId: 1 });
  await charger.call("LogStatusNotification", { status: "Uploaded", requestId: 2 });
  assertEquals(jobsOf(charger.store).map(({ state }) => state), ["done", "cancelled"]);
});

Deno.test("SignedUpdateFirmware keeps all statuses under one requestId (TC_080, TC_081)", async () => {
  await using charger = await TestCharger.make();
  const firmware = { location: "https://10.0.0.2/fw", signature: "c2ln", signingCertificate: "PEM" };
  const words = [
    "Downloading",
    "Downloaded",
    "SignatureVerified",
    "Installing",
    "InstallRebooting",
    "Installed",
  ];
  await charger.command("SignedUpdateFirmware", { requestId: 42, firmware }, { status: "Accepted" });
  for (const status of words) {
    await charger.call("SignedFirmwareStatusNotification", { status, requestId: 42 });
  }
  assertEquals(newest(charger), ["done", "Accepted", ...words]);
  await charger.command("SignedUpdateFirmware", { firmware }, { status: "Accepted" });
  await charger.call("SignedFirmwareStatusNotification", { status: "InvalidSignature", requestId: 2 });
  assertEquals(newest(charger), ["failed", "Accepted", "InvalidSignature"]);
  await charger.command("SignedUpdateFirmware", { firmware }, { status: "RevokedCertificate" });
  assertEquals(newest(charger), ["refused", "RevokedCertificate"]);
});
