// Reads the JUnit report that `deno test --junit-path` writes.

/** The result of a test or of a step. */
export interface Result {
  /** The file that declares it. */
  file: string;
  name: string;
  outcome: "passed" | "failed" | "ignored";
  ms: number;
}

/** Returns the results in a report, without tests that are the sum of their steps. */
export function readReport(xml: string): Result[] {
  const cases = [...xml.matchAll(/<testcase ([^>]*)>(.*?)<\/testcase>/gs)];
  const results = cases.map(([, attributes, body]) => resultOf(attributes!, body!));
  return results.filter((result, index) => !isSum(result, results.slice(index + 1)));
}

function resultOf(attributes: string, body: string): Result {
  const read = (name: string) => unescapeXml(new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? "");
  const outcome = /<(failure|error)\b/.test(body) ? "failed" : /<skipped\b/.test(body) ? "ignored" : "passed";
  return {
    file: read("classname").replace(/^\.\//, ""),
    name: read("name"),
    outcome,
    ms: Number(read("time")) * 1000,
  };
}

/** True for a test with steps, which stand behind it, unless it failed and none of them did. */
function isSum({ file, name, outcome }: Result, rest: Result[]): boolean {
  const steps = rest.filter((one) => one.file === file && one.name.startsWith(`${name} > `));
  return steps.length > 0 && (outcome !== "failed" || steps.some((step) => step.outcome === "failed"));
}

function unescapeXml(text: string): string {
  const characters: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => characters[name]!);
}
