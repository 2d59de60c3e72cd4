// Backpressure for node:http(s) sockets. Under Deno, pausing a TLS socket stops its events only: data is still read,
// decrypted and buffered without a bound (870 MB in 3 s). Stopping the TCP handle below it stops the reading. node:http
// starts it again by itself, for example to read away what is left of a body: not while it is paused here.
import type { Duplex } from "node:stream";

interface Handle {
  readStop?(): void;
  readStart?(): number;
}

interface Handled {
  _handle?: Handle | null;
  /** The TCP socket below a TLS socket. */
  _parent?: Handled;
}

/**
 * Stops reading from a connection; the peer's writes block when the kernel's buffers are full. Returns a function that
 * resumes reading unless it was stopped again since.
 */
export function pauseReading(socket: Duplex): () => void {
  const [tcp, tls] = handlesOf(socket);
  const ignored = () => 0;
  tcp?.readStop?.();
  for (const handle of [tcp, tls]) if (handle) handle.readStart = ignored;
  return () => {
    if (tcp?.readStart === ignored) resumeReading(socket);
  };
}

/** Resumes reading. */
export function resumeReading(socket: Duplex): void {
  const [tcp, tls] = handlesOf(socket);
  for (const handle of [tcp, tls]) if (handle && Object.hasOwn(handle, "readStart")) delete handle.readStart;
  tcp?.readStart?.();
  tls?.readStart?.(); // its stream may have asked for it meanwhile
}

/** Returns the TCP socket of a connection, which is below that of TLS. */
export function tcpOf(socket: Duplex): Duplex {
  return ((socket as Duplex & Handled)._parent ?? socket) as Duplex;
}

/** Returns the TCP handle, and that of TLS above it. */
function handlesOf(socket: Duplex): (Handle | null | undefined)[] {
  const { _parent, _handle } = socket as Duplex & Handled;
  return _parent ? [_parent._handle, _handle] : [_handle];
}
