// /ocpp/tokens/: API tokens for programs.
import { Type } from "../../ocpp/schema_builder.ts";
import type { Store, Token } from "../../store/store.ts";
import type { Auth } from "../auth/auth.ts";
import { identityOf } from "../auth/identity.ts";
import { HttpError, notFound } from "../http_error.ts";
import { route } from "../route.ts";
import { Body, named, OptionalTime, PAGE, page, pageBehind, RoleName, Time } from "../schemas.ts";

const MAX_TOKENS = 1000;

const TOKEN = {
  token_id: Type.String(),
  label: Type.String(),
  role: RoleName,
  created_at: Time,
  created_by: Type.String({ description: "The user; the token ends with it" }),
  expires_at: OptionalTime,
  last_used: OptionalTime,
};
const TokenSchema = named("Token", Type.Object(TOKEN));

interface TokenDeps {
  store: Store;
  auth: Auth;
}

/** The routes of /ocpp/tokens/. */
export const tokenRoutes = [
  route({
    method: "GET",
    path: "/ocpp/tokens/",
    role: "admin",
    summary: "API tokens",
    query: Type.Object(PAGE),
    response: page("tokens", TokenSchema),
    handle({ query }, { store }: TokenDeps) {
      const { records, next } = pageBehind(store.tokens.all(), query, ({ token_id }) => token_id);
      return { tokens: records.map(viewOf), next };
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/tokens/",
    role: "admin",
    summary: "Create an API token, which only this answer contains",
    proof: true,
    audit: { action: "create", kind: "token", id: "label" },
    body: Body({
      label: Type.String({ minLength: 1, maxLength: 100 }),
      role: RoleName,
      expires_at: Type.Optional(OptionalTime),
    }),
    response: Type.Object({ ...TOKEN, token: Type.String() }),
    status: 201,
    errors: ["too_many"],
    async handle({ body: { label, role, expires_at = null }, c }, { store, auth }: TokenDeps) {
      if (store.tokens.size >= MAX_TOKENS) {
        throw new HttpError("too_many", `There are already ${MAX_TOKENS} tokens`, {
          values: { max: MAX_TOKENS },
        });
      }
      const created_by = identityOf(c).user;
      const { token, secret } = await auth.tokens.create({ label, role, created_by, expires_at });
      return { ...viewOf(token), token: secret };
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/tokens/{token_id}/",
    role: "admin",
    summary: "An API token",
    response: TokenSchema,
    handle: ({ params }, deps: TokenDeps) => viewOf(tokenNamed(params.token_id, deps)),
  }),
  route({
    method: "DELETE",
    path: "/ocpp/tokens/{token_id}/",
    role: "admin",
    summary: "Revoke an API token",
    proof: true,
    audit: { action: "delete", kind: "token", id: "token_id" },
    response: null,
    async handle({ params }, deps: TokenDeps) {
      await deps.store.tokens.delete(tokenNamed(params.token_id, deps).token_id);
    },
  }),
];

function tokenNamed(id: string, { store }: TokenDeps): Token {
  const token = store.tokens.get(id);
  if (!token) throw notFound("token", id, 20);
  return token;
}

function viewOf({ hash: _, ...token }: Token): Omit<Token, "hash"> {
  return token;
}
