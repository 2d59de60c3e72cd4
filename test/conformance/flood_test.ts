// Too much of everything (abuse A14, A17 to A27), each on a gateway of its own where limits or hold-offs are met.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HandshakeRefused } from "../../src/ocpp/client/socket.ts";
import { abuse } from "./bystander.ts";
import { WireCharger } from "../kit/wire_charger.ts";
import { frameOf, handshake, RawSocket } from "../kit/raw_socket.ts";
import { cases, type Site } from "../kit/site.ts";
import { eventually } from "../kit/eventually.ts";

/** The status that a charger's handshake gets. */
async function knock(site: Site, charger_id: string, more = {}): Promise<number> {
  try {
    await using charger = await WireCharger.connect(site, { charger_id, ...more });
    await charger.call("Heartbeat");
    return 101;
  } catch (error) {
    if (error instanceof HandshakeRefused) return error.status;
    throw error;
  }
}

async function isConnected(site: Site, charger_id: string): Promise<boolean> {
  return (await site.rest("GET", `/ocpp/chargers/${charger_id}/`)).body.connected === true;
}

function concat(frames: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(frames.reduce((length, frame) => length + frame.length, 0));
  let at = 0;
  for (const frame of frames) {
    all.set(frame, at);
    at += frame.length;
  }
  return all;
}

cases("Wire: sizes", { settings: { max_message_bytes: 65_536 } }, (it) => {
  abuse(
    it,
    "a message beyond the cap closes the socket with 1009, and the address is held off (A14)",
    async (site) => {
      await using charger = await WireCharger.connect(site);
      charger.wire.send([2, "a", "DataTransfer", { vendorId: "V", data: "x".repeat(70_000) }]);
      assertEquals((await charger.wire.closed).code, 1009);
      assertEquals(await knock(site, "OTHER"), 429);
    },
  );
});

cases("Wire: two sockets for one id", { settings: { max_takeovers_per_minute: 3 } }, (it) => {
  abuse(it, "the newest wins, the operator is told; who fights for an id is held off (A17)", async (site) => {
    await using first = await site.charger({ charger_id: "FOUGHT" });
    const sockets = [first];
    for (let flip = 0; flip < 3; flip++) {
      sockets.push(await first.again());
      await sockets.at(-1)!.call("Heartbeat");
      assertEquals((await sockets.at(-2)!.wire.closed).code, 1012);
    }
    assertEquals(await knock(site, "FOUGHT"), 429);
    await sockets.at(-1)!.call("Heartbeat");
    const events = (await first.list("security_events")).map(({ type }) => type);
    assertEquals(events, ["DuplicateConnection"]);
    await sockets.at(-1)!.wire.drop();
  });

  abuse(
    it,
    "a second socket with a wrong key or none: 401, and the first is untouched (A18)",
    async (site) => {
      const login = { charger_id: "KEYED", username: "KEYED", password: "sixteen-bytes-ok" };
      await using charger = await site.charger({ ...login, record: { password: login.password } });
      assertEquals(await knock(site, "KEYED"), 401);
      assertEquals(await knock(site, "KEYED", { username: "KEYED", password: "wrong" }), 401);
      await charger.call("Heartbeat");
      assertEquals((await charger.view()).connected, true);
    },
  );
});

