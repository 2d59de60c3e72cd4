import { assertEquals } from "@std/assert";
import { ERRORS } from "../../src/http/http_error.ts";
import { ERROR_TEXTS } from "../../src/i18n/admin/errors.ts";

Deno.test("every error code of REST has a text for pages in other languages than English", () => {
  assertEquals(Object.keys(ERROR_TEXTS).toSorted(), Object.keys(ERRORS).toSorted());
});
