// The context of a step: one charger, its reports as they come, and deadlines.
import type { Text } from "../../i18n/messages.ts";
import { type Frame, isRecord, readFrame } from "../../ocpp/frame.ts";
import type { ReceivedCall } from "../../ocpp/protocol.ts";
import type { ChargerPort, ChargerReport } from "../../site/charger_port.ts";
import { configurationOf } from "../../site/configuration/configuration.ts";
import type {
  Before,
  Charger,
  ConfigurationKey,
  Connector,
  RecordedMessage,
  Transaction,
} from "../../store/store.ts";
import type { LoggedMessage } from "../../central/newest_messages.ts";
import type { CommissioningDeps } from "./deps.ts";
import type { CommissioningOptions } from "./options.ts";
import { type Sample, samplesOf } from "./samples.ts";

/** A report of the charger. `at`: ms since 1970, by our clock. */
export type TimedReport<Kind extends ChargerReport["kind"] = ChargerReport["kind"]> =
  & Extract<ChargerReport, { kind: Kind }>
  & { at: number };

/** The surroundings of a step. */
export interface StepContextDeps extends CommissioningDeps {
  charger_id: string;
  /** 0: the charger itself. */
  connector_id: number;
  options: CommissioningOptions;
  before: Before;
  /** Aborted, with the reason, when the step has to end early. */
  signal: AbortSignal;
  /** Shows the installer a prompt. */
  ask(what: string, prompt: Text, seconds: number): void;
  /** Stores `before` after a change. */
  keep(): Promise<void>;
  /** Returns a figure of an earlier step at the same connector. */
  figure(step: string, name: string): string | number | undefined;
}

const FRAMES = 60;
const FRAME_CHARS = 800;

/** The context of one step; `using` ends it. */
export class StepContext implements Disposable {
  readonly deps: StepContextDeps;
  /** The evidence: the newest frames since the step began. */
  readonly frames: RecordedMessage[] = [];
  /** The charger's reports since the step began, in the order in which they were answered. */
  readonly reports: TimedReport[] = [];
  readonly #open = new Map<unknown, ReceivedCall & { at: number }>();
  readonly #looks = new Set<() => void>();
  readonly #unsubscribe: (() => void)[];

  constructor(deps: StepContextDeps) {
    this.deps = deps;
    const { messages, events, charger_id } = deps;
    this.#unsubscribe = [
      messages.tap(charger_id, (message) => this.#hear(message)),
      events.subscribe((event) => event.charger_id === charger_id && this.#look()),
    ];
  }

  [Symbol.dispose](): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  get options(): CommissioningOptions {
    return this.deps.options;
  }

  get connector_id(): number {
    return this.deps.connector_id;
  }

  get charger_id(): string {
    return this.deps.charger_id;
  }

  get charger(): Charger | undefined {
    return this.deps.store.chargers.get(this.charger_id);
  }

  get connected(): boolean {
    return this.deps.central.isConnected(this.charger_id);
  }

  /** The charger's commands. */
  get port(): ChargerPort {
    return this.deps.central.port(this.charger_id);
  }

  now(): number {
    return this.deps.now();
  }

  /** Returns the connectors that the charger has reported, without connector 0. */
  connectors(): Connector[] {
    return this.charger?.connectors.filter(({ connector_id }) => connector_id > 0) ?? [];
  }

  /** Returns the status of a connector; "" where it is not known. */
  status(connector_id = this.connector_id): string {
    return this.connectors().find((each) => each.connector_id === connector_id)?.status ?? "";
  }

  /** Returns the session that runs at the connector. */
  transaction(): Transaction | undefined {
    return this.deps.store.transactions.activeOn(this.charger_id, this.connector_id);
  }

  /** Returns the configuration keys that are known of the charger. */
  async keys(): Promise<ConfigurationKey[]> {
    return (await configurationOf(this.deps.store, this.charger_id)).keys;
  }

  /** Returns the first report of a kind since the step began. */
  reported<Kind extends ChargerReport["kind"]>(
    kind: Kind,
    matches: (report: TimedReport<Kind>) => boolean = () => true,
  ): TimedReport<Kind> | undefined {
    return this.reports.find((report): report is TimedReport<Kind> =>
      report.kind === kind && matches(report as TimedReport<Kind>)
    );
  }

  /** Returns the connector's samples since the step began, or since a number of reports, in the order they came. */
  samples(from = 0): Sample[] {
    return this.reports.slice(from).flatMap((report) =>
      report.kind === "meter_values" && report.connector_id === this.connector_id
        ? samplesOf(report.values)
        : []
    );
  }

  /** Resolves with the first result of `check`, tried after each message and event; undefined when the time is up. */
  until<T>(check: () => T | undefined | null | false, seconds: number): Promise<T | undefined> {
    const { signal } = this.deps;
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

  /** Resolves after a time, or rejects when the step is aborted. */
  async pause(seconds: number): Promise<void> {
    await this.until(() => false, seconds);
  }

  /** Prompts the installer and waits for the result, as `until` does. */
  async guided<T>(
    what: string,
    prompt: Text,
    check: () => T | undefined | null | false,
  ): Promise<T | undefined> {
    const { guided_s } = this.options;
    this.deps.ask(what, prompt, guided_s);
    return await this.until(check, guided_s);
  }

  #hear({ at, direction, text }: LoggedMessage): void {
    this.frames.push({ at: new Date(at).toISOString(), direction, text: text.slice(0, FRAME_CHARS) });
    if (this.frames.length > FRAMES) this.frames.shift();
    const frame = readFrame(text);
    if (direction === "in" && frame?.type === "call") {
      this.#open.set(frame.id, { action: frame.action, payload: frame.payload, at });
    }
    if (direction === "out" && frame?.type === "result") this.#answered(frame);
    queueMicrotask(() => this.#look());
  }

  #answered({ id, payload }: Frame & { type: "result" }): void {
    const call = this.#open.get(id);
    this.#open.delete(id);
    if (!call) return;
    const { protocol } = this.deps.central.protocolOf(this.charger_id);
    const report = protocol.report({
      action: call.action,
      payload: isRecord(call.payload) ? call.payload : {},
      answer: isRecord(payload) ? payload : {},
    });
    if (report) this.reports.push({ ...report, at: call.at });
  }

  #look(): void {
    for (const look of [...this.#looks]) look();
  }
}
