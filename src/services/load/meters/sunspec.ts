// SunSpec meters: a chain of models in the holding registers, one of which has the currents.
import type { PhaseValues } from "./phase_values.ts";
import type { ReadRegisters } from "./registers.ts";

/** The model of a meter: 201 to 204 with integers and scale factors, 211 to 214 with floats. */
export interface SunSpecModel {
  id: number;
  /** Address of its first value, behind its id and length. */
  at: number;
}

const BASES = [40_000, 50_000, 0];
const SUNS = 0x53756e53;
const END = 0xffff;
const MAX_MODELS = 40;
const NOT_THERE = -0x8000;
/** Registers of a model with integers that are read: up to the scale factor of the powers. */
const INTEGERS = 21;
const FLOATS = 34;

/** Finds the model of a meter. Throws Error if there is none. */
export async function findModel(read: ReadRegisters): Promise<SunSpecModel> {
  let failure: unknown;
  for (const base of BASES) {
    try {
      if ((await read(base, 2)).getUint32(0) === SUNS) return await walk(base + 2, read);
    } catch (error) {
      failure = error;
    }
  }
  throw failure ?? new Error("It is no SunSpec device: there is no SunS at 40000, 50000 or 0");
}

async function walk(from: number, read: ReadRegisters): Promise<SunSpecModel> {
  let at = from;
  for (let count = 0; count < MAX_MODELS && at < END; count++) {
    const head = await read(at, 2);
    const id = head.getUint16(0);
    if ((id >= 201 && id <= 204) || (id >= 211 && id <= 214)) return { id, at: at + 2 };
    if (id === END) break;
    at += 2 + head.getUint16(2);
  }
  throw new Error("The SunSpec device is no meter: it has none of the models 201 to 204 and 211 to 214");
}

/** Reads the currents and powers of a model. A phase that a meter does not have is 0. */
export async function readModel({ id, at }: SunSpecModel, read: ReadRegisters): Promise<PhaseValues> {
  if (id > 210) {
    const view = await read(at, FLOATS);
    const floats = (register: number) => [0, 2, 4].map((next) => view.getFloat32((register + next) * 2));
    return checked(floats(2), floats(28));
  }
  const view = await read(at, INTEGERS);
  const scaled = (register: number, factor: number) => {
    const scale = 10 ** view.getInt16(factor * 2);
    return [0, 1, 2].map((next) => {
      const value = view.getInt16((register + next) * 2);
      return value === NOT_THERE ? NaN : value * scale;
    });
  };
  return checked(scaled(1, 4), scaled(17, 20));
}

function checked(currents: number[], powers: number[]): PhaseValues {
  if (currents.every(Number.isNaN)) throw new Error("The SunSpec meter shows no current of any phase");
  const present = currents.map((current) => Number.isNaN(current) ? 0 : current);
  return powers.some(Number.isNaN) ? { current_a: present } : { current_a: present, power_w: powers };
}
