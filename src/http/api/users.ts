// /ocpp/users/: the people who may log in.
import type { Static } from "typebox";
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
  Type.Object({
    name: Type.String(),
    role: RoleName,
    created_at: Time,
    last_login: OptionalTime,
    disabled: Type.Boolean({ description: "True: cannot log in, nor can the user's API tokens" }),
    second_factor: Type.Boolean({ description: "True: a login needs a code as well" }),
  }),
);

const Changes = Body({
  role: Type.Optional(RoleName),
  password: Type.Optional(Password),
  disabled: Type.Optional(Type.Boolean()),
  second_factor: Type.Optional(
    Type.Literal(false, { description: "Takes it off; only the user can turn it on" }),
  ),
});

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
    proof: true,
    audit: { action: "create", kind: "user", id: "name" },
    body: Body({ name: Name, role: RoleName, password: Password }),
    response: UserSchema,
    status: 201,
    errors: ["exists", "common_password"],
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
    summary: "Change a user's role or password, disable the user, or take the second factor off",
    proof: true,
    audit: { action: "change", kind: "user", id: "name" },
    body: Changes,
    response: UserSchema,
    errors: ["last_admin", "common_password"],
    handle: ({ params, body }, deps: UserDeps) => change(userNamed(params.name, deps), body, deps),
  }),
  route({
    method: "DELETE",
    path: "/ocpp/users/{name}/",
    role: "admin",
    summary: "Remove a user, with the API tokens that the user has made",
    proof: true,
    audit: { action: "delete", kind: "user", id: "name" },
    response: null,
    errors: ["last_admin"],
    async handle({ params }, deps: UserDeps) {
      const user = userNamed(params.name, deps);
      refuseLastAdmin(user, deps);
      await deps.auth.deleteUser(user);
    },
  }),
];

async function change(user: User, changes: Static<typeof Changes>, deps: UserDeps) {
  const { store, auth } = deps;
  const { role = user.role, disabled = user.disabled ?? false, password, second_factor } = changes;
  if (role !== "admin" || disabled) refuseLastAdmin(user, deps);
  if (password !== undefined) await auth.setPassword(user, password);
  if (second_factor === false) await auth.second_factors.remove(user);
  if (disabled) await auth.login_sessions.endAll(user.name);
  await store.users.put({ ...store.users.get(user.name)!, role, disabled });
  return viewOf(store.users.get(user.name)!);
}

/** Throws HttpError 409 for a change that would leave no admin who may log in. */
function refuseLastAdmin(user: User, { store }: UserDeps): void {
  const { name } = user;
  const admins = [...store.users.values()].filter(isAdmin);
  if (!isAdmin(user) || admins.length > 1) return;
  throw new HttpError("last_admin", `${name} is the last admin`, { values: { name } });
}

function isAdmin({ role, disabled }: User): boolean {
  return role === "admin" && !disabled;
}

function userNamed(name: string, { store }: UserDeps): User {
  const user = store.users.get(name);
  if (!user) throw notFound("user", name, 50);
  return user;
}

function viewOf({ name, role, created_at, last_login, disabled = false, second_factor }: User) {
  return { name, role, created_at, last_login, disabled, second_factor: second_factor !== undefined };
}
