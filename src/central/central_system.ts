// The central system: connected chargers and the commands to them.
import { type ChargerPort, type SiteProtocol } from "../site/charger_port.ts";
import { type Context, Refusal } from "../site/context.ts";
import { chargerView } from "../site/charger_view.ts";
import { ChargerState } from "../site/charger_state.ts";
import type { Events } from "../site/events.ts";
import { Newcomers } from "../site/newcomers.ts";
import { ChargerKeys } from "../site/security/charger_keys.ts";
import type { Log } from "../log.ts";
import type { LastSeen } from "../store/last_seen.ts";
import type { Store } from "../store/store.ts";
import type { Clock } from "../machine/clock.ts";
import { hasLasted, keepAddress, keepUsualAddress } from "./charger_address.ts";
import { type CommandResult, sendCommand } from "./command.ts";
import { Connection } from "./connection.ts";
import { Incidents } from "./incidents.ts";
import { followReadings, recoverStates } from "./live_state.ts";
import type { MessageLog } from "./message_log.ts";
import { noteSimulator } from "./simulator_claim.ts";
import { Traffic } from "./traffic.ts";
import { CheckedProtocol } from "./protocols.ts";
import { baseUrlOf, type ChargerSocket, type Handshake } from "./socket.ts";

/** Dependencies of the central system. */
export interface CentralDeps {
  /** The supported versions; the first is used for a charger that names none. */
  protocols: readonly SiteProtocol[];
  store: Store;
  events: Events;
  messages: MessageLog;
  log: Log;
  now: () => number;
  /** The clock; without it the time is trusted. */
  clock?: Pick<Clock, "trusted" | "settled">;
}

/** All chargers of the site, connected or not. */
export class CentralSystem {
  /** Security incidents. */
  readonly incidents: Incidents;
  /** The keys of chargers. */
  readonly keys = new ChargerKeys();
  /** Limits of automatic registration. */
  readonly newcomers: Newcomers;
  /** Counts of messages. */
  readonly traffic = new Traffic();
  readonly #deps: CentralDeps;
  readonly #protocols: readonly CheckedProtocol[];
  readonly #states = new Map<string, ChargerState>();
  readonly #connections = new Map<string, Connection>();
  readonly #cut = new Set<string>();

  constructor(deps: CentralDeps) {
    this.#deps = deps;
    this.#protocols = deps.protocols.map((protocol) => new CheckedProtocol(protocol));
    this.incidents = new Incidents(deps);
    this.newcomers = new Newcomers({
      store: deps.store,
      forget: (charger_id) => this.forget(charger_id),
      isConnected: (charger_id) => this.isConnected(charger_id),
    });
  }

  /** The supported versions. */
  get protocols(): readonly SiteProtocol[] {
    return this.#deps.protocols;
  }

  /** Recovers the live state of the chargers from what is stored, and stores running sessions at each compaction. */
  start(): void {
    const { store, log } = this.#deps;
    followReadings(store, log);
    recoverStates(store, (charger_id) => this.state(charger_id));
  }

  /** Returns the id of the registered charger that has this id or connects under it; ids are compared without regard to case, as steve does (OCPP-J 1.6 §3.1). */
  registeredId(charger_id: string): string {
    return this.#deps.store.chargers.spelling(charger_id) ?? charger_id;
  }

  /** Returns a charger's live state. */
  state(charger_id: string): ChargerState {
    let state = this.#states.get(charger_id);
    if (!state) this.#states.set(charger_id, state = new ChargerState(charger_id, this.#deps.now));
    return state;
  }

  /** Returns the context of a charger. */
  context(charger_id: string): Context {
    const { store, events, now, clock } = this.#deps;
    const trusted = () => clock?.trusted ?? true;
    const { newcomers, keys } = this;
    return { charger_id, store, events, keys, now, trusted, newcomers, state: this.state(charger_id) };
  }

  /** True while a charger is connected. */
  isConnected(charger_id: string): boolean {
    return this.#connections.has(charger_id);
  }

  /** The number of connected chargers. */
  get connected(): number {
    return this.#connections.size;
  }

  /** Returns the version that a charger speaks; the first listed one while it is not connected. */
  protocolOf(charger_id: string): CheckedProtocol {
    return this.#connections.get(charger_id)?.protocol ?? this.#protocols[0]!;
  }

  /** Returns the commands of a charger in the domain's words. */
  port(charger_id: string): ChargerPort {
    const send = async (name: string, payload: Record<string, unknown>) =>
      (await this.send(charger_id, name, payload)).response;
    return this.protocolOf(charger_id).protocol.port(send, this.context(charger_id));
  }

