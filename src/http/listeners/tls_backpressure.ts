// Holding a TLS peer back. Under Deno pausing a TLS socket stops the events only: what comes is still read, decrypted and
// kept, without a bound (870 MB in 3 s). The TCP handle below it does stop.
import type { Duplex } from "node:stream";

interface TcpHandle {
  readStop?(): void;
  readStart?(): void;
}

/** Reads no more from a connection; its peer's writes stop once the kernel's buffers are full. */
export function pauseReading(socket: Duplex): void {
  handleOf(socket)?.readStop?.();
}

/** Reads on. */
export function resumeReading(socket: Duplex): void {
  handleOf(socket)?.readStart?.();
}

function handleOf(socket: Duplex): TcpHandle | null | undefined {
  return (socket as Duplex & { _parent?: { _handle?: TcpHandle | null } })._parent?._handle;
}
