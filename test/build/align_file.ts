// Aligns a compiled binary in place, as `deno task compile` does. CI runs the result in an emulator.
import { alignSegments } from "../../src/build/elf.ts";

const [path] = Deno.args;
const bytes = await Deno.readFile(path!);
const aligned = alignSegments(bytes);
if (aligned === bytes) throw new Error("There was nothing to align");
await Deno.writeFile(path!, aligned);
