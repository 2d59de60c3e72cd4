// Light, dark, or as the device says.
import { signal } from "@preact/signals";
import { recall, remember } from "./i18n.ts";

/** A choice of colours. */
export type Theme = "auto" | "light" | "dark";

const KEY = "theme";

/** The choice in use. */
export const theme = signal<Theme>((recall(KEY) as Theme | null) ?? "auto");

/** Applies and keeps a choice. */
export function setTheme(chosen: Theme): void {
  theme.value = chosen;
  remember(KEY, chosen);
  applyTheme();
}

/** Puts the choice on the page. */
export function applyTheme(): void {
  if (theme.value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
}
