import { assertEquals } from "@std/assert";
import { holdsMask, mask, maskSecrets } from "../../src/central/redaction.ts";

Deno.test("secrets are masked in frames, whoever sends them (X29)", () => {
  const cases: [string, string][] = [
    [
      '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"0011"}]',
      '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"***"}]',
    ],
    [
      '[3,"1",{"configurationKey":[{"key":"VendorKey","value":"0011"},{"key":"Beat","value":"60"}]}]',
      '[3,"1",{"configurationKey":[{"key":"VendorKey","value":"***"},{"key":"Beat","value":"60"}]}]',
    ],
    [
      '[2,"1","GetDiagnostics",{"location":"ftp://me:pw@host/x"}]',
      '[2,"1","GetDiagnostics",{"location":"ftp://***@host/x"}]',
    ],
    [
      `[2,"1","GetDiagnostics",{"location":"http://h/files/upload/${"a1".repeat(16)}/log"}]`,
      '[2,"1","GetDiagnostics",{"location":"http://h/files/upload/***/log"}]',
    ],
  ];
  for (const [text, expected] of cases) assertEquals(maskSecrets(text), expected);
});

Deno.test("mask leaves what is no secret, and masks configuration keys that stand as names", () => {
  const plain = { configurationKey: [{ key: "A", value: "1" }], unknownKey: ["B"], idTag: "X" };
  assertEquals(mask(plain), plain);
  assertEquals(mask({ values: { VendorKey: "x", Beat: "60" }, password: "y" }), {
    values: { VendorKey: "***", Beat: "60" },
    password: "***",
  });
});

Deno.test("holdsMask finds what was copied from a masked message, and nothing else", () => {
  const masked = [
    { key: "AuthorizationKey", value: "***" },
    { location: "ftp://***@host/x" },
    { location: "http://h/files/upload/***/log" },
    { list: [{ password: "********" }] },
  ];
  const whole = [
    { key: "AuthorizationKey", value: "0011" },
    { key: "Greeting", value: "***" },
    { location: "ftp://me:pw@host/x" },
    { idTag: "***", data: "a *** b" },
  ];
  assertEquals([...masked, ...whole].map((value) => holdsMask(value)), [
    ...masked.map(() => true),
    ...whole.map(() => false),
  ]);
});
