// /ocpp/users/: who may log in.
import type { Static } from "typebox";
import { Hono } from "hono";
import { Type } from "../../ocpp/schema_builder.ts";
import { checkerOf } from "../../ocpp/schema.ts";
import type { Role, User } from "../../store/store.ts";
import { HttpError } from "../http_error.ts";
import { queryLimit, readBody } from "../input.ts";
import { MAX_PASSWORD, MIN_PASSWORD } from "../auth/password.ts";
import type { Services } from "../services.ts";

const ROLES: Role[] = ["viewer", "operator", "admin"];
const Password = Type.String({ minLength: MIN_PASSWORD, maxLength: MAX_PASSWORD });

/** What a user's POST holds. A name has no colon: HTTP Basic ends it there. */
export const NewUser = Type.Object({
  name: Type.String({
    minLength: 1,
    maxLength: 50,
    pattern: "^[\\p{L}\\p{N}][\\p{L}\\p{N}._@ -]*$",
    "x-expected": "letters, digits, spaces and . _ @ -, beginning with a letter or a digit",
  }),
  role: Type.Enum(ROLES),
  password: Password,
}, { additionalProperties: false });
/** What a user's PATCH may hold. */
export const UserChanges = Type.Object(
  { role: Type.Optional(Type.Enum(ROLES)), password: Type.Optional(Password) },
  { additionalProperties: false },
);

const newChecker = { ...checkerOf(NewUser), schema: NewUser };
const changesChecker = { ...checkerOf(UserChanges), schema: UserChanges };

/** The routes of the users. */
export function userRoutes(services: Services): Hono {
  const { store, auth } = services;
  const app = new Hono({ strict: false });
  app.get("/", (c) => {
    const after = c.req.query("cursor") ?? "";
    const users = store.users.all().filter(({ name }) => name > after);
    const limit = queryLimit(c);
    const next = users.length > limit ? users[limit - 1]!.name : null;
    return c.json({ users: users.slice(0, limit).map(viewOf), next });
  });
  app.post("/", async (c) => {
    const { name, role, password } = await readBody(c, newChecker);
    if (store.users.spelling(name)) throw new HttpError(409, `User ${name} already exists`);
    return c.json(viewOf(await auth.createUser(name, role as Role, password)), 201);
  });
  app.get("/:name", (c) => c.json(viewOf(userNamed(c.req.param("name"), services))));
  app.patch("/:name", async (c) => {
    const changes = await readBody(c, changesChecker);
    return c.json(viewOf(await change(userNamed(c.req.param("name"), services), changes, services)));
  });
  app.delete("/:name", async (c) => {
    const user = userNamed(c.req.param("name"), services);
    refuseLastAdmin(user, services);
    await auth.login_sessions.endAll(user.name);
    await store.users.delete(user.name);
    return c.body(null, 204);
  });
  return app;
}

async function change(
  user: User,
  { role, password }: Static<typeof UserChanges>,
  services: Services,
): Promise<User> {
  const { store, auth } = services;
  let changed = user;
  if (role !== undefined && role !== user.role) {
    refuseLastAdmin(user, services);
    await store.users.put(changed = { ...user, role: role as Role });
  }
  return password === undefined ? changed : await auth.setPassword(changed, password);
}

/** Somebody must be left who can do everything. */
function refuseLastAdmin({ name, role }: User, { store }: Services): void {
  const admins = [...store.users.values()].filter((user) => user.role === "admin");
  if (role === "admin" && admins.length === 1) throw new HttpError(409, `${name} is the last admin`);
}

function userNamed(name: string, { store }: Services): User {
  const user = store.users.get(name);
  if (!user) throw new HttpError(404, `There is no user ${name.slice(0, 50)}`);
  return user;
}

function viewOf({ password: _, ...user }: User): Omit<User, "password"> {
  return user;
}
