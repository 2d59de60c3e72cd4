// The addresses of pages that have become parts of others: they lead there.
import type { ComponentChild } from "preact";
import { useLocation, useRoute } from "preact-iso/router";
import { useEffect } from "preact/hooks";
import { LoadState, useLoad } from "../components/parts.tsx";
import { loadPlan } from "./map/places.ts";

/** Leads to the map or the plan; an address that names neither leads to the plan where the site has one. */
export function MapMoved() {
  const { params: { tab } } = useRoute();
  const { value, ...state } = useLoad(async () => tab ?? (await loadPlan() ? "plan" : "map"), [tab]);
  return value === undefined ? <LoadState {...state} /> : <Moved to={`/admin/chargers?view=${value}`} />;
}

/** Returns a page that leads to another one. */
export function moved(page: string): () => ComponentChild {
  return () => <Moved to={`/admin/${page}`} />;
}

function Moved({ to }: { to: string }) {
  const { route } = useLocation();
  useEffect(() => route(to, true), [to]);
  return null;
}
