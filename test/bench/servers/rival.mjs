// A server on npm ocpp-rpc in strict mode, as a user would build it in an hour: handlers in memory, or, if a file is named, on
// SQLite: WAL, synchronous=FULL, one transaction a message, a row a sampled value. For Deno and Node.js.
import process from "node:process";
import { RPCServer } from "ocpp-rpc";
import { inMemory } from "./rival_memory.mjs";

const [file] = process.argv.slice(2);
const store = file ? (await import("./rival_sqlite.mjs")).inSqlite(file) : inMemory();
const accepted = { idTagInfo: { status: "Accepted" } };
const now = () => new Date().toISOString();

const HANDLERS = {
  BootNotification: (charger_id, boot) => {
    store.boot(charger_id, boot);
    return { status: "Accepted", currentTime: now(), interval: 300 };
  },
  Heartbeat: () => ({ currentTime: now() }),
  Authorize: () => accepted,
  StatusNotification: (charger_id, status) => {
    store.status(charger_id, status);
    return {};
  },
  StartTransaction: (charger_id, start) => ({ ...accepted, transactionId: store.start(charger_id, start) }),
  MeterValues: (charger_id, values) => {
    store.meterValues(charger_id, values);
    return {};
  },
  StopTransaction: (_charger_id, stop) => {
    store.stop(stop);
    return accepted;
  },
};

const server = new RPCServer({ protocols: ["ocpp1.6"], strictMode: true });
server.auth((accept) => accept());
server.on("client", (client) => {
  for (const [action, handle] of Object.entries(HANDLERS)) {
    client.handle(action, ({ params }) => handle(client.identity, params));
  }
});
const http = await server.listen(0, "127.0.0.1");
console.log(`rival on ws://127.0.0.1:${http.address().port}/`);
