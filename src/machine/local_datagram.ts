// Questions by UDP to programs on this machine.

const HOST = "127.0.0.1";
const TIMEOUT_MS = 500;
const ANY_PORT = 0;

/** Sends a datagram to a port of the loopback interface. Returns the answer; null: there is none in time or before `signal`. */
export async function ask(
  port: number,
  request: Uint8Array,
  { signal }: { signal: AbortSignal },
): Promise<Uint8Array | null> {
  let socket: Deno.DatagramConn | null = null;
  const close = () => {
    socket?.close();
    socket = null;
  };
  const timer = setTimeout(close, TIMEOUT_MS);
  signal.addEventListener("abort", close, { once: true });
  try {
    const opened = socket = Deno.listenDatagram({ transport: "udp", hostname: HOST, port: ANY_PORT });
    await opened.send(request, { transport: "udp", hostname: HOST, port });
    for await (const [answer, from] of opened) {
      if (from.transport === "udp" && from.hostname === HOST && from.port === port) return answer;
    }
    return null; // the time is up
  } catch {
    return null; // nobody listens there
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", close);
    close();
  }
}
