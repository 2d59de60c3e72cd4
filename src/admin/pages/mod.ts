// The parts other than the first page, loaded together when one of them is needed.
import { addIcons } from "../icons.tsx";
import { MORE } from "../more_icons.ts";

addIcons(MORE);

export { confirmPassword } from "../components/confirm_password.tsx";
export { Finder } from "../finder/finder.tsx";
export { HomeTasks } from "./overview/home_tasks.tsx";
export { default as FirstCharger } from "./first_charger.tsx";
export { default as SetUp } from "./set_up.tsx";
export { default as Rest } from "./rest.tsx";
