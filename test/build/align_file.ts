// Aligns a compiled binary in place, as `deno task compile` does: for CI, which runs the result under an emulator.
import { alignSegments } from "../../src/build/elf.ts";

const [path] = Deno.args;
const bytes = await Deno.readFile(path!);
const aligned = alignSegments(bytes);
if (aligned === bytes) throw new Error("There was nothing to align");
await Deno.writeFile(path!, aligned);
