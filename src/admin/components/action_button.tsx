// A button for an action that needs a role; it can ask for confirmation, and shows the error of a failure.
import { useState } from "preact/hooks";
import type { Role } from "../../store/store.ts";
import { can } from "../api.ts";
import { Icon, type IconName } from "../icons.tsx";
import { Dialog } from "./dialog.tsx";
import { attempt } from "./inputs.tsx";

/** The label and action of a button. */
export interface ButtonAction {
  label: string;
  run: () => unknown;
  /** The question of the confirmation; without it there is none. */
  ask?: string;
  icon?: IconName;
  /** The object of the action, for labels that are the same in every row. */
  of?: string;
  disabled?: boolean;
  look?: "primary" | "quiet" | "quiet icon-only";
  /** The role that the action needs; others do not see the button. Default: admin. */
  role?: Role;
}

/** Shows the button. */
export function ActionButton(
  { label, run, ask, icon, of, disabled, look = "" as "quiet", role }: ButtonAction,
) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  if (!can(role ?? "admin")) return null;
  const act = async () => {
    setBusy(true);
    if (await attempt(async () => await run())) setOpen(false);
    setBusy(false);
  };
  const alone = /only/.test(look);
  return (
    <>
      <button
        type="button"
        class={`btn small ${look}`}
        aria-label={of || alone ? `${label} ${of ?? ""}` : undefined}
        disabled={disabled || busy}
        onClick={() => ask ? setOpen(true) : void act()}
      >
        {icon && <Icon name={icon} size={16} />} {!alone && label}
      </button>
      {open && (
        <Dialog
          title={of ? `${label}: ${of}` : label}
          close={() => setOpen(false)}
          submit={{ label, run: () => void act(), danger: look !== "primary", busy }}
        >
          <p>{ask}</p>
        </Dialog>
      )}
    </>
  );
}
