// Reading of Modbus registers by a table.
import type { RegisterTable } from "../../../site/load/feed_meter.ts";
import type { PhaseValues } from "./phase_values.ts";

/** Reads registers: their bytes, two for each. */
export type ReadRegisters = (from: number, count: number) => Promise<DataView>;

/** Registers a read: some meters allow 11. */
const MAX_COUNT = 10;

/** Reads the values of a table. Throws Error where a meter marks one as not there. */
export async function readTable(table: RegisterTable, read: ReadRegisters): Promise<PhaseValues> {
  const { current = [], current_scale = 1, power = [], power_scale = 1 } = table;
  const values = await valuesAt([...current, ...power], table, read);
  const scaled = (addresses: number[], scale: number) =>
    addresses.map((address) => values.get(address)! * scale);
  return {
    ...current.length > 0 ? { current_a: scaled(current, current_scale) } : {},
    ...power.length > 0 ? { power_w: scaled(power, power_scale) } : {},
  };
}

async function valuesAt(
  addresses: number[],
  { type, low_word_first = false }: RegisterTable,
  read: ReadRegisters,
): Promise<Map<number, number>> {
  const size = type.endsWith("16") ? 1 : 2;
  const values = new Map<number, number>();
  for (const block of blocksOf(addresses, size)) {
    const view = await read(block[0]!, block.at(-1)! + size - block[0]!);
    for (const address of block) {
      values.set(address, valueIn(view, { at: (address - block[0]!) * 2, type, low_word_first }));
    }
  }
  return values;
}

/** Returns addresses in blocks without gaps, each of which one read gets. */
function blocksOf(addresses: number[], size: number): number[][] {
  const blocks: number[][] = [];
  for (const address of [...new Set(addresses)].sort((one, other) => one - other)) {
    const block = blocks.at(-1);
    const fits = block && address === block.at(-1)! + size && address + size - block[0]! <= MAX_COUNT;
    if (fits) block.push(address);
    else blocks.push([address]);
  }
  return blocks;
}

function valueIn(
  view: DataView,
  { at, type, low_word_first }: { at: number; type: RegisterTable["type"]; low_word_first: boolean },
): number {
  if (type === "int16") return view.getInt16(at);
  if (type === "uint16") return view.getUint16(at);
  const [high, low] = low_word_first ? [at + 2, at] : [at, at + 2];
  const words = new DataView(new ArrayBuffer(4));
  words.setUint16(0, view.getUint16(high));
  words.setUint16(2, view.getUint16(low));
  return type === "int32" ? words.getInt32(0) : type === "uint32" ? words.getUint32(0) : words.getFloat32(0);
}
