// The words of chronyd, ntpd and systemd-timesyncd about the clock, from packets with the layout of their protocols.
import { assert, assertEquals } from "@std/assert";
import { readTracking, TRACKING_REQUEST } from "../../src/machine/chronyd.ts";
import { readSystemVariables, SYSTEM_REQUEST } from "../../src/machine/ntpd.ts";
import { TimeServers } from "../../src/machine/time_servers.ts";

const T = Date.UTC(2026, 5, 1, 12);
const NTP_OFFSET = 2_208_988_800; // s from 1900 to 1970

interface Tracking {
  reference?: number;
  leap?: number;
  /** s */
  at?: number;
  /** In chrony's format. */
  correction?: number;
}

/** Returns chronyd's reply to `tracking` (candm.h: CMD_Reply, RPY_Tracking). */
function trackingReply(
  { reference = 0xc0a80101, leap = 0, at = T / 1000, correction = 0 }: Tracking = {},
): Uint8Array {
  const view = new DataView(new ArrayBuffer(104));
  view.setUint8(0, 6);
  view.setUint8(1, 2);
  view.setUint16(4, 33);
  view.setUint16(6, 5);
  view.setUint32(28, reference);
  view.setUint16(52, 3); // stratum
  view.setUint16(54, leap);
  view.setUint32(56, 0x7fffffff);
  view.setUint32(60, at);
  view.setUint32(64, 250_000_000);
  view.setUint32(68, correction);
  return new Uint8Array(view.buffer);
}

/** Returns ntpd's response to the request for variables (RFC 9327 §2). */
function variables(text: string, status = 0x0615): Uint8Array {
  const data = new TextEncoder().encode(text);
  const bytes = new Uint8Array(12 + data.length);
  bytes.set([0x16, 0x82, 0, 1, status >> 8, status & 255]);
  bytes.set([data.length >> 8, data.length & 255], 10);
  bytes.set(data, 12);
  return bytes;
}

function reftime(at: number): string {
  return `reftime=0x${(at / 1000 + NTP_OFFSET).toString(16)}.80000000`;
}

Deno.test("readTracking returns the time of chronyd's last update", () => {
  assertEquals(readTracking(trackingReply()), T + 250);
  assertEquals(TRACKING_REQUEST.length, 104);
  assertEquals([...TRACKING_REQUEST.subarray(0, 6)], [6, 1, 0, 0, 0, 33]);
});

Deno.test("readTracking takes no unsynchronized chronyd, none that serves its own clock, and no unfinished correction", () => {
  assertEquals(readTracking(trackingReply({ leap: 3 })), null);
  assertEquals(readTracking(trackingReply({ reference: 0x7f7f0101 })), null);
  assertEquals(readTracking(trackingReply({ reference: 0 })), null);
  const [half, four] = [1 << 24 - 1, 3 << 25 | 1 << 23].map((correction) => trackingReply({ correction }));
  assertEquals([readTracking(half!), readTracking(four!)], [T + 250, null]);
  assertEquals(readTracking(new Uint8Array(104)), null);
  assertEquals(readTracking(trackingReply().subarray(0, 60)), null);
});

Deno.test("readSystemVariables returns the time of ntpd's last update", () => {
  const text = `offset=-0.123, ${reftime(T)}`;
  assertEquals(readSystemVariables(variables(text), T + 60_000), T);
  const next_era = Date.UTC(2040, 0, 1);
  const seconds = (next_era / 1000 + NTP_OFFSET) % 2 ** 32;
  const after_2036 = `reftime=0x${seconds.toString(16).padStart(8, "0")}.0,offset=0`;
  assertEquals(readSystemVariables(variables(after_2036), next_era), next_era);
  assertEquals(new TextDecoder().decode(SYSTEM_REQUEST.subarray(12)).replaceAll("\0", ""), "reftime,offset");
});

Deno.test("readSystemVariables takes no unsynchronized ntpd, none that serves its own clock, and no large offset", () => {
  const text = `offset=0.1, ${reftime(T)}`;
  assertEquals(readSystemVariables(variables(text, 0xc011), T), null);
  assertEquals(readSystemVariables(variables(text, 0x0515), T), null);
  assertEquals(readSystemVariables(variables(`offset=4000.5, ${reftime(T)}`), T), null);
  assertEquals(readSystemVariables(variables("offset=0.1"), T), null);
  assertEquals(readSystemVariables(new Uint8Array(4), T), null);
});

/** A program on this machine that answers each datagram. */
function daemon(answer: (request: Uint8Array) => Uint8Array) {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const running = (async () => {
    for await (const [request, from] of socket) await socket.send(answer(request), from);
  })();
  return {
    port: (socket.addr as Deno.NetAddr).port,
    async [Symbol.asyncDispose](): Promise<void> {
      socket.close();
      await running;
    },
  };
}

Deno.test("TimeServers asks the programs on this machine, and looks at timesyncd's file", async () => {
  const file = await Deno.makeTempFile();
  await Deno.utime(file, T / 1000 - 5, T / 1000 - 5);
  await using chronyd = daemon((request) => request.length === 104 ? trackingReply() : new Uint8Array());
  await using ntpd = daemon(() => variables(`${reftime(T - 9000)}, offset=0.5`));
  const servers = new TimeServers({ timesyncd: file, chronyd: chronyd.port, ntpd: ntpd.port });
  assertEquals(servers.confirmations(), [T - 5000]);
  await servers.ask();
  assertEquals(servers.confirmations(), [T + 250, T - 9000, T - 5000]);
  await Deno.remove(file);
  assertEquals(servers.confirmations(), [T + 250, T - 9000]);
});

Deno.test("TimeServers has no confirmation where nobody answers", async () => {
  const { port, ...closed } = daemon((request) => request);
  await closed[Symbol.asyncDispose]();
  const servers = new TimeServers({ timesyncd: "/nonexistent/file", chronyd: port, ntpd: 0 });
  await servers.ask();
  assertEquals(servers.confirmations(), []);
});

Deno.test("TimeServers stops without waiting for an answer", async () => {
  await using silent = quiet();
  const servers = new TimeServers({ timesyncd: "/nonexistent/file", chronyd: silent.port, ntpd: 0 });
  servers.start();
  await silent.asked;
  const before = performance.now();
  await servers.stop();
  assert(performance.now() - before < 400);
});

/** A program that answers nothing. */
function quiet() {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  return {
    port: (socket.addr as Deno.NetAddr).port,
    asked: socket.receive(),
    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.resolve(socket.close());
    },
  };
}
