// What the bundler makes of JSX.
export { Fragment, h } from "preact";
