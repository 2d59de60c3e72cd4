// Backpressure for node:http(s) sockets. Under Deno, pausing a TLS socket stops its events only: data is still read,
// decrypted and buffered without a bound (870 MB in 3 s). Stopping the TCP handle below it stops the reading.
import type { Duplex } from "node:stream";

interface TcpHandle {
  readStop?(): void;
  readStart?(): void;
}

/** Stops reading from a connection; the peer's writes block when the kernel's buffers are full. */
export function pauseReading(socket: Duplex): void {
  handleOf(socket)?.readStop?.();
}

/** Resumes reading. */
export function resumeReading(socket: Duplex): void {
  handleOf(socket)?.readStart?.();
}

/** Returns the TCP handle: below a TLS socket it belongs to the parent. */
function handleOf(socket: Duplex): TcpHandle | null | undefined {
  const { _parent, _handle } = socket as Duplex & { _parent?: Handled; _handle?: TcpHandle | null };
  return _parent ? _parent._handle : _handle;
}

interface Handled {
  _handle?: TcpHandle | null;
}
