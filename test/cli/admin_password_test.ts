// OCPP_ADMIN_PASSWORD: the same rule as at set-up.
import { assertEquals } from "@std/assert";
import { runCommand, spawnGateway, tempDir } from "../faults/gateway_process.ts";

const BAD = {
  short: "must have 8 to 200 characters",
  ["x".repeat(201)]: "must have 8 to 200 characters",
  Password123: "is one of the 10,000 most common passwords: choose another",
};

Deno.test("a first start with a bad OCPP_ADMIN_PASSWORD ends with one line and exit code 2", async () => {
  await using folder = await tempDir();
  const args = ["--host", "127.0.0.1", "--port", "0", "--data-dir", folder.path];
  for (const [OCPP_ADMIN_PASSWORD, problem] of Object.entries(BAD)) {
    const line = `OCPP_ADMIN_PASSWORD ${problem}\n`;
    for (const command of ["serve", "reset-password"]) {
      const given = command === "serve" ? args : args.slice(4);
      const { code, stdout, stderr } = await runCommand([command, ...given], { OCPP_ADMIN_PASSWORD });
      assertEquals([code, stdout, stderr], [2, "", line], command);
    }
  }
  {
    await using gateway = await spawnGateway({ data_dir: folder.path });
    assertEquals((await gateway.rest("GET", "/ocpp/chargers/")).status, 200, "a good one sets it up");
    await gateway.stop();
  }
  await using again = await spawnGateway({ data_dir: folder.path, env: { OCPP_ADMIN_PASSWORD: "short" } });
  assertEquals(
    (await again.rest("GET", "/ocpp/chargers/")).status,
    200,
    "one that is set up does not read it",
  );
});
