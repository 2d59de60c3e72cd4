import { ChargePointSimulator } from "./mod.ts";
const sims = Array.from({length:200},(_,i)=>new ChargePointSimulator({ws_port:18123,cp_path:`P${i}/`,duration:3600,interval:10}));
for (const s of sims) s.start();
await Promise.all(sims.map(s=>s.accepted));
await new Promise(r=>setTimeout(r,10000));
const p=(await import("node:process")).default;
const a=p.cpuUsage(); await new Promise(r=>setTimeout(r,20000)); const b=p.cpuUsage(a);
console.log("cpu part", (b.user+b.system)/20e6, "rss MB", Deno.memoryUsage().rss/1e6, "sessions", sims.filter(s=>s.session()).length);
Deno.exit();
