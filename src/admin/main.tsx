// The admin's entry point.
import { effect } from "@preact/signals";
import { render } from "preact";
import { followSite } from "./alarms.ts";
import { session } from "./api.ts";
import { App } from "./app.tsx";
import { language, setLanguage } from "./i18n.ts";
import { follow } from "./live.ts";
import { findSession } from "./login.ts";
import { applyTheme } from "./theme.ts";

applyTheme();
const again = () => findSession().catch(() => setTimeout(again, 2000));
void again();
effect(() => { // the site is asked before anything is drawn
  if (!session.value) return;
  const ends = [follow(), followSite()];
  return () => ends.forEach((end) => end());
});
await setLanguage(language.value).catch(() => {}); // without messages it shows their keys
render(<App />, document.getElementById("app")!);
