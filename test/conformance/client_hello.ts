// A handwritten TLS ClientHello, to test the versions and cipher suites of a server (RFC 5246 §7.4.1).

/** The answer of the server: the chosen suite, or the alert of its refusal. */
export type Hello = { suite: number } | { alert: number } | { closed: true };

const TLS_HANDSHAKE = 22;
const TLS_ALERT = 21;
const SIGNATURES = [0x0403, 0x0503, 0x0401, 0x0804, 0x0501];
const CURVES = [0x0017, 0x0018, 0x001d];

/** Sends a ClientHello with a TLS version (0x0302 is 1.1, 0x0303 is 1.2; 1.3 needs an extension that is not sent) and suites. */
export async function sayHello(port: number, version: number, suites: number[]): Promise<Hello> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(clientHello(version, suites));
  return readHello(await readRecord(connection));
}

function clientHello(version: number, suites: number[]): Uint8Array {
  const extensions = [
    ...extension(10, vector16(CURVES.flatMap(u16))),
    ...extension(11, [1, 0]),
    ...extension(13, vector16(SIGNATURES.flatMap(u16))),
  ];
  const random = [...crypto.getRandomValues(new Uint8Array(32))];
  const offered = vector16(suites.flatMap(u16));
  const body = [...u16(version), ...random, 0, ...offered, 1, 0, ...vector16(extensions)];
  const message = [1, 0, ...u16(body.length), ...body];
  return new Uint8Array([TLS_HANDSHAKE, ...u16(0x0301), ...u16(message.length), ...message]);
}

function extension(type: number, content: number[]): number[] {
  return [...u16(type), ...vector16(content)];
}

function vector16(content: number[]): number[] {
  return [...u16(content.length), ...content];
}

function u16(value: number): number[] {
  return [value >> 8, value & 0xff];
}

/** Reads the first record, as much of it as arrives. */
async function readRecord(connection: Deno.Conn): Promise<Uint8Array> {
  const bytes = new Uint8Array(4096);
  let length = 0;
  while (length < 7 || (bytes[0] === TLS_HANDSHAKE && length < 90)) {
    const count = await connection.read(bytes.subarray(length)).catch(() => null);
    if (count === null) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

/** Parses a ServerHello: record 5, handshake 4, version 2, random 32, session id, suite. */
function readHello(bytes: Uint8Array): Hello {
  if (bytes.length < 7) return { closed: true };
  if (bytes[0] === TLS_ALERT) return { alert: bytes[6]! };
  const at = 5 + 4 + 2 + 32;
  const suite = at + 1 + bytes[at]!;
  return { suite: (bytes[suite]! << 8) | bytes[suite + 1]! };
}
