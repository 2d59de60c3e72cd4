// The messages of chargers, and the check of their answers.
import { options } from "./options.mjs";
import { tally } from "./tally.mjs";

const MEASURANDS = [
  ["Energy.Active.Import.Register", "Wh"],
  ["Power.Active.Import", "W"],
  ["Current.Import", "A", "L1"],
  ["Current.Import", "A", "L2"],
  ["Current.Import", "A", "L3"],
  ["Voltage", "V", "L1-N"],
  ["SoC", "Percent"],
  ["Power.Offered", "W"],
];

const OTHERS = 8; // messages in a session without MeterValues

let now = new Date().toISOString();
setInterval(() => now = new Date().toISOString(), 10).unref();

/** The first messages of every charger. */
export const BOOT = '{"chargePointVendor":"Bench","chargePointModel":"Sim","firmwareVersion":"1.0"}';
export const STATUS = '{"connectorId":1,"errorCode":"NoError","status":"Charging"}';

function sampleOf(index, value) {
  const [measurand, unit, phase] = MEASURANDS[index % MEASURANDS.length];
  return `{"value":"${value}","context":"Sample.Periodic","measurand":"${measurand}",` +
    `${phase ? `"phase":"${phase}",` : ""}"location":"Outlet","unit":"${unit}"}`;
}

function meterValues(charger, transactionId) {
  const count = options.min_samples + charger.index % (options.max_samples - options.min_samples + 1);
  charger.energy += 7;
  let samples = "";
  for (let index = 0; index < count; index++) {
    const value = index === 0 ? charger.energy : (220 + (charger.energy * (index + 3)) % 977 / 10).toFixed(1);
    samples += (index ? "," : "") + sampleOf(index, value);
  }
  if (tally.measuring) tally.readings += count;
  const transaction = transactionId ? `"transactionId":${transactionId},` : "";
  const meterValue = `[{"timestamp":"${now}","sampledValue":[${samples}]}]`;
  return ["MeterValues", `{"connectorId":1,${transaction}"meterValue":${meterValue}}`];
}

function status(word) {
  return [
    "StatusNotification",
    `{"connectorId":1,"errorCode":"NoError","status":"${word}","timestamp":"${now}"}`,
  ];
}

function start(charger) {
  return [
    "StartTransaction",
    `{"connectorId":1,"idTag":"${options.id_tag}","meterStart":${charger.energy},"timestamp":"${now}"}`,
  ];
}

function stop(charger, transactionId) {
  return [
    "StopTransaction",
    `{"transactionId":${transactionId},"idTag":"${options.id_tag}","meterStop":${charger.energy},` +
    `"timestamp":"${now}","reason":"Local"}`,
  ];
}

/** A charging session; yields [action, payload], gets the answer's payload. */
function* session(charger, meters) {
  yield ["Heartbeat", "{}"];
  yield ["Authorize", `{"idTag":"${options.id_tag}"}`];
  yield status("Preparing");
  const { transactionId = 0 } = yield start(charger);
  yield status("Charging");
  for (let count = 0; count < meters; count++) yield meterValues(charger, transactionId);
  yield status("Finishing");
  yield stop(charger, transactionId);
  yield status("Available");
}

/** Endless scripts of chargers. */
export const SCRIPTS = {
  /** Whole sessions; each charger starts at another place of the cycle. */
  *sessions(charger) {
    for (let left = charger.index % options.meters; left > 0; left--) yield meterValues(charger);
    while (true) yield* session(charger, options.meters);
  },

  *meter(charger) {
    while (true) yield meterValues(charger);
  },

  /** All but MeterValues; each charger starts its sessions a little later than the one before. */
  *others(charger) {
    for (let left = charger.index % OTHERS; left > 0; left--) yield ["Heartbeat", "{}"];
    while (true) yield* session(charger, 0);
  },
};

const isTime = (value) => !Number.isNaN(Date.parse(value));
const isAccepted = (info) => info?.status === "Accepted";

/** Checks by action, beyond being an object. */
const CHECKS = {
  BootNotification: (answer) =>
    answer.status === "Accepted" && Number.isInteger(answer.interval) && isTime(answer.currentTime),
  Heartbeat: (answer) => isTime(answer.currentTime),
  Authorize: (answer) => isAccepted(answer.idTagInfo),
  StartTransaction: (answer) => isAccepted(answer.idTagInfo) && Number.isInteger(answer.transactionId),
  StopTransaction: (answer) => answer.idTagInfo === undefined || isAccepted(answer.idTagInfo),
};

/** Returns true for a right payload of a CALLRESULT. */
export function isRight(action, answer) {
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return false;
  return CHECKS[action]?.(answer) ?? true;
}
