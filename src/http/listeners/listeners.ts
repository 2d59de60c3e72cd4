// The listeners of the gateway as one part: plain, and TLS where a certificate is given.
import type { Events } from "../../site/events.ts";
import type { Addresses } from "../../machine/addresses.ts";
import { type AppDeps, createApp } from "../app.ts";
import { serveDeno } from "./deno_listener.ts";
import type { App, Listener, ListenerDeps } from "./listener.ts";

/** The parts that the listeners work with. */
export type ListenersDeps = AppDeps & ListenerDeps & { events: Events; addresses: Addresses };

const CLOSE_WITHIN_MS = 2_000;

/** Opens and closes the listeners. */
export class Listeners {
  readonly #deps: ListenersDeps;
  #app!: App;
  #plain!: Listener;
  #tls: Listener | null = null;

  constructor(deps: ListenersDeps) {
    this.#deps = deps;
  }

  /** The port of the plain listener. */
  get port(): number {
    return this.#plain.port;
  }

  /** The port of the TLS listener; null: there is none. */
  get tls_port(): number | null {
    return this.#tls?.port ?? null;
  }

  /** Opens the listeners. Throws Deno.errors.AddrInUse, or an Error with the reason; none is open then. */
  async start(): Promise<void> {
    const { config, addresses } = this.#deps;
    const app = createApp(this.#deps);
    const serve: App = this.#app = (request, peer) => app.fetch(request, peer);
    this.#plain = await this.#servePlain(serve);
    if (config.tls_cert !== null) this.#tls = await this.#serveTls(serve);
    addresses.ports.ws = config.chargers === "tls" ? null : this.port;
    addresses.ports.wss = this.tls_port;
  }

  /** Answers a request of a part of the gateway itself; it proves who it asks for like any other. */
  async answer(request: Request): Promise<Response> {
    return await this.#app(request, { address: "127.0.0.1", secure: true });
  }

  /** Closes the chargers' sockets and the open streams, then the listeners, within 2 s. */
  async stop(): Promise<void> {
    const { central, events } = this.#deps;
    central.stop();
    events.emit("stopping", undefined, () => ({}));
    await Promise.race([
      Promise.all([this.#plain.stop(), this.#tls?.stop()]),
      new Promise((resolve) => Deno.unrefTimer(setTimeout(resolve, CLOSE_WITHIN_MS))),
    ]);
  }

  /** Opens the plain port. The bounded listener is loaded only where it is used, since it costs memory. */
  async #servePlain(serve: App): Promise<Listener> {
    if (this.#deps.config.listener === "deno") return serveDeno(this.#deps, serve);
    const { serveBounded } = await import("./bounded_listener.ts");
    return await serveBounded(this.#deps, serve);
  }

  /** Opens the TLS listener. Where it cannot open, the plain one is closed too. */
  async #serveTls(serve: App): Promise<Listener> {
    try {
      const { serveTls } = await import("./bounded_listener.ts");
      return await serveTls(this.#deps, serve);
    } catch (error) {
      await this.#plain.stop();
      throw error;
    }
  }
}
