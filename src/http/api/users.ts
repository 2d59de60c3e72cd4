// /ocpp/users/: the people who may log in.
import { Type } from "../../ocpp/schema_builder.ts";
import type { Store, User } from "../../store/store.ts";
import type { Auth } from "../auth/auth.ts";
import { MAX_PASSWORD, MIN_PASSWORD } from "../auth/password.ts";
import { HttpError, notFound } from "../http_error.ts";
import { route } from "../route.ts";
import { Body, named, OptionalTime, PAGE, page, pageBehind, RoleName, Time } from "../schemas.ts";

const Password = Type.String({ minLength: MIN_PASSWORD, maxLength: MAX_PASSWORD });
/** A user name; it has no colon, which ends the name in HTTP Basic. */
const Name = Type.String({
  minLength: 1,
  maxLength: 50,
  pattern: "^[\\p{L}\\p{N}][\\p{L}\\p{N}._@ -]*$",
  "x-expected": "letters, digits, spaces and . _ @ -, beginning with a letter or a digit",
});

const UserSchema = named(
  "User",
  Type.Object({ name: Type.String(), role: RoleName, created_at: Time, last_login: OptionalTime }),
);

interface UserDeps {
  store: Store;
  auth: Auth;
}

/** The routes of /ocpp/users/. */
export const userRoutes = [
  route({
    method: "GET",
    path: "/ocpp/users/",
    role: "admin",
    summary: "Users, ordered by name",
    query: Type.Object(PAGE),
    response: page("users", UserSchema),
    handle({ query }, { store }: UserDeps) {
      const { records, next } = pageBehind(store.users.all(), query, ({ name }) => name);
      return { users: records.map(viewOf), next };
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/users/",
    role: "admin",
    summary: "Add a user",
    audit: { action: "create", kind: "user", id: "name" },
    body: Body({ name: Name, role: RoleName, password: Password }),
    response: UserSchema,
    status: 201,
    errors: ["exists"],
    async handle({ body: { name, role, password } }, { store, auth }: UserDeps) {
      if (store.users.spelling(name)) {
        throw new HttpError("exists", `User ${name} already exists`, { values: { kind: "user", id: name } });
      }
      return viewOf(await auth.createUser(name, role, password));
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/users/{name}/",
    role: "admin",
    summary: "A user",
    response: UserSchema,
    handle: ({ params }, deps: UserDeps) => viewOf(userNamed(params.name, deps)),
  }),
  route({
    method: "PATCH",
    path: "/ocpp/users/{name}/",
    role: "admin",
    summary: "Change a user's role or password",
    audit: { action: "change", kind: "user", id: "name" },
    body: Body({ role: Type.Optional(RoleName), password: Type.Optional(Password) }),
    response: UserSchema,
    errors: ["last_admin"],
    async handle({ params, body: { role, password } }, deps: UserDeps) {
      let user = userNamed(params.name, deps);
      if (role !== undefined && role !== user.role) {
        refuseLastAdmin(user, deps);
        await deps.store.users.put(user = { ...user, role });
      }
      return viewOf(password === undefined ? user : await deps.auth.setPassword(user, password));
    },
  }),
  route({
    method: "DELETE",
    path: "/ocpp/users/{name}/",
    role: "admin",
    summary: "Remove a user",
    audit: { action: "delete", kind: "user", id: "name" },
    response: null,
    errors: ["last_admin"],
    async handle({ params }, deps: UserDeps) {
      const user = userNamed(params.name, deps);
      refuseLastAdmin(user, deps);
      await deps.auth.login_sessions.endAll(user.name);
      await deps.store.users.delete(user.name);
    },
  }),
];

/** Throws HttpError 409 for a change that would leave no admin. */
function refuseLastAdmin({ name, role }: User, { store }: UserDeps): void {
  const admins = [...store.users.values()].filter((user) => user.role === "admin");
  if (role !== "admin" || admins.length > 1) return;
  throw new HttpError("last_admin", `${name} is the last admin`, { values: { name } });
}

function userNamed(name: string, { store }: UserDeps): User {
  const user = store.users.get(name);
  if (!user) throw notFound("user", name, 50);
  return user;
}

function viewOf({ password: _, ...user }: User): Omit<User, "password"> {
  return user;
}
