import manifest from "../deno.json" with { type: "json" };

/** The program's version, as in deno.json. */
export const VERSION: string = manifest.version;
