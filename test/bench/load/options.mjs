// The load generator's options.
import process from "node:process";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    url: { type: "string", default: "ws://127.0.0.1:9000" }, // the charger's id is appended
    mode: { type: "string", default: "closed" }, // closed | open | storm | idle
    chargers: { type: "string", default: "100" },
    rate: { type: "string", default: "500" }, // connects a second; 0 = all at once
    addresses: { type: "string", default: "1" }, // chargers come from 127.0.0.1, 127.0.0.2 …
    duration: { type: "string", default: "10" }, // s, measured
    warmup: { type: "string", default: "2" }, // s, before that
    status: { type: "boolean", default: false }, // a StatusNotification after the boot
    samples: { type: "string", default: "4-8" }, // sampled values in one MeterValues
    meters: { type: "string", default: "20" }, // closed: MeterValues in one session
    period: { type: "string", default: "10" }, // open: s between a charger's MeterValues
    others: { type: "string", default: "0" }, // open: more chargers, which send all but MeterValues
    "other-period": { type: "string", default: "10" }, // open: s between messages of one of those
    rounds: { type: "string", default: "1" }, // storm: times that all chargers (re)connect
    hold: { type: "string", default: "10" }, // idle: s before memory is read
    "id-tag": { type: "string", default: "TAG1" },
    timeout: { type: "string", default: "30" }, // s until a reply counts as lost
    pid: { type: "string" }, // the server's process
  },
});

const [min_samples, max_samples = min_samples] = values.samples.split("-").map(Number);
const target = new URL(values.url);

/** The options of a run; times in ms. */
export const options = {
  mode: values.mode,
  host: target.hostname,
  port: Number(target.port || 80),
  path: target.pathname.replace(/\/?$/, "/"),
  chargers: Number(values.chargers),
  status: values.status,
  rate: Number(values.rate),
  addresses: Number(values.addresses),
  duration: Number(values.duration) * 1000,
  warmup: Number(values.warmup) * 1000,
  min_samples,
  max_samples,
  meters: Number(values.meters),
  period: Number(values.period) * 1000,
  others: Number(values.others),
  other_period: Number(values["other-period"]) * 1000,
  rounds: Number(values.rounds),
  hold: Number(values.hold) * 1000,
  id_tag: values["id-tag"],
  timeout: Number(values.timeout) * 1000,
  pid: values.pid ? Number(values.pid) : null,
};
