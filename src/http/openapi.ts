// /openapi.json: the OpenAPI 3.1 document, printed from the routes.
import type { TSchema } from "typebox";
import { type NamedCommands, restNamesOf } from "../ocpp/protocol.ts";
import { VERSION } from "../version.ts";
import { type ErrorCode, ERRORS } from "./http_error.ts";
import { errorsOf, responsesOf } from "./responses.ts";
import type { RouteData } from "./route.ts";

/** A protocol version, as far as its commands go. */
interface Commanding {
  commands: NamedCommands;
}

/** The input of the document. */
export interface Described {
  routes: readonly RouteData[];
  protocols: readonly Commanding[];
}

type Json = Record<string, unknown>;

/** Returns the document. The schemas of commands are those of all protocols. */
export function openapi(origin: string, { routes, protocols }: Described): Json {
  const components: Record<string, unknown> = { ...payloadSchemas(protocols), Error: errorSchema() };
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route, components);
  }
  const command = paths["/ocpp/chargers/{charger_id}/action/"]?.post as Json | undefined;
  if (command) command.requestBody = jsonContent({ oneOf: commandBodies(protocols) });
  return {
    openapi: "3.1.0",
    info: { title: "ocpp-gateway", version: VERSION, description: "OCPP gateway" },
    servers: [{ url: origin }],
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        basic: { type: "http", scheme: "basic" },
        bearer: { type: "http", scheme: "bearer" },
      },
    },
  };
}

function operationOf(route: RouteData, components: Record<string, unknown>): Json {
  const { summary, path, query, role } = route;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const inQuery = Object.entries(query?.properties ?? {}).map(([name, schema]) => ({
    name,
    in: "query",
    required: query?.required?.includes(name) ?? false,
    schema,
  }));
  return {
    summary,
    parameters: [...inPath, ...inQuery],
    ...requestOf(route),
    responses: { ...successes(route, components), ...failures(route) },
    security: role === "public" ? [] : [{ basic: [] }, { bearer: [] }],
    ...(role === "public" ? {} : { "x-role": role }),
  };
}

function requestOf({ body, upload, form }: RouteData): Json {
  const content = {
    ...(body ? { "application/json": { schema: body } } : {}),
    ...(body && form ? { "application/x-www-form-urlencoded": { schema: body } } : {}),
    ...(upload ? { [upload]: { schema: { type: "string", format: "binary" } } } : {}),
  };
  return Object.keys(content).length > 0 ? { requestBody: { content } } : {};
}

function successes(route: RouteData, components: Record<string, unknown>): Json {
  const described: Record<string, { description: string; content?: Json }> = {};
  for (const { status, response } of responsesOf(route)) {
    const answer = described[status] ??= { description: DESCRIPTIONS[status] ?? "Done" };
    if (typeof response === "string") {
      answer.content = { ...answer.content, [response]: { schema: { type: "string" } } };
    } else if (response) {
      const schema = hoisted(response, components);
      answer.content = { ...answer.content, "application/json": { schema } };
    }
  }
  return described;
}

const DESCRIPTIONS: Record<number, string> = {
  200: "Done",
  201: "Created",
  202: "Accepted",
  204: "Done, without content",
  206: "The range that was asked for",
  304: "Not modified",
};

/** The errors by status, each with its codes. A 502 carries the charger's own code. */
function failures(route: RouteData): Json {
  const by_status = Map.groupBy(errorsOf(route), (code) => ERRORS[code]);
  return Object.fromEntries([...by_status].map(([status, codes]) => [status, failure(codes)]));
}

function failure(codes: ErrorCode[]): Json {
  const own = codes.includes("charger_error") ? {} : { properties: { code: { enum: codes } } };
  const schema = { allOf: [{ $ref: "#/components/schemas/Error" }, own] };
  return { description: codes.join(", "), ...jsonContent(schema) };
}

function errorSchema(): Json {
  return {
    type: "object",
    required: ["error", "code", "values"],
    properties: {
      error: { type: "string", description: "One sentence" },
      code: {
        anyOf: [{ enum: Object.keys(ERRORS) }, {
          type: "string",
          description: "Of a 502: the code of the charger's CALLERROR",
        }],
      },
      values: { type: "object", description: "The subject of the sentence: field, id, limit" },
      details: { description: "Of a 502: the details of the charger's CALLERROR" },
      retry_after: { type: "integer", description: "Of a 429: seconds to wait" },
    },
  };
}

/** A schema with the named ones in it replaced by references to `components`, where they are put. */
function hoisted(schema: unknown, components: Record<string, unknown>): unknown {
  if (Array.isArray(schema)) return schema.map((part) => hoisted(part, components));
  if (typeof schema !== "object" || schema === null) return schema;
  const { title, ...parts } = schema as Json;
  const entries = Object.entries(parts).map(([key, part]) => [key, hoisted(part, components)]);
  const copy = Object.fromEntries(entries);
  if (typeof title !== "string") return copy;
  components[title] = copy;
  return { $ref: `#/components/schemas/${title}` };
}

/** One body a command, so that each has its payload. */
function commandBodies(protocols: readonly Commanding[]): Json[] {
  const names = new Map(protocols.flatMap(({ commands }) => [...restNamesOf(commands)]));
  return [...names].map(([name, ocpp]) => ({
    type: "object",
    title: name,
    required: ["action"],
    properties: { action: { const: name }, payload: { $ref: `#/components/schemas/${ocpp}Request` } },
  }));
}

function payloadSchemas(protocols: readonly Commanding[]): Record<string, TSchema> {
  const commands = protocols.flatMap(({ commands }) => Object.entries(commands));
  const named = commands.flatMap(([name, { request, response }]) => [
    [`${name}Request`, request],
    [`${name}Response`, response],
  ]);
  return Object.fromEntries(named);
}

function jsonContent(schema: unknown): { content: Json } {
  return { content: { "application/json": { schema } } };
}
