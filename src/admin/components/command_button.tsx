// A button that sends a charger a command that must be accepted.
import { chargers } from "../live.ts";
import { sendAccepted } from "./answer.tsx";
import { ActionButton, type ButtonAction } from "./action_button.tsx";

interface CommandButtonProps extends Omit<ButtonAction, "run" | "disabled"> {
  charger_id: string;
  action: string;
  /** The payloads, sent one after another. */
  payloads: Record<string, unknown>[];
}

/** The payload of a Reset that stops running sessions first. */
export const SOFT = [{ type: "Soft" }];

/** Shows the button, disabled while the charger is not connected. */
export function CommandButton({ charger_id, action, payloads, ...button }: CommandButtonProps) {
  return (
    <ActionButton
      {...button}
      disabled={!chargers.get(charger_id)?.value.connected}
      run={async () => {
        for (const payload of payloads) await sendAccepted(charger_id, action, payload);
      }}
    />
  );
}
