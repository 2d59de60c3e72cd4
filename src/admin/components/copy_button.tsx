// A button that copies a text.
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { SHELL } from "../../i18n/admin/shell.ts";
import { toast } from "./toast.tsx";

const t = messages(SHELL);

interface CopyProps {
  text: string;
  label?: string;
}

/** A button that copies a text; where the browser refuses that, the text is shown selected. */
export function CopyButton({ text, label }: CopyProps) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      toast(t("copied"));
    } catch {
      copyByHand(text);
    }
  };
  return (
    <button type="button" class="btn small" onClick={() => void copy()}>
      <Icon name="copy" size={16} /> {label ?? t("copy")}
    </button>
  );
}

/** Copies without the clipboard API, which plain http:// pages lack; if that fails, shows the text selected. */
function copyByHand(text: string): void {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "sr";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (done) toast(t("copied"));
  else prompt(t("copy_by_hand"), text);
}