  /**
   * Registers a charger's new socket, which replaces an older one of the same id. The caller passes frames to the returned
   * connection, and calls `disconnect` after the socket has closed.
   */
  connect(charger_id: string, socket: ChargerSocket, handshake: Handshake): Connection {
    const { store, events, messages, log, now } = this.#deps;
    const older = this.#connections.get(charger_id);
    const context = this.context(charger_id);
    const call_timeout_ms = () => store.settings.call_timeout * 1000;
    const connection = new Connection({
      context,
      protocol: this.#named(handshake.subprotocol),
      socket,
      handshake,
      messages,
      log,
      call_timeout_ms,
      traffic: this.traffic,
    });
    this.#connections.set(charger_id, connection);
    if (older) {
      this.#keepUsual(charger_id, older);
      older.close(1012, "Replaced by a newer connection");
      this.incidents.note(
        "DuplicateConnection",
        charger_id,
        `A connection from ${handshake.remote_address} took over`,
      );
    }
    context.state.connected_since = new Date(now()).toISOString();
    context.state.last_seen = now();
    context.state.proved = handshake.proved;
    context.state.base_url = baseUrlOf(handshake);
    noteSimulator(handshake, context, this.incidents);
    keepAddress(charger_id, handshake, this.#deps);
    log.info("Charger connected", { charger_id, address: handshake.remote_address, path: handshake.path });
    this.#tell(charger_id);
    events.emit("connected", charger_id, () => ({ charger_id }));
    return connection;
  }

  /** Handles the end of a connection; if it was replaced, its successor is not affected. */
  disconnect(charger_id: string, connection: Connection, code: number): void {
    connection.closed();
    if (this.#connections.get(charger_id) !== connection) return;
    this.#connections.delete(charger_id);
    this.#keepUsual(charger_id, connection);
    const state = this.state(charger_id);
    state.connected_since = null;
    state.meters.clear();
    this.#deps.log.info("Charger disconnected", { charger_id, code });
    if (this.#deps.store.chargers.dropUnstored(charger_id)) return this.#forgetState(charger_id);
    this.#tell(charger_id);
    this.#deps.events.emit("disconnected", charger_id, () => ({ charger_id, code }));
  }

  /** Returns the address from which a charger has been connected for ten minutes, now or the last time; null: none yet. */
  usualAddress(charger_id: string): string | null {
    const connection = this.#connections.get(charger_id);
    if (connection && this.#hasLasted(charger_id)) return connection.handshake.remote_address;
    return this.#deps.store.chargers.get(charger_id)?.usual_address ?? null;
  }

  /** Closes a charger's socket. */
  close(charger_id: string, code: number, reason: string): void {
    this.#connections.get(charger_id)?.close(code, reason);
  }

  /** Closes the sockets whose handshake `matches`. */
  closeWhere(matches: (handshake: Handshake) => boolean, code: number, reason: string): void {
    for (const connection of [...this.#connections.values()]) {
      if (matches(connection.handshake)) connection.close(code, reason);
    }
  }

  /** Drops a charger's connection and refuses new ones until the returned function is called, as an outage would. */
  block(charger_id: string): () => void {
    this.#cut.add(charger_id);
    this.#connections.get(charger_id)?.drop();
    return () => void this.#cut.delete(charger_id);
  }

  /** True while a charger is blocked. */
  isBlocked(charger_id: string): boolean {
    return this.#cut.has(charger_id);
  }

  /** Forgets a charger; its transactions and readings stay. */
  async forget(charger_id: string): Promise<void> {
    await this.#deps.store.chargers.delete(charger_id);
    this.close(charger_id, 1001, "Forgotten");
    this.#forgetState(charger_id);
  }

  /** Ends the connection of a charger's device and its live state: another device takes its place. */
  renew(charger_id: string): void {
    this.close(charger_id, 1001, "Replaced");
    this.#states.delete(charger_id);
  }

  #forgetState(charger_id: string): void {
    this.#states.delete(charger_id);
    this.#deps.messages.forget(charger_id);
    this.#deps.events.emit("charger_deleted", charger_id, () => ({ charger_id }));
  }

  /**
   * Sends a command and waits for the answer. Throws Refusal (nothing was sent), OcppError (the charger answered
   * CALLERROR) or CallFailed (no answer, no connection, or an invalid answer).
   */
  async send(charger_id: string, name: string, payload: Record<string, unknown>): Promise<CommandResult> {
    const sent = this.protocolOf(charger_id).commands.get(name);
    if (!sent) throw new Refusal("input", `action ${name} is unknown`);
    const connection = () => this.#connections.get(charger_id);
    return await sendCommand(sent, payload, { name, context: this.context(charger_id), connection });
  }

  /** Stores when chargers were last seen. */
  async storeSeen(): Promise<void> {
    const seen = [...this.#states.values()].flatMap(({ charger_id, last_seen, last_heartbeat }) =>
      last_seen === null || this.#deps.store.chargers.isUnstored(charger_id)
        ? []
        : [[charger_id, [last_seen, last_heartbeat]] as [string, LastSeen]]
    );
    await this.#deps.store.seen.put(seen);
  }

  /** Returns the version of a subprotocol; the first listed one if a charger named none. */
  #named(subprotocol: string | null): CheckedProtocol {
    return this.#protocols.find(({ protocol }) => protocol.subprotocol === subprotocol) ??
      this.#protocols[0]!;
  }

  /** Closes all sockets. */
  stop(): void {
    for (const connection of [...this.#connections.values()]) connection.close(1001, "The gateway stops");
  }

  /** Emits `charger`, unless the charger was forgotten, which has emitted its own event. */
  #tell(charger_id: string): void {
    const { store, events } = this.#deps;
    const charger = store.chargers.get(charger_id);
    if (charger) {
      events.emit("charger", charger_id, () => chargerView(charger, this.state(charger_id), store));
    }
  }

  #hasLasted(charger_id: string): boolean {
    return hasLasted(this.state(charger_id).connectedAt(), this.#deps.now());
  }

  /** Stores the address of a connection that ends, if it has lasted. */
  #keepUsual(charger_id: string, { handshake }: Connection): void {
    if (this.#hasLasted(charger_id)) keepUsualAddress(charger_id, handshake.remote_address, this.#deps);
  }
}
