// The part of /openapi.json about who may come in: people, programs, chargers that wait, and what was done.
import { NewRevocation } from "./api/revocations.ts";
import { Login, OwnPassword } from "./api/session.ts";
import { SetupBody } from "./api/setup.ts";
import { NewToken } from "./api/tokens.ts";
import { NewUser, UserChanges } from "./api/users.ts";
import { Decision } from "./api/waiting.ts";
import type { Door } from "./openapi.ts";

const PAGE = ["limit", "cursor"];

/** The doors, in the document's order. */
export const PEOPLES_DOORS: Door[] = [
  {
    method: "post",
    path: "/login",
    summary: "Log in: the answer sets the session's cookie",
    body: Login,
    public: true,
  },
  { method: "post", path: "/logout", summary: "Log out", public: true },
  { method: "get", path: "/ocpp/setup/", summary: "Whether the gateway is still to be set up", public: true },
  {
    method: "post",
    path: "/ocpp/setup/",
    summary: "Set the gateway up with the code that it printed",
    body: SetupBody,
    public: true,
  },
  { method: "get", path: "/ocpp/session/", summary: "Who asks" },
  { method: "patch", path: "/ocpp/session/", summary: "Change one's own password", body: OwnPassword },
  { method: "get", path: "/ocpp/sessions/", summary: "Browsers that are logged in" },
  { method: "delete", path: "/ocpp/sessions/{session_id}/", summary: "Log a browser out" },
  { method: "get", path: "/ocpp/users/", summary: "Users", query: PAGE },
  { method: "post", path: "/ocpp/users/", summary: "Add a user", body: NewUser },
  { method: "get", path: "/ocpp/users/{name}/", summary: "A user" },
  {
    method: "patch",
    path: "/ocpp/users/{name}/",
    summary: "Change a user's role or password",
    body: UserChanges,
  },
  { method: "delete", path: "/ocpp/users/{name}/", summary: "Remove a user" },
  { method: "get", path: "/ocpp/tokens/", summary: "API tokens", query: PAGE },
  { method: "post", path: "/ocpp/tokens/", summary: "Make an API token: shown this once", body: NewToken },
  { method: "get", path: "/ocpp/tokens/{token_id}/", summary: "An API token" },
  { method: "delete", path: "/ocpp/tokens/{token_id}/", summary: "Revoke an API token" },
  {
    method: "get",
    path: "/ocpp/waiting/",
    summary: "Chargers that knocked, and what became of it",
    query: ["state", ...PAGE],
  },
  {
    method: "post",
    path: "/ocpp/waiting/{knock_id}/",
    summary: "Adopt a charger, reject it, or give it a password",
    body: Decision,
  },
  { method: "delete", path: "/ocpp/waiting/{knock_id}/", summary: "Forget a caller" },
  { method: "get", path: "/ocpp/revocations/", summary: "Client certificates that are refused", query: PAGE },
  { method: "post", path: "/ocpp/revocations/", summary: "Revoke a client certificate", body: NewRevocation },
  { method: "delete", path: "/ocpp/revocations/{certificate}/", summary: "Take a certificate again" },
  {
    method: "get",
    path: "/ocpp/audit/",
    summary: "Who did what, newest first",
    query: ["who", "kind", "id", "from", "to", ...PAGE, "format"],
  },
];
