// The flags of sessions with doubtful figures.

/** Each flag with its meaning (docs/energy.md). */
export const FLAGS: Readonly<Record<string, string>> = {
  "charger-deleted": "The charger was deleted while the session ran; the energy is that of the last sample",
  "charger-replaced": "The device was replaced while the session ran; the energy is that of the last sample",
  "clock": "A time of the charger's could not be right; the time of receipt stands in its place",
  "closed-by-operator": "An operator closed the session; the energy is that of the last sample",
  "conflict": "A second StopTransaction differed from the first, which stands",
  "from-interval": "The energy is the sum of interval values; the charger sent no register",
  "guessed": "StopTransaction named no transaction; this was the only one that ran",
  "inconsistent": "meterStop is below meterStart without a sign of a reset; the energy is counted as 0",
  "meter-reset": "The register fell during the session; the energy is a lower bound",
  "no-meter-start": "StartTransaction had no register; the first sample stands in its place",
  "no-meter-stop": "StopTransaction had no register; the energy is that of the last sample",
  "no-stop": "No StopTransaction came; the energy is that of the last sample",
  "orphan": "Only the StopTransaction came; the energy is unknown",
  "outlier": "A sample implied more power than the charger has, and was not counted",
  "rebased": "The register jumped, and counting went on from where it went to",
  "recovered": "The charger named a transaction that is not known here; only what came since is counted",
  "rollover": "The register passed its highest value and began again",
  "session-relative": "The samples count from the session's beginning, not from the meter's",
  "suspect": "The charger rebooted or reported the connector Available; StopTransaction is still to come",
  "unit": "The samples are a thousandth of meterStart: their unit can't be right",
  "unaccounted": "The register rose between the last sample and the next session; that energy is nobody's",
};
