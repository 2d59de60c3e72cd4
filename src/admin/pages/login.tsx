// The login.
import { useState } from "preact/hooks";
import { ApiError } from "../api.ts";
import { Field, fieldsOf } from "../components/parts.tsx";
import { messages } from "../i18n.ts";
import { logIn } from "../login.ts";
import { SHELL } from "../../i18n/admin/shell.ts";

const t = messages(SHELL);

/** Shows the login form. */
export function Login() {
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const run = async ({ user = "", password = "" }: Record<string, string>) => {
    setBusy(true);
    try {
      await logIn(user, password);
    } catch (error) {
      setProblem(problemOf(error));
      setBusy(false);
    }
  };
  return (
    <main class="login">
      <form onSubmit={(event) => void run(fieldsOf(event))}>
        <img src="/static/icon.svg" alt="" />
        <h1>{t("gateway")}</h1>
        <Field label={t("user")}>
          <input name="user" defaultValue="admin" autocomplete="username" required />
        </Field>
        <Field label={t("password")}>
          <input name="password" type="password" autocomplete="current-password" required autofocus />
        </Field>
        {problem && <p class="answer tone-red" role="alert">{problem}</p>}
        <button type="submit" class="btn primary" disabled={busy}>{t("log_in")}</button>
        <p class="small soft">{t("forgotten")}</p>
      </form>
    </main>
  );
}

function problemOf(error: unknown): string {
  if (!(error instanceof ApiError)) return t("unreachable");
  return error.status === 401 ? t("wrong") : error.message;
}
