// The colour scheme: light, dark, or the device's.
import { signal } from "@preact/signals";
import { recall, remember } from "./i18n.ts";

/** A colour scheme. */
export type Theme = "auto" | "light" | "dark";

const KEY = "theme";

/** The scheme in use. */
export const theme = signal<Theme>((recall(KEY) as Theme | null) ?? "auto");

/** Applies a scheme and stores the choice. */
export function setTheme(chosen: Theme): void {
  theme.value = chosen;
  remember(KEY, chosen);
  applyTheme();
}

/** Applies the stored scheme to the page. */
export function applyTheme(): void {
  if (theme.value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
}
