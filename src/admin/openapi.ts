// /openapi.json, as far as forms and the API page use it.
import type { Role } from "../store/store.ts";
import { send } from "./api.ts";

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
  /** An addition of ours: the placeholder of an empty field. */
  placeholder?: string;
}

/** An operation of the REST API. */
export interface Operation {
  summary?: string;
  parameters?: { name: string; in: "path" | "query"; required?: boolean }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  security?: unknown[];
  /** The role that it needs. */
  "x-role"?: Role;
}

/** The OpenAPI document. */
export interface ApiDocument {
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

let loaded: Promise<ApiDocument> | undefined;

/** Loads the document once. */
export function loadApi(): Promise<ApiDocument> {
  loaded ??= send("GET", "/openapi.json").then((answer) => answer.json() as Promise<ApiDocument>);
  loaded.catch(() => loaded = undefined);
  return loaded;
}
