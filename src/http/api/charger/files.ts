// /ocpp/chargers/{charger_id}/files/: the files that a charger has uploaded.
import type { Config } from "../../../config.ts";
import { Type } from "../../../ocpp/schema_builder.ts";
import type { Events } from "../../../site/events.ts";
import { FileStore } from "../../files/file_store.ts";
import { notFound } from "../../http_error.ts";
import { route } from "../../route.ts";
import { page, Time } from "../../schemas.ts";
import { chargerNamed, type NamingDeps } from "./charger_named.ts";

const File = Type.Object({
  name: Type.String(),
  size: Type.Integer({ description: "Bytes" }),
  sha256: Type.Optional(Type.String()),
  at: Time,
});

interface FileDeps extends NamingDeps {
  config: Pick<Config, "data_dir">;
  events: Events;
}

/** The routes of /ocpp/chargers/{charger_id}/files/. */
export const fileRoutes = [
  route({
    method: "GET",
    path: "/ocpp/chargers/{charger_id}/files/",
    role: "operator",
    summary: "The files that a charger has uploaded, newest first",
    response: page("files", File),
    async handle({ params }, deps: FileDeps) {
      const { charger_id } = chargerNamed(params.charger_id, deps);
      const files = new FileStore(deps.config.data_dir);
      return { files: await files.list(files.chargerPath(charger_id)), next: null };
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/chargers/{charger_id}/files/{name}",
    role: "operator",
    summary: "Download a file, or a range of it",
    response: "application/octet-stream",
    also: { 206: "application/octet-stream" },
    errors: ["range_not_satisfiable"],
    async handle({ params, c }, deps: FileDeps) {
      const { files, path } = await existing(params, deps);
      return await files.response(path, params.name, c.req.header("range"));
    },
  }),
  route({
    method: "DELETE",
    path: "/ocpp/chargers/{charger_id}/files/{name}",
    role: "admin",
    summary: "Delete a file",
    audit: { action: "files/{name}", kind: "charger", id: "charger_id" },
    response: null,
    async handle({ params }, deps: FileDeps) {
      const { files, path } = await existing(params, deps);
      await files.remove(path);
      deps.events.emit("file_deleted", undefined, () => ({ name: params.name }));
    },
  }),
];

/** Returns the path of a file that is in the charger's list: no other name reaches the disk. Throws HttpError 404. */
async function existing(params: { charger_id: string; name: string }, deps: FileDeps) {
  const { charger_id } = chargerNamed(params.charger_id, deps);
  const files = new FileStore(deps.config.data_dir);
  const directory = files.chargerPath(charger_id);
  const listed = (await files.list(directory)).some(({ name }) => name === params.name);
  if (!listed) throw notFound("file", params.name, 100);
  return { files, path: `${directory}/${params.name}` };
}
