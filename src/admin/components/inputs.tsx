// Inputs that several pages share, none of them on the first page.
import { Icon } from "../icons.tsx";
import { messages } from "../i18n.ts";
import { SHELL } from "../../i18n/admin/shell.ts";
import { toast, toastError } from "./toast.tsx";

const t = messages(SHELL);

/** A labelled checkbox. */
export function Check(
  { label, checked, set }: { label: string; checked: boolean; set: (value: boolean) => void },
) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => set(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

/** A search box. */
export function Search({ value, set }: { value: string; set: (text: string) => void }) {
  return (
    <label class="search">
      <span class="sr">{t("search")}</span>
      <Icon name="search" size={18} />
      <input
        type="search"
        value={value}
        placeholder={t("search")}
        onInput={(event) => set(event.currentTarget.value)}
      />
    </label>
  );
}

interface Choice<V extends string> {
  value: V;
  set: (value: V) => void;
  options: readonly (readonly [V, string])[];
}

/** Tabs; the caller shows the content of the selected one below. */
export function Tabs<V extends string>({ value, set, options }: Choice<V>) {
  return (
    <div class="tabs no-print" role="tablist">
      {options.map(([option, label]) => (
        <button
          key={option}
          type="button"
          role="tab"
          aria-selected={option === value}
          onClick={() => set(option)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

/** A choice of a few options, all of them visible. */
export function Segmented<V extends string>({ value, set, options }: Choice<V>) {
  return (
    <div class="seg" role="group">
      {options.map(([option, label]) => (
        <button
          key={option}
          type="button"
          aria-pressed={option === value}
          onClick={() => set(option)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

/**
 * Runs work that may fail; shows its error, or `said` when it succeeds, with a button for `undo`. Returns true for
 * success.
 */
export async function attempt(
  work: () => Promise<unknown>,
  said?: string,
  { undo }: { undo?: (() => Promise<unknown>) | undefined } = {},
): Promise<boolean> {
  try {
    await work();
    if (said) toast(said, { undo });
    return true;
  } catch (error) {
    toastError(error);
    return false;
  }
}

/** Saves a blob as a file of the browser's downloads. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
