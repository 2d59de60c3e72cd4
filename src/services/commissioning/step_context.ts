// What a step works with: a charger, its messages as they come, and deadlines.
import type { Text } from "../../i18n/messages.ts";
import type { ConfigurationKey } from "../../store/store.ts";
import { configurationOf, valueOf } from "../../site/configuration/configuration.ts";
import type { Before, Connector, RecordedMessage, Transaction } from "../../store/store.ts";
import type { CentralSystem } from "../../central/central_system.ts";
import type { LoggedMessage } from "../../central/newest_messages.ts";
import type { CommissioningOptions } from "./options.ts";
import { type Sample, samplesOf } from "./samples.ts";

/** A message of the charger's and what it was answered. */
export interface Message {
  action: string;
  payload: Record<string, unknown>;
  /** ms since 1970, by our clock. */
  at: number;
  answer: Record<string, unknown>;
}

/** What a bench is made of. */
export interface StepContextDeps {
  central: CentralSystem;
  charger_id: string;
  /** 0: the charger itself. */
  connector_id: number;
  options: CommissioningOptions;
  before: Before;
  /** Aborted with the reason when the step is to end early. */
  signal: AbortSignal;
  /** Tells the installer what to do. */
  ask(what: string, prompt: Text, seconds: number): void;
  /** Keeps `before`, which has changed. */
  keep(): Promise<void>;
  /** A figure of a step that was done before, at the same connector. */
  figure(step: string, name: string): string | number | undefined;
}

const FRAMES = 60;
const FRAME_CHARS = 800;

/** One step's place of work; `using` ends it. */
export class StepContext implements Disposable {
  readonly parts: StepContextDeps;
  /** The evidence: what went by, the newest. */
  readonly frames: RecordedMessage[] = [];
  /** What the charger has sent and was answered since the step began. */
  readonly messages: Message[] = [];
  readonly #open = new Map<string, Omit<Message, "answer">>();
  readonly #looks = new Set<() => void>();
  readonly #leave: (() => void)[];

  constructor(parts: StepContextDeps) {
    this.parts = parts;
    const { central, charger_id } = parts;
    this.#leave = [
      central.parts.messages.tap(charger_id, (message) => this.#hear(message)),
      central.parts.events.subscribe((event) => event.charger_id === charger_id && this.#look()),
    ];
  }

  [Symbol.dispose](): void {
    for (const leave of this.#leave) leave();
  }

  get options(): CommissioningOptions {
    return this.parts.options;
  }

  get connector_id(): number {
    return this.parts.connector_id;
  }

  get charger_id(): string {
    return this.parts.charger_id;
  }

  get charger() {
    return this.parts.central.parts.store.chargers.get(this.parts.charger_id);
  }

  get connected(): boolean {
    return this.parts.central.isConnected(this.parts.charger_id);
  }

  now(): number {
    return this.parts.central.parts.now();
  }

  /** The connectors that the charger has told of, without connector 0. */
  connectors(): Connector[] {
    return this.charger?.connectors.filter(({ connector_id }) => connector_id > 0) ?? [];
  }

  status(connector_id = this.connector_id): string {
    return this.connectors().find((each) => each.connector_id === connector_id)?.status ?? "";
  }

  /** The session that runs at the connector. */
  transaction(): Transaction | undefined {
    return this.parts.central.parts.store.transactions.activeOn(this.charger_id, this.connector_id);
  }

  /** Sends a command; throws as CentralSystem.send does. */
  async send(action: string, payload: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    return (await this.parts.central.send(this.charger_id, action, payload)).response;
  }

  /** The value of a configuration key; the charger is asked for one that is not known. Null: it has none. */
  async key(name: string): Promise<string | null> {
    const known = async () => {
      const configuration = await configurationOf(this.parts.central.parts.store, this.charger_id);
      const missing = configuration.unknown.some((key) => key.toLowerCase() === name.toLowerCase());
      return valueOf(configuration, name) ??
        (missing || configuration.complete_at !== null ? null : undefined);
    };
    const value = await known();
    if (value !== undefined) return value;
    await this.send("GetConfiguration", { key: [name] });
    return await known() ?? null;
  }

  async keys(): Promise<ConfigurationKey[]> {
    return (await configurationOf(this.parts.central.parts.store, this.charger_id)).keys;
  }

  /** The first message of an action that was answered since the step began. */
  heard(action: string, matches: (message: Message) => boolean = () => true): Message | undefined {
    return this.messages.find((message) => message.action === action && matches(message));
  }

  /** The connector's samples since the step began, in the order they came. */
  samples(from = 0): Sample[] {
    return this.messages.slice(from)
      .filter(({ action, payload }) => action === "MeterValues" && payload.connectorId === this.connector_id)
      .flatMap(({ payload }) => samplesOf(payload));
  }

  /** Resolves with what `check` finds; looked at after each message and event. Undefined when the time is over. */
  until<T>(check: () => T | undefined | null | false, seconds: number): Promise<T | undefined> {
    const { signal } = this.parts;
    if (signal.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
    const look = () => {
      const found = check();
      if (found) resolve(found);
    };
    const abort = () => reject(signal.reason);
    const timer = setTimeout(() => resolve(undefined), seconds * 1000);
    this.#looks.add(look);
    signal.addEventListener("abort", abort);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      this.#looks.delete(look);
      signal.removeEventListener("abort", abort);
    });
  }

  /** Lets time pass. */
  async pause(seconds: number): Promise<void> {
    await this.until(() => false, seconds);
  }

  /** Tells the installer what to do and waits until it is done. */
  async guided<T>(
    what: string,
    prompt: Text,
    check: () => T | undefined | null | false,
  ): Promise<T | undefined> {
    const { guided_s } = this.options;
    this.parts.ask(what, prompt, guided_s);
    return await this.until(check, guided_s);
  }

  #hear({ at, direction, text }: LoggedMessage): void {
    this.frames.push({ at: new Date(at).toISOString(), direction, text: text.slice(0, FRAME_CHARS) });
    if (this.frames.length > FRAMES) this.frames.shift();
    const frame = parse(text);
    if (direction === "in" && frame?.[0] === 2) {
      const [, id, action, payload] = frame;
      this.#open.set(String(id), {
        action: String(action),
        payload: (payload ?? {}) as Message["payload"],
        at,
      });
    }
    if (direction === "out" && frame?.[0] === 3) this.#answered(String(frame[1]), frame[2]);
    queueMicrotask(() => this.#look());
  }

  #answered(id: string, answer: unknown): void {
    const message = this.#open.get(id);
    this.#open.delete(id);
    if (message) this.messages.push({ ...message, answer: (answer ?? {}) as Message["answer"] });
  }

  #look(): void {
    for (const look of [...this.#looks]) look();
  }
}

function parse(text: string): unknown[] | null {
  try {
    const frame = JSON.parse(text);
    return Array.isArray(frame) ? frame : null;
  } catch {
    return null;
  }
}
