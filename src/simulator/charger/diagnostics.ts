// Uploads of diagnostics and logs (OCPP 1.6 §5.9; security white paper §4.5).
import type { CallOf, CommandOf, ReplyTo } from "../messages.ts";
import type { HasClock, HasConfiguration, HasConnectors, HasMessenger } from "./base.ts";
import type { Meters } from "./meters.ts";
import type { SecurityEvents } from "./security_events.ts";
import { BadLocation, upload } from "./transfers.ts";

/** The parts of a charger that diagnostics use. */
export interface DiagnosticsCharger extends HasClock, HasConfiguration, HasConnectors, HasMessenger {
  readonly identity: string;
  readonly firmware_version: string;
  readonly meters: Pick<Meters, "of">;
  readonly security: Pick<SecurityEvents, "log">;
}

type Status = CallOf<"DiagnosticsStatusNotification">["status"];
type LogStatus = CallOf<"LogStatusNotification">["status"];

interface Upload {
  location: string;
  name: string;
  text: string;
  retries?: number | undefined;
  retryInterval?: number | undefined;
}

/** Uploads of a charger, one of each kind at a time. */
export class Diagnostics {
  readonly #charger: DiagnosticsCharger;
  #diagnostics: AbortController | null = null;
  #log: AbortController | null = null;
  #log_request: number | null = null;

  constructor(charger: DiagnosticsCharger) {
    this.#charger = charger;
  }

  /** Handles GetDiagnostics: returns the name of the file and uploads it `afterwards`. */
  send(request: CommandOf<"GetDiagnostics">, afterwards: (run: () => unknown) => void): string {
    const name = this.#nameOf("diagnostics");
    afterwards(() => this.#sendDiagnostics(request, name));
    return name;
  }

  /** Handles GetLog: aborts an upload that is under way, and uploads the log `afterwards`. */
  sendLog(request: CommandOf<"GetLog">, afterwards: (run: () => unknown) => void): ReplyTo<"GetLog"> {
    const status = this.#log ? "AcceptedCanceled" : "Accepted";
    this.#log?.abort();
    const filename = this.#nameOf(request.logType === "SecurityLog" ? "security" : "diagnostics");
    afterwards(() => this.#sendLog(request, filename));
    return { status, filename };
  }

  /** Reports the state of the upload of diagnostics. */
  report(): Promise<unknown> {
    return this.#notify(this.#diagnostics ? "Uploading" : "Idle");
  }

  /** Reports the state of the upload of a log. */
  reportLog(): Promise<unknown> {
    return this.#notifyLog(this.#log ? "Uploading" : "Idle", this.#log ? this.#log_request : null);
  }

  /** Aborts all uploads. */
  stop(): void {
    this.#diagnostics?.abort();
    this.#log?.abort();
  }

  async #sendDiagnostics(request: CommandOf<"GetDiagnostics">, name: string): Promise<void> {
    this.#diagnostics?.abort();
    const { signal } = this.#diagnostics = new AbortController();
    await this.#notify("Uploading");
    const status = await this.#upload({ ...request, name, text: this.#describe() }, signal);
    if (signal.aborted) return;
    this.#diagnostics = null;
    await this.#notify(status === "Uploaded" ? "Uploaded" : "UploadFailed");
  }

  async #sendLog({ requestId, logType, log, ...retries }: CommandOf<"GetLog">, name: string): Promise<void> {
    const { signal } = this.#log = new AbortController();
    this.#log_request = requestId;
    await this.#notifyLog("Uploading", requestId);
    const text = logType === "SecurityLog" ? this.#charger.security.log() : this.#describe();
    const status = await this.#upload({ ...retries, location: log.remoteLocation, name, text }, signal);
    if (signal.aborted) return;
    this.#log = null;
    await this.#notifyLog(status, requestId);
  }

  async #upload(
    { location, name, text, retries, retryInterval }: Upload,
    signal: AbortSignal,
  ): Promise<"Uploaded" | "UploadFailure" | "BadMessage" | "NotSupportedOperation"> {
    const { clock } = this.#charger;
    try {
      await upload({ location, name, text }, { clock, retries, retryInterval, signal });
      return "Uploaded";
    } catch (error) {
      if (!(error instanceof BadLocation)) return "UploadFailure";
      return error.reason === "malformed" ? "BadMessage" : "NotSupportedOperation";
    }
  }

  #notify(status: Status): Promise<unknown> {
    return this.#charger.messenger.trySend("DiagnosticsStatusNotification", { status });
  }

  #notifyLog(status: LogStatus, request_id: number | null): Promise<unknown> {
    return this.#charger.messenger.trySend("LogStatusNotification", {
      status,
      ...(request_id === null ? {} : { requestId: request_id }),
    });
  }

  #nameOf(kind: string): string {
    const time = new Date(this.#charger.now()).toISOString().replaceAll(/[-:]|\.\d+/g, "");
    return `${kind}_${this.#charger.identity.replaceAll(/[^\w.-]/g, "_").slice(0, 50)}_${time}.log`;
  }

  /** Describes the charger's state as text: time, firmware, connectors, configuration. */
  #describe(): string {
    const { connectors, configuration, firmware_version, meters } = this.#charger;
    return [
      `time ${new Date(this.#charger.now()).toISOString()}`,
      `firmware ${firmware_version}`,
      ...connectors.map((connector) => {
        const register = Math.round(meters.of(connector).register_wh);
        const { id, status, session } = connector;
        return `connector ${id} ${status} ${register} Wh transaction ${session?.transaction_id ?? "none"}`;
      }),
      ...configuration.show().configurationKey.map(({ key, value }) => `${key}=${value ?? "***"}`),
      "",
    ].join("\n");
  }
}
