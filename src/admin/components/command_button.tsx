// A button that sends a charger a command which is to be done.
import { chargers } from "../live.ts";
import { sendAccepted } from "./answer.tsx";
import { ActionButton, type ButtonAction } from "./action_button.tsx";

interface CommandButtonProps extends Omit<ButtonAction, "run" | "disabled"> {
  charger_id: string;
  action: string;
  /** One command each. */
  payloads: Record<string, unknown>[];
}

/** The payload of a Reset that ends sessions properly first. */
export const SOFT = [{ type: "Soft" }];

/** The button; it waits until the charger is connected. */
export function CommandButton({ charger_id, action, payloads, ...deed }: CommandButtonProps) {
  return (
    <ActionButton
      {...deed}
      disabled={!chargers.get(charger_id)?.value.connected}
      run={async () => {
        for (const payload of payloads) await sendAccepted(charger_id, action, payload);
      }}
    />
  );
}
