import { assertEquals } from "@std/assert";
import { readReport } from "./junit.ts";

const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="6" failures="2" errors="0" time="4.226">
    <testsuite name="./test/a_test.ts" tests="5" disabled="0" errors="0" failures="2">
        <testcase name="a site" classname="./test/a_test.ts" time="1.25" line="1" col="8">
            <failure message="1 test step failed">1 test step failed.</failure>
        </testcase>
        <testcase name="a site &gt; serves" classname="./test/a_test.ts" time="0.25" line="2" col="8">
        </testcase>
        <testcase name="a site &gt; stops" classname="./test/a_test.ts" time="1" line="3" col="8">
            <failure message="Uncaught Error">Error: no</failure>
        </testcase>
        <testcase name="a disk" classname="./test/a_test.ts" time="0" line="4" col="6">
            <skipped/>
        </testcase>
        <testcase name="a &quot;name&quot;" classname="./test/a_test.ts" time="0.001" line="5" col="6">
        </testcase>
    </testsuite>
</testsuites>`;

Deno.test("readReport counts steps in place of the test that they make up", () => {
  const file = "test/a_test.ts";
  assertEquals(readReport(REPORT), [
    { file, name: "a site > serves", outcome: "passed", ms: 250 },
    { file, name: "a site > stops", outcome: "failed", ms: 1000 },
    { file, name: "a disk", outcome: "ignored", ms: 0 },
    { file, name: 'a "name"', outcome: "passed", ms: 1 },
  ]);
});
