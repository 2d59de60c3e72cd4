// A Modbus TCP server with the registers of a meter, by a library that the gateway does not use.
import modbus from "modbus-serial";

/** A server that answers with registers; one that it does not have is an ILLEGAL DATA ADDRESS. */
export interface ModbusMeterServer extends AsyncDisposable {
  port: number;
  /** Reads as `[function, address, count of registers]`. */
  registers: Map<number, number>;
  /** True: it takes requests and does not answer. */
  silent: boolean;
}

/** Serves registers by address, of function 3 or 4. */
export async function serveRegisters(fc: 3 | 4, registers: Map<number, number>): Promise<ModbusMeterServer> {
  const get = (address: number): Promise<number> => {
    if (served.silent) return new Promise(() => {});
    const value = registers.get(address);
    return value === undefined ? Promise.reject({ modbusErrorCode: 2 }) : Promise.resolve(value);
  };
  const none = () => Promise.reject({ modbusErrorCode: 1 });
  const probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = probe.addr;
  probe.close();
  const server = new modbus.ServerTCP({
    getHoldingRegister: fc === 3 ? get : none,
    getInputRegister: fc === 4 ? get : none,
  } as never, { host: "127.0.0.1", port, unitID: 1 });
  server.on("socketError", () => {});
  await new Promise<void>((resolve) => server.once("initialized" as never, () => resolve()));
  const served: ModbusMeterServer = {
    port,
    registers,
    silent: false,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return served;
}

/** Returns registers with values written at their addresses. */
export function registersOf(
  values: [address: number, type: "float32" | "int32" | "int16" | "uint16", value: number][],
  { low_word_first = false } = {},
): Map<number, number> {
  const registers = new Map<number, number>();
  const words = new DataView(new ArrayBuffer(4));
  for (const [address, type, value] of values) {
    if (type === "int16" || type === "uint16") {
      registers.set(address, value & 0xffff);
      continue;
    }
    if (type === "float32") words.setFloat32(0, value);
    else words.setInt32(0, value);
    registers.set(address, words.getUint16(low_word_first ? 2 : 0));
    registers.set(address + 1, words.getUint16(low_word_first ? 0 : 2));
  }
  return registers;
}