cases("Wire: floods", { settings: { unknown_chargers: "accept" } }, (it) => {
  abuse(it, "ten thousand Heartbeats at once are answered in order (A19)", async (site) => {
    const ids = Array.from({ length: 10_000 }, (_, id) => String(id));
    using flooder = await RawSocket.connect(site.freshId(), site.ws_url);
    const frames = ids.map((id) => frameOf(`[2,"${id}","Heartbeat",{}]`));
    const flood = flooder.write(concat(frames));
    const answered: string[] = [];
    for (let text = ""; answered.length < ids.length;) {
      const more = await flooder.read();
      assert(more !== "", `closed after ${answered.length} answers`);
      text += more;
      const end = text.lastIndexOf("]") + 1;
      for (const [, id] of text.slice(0, end).matchAll(/\[3,"(\d+)",\{"currentTime"/g)) answered.push(id!);
      text = text.slice(end);
    }
    await flood;
    assertEquals(answered, ids);
  });

  abuse(it, "fifty chargers flood MeterValues: no session is lost, and all is stored (A20)", async (site) => {
    const chargers = await Promise.all(Array.from({ length: 50 }, () => WireCharger.connect(site)));
    const ids = await Promise.all(chargers.map(async (charger) => {
      const { transactionId } = await charger.start("TAG");
      for (let sample = 1; sample <= 20; sample++) await charger.meter(1000 + sample * 10, { transactionId });
      await charger.stop(transactionId, { meterStop: 1200 });
      await charger.wire.close();
      return transactionId;
    }));
    assertEquals(new Set(ids).size, 50);
    for (const id of ids) {
      const { state, energy_wh, readings } = await site.transaction(id);
      assertEquals([state, energy_wh, readings.count], ["completed", 200, 20]);
    }
  });

  abuse(it, "a charger that does not read is given up; what waits for it is bounded (A22)", async (site) => {
    const charger_id = site.freshId();
    await site.rest("POST", "/ocpp/chargers/", { charger_id });
    using deaf = await RawSocket.connect(charger_id, site.ws_url);
    await eventually(() => isConnected(site, charger_id), "it is in");
    const frame = frameOf(`[2,"${"i".repeat(250)}","Heartbeat",{}]`);
    const many = concat(Array(100).fill(frame));
    const status = async () => (await site.command(charger_id, "clear_cache")).status;
    await site.with({ max_unsent_bytes: 100_000, call_timeout: 1 }, async () => {
      const flood = (async () => {
        for (let round = 0; round < 400; round++) await deaf.write(many);
      })().catch(() => {});
      await Promise.race([flood, eventually(async () => await status() === 409, "it is given up", 20_000)]);
      await eventually(async () => await status() === 409, "it is given up");
    });
    assertEquals(await knock(site, charger_id), 101, "it may come again");
  });

  abuse(it, "headers that come byte by byte hold nobody up (A24)", async (site) => {
    const slow = await Promise.all(Array.from({ length: 50 }, () => RawSocket.open(site.ws_url)));
    for (const byte of handshake("/SLOW").slice(0, 10)) {
      await Promise.all(slow.map((socket) => socket.write(byte)));
    }
    assertEquals(await knock(site, site.freshId()), 101);
    for (const socket of slow) socket.close();
  });

  abuse(
    it,
    "TLS, HTTP/2 and plain HTTP at the charger's door: an error or a close, no crash (A25, A26)",
    async (site) => {
      const hello = new Uint8Array([22, 3, 1, 0, 5, 1, 0, 0, 1, 3]);
      for (const bytes of [hello, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / FTP\r\n\r\n"]) {
        using socket = await RawSocket.open(site.ws_url);
        await socket.write(bytes);
        if (typeof bytes !== "string") await socket.write(new Uint8Array(64));
        const answer = await socket.read();
        assert(!answer.includes(" 101 ") && !answer.includes(" 200 "), answer);
      }
      const url = site.ws_url.replace("ws", "http");
      for (const method of ["GET", "POST"]) {
        const { status, body } = await fetch(`${url}/some/path/CP1`, { method });
        await body?.cancel();
        assert([400, 404, 426].includes(status), `${method}: ${status}`);
      }
      for (const headers of [["Upgrade: h2c", "Connection: Upgrade"], ["Upgrade: websocket"]]) {
        using socket = await RawSocket.open(site.ws_url);
        await socket.write(handshake("/some/path/CP1", headers));
        const answer = await socket.read();
        assert(/^HTTP\/1.1 (400|404|426) /.test(answer), answer.slice(0, 100));
      }
    },
  );
});

const refusing = { unknown_chargers: "reject", max_refusals_per_minute: 200 } as const;
cases("Wire: many handshakes", { settings: refusing }, (it) => {
  it("a thousand handshakes with unknown ids: refused at little cost, and known chargers are let in (A21)", async (site) => {
    await using known = await site.charger({ charger_id: "KNOWN" });
    const statuses = new Set<number>();
    for (let round = 0; round < 20; round++) {
      const knocks = Array.from({ length: 50 }, (_, index) => knock(site, `NOBODY${round}-${index}`));
      for (const status of await Promise.all(knocks)) statuses.add(status);
    }
    assertEquals([...statuses].sort(), [404, 429]);
    await known.call("Heartbeat");
    assertEquals(await knock(site, "KNOWN"), 101);
  });
});

cases("Wire: idle sockets", { settings: { max_sockets_per_address: 20 } }, (it) => {
  it("idle sockets beyond the cap of an address are refused; who is in is served, who leaves makes room (A27)", async (site) => {
    const sockets = await Promise.all(Array.from({ length: 20 }, () => WireCharger.connect(site)));
    const refused = await assertRejects(() => WireCharger.connect(site), HandshakeRefused);
    assertEquals(refused.status, 429);
    await sockets[0]!.call("Heartbeat");
    await sockets.pop()!.wire.close();
    await eventually(async () => await knock(site, site.freshId()) === 101, "there is room");
    for (const socket of sockets) await socket.wire.drop();
  });
});

cases("Wire: silence, with a hurried clockwork", { hurried: true, settings: { call_timeout: 60 } }, (it) => {
  abuse(
    it,
    "a charger whose line is dead is offline within two pings, and its calls fail (A23, X19)",
    async (site) => {
      const charger_id = site.freshId();
      using dead = await RawSocket.connect(charger_id, site.ws_url);
      await eventually(() => isConnected(site, charger_id), "it is in");
      const asked = site.command(charger_id, "clear_cache");
      await eventually(async () => !await isConnected(site, charger_id), "it is offline", 10_000);
      assertEquals((await asked).status, 409);
      assert((await dead.drain()).includes("ClearCache"));
    },
  );
});
