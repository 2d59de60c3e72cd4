// The gateway in a worker with narrow permissions (see system/sandbox.ts).
import type { MainMessage, WorkerMessage } from "./system/sandbox.ts";
import { runGateway } from "./run_gateway.ts";

const worker = globalThis as unknown as {
  postMessage(word: WorkerMessage): void;
  onmessage: ((event: MessageEvent<MainMessage>) => void) | null;
};
const stop = Promise.withResolvers<string>();

worker.onmessage = async ({ data }) => {
  if ("stop" in data) return stop.resolve(data.stop);
  worker.postMessage({ exit: await runGateway(data.start, stop.promise) });
};
worker.postMessage({ ready: true });
