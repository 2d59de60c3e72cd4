// A button that sends a charger a command which is to be done.
import { chargers } from "../live.ts";
import { order } from "./answer.tsx";
import { type Deed, DeedButton } from "./deed.tsx";

interface OrderProps extends Omit<Deed, "run" | "disabled"> {
  charger_id: string;
  action: string;
  /** One command each. */
  payloads: Record<string, unknown>[];
}

/** The payload of a Reset that ends sessions properly first. */
export const SOFT = [{ type: "Soft" }];

/** The button; it waits until the charger is connected. */
export function OrderButton({ charger_id, action, payloads, ...deed }: OrderProps) {
  return (
    <DeedButton
      {...deed}
      disabled={!chargers.get(charger_id)?.value.connected}
      run={async () => {
        for (const payload of payloads) await order(charger_id, action, payload);
      }}
    />
  );
}
