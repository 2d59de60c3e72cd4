// The rival's state in memory: the newest of each.

/** A store that forgets all when the process ends. */
export function inMemory() {
  const boots = new Map(), statuses = new Map(), transactions = new Map(), values = new Map();
  let last_id = 0;
  return {
    boot: (charger_id, boot) => boots.set(charger_id, boot),
    status: (charger_id, status) => statuses.set(`${charger_id}/${status.connectorId}`, status),
    start: (charger_id, start) => {
      transactions.set(++last_id, { charger_id, ...start });
      return last_id;
    },
    meterValues: (charger_id, { meterValue }) => values.set(charger_id, meterValue),
    stop: ({ transactionId }) => transactions.delete(transactionId),
  };
}
