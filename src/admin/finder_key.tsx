// Keys that open the search in everything, Ctrl or ⌘ with K; its code is loaded then.
import { useEffect } from "preact/hooks";
import lazy, { ErrorBoundary } from "preact-iso/lazy";
import { loadPages } from "./load_pages.ts";
import { searching } from "./searching.ts";

const Finder = lazy(() => loadPages().then((all) => all.Finder));

/** Shows the search while it is open, and opens it by its keys. */
export function FinderKey() {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      searching.value = !document.querySelector("dialog[open]");
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return <ErrorBoundary>{searching.value && <Finder close={() => searching.value = false} />}</ErrorBoundary>;
}
