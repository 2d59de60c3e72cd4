// The device behind a charger's record: the id under which it connects, and the devices and ids that it had before.
import type { Charger, FormerDevice } from "../store/store.ts";

/** Returns the OCPP identity under which a charger connects; its `charger_id`, by which it is filed, never changes. */
export function identityOf({ charger_id, identity }: Pick<Charger, "charger_id" | "identity">): string {
  return identity ?? charger_id;
}

/** Returns true if a charger does not connect under this id any more; ids are compared without regard to case. */
export function isFormerIdentity(charger: Charger, id: string): boolean {
  return charger.identity !== undefined && charger.identity.toLowerCase() !== id.toLowerCase();
}

/** Returns true if the serial number is that of a device that another one has replaced. */
export function isReplacedDevice(
  { former = [] }: Charger,
  { serial_number }: Pick<Charger, "serial_number">,
): boolean {
  return serial_number !== null &&
    former.some((device) => device.end === "replaced" && device.serial_number === serial_number);
}

const FORMER_KEPT = 20;

/** Returns the list of a charger's former devices and ids, newest first, with the present one added. */
export function withFormer(charger: Charger, end: FormerDevice["end"], now: number): FormerDevice[] {
  const { vendor, model, serial_number } = charger;
  const until = new Date(now).toISOString();
  const present = { identity: identityOf(charger), end, until, vendor, model, serial_number };
  return [present, ...charger.former ?? []].slice(0, FORMER_KEPT);
}
