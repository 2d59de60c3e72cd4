// A charger's socket, whichever listener it came through.

/** What the central system needs of a websocket. */
export interface ChargerSocket {
  send(text: string): void;
  /** Ends the connection politely. */
  close(code: number, reason: string): void;
  /** Ends it at once, as far as the listener can. */
  drop(): void;
  /** Bytes that the other side has not taken yet. */
  readonly buffered: number;
}

/** What is known of a connection from its handshake. */
export interface Handshake {
  /** The path as sent. */
  path: string;
  remote_address: string;
  /** `wss` behind TLS. */
  secure: boolean;
}
