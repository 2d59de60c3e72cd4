// Diagnostics and logs that a charger delivers (OCPP 1.6 §5.9; security white paper §4.5).
import type { Charger } from "./charger.ts";
import type { CallOf, CommandOf, ReplyTo } from "./messages.ts";
import { BadLocation, upload } from "./transfers.ts";

type Status = CallOf<"DiagnosticsStatusNotification">["status"];
type LogStatus = CallOf<"LogStatusNotification">["status"];

/** Uploads of a charger, one of each kind at a time. */
export class Diagnostics {
  readonly #charger: Charger;
  #diagnostics: AbortController | null = null;
  #log: AbortController | null = null;
  #log_request: number | null = null;

  constructor(charger: Charger) {
    this.#charger = charger;
  }

  /** GetDiagnostics: begins `afterwards`; the name of the file to come. */
  send(request: CommandOf<"GetDiagnostics">, afterwards: (run: () => unknown) => void): string {
    const name = this.#nameOf("diagnostics");
    afterwards(() => this.#sendDiagnostics(request, name));
    return name;
  }

  /** GetLog: begins `afterwards`; one that is under way is given up. */
  sendLog(request: CommandOf<"GetLog">, afterwards: (run: () => unknown) => void): ReplyTo<"GetLog"> {
    const status = this.#log ? "AcceptedCanceled" : "Accepted";
    this.#log?.abort();
    const filename = this.#nameOf(request.logType === "SecurityLog" ? "security" : "diagnostics");
    afterwards(() => this.#sendLog(request, filename));
    return { status, filename };
  }

  /** Tells the state of the upload of diagnostics. */
  report(): Promise<unknown> {
    return this.#tell(this.#diagnostics ? "Uploading" : "Idle");
  }

  /** Tells the state of the upload of a log. */
  reportLog(): Promise<unknown> {
    return this.#tellLog(this.#log ? "Uploading" : "Idle", this.#log ? this.#log_request : null);
  }

  /** Gives up what is under way. */
  stop(): void {
    this.#diagnostics?.abort();
    this.#log?.abort();
  }

  async #sendDiagnostics(request: CommandOf<"GetDiagnostics">, name: string): Promise<void> {
    this.#diagnostics?.abort();
    const { signal } = this.#diagnostics = new AbortController();
    await this.#tell("Uploading");
    const status = await this.#upload(
      { location: request.location, name, text: this.#state() },
      request,
      signal,
    );
    if (signal.aborted) return;
    this.#diagnostics = null;
    await this.#tell(status === "Uploaded" ? "Uploaded" : "UploadFailed");
  }

  async #sendLog(request: CommandOf<"GetLog">, name: string): Promise<void> {
    const { signal } = this.#log = new AbortController();
    this.#log_request = request.requestId;
    await this.#tellLog("Uploading", request.requestId);
    const text = request.logType === "SecurityLog" ? this.#charger.security.log() : this.#state();
    const status = await this.#upload({ location: request.log.remoteLocation, name, text }, request, signal);
    if (signal.aborted) return;
    this.#log = null;
    await this.#tellLog(status, request.requestId);
  }

  async #upload(
    file: { location: string; name: string; text: string },
    { retries = 0, retryInterval = 0 }: { retries?: number; retryInterval?: number },
    signal: AbortSignal,
  ): Promise<"Uploaded" | "UploadFailure" | "BadMessage" | "NotSupportedOperation"> {
    try {
      await upload(this.#charger, file, { retries, retryInterval }, signal);
      return "Uploaded";
    } catch (error) {
      if (!(error instanceof BadLocation)) return "UploadFailure";
      return error.reason === "malformed" ? "BadMessage" : "NotSupportedOperation";
    }
  }

  #tell(status: Status): Promise<unknown> {
    return this.#charger.trySend("DiagnosticsStatusNotification", { status });
  }

  #tellLog(status: LogStatus, request_id: number | null): Promise<unknown> {
    return this.#charger.trySend("LogStatusNotification", {
      status,
      ...(request_id === null ? {} : { requestId: request_id }),
    });
  }

  #nameOf(kind: string): string {
    const time = new Date(this.#charger.now()).toISOString().replaceAll(/[-:]|\.\d+/g, "");
    return `${kind}_${this.#charger.identity.replaceAll(/[^\w.-]/g, "_").slice(0, 50)}_${time}.log`;
  }

  /** The charger as it is, for people to read. */
  #state(): string {
    const { connectors, configuration, firmware_version } = this.#charger;
    return [
      `time ${new Date(this.#charger.now()).toISOString()}`,
      `firmware ${firmware_version}`,
      ...connectors.map((connector) => {
        const register = Math.round(this.#charger.meterOf(connector).register_wh);
        const { id, status, session } = connector;
        return `connector ${id} ${status} ${register} Wh transaction ${session?.transaction_id ?? "none"}`;
      }),
      ...configuration.show().configurationKey.map(({ key, value }) => `${key}=${value ?? "***"}`),
      "",
    ].join("\n");
  }
}
