// The admin's entry point.
import { render } from "preact";
import { App } from "./app.tsx";
import { language, setLanguage } from "./i18n.ts";
import { findSession } from "./login.ts";
import { applyTheme } from "./theme.ts";

applyTheme();
await setLanguage(language.value).catch(() => {}); // without messages it shows their keys
render(<App />, document.getElementById("app")!);
findSession().catch(() => setTimeout(findSession, 2000));
