// deno std's assertions; the npm package that carries them has no types of its own.
// @ts-types="./std_assert.d.ts"
export * from "deno-std/assert";
