// The interface of a listener, the same for `deno`, `bounded` and TLS.
import type { Config } from "../../config.ts";
import type { AdmissionDeps } from "../admission/admission.ts";
import type { Peer } from "../auth/identity.ts";

/** The parts that a listener serves chargers with. */
export interface ListenerDeps extends AdmissionDeps {
  config: Config;
}

/** An open listener. */
export interface Listener {
  port: number;
  stop(): Promise<void>;
}

/** The web side: answers a request of a peer. */
export type App = (request: Request, peer: Peer) => Response | Promise<Response>;
