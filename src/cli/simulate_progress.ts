// Progress of simulators: one changing line on a terminal, else one line an event.
import process from "node:process";
import { urlOf } from "../simulator/config.ts";
import type { ChargePointSimulator } from "../simulator/charge_point_simulator.ts";
import type { SimulatorEvent } from "../simulator/events.ts";
import type { Output } from "./command.ts";
import type { Fleet } from "../simulator/fleet.ts";

/** The display of a running simulator. */
export interface Progress {
  /** True once a session was completed. */
  readonly charged: boolean;
  end(): void;
}

/** Prints a simulator's events until end(). */
export function progressOf(simulator: ChargePointSimulator, output: Output): Progress {
  const url = urlOf(simulator.settings);
  const line = lineOf(output);
  let charged = false;
  const unsubscribe = simulator.subscribe((event) => {
    if (event.type === "stopped") charged = true;
    const text = textOf(event, url);
    if (text) line.show(`${simulator.identity}: ${text}`, event.type === "metered");
  });
  return {
    get charged() {
      return charged;
    },
    end() {
      unsubscribe();
      line.end();
    },
  };
}

const EVERY = 5_000; // ms

/** Prints the figures of a fleet until the returned function is called. */
export function fleetProgress(fleet: Fleet, output: Output): () => void {
  const line = lineOf(output);
  const show = () => {
    const { connected, charging, power_w } = fleet.figures();
    const kw = (power_w / 1000).toFixed(1);
    line.show(
      `${fleet.simulators.length} simulators: ${connected} connected, ${charging} sessions, ${kw} kW`,
      true,
    );
  };
  const timer = setInterval(show, EVERY);
  return () => {
    clearInterval(timer);
    line.end();
  };
}

function lineOf(output: Output) {
  return output === console && process.stdout.isTTY ? changing() : lasting(output);
}

/** Prints a line that the next one overwrites if it is transient, such as a meter value. */
function changing() {
  let open = false;
  return {
    show(text: string, transient: boolean) {
      process.stdout.write(`\r\x1b[K${text}${transient ? "" : "\n"}`);
      open = transient;
    },
    end() {
      if (open) process.stdout.write("\n");
    },
  };
}

function lasting(output: Output) {
  return { show: (text: string) => output.log(text), end() {} };
}

function textOf(event: SimulatorEvent, url: string): string | null {
  switch (event.type) {
    case "connected":
      return `connected to ${url}`;
    case "disconnected":
      return `disconnected (${event.code}${event.reason ? ` ${event.reason}` : ""})`;
    case "refused":
      return `cannot connect to ${url}: ${event.error.message || event.error}; again in ${
        event.retry_s.toFixed(1)
      } s`;
    case "registered":
      return `registered: ${event.status}`;
    case "authorized":
      return `tag ${event.id_tag}: ${event.status}`;
    case "status":
      return `connector ${event.connector_id}: ${event.status}`;
    case "started":
      return `transaction ${event.transaction_id} started: ${event.status}`;
    case "metered":
      return `connector ${event.connector_id}: ${kwh(event.energy_wh)}, ${
        (event.power_w / 1000).toFixed(1)
      } kW${event.soc === null ? "" : `, ${event.soc.toFixed(0)} %`}`;
    case "stopped":
      return `transaction ${event.transaction_id ?? ""} stopped: ${kwh(event.energy_wh)}, ${event.reason}`;
    case "warning":
      return `${event.message}${event.error instanceof Error ? `: ${event.error.message}` : ""}`;
    default:
      return null;
  }
}

function kwh(wh: number): string {
  return `${(wh / 1000).toFixed(2)} kWh`;
}
