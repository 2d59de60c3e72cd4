// The pages other than the first, loaded together with the first of them that is opened.
import { addIcons } from "../icons.tsx";
import { MORE } from "../more_icons.ts";

addIcons(MORE);

export { confirmPassword } from "../components/confirm_password.tsx";
export { default as Account } from "./account.tsx";
export { default as Activity } from "./activity.tsx";
export { default as Alerts } from "./alerts.tsx";
export { default as Api } from "./api.tsx";
export { default as Audit } from "./audit.tsx";
export { default as Charger } from "./charger.tsx";
export { default as Chargers } from "./chargers.tsx";
export { default as Events } from "./events.tsx";
export { default as FirstCharger } from "./first_charger.tsx";
export { default as Jobs } from "./jobs.tsx";
export { default as Labels } from "./labels.tsx";
export { default as Map } from "./map.tsx";
export { default as MessageLog } from "./log.tsx";
export { default as Commissioning } from "./commissioning.tsx";
export { default as Report } from "./report.tsx";
export { default as Rfids } from "./rfids.tsx";
export { default as Sessions } from "./sessions.tsx";
export { default as SetUp } from "./set_up.tsx";
export { default as Settings } from "./settings.tsx";
export { default as Simulators } from "./simulators.tsx";
export { default as ConfigurationTemplates } from "./configuration_templates.tsx";
export { default as System } from "./system.tsx";
export { default as Users } from "./users.tsx";
export { default as Waiting } from "./waiting.tsx";
export { default as Webhooks } from "./webhooks.tsx";
