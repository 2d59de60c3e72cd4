// /ocpp/tokens/: API tokens for programs.
import { Hono } from "hono";
import { randomBytes } from "node:crypto";
import { Type } from "../../ocpp/schema_builder.ts";
import { checkerOf } from "../../ocpp/schema.ts";
import type { Role, Token } from "../../store/store.ts";
import { HttpError } from "../http_error.ts";
import { identityOf } from "../auth/identity.ts";
import { OptionalTime, queryLimit, readBody } from "../input.ts";
import { digestOf } from "../auth/login_sessions.ts";
import type { Services } from "../services.ts";

/** What a token's POST holds. */
export const NewToken = Type.Object({
  label: Type.String({ minLength: 1, maxLength: 100 }),
  role: Type.Enum(["viewer", "operator", "admin"]),
  expires_at: Type.Optional(OptionalTime),
}, { additionalProperties: false });

const checker = { ...checkerOf(NewToken), schema: NewToken };
const MAX_TOKENS = 1000;

/** The routes of the tokens. */
export function tokenRoutes({ store, now }: Services): Hono {
  const app = new Hono({ strict: false });
  app.get("/", (c) => {
    const after = c.req.query("cursor") ?? "";
    const tokens = store.tokens.all().filter(({ token_id }) => token_id > after);
    const limit = queryLimit(c);
    const next = tokens.length > limit ? tokens[limit - 1]!.token_id : null;
    return c.json({ tokens: tokens.slice(0, limit).map(viewOf), next });
  });
  app.post("/", async (c) => {
    const { label, role, expires_at = null } = await readBody(c, checker);
    if (store.tokens.size >= MAX_TOKENS) throw new HttpError(409, `There are already ${MAX_TOKENS} tokens`);
    const secret = `ogw_${randomBytes(32).toString("base64url")}`;
    const token: Token = {
      token_id: randomBytes(6).toString("hex"),
      label,
      role: role as Role,
      hash: digestOf(secret),
      created_at: new Date(now()).toISOString(),
      created_by: identityOf(c).name,
      expires_at,
      last_used: null,
    };
    await store.tokens.put(token);
    return c.json({ ...viewOf(token), token: secret }, 201);
  });
  app.delete("/:id", async (c) => {
    const { token_id } = tokenNamed(c.req.param("id"));
    await store.tokens.delete(token_id);
    return c.body(null, 204);
  });
  app.get("/:id", (c) => c.json(viewOf(tokenNamed(c.req.param("id")))));
  return app;

  function tokenNamed(id: string): Token {
    const token = store.tokens.get(id);
    if (!token) throw new HttpError(404, `There is no token ${id.slice(0, 20)}`);
    return token;
  }
}

function viewOf({ hash: _, ...token }: Token): Omit<Token, "hash"> {
  return token;
}
