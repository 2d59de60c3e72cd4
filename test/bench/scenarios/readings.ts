// Readings on disk, and one charger's day out of many: each in a process, since they fill its memory.
import type { Bench } from "../bench.ts";

const PROGRAM = new URL("../readings.ts", import.meta.url).pathname;

/** A line of the program that measures. */
interface Line {
  figure: string;
  [name: string]: string | number;
}

/** Bytes per reading, and how long the query for a day takes. */
export async function readings({ report, quick }: Bench): Promise<void> {
  report.title("readings: bytes on disk, and one charger's day out of few and many");
  const [few, many] = quick ? [0.1, 1] : [1, 10];
  const small = await measure(few, 20);
  const large = await measure(many, 200);
  const [of_few, of_many] = [small("day query"), large("day query")];
  const [day, wider] = [Number(of_many.p50_ms), Number(of_many.p50_ms) / Number(of_few.p50_ms)];
  const bytes = Number(large("disk").bytes_per_reading);
  report.note(
    `  a day of ${of_many.rows} readings: out of ${few} M ${of_few.p50_ms} ms, out of ${many} M ${day} ms (medians)`,
  );
  report.figure("on disk per reading", bytes, { at_most: 4 }, { unit: "B", decimals: 2 });
  report.figure(`a day out of ${many} M`, day, { at_most: 4 }, { unit: "ms", decimals: 2 });
  report.figure(`of a day out of ${few} M`, wider, { at_most: 1.2 }, { unit: "x", decimals: 2 });
}

/** Runs the program; the returned function tells what it says of a figure. */
async function measure(millions: number, chargers: number): Promise<(figure: string) => Line> {
  const args = ["run", "-A", PROGRAM, String(millions), String(chargers)];
  const { success, stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
  if (!success) throw new Error("The benchmark of readings failed");
  const lines = new TextDecoder().decode(stdout).trim().split("\n").map((line) => JSON.parse(line) as Line);
  return (figure) => lines.find((line) => line.figure === figure) ?? { figure };
}
