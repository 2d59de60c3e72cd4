// The registers of known Modbus meters. Addresses are those on the wire, from 0.
import type { ModbusMeter, RegisterTable } from "../../../site/load/feed_meter.ts";

/** Tables by model; SunSpec meters say themselves where their values are. */
const TABLES: Record<Exclude<ModbusMeter["model"], "sunspec" | "table">, RegisterTable> = {
  /** Eastron, SDM630 Modbus protocol: input registers, IEEE 754, high word first. */
  eastron_sdm630: {
    function: 4,
    type: "float32",
    current: [0x06, 0x08, 0x0a],
    power: [0x0c, 0x0e, 0x10],
  },
  /** Carlo Gavazzi, EM24 communication protocol: low word first, A × 1000, W × 10, at most 11 registers a read. */
  carlo_gavazzi_em24: {
    function: 4,
    type: "int32",
    low_word_first: true,
    current: [0x0c, 0x0e, 0x10],
    current_scale: 0.001,
    power: [0x12, 0x14, 0x16],
    power_scale: 0.1,
  },
  /** Shelly Pro 3EM, Gen2 API, EM component: 31000 is input register 1000; low word first. */
  shelly_3em: {
    function: 4,
    type: "float32",
    low_word_first: true,
    current: [1022, 1042, 1062],
    power: [1024, 1044, 1064],
  },
};

/** Returns the registers of a meter; undefined: it must be asked (SunSpec). */
export function tableOf({ model, table }: ModbusMeter): RegisterTable | undefined {
  return model === "sunspec" ? undefined : model === "table" ? table : TABLES[model];
}
