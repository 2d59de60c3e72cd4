// /openapi.json, as far as forms and the API page need it.
import type { Role } from "../store/store.ts";
import { get } from "./api.ts";

/** A JSON schema. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  title?: string;
  description?: string;
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  minItems?: number;
  format?: string;
  writeOnly?: boolean;
  /** A setting's group in the form, and its unit. */
  "x-group"?: string;
  "x-unit"?: string;
  /** Of our own: what an empty field says. */
  placeholder?: string;
}

/** One door of REST. */
export interface Operation {
  summary?: string;
  parameters?: { name: string; in: "path" | "query"; required?: boolean }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  security?: unknown[];
  /** Who may. */
  "x-role"?: Role;
}

/** The document. */
export interface ApiDocument {
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

let loaded: Promise<ApiDocument> | undefined;

/** Loads it, once. */
export function loadApi(): Promise<ApiDocument> {
  loaded ??= get<ApiDocument>("/openapi.json");
  loaded.catch(() => loaded = undefined);
  return loaded;
}
