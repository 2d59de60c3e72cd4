// A meter that is read by Modbus TCP, over a connection that is kept.
import type { Socket } from "node:net";
import { node } from "../../../node.ts";
import type { ModbusTCPClient } from "jsmodbus";
import type { ModbusMeter } from "../../../site/load/feed_meter.ts";
import { loadDebug } from "../../load_debug.ts";
import { type FeedValues, feedValues, type PhaseValues } from "./phase_values.ts";
import { tableOf } from "./register_tables.ts";
import { readTable } from "./registers.ts";
import { findModel, readModel, type SunSpecModel } from "./sunspec.ts";

const CONNECT_MS = 3_000;
const ANSWER_MS = 2_000;

/** One meter. After any failure the connection is made anew, so that no late answer is taken for another. */
export class ModbusSource {
  readonly #meter: ModbusMeter;
  #socket: Socket | null = null;
  #client: ModbusTCPClient | null = null;
  #model: SunSpecModel | null = null;

  constructor(meter: ModbusMeter) {
    this.#meter = meter;
  }

  /** Reads the currents. Throws Error with a sentence. */
  async read(): Promise<FeedValues> {
    try {
      if (!this.#socket || this.#socket.destroyed) await this.#connect();
      const { inverted = false } = this.#meter;
      return feedValues({ ...await this.#values(), inverted });
    } catch (error) {
      this.close();
      throw new Error(sentenceOf(error));
    }
  }

  /** Ends the connection. */
  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
    this.#client = null;
    this.#model = null;
  }

  async #values(): Promise<PhaseValues> {
    const table = tableOf(this.#meter);
    if (table) return await readTable(table, (from, count) => this.#registers(table.function, from, count));
    const read = (from: number, count: number) => this.#registers(3, from, count);
    this.#model ??= await findModel(read);
    return await readModel(this.#model, read);
  }

  async #registers(fc: 3 | 4, from: number, count: number): Promise<DataView> {
    const client = this.#client!;
    const { response } = fc === 3
      ? await client.readHoldingRegisters(from, count)
      : await client.readInputRegisters(from, count);
    const { buffer, byteOffset, byteLength } = response.body.valuesAsBuffer;
    if (byteLength < count * 2) throw new Error("The meter's answer is too short");
    return new DataView(buffer, byteOffset, byteLength);
  }

  async #connect(): Promise<void> {
    const { host, port = 502, unit_id = 1 } = this.#meter;
    await loadDebug();
    const { ModbusTCPClient } = await import("jsmodbus");
    const socket = new (node("net").Socket)();
    this.#socket = socket;
    this.#client = new ModbusTCPClient(socket, unit_id, ANSWER_MS);
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("No connection within 3 s")), CONNECT_MS);
      socket.on("error", reject);
      socket.on("close", () => reject(new Error("The connection was closed")));
      socket.once("connect", resolve);
      socket.once("connect", () => clearTimeout(timer));
      socket.once("close", () => clearTimeout(timer));
      socket.connect({ host, port });
    });
    socket.setNoDelay(true);
  }
}

/** The library rejects with objects that are no errors. */
function sentenceOf(error: unknown): string {
  const { err, message } = error as { err?: string; message?: string };
  if (err === "Timeout") return `No answer within ${ANSWER_MS / 1000} s`;
  if (err === "Offline" || err === "ManuallyCleared") return "The connection was closed";
  return (message ?? String(error)).split("\n")[0]!.slice(0, 200);
}
