// Firmware and diagnostics (TC_044, TC_045).
import { assert, assertEquals } from "@std/assert";
import { cases, time } from "../kit/site.ts";
import type { WireCharger } from "../kit/wire_charger.ts";

cases("Firmware and diagnostics", {}, (it) => {
  const update = { location: "ftp://user:pw@files.example/fw.bin", retrieveDate: time(1) };

  async function progress(charger: WireCharger, message: string, words: string[]): Promise<void> {
    for (const status of words) assertEquals(await charger.call(message, { status }), {});
  }

  async function jobOf(charger: WireCharger) {
    const [job] = await charger.list("jobs");
    return {
      action: job!.action,
      state: job!.state,
      words: job!.history.map(({ status }: { status: string }) => status),
    };
  }

  it("a firmware update runs through its states, over the reboot, to Installed (TC_044_1)", async (site) => {
    await using charger = await site.charger();
    const { action, request, status } = await charger.answerCommand("update_firmware", update, {});
    assertEquals([action, request, status], ["UpdateFirmware", update, 200]);
    await progress(charger, "FirmwareStatusNotification", ["Downloading", "Downloaded"]);
    await charger.status(0, "Unavailable");
    await progress(charger, "FirmwareStatusNotification", ["Installing"]);
    await charger.wire.drop();
    await using back = await charger.again();
    assertEquals((await back.boot({ firmwareVersion: "2.0" })).status, "Accepted");
    await back.status(0, "Available");
    await progress(back, "FirmwareStatusNotification", ["Installed"]);
    const words = ["Downloading", "Downloaded", "Installing", "Installed"];
    assertEquals(await jobOf(back), { action: "UpdateFirmware", state: "done", words });
    assertEquals((await back.view()).firmware_version, "2.0");
    assert(!JSON.stringify(await back.list("jobs")).includes("user:pw"), "credentials are masked");
  });

  for (
    const [id, words] of [
      ["TC_044_2", ["Downloading", "DownloadFailed"]],
      ["TC_044_3", ["Downloading", "Downloaded", "Installing", "InstallationFailed"]],
    ] as const
  ) {
    it(`a firmware update that ends with ${words.at(-1)} has failed (${id})`, async (site) => {
      await using charger = await site.charger();
      await charger.answerCommand("update_firmware", update, {});
      await progress(charger, "FirmwareStatusNotification", [...words]);
      assertEquals(await jobOf(charger), { action: "UpdateFirmware", state: "failed", words: [...words] });
    });
  }

  for (
    const [id, end, state] of [["TC_045_1", "Uploaded", "done"], [
      "TC_045_2",
      "UploadFailed",
      "failed",
    ]] as const
  ) {
    it(`diagnostics that end with ${end}: the job is ${state} (${id})`, async (site) => {
      await using charger = await site.charger();
      const request = {
        location: "ftp://files.example/in/",
        retries: 1,
        startTime: time(-60),
        stopTime: time(),
      };
      const obeyed = await charger.answerCommand("get_diagnostics", request, { fileName: "log.zip" });
      assertEquals([obeyed.action, obeyed.request], ["GetDiagnostics", request]);
      assertEquals(obeyed.body.response, { fileName: "log.zip" });
      await progress(charger, "DiagnosticsStatusNotification", ["Uploading", end]);
      assertEquals(await jobOf(charger), { action: "GetDiagnostics", state, words: ["Uploading", end] });
    });
  }
});
