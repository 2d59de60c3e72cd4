// Buttons for what a role may do: it may fail, and may ask first.
import { useState } from "preact/hooks";
import type { Role } from "../../store/store.ts";
import { can } from "../api.ts";
import { Icon, type IconName } from "../icons.tsx";
import { Dialog } from "./dialog.tsx";
import { attempt } from "./inputs.tsx";

/** What such a button says and does. */
export interface ButtonAction {
  label: string;
  run: () => unknown;
  /** What is asked first; left out: nothing. */
  ask?: string;
  icon?: IconName;
  /** What it is for, where the label alone does not say that. */
  of?: string;
  disabled?: boolean;
  look?: "primary" | "quiet" | "quiet icon-only";
  /** Who may do it, and sees the button; left out: an admin. */
  role?: Role;
}

/** The button. */
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
