// Server-Sent Events over fetch, which works with any login, and with reconnection.
import { authHeaders } from "./api.ts";
import { type EventReceiver, parse } from "./event_text.ts";

/** The handlers of a stream. */
export interface StreamListener {
  /** `resumed`: the events since the interruption follow, or the event `reload` where they are no longer known. */
  onOpen(resumed: boolean): void;
  onEvent(type: string, data: Record<string, unknown>): void;
  onLost(status: number | null): void;
}

const SILENCE_MS = 45_000; // the gateway sends at least a comment every 20 s
const LONGEST_PAUSE_MS = 10_000;

/** Reads a stream, reconnecting as needed, until the returned function is called. */
export function stream(path: string, listener: StreamListener): () => void {
  const end = new AbortController();
  void readAlways(path, listener, end.signal);
  return () => end.abort();
}

async function readAlways(path: string, listener: StreamListener, end: AbortSignal): Promise<void> {
  let pause = 500;
  let last_id: string | null = null;
  const onId = (id: string) => void (last_id = id);
  while (!end.aborted) {
    const resumed: string | null = last_id;
    const onOpen = () => {
      pause = 500;
      listener.onOpen(resumed !== null);
    };
    const status = await readOnce(path, { ...listener, onOpen, onId }, { end, last_id });
    if (end.aborted) return;
    listener.onLost(status);
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
  }
}

/** Reads until the connection ends; returns the HTTP status if there was an answer. */
async function readOnce(
  path: string,
  receiver: EventReceiver & { onOpen(): void },
  { end, last_id }: { end: AbortSignal; last_id: string | null },
) {
  const give_up = new AbortController();
  const stop = () => give_up.abort();
  end.addEventListener("abort", stop);
  let timer = setTimeout(stop, SILENCE_MS);
  let status: number | null = null;
  const headers = { ...authHeaders(), ...(last_id === null ? {} : { "last-event-id": last_id }) };
  try {
    const answer = await fetch(path, { headers, signal: give_up.signal });
    status = answer.status;
    if (!answer.ok || !answer.body) return status;
    receiver.onOpen();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return null;
      clearTimeout(timer);
      timer = setTimeout(stop, SILENCE_MS);
      text = parse(text + value, receiver);
    }
  } catch {
    return status === 200 ? null : status;
  } finally {
    clearTimeout(timer);
    end.removeEventListener("abort", stop);
  }
}
