import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Refusal } from "../../src/site/context.ts";
import { hashKey, keyBytes } from "../../src/site/security/charger_key.ts";
import { authorizationKeyOf } from "../../src/site/security/key_change.ts";
import { KEPT_EVENTS, noteSecurity, securityEvents } from "../../src/site/security/security_log.ts";
import { afterConnecting, profileOf, refusalOfProfile } from "../../src/site/security/security_profile.ts";
import { TestCharger } from "../kit/charger.ts";

const OLD = keyBytes("the old password");
const NEW_HEX = "000102030405060708090a0b0c0d0e0f";
const NEW = keyBytes(NEW_HEX);

function sendKey(charger: TestCharger, status: string, value = NEW_HEX) {
  return charger.command("ChangeConfiguration", { key: "AuthorizationKey", value }, { status });
}

function good(charger: TestCharger): [boolean, boolean] {
  const { record, context: { keys } } = charger;
  return [keys.isKeyOf(record, OLD), keys.isKeyOf(record, NEW)];
}

Deno.test("AuthorizationKey: Accepted, the new key is the only one (TC_073, security white paper A01.FR.03)", async () => {
  await using charger = await TestCharger.make({ password: hashKey(OLD) });
  await sendKey(charger, "Accepted");
  assertEquals(good(charger), [false, true]);
  assertEquals(JSON.stringify(charger.store.chargers.all()).includes(NEW_HEX), false);
});

Deno.test("AuthorizationKey: Rejected or NotSupported, the old one stays (security white paper A01.FR.04)", async () => {
  for (const status of ["Rejected", "NotSupported"]) {
    await using charger = await TestCharger.make({ password: hashKey(OLD) });
    await sendKey(charger, status);
    assertEquals(good(charger), [true, false]);
  }
});

Deno.test("AuthorizationKey: while the answer is not known both are good, until the new one is used", async () => {
  await using charger = await TestCharger.make({ password: hashKey(OLD) });
  await sendKey(charger, "nonsense").catch(() => {});
  assertEquals(good(charger), [true, true]);
  assertEquals(charger.context.keys.afterUse(charger.record, OLD), null);
  await charger.store.chargers.put(charger.context.keys.afterUse(charger.record, NEW)!);
  assertEquals(good(charger), [false, true]);
  assertEquals(charger.record.passwords_sent, []);
});

Deno.test("AuthorizationKey must be hex of 16 to 20 bytes", async () => {
  await using charger = await TestCharger.make();
  for (const value of ["short", "0".repeat(31), "0".repeat(42), "g".repeat(32)]) {
    await assertRejects(() => sendKey(charger, "Accepted", value), Refusal, "AuthorizationKey");
  }
  assertEquals(authorizationKeyOf("sixteen letters!"), "7369787465656e206c65747465727321");
  assertEquals(authorizationKeyOf(NEW_HEX.toUpperCase()), NEW_HEX);
  assertThrows(() => authorizationKeyOf("short"), Refusal, "password");
});

Deno.test("AuthorizationKey is not sent, nor kept, while the charger is away", async () => {
  await using charger = await TestCharger.make();
  charger.context.state.connected_since = null;
  await assertRejects(() => sendKey(charger, "Accepted"), Refusal, "not connected");
  assertEquals(charger.record.passwords_sent, undefined);
});

Deno.test("A security profile holds once the charger has come with it (TC_083, security white paper A05.FR.09)", async () => {
  await using charger = await TestCharger.make({ security_profile: 1, security_profile_sent: 2 });
  const plain = { secure: false, key: true, certificate: false };
  const tls = { secure: true, key: true, certificate: false };
  assertEquals([profileOf(plain), profileOf(tls), profileOf({ ...tls, certificate: true })], [1, 2, 3]);
  assertEquals(refusalOfProfile(charger.record, plain), null);
  assertEquals(afterConnecting(charger.record, plain), null);
  const raised = afterConnecting(charger.record, tls)!;
  assertEquals(raised.security_profile, 2);
  assertEquals(
    refusalOfProfile(raised, plain),
    "The charger has security profile 2; this connection is below it",
  );
});

Deno.test("SecurityEventNotification is kept, once, without any security profile (Q49)", async () => {
  await using charger = await TestCharger.make();
  const frame =
    '[2,"1","SecurityEventNotification",{"type":"InvalidChargePointCertificate","timestamp":"2026-06-01T00:00:00Z","techInfo":"x"}]';
  assertEquals(await charger.receive(frame), {});
  assertEquals(await charger.receive(frame.replace('"1"', '"2"')), {});
  assertEquals(securityEvents(charger.store, "CP1"), [{
    sequence: 1,
    charger_id: "CP1",
    type: "InvalidChargePointCertificate",
    at: "2026-06-01T00:00:00.000Z",
    received: "2026-06-15T12:00:00.000Z",
    tech_info: "x",
    source: "charger",
  }]);
});

Deno.test("Only the newest security events are kept", async () => {
  await using charger = await TestCharger.make();
  for (let i = 0; i < KEPT_EVENTS + 5; i++) noteSecurity("Test", `number ${i}`, charger.context);
  await charger.store.commits.flush();
  const events = securityEvents(charger.store);
  assertEquals([events.length, events.at(-1)?.tech_info], [KEPT_EVENTS, "number 5"]);
});
