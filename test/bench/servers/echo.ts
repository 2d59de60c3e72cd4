// The least that a server can do: it cuts the id out of a frame and sends one answer for all actions. Nothing is parsed or stored.
const now = new Date().toISOString();
const ANSWER =
  `{"status":"Accepted","currentTime":"${now}","interval":300,"idTagInfo":{"status":"Accepted"},"transactionId":1}`;

Deno.serve({
  hostname: "127.0.0.1",
  port: Number(Deno.args[0] ?? 0),
  tcpBacklog: 4096,
  onListen: ({ port }) => console.log(`echo on ws://127.0.0.1:${port}/`),
}, (request) => {
  const { socket, response } = Deno.upgradeWebSocket(request, { protocol: "ocpp1.6" });
  socket.onmessage = ({ data }) => socket.send(`[3${data.slice(2, data.indexOf(",", 3))},${ANSWER}]`);
  return response;
});
