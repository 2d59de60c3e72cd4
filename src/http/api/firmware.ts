// /ocpp/firmware/: firmware files for chargers.
import type { Config } from "../../config.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import type { Events } from "../../site/events.ts";
import type { Firmware, Store } from "../../store/store.ts";
import { FileStore } from "../files/file_store.ts";
import { notFound } from "../http_error.ts";
import { fileBody, invalidField } from "../input.ts";
import { route } from "../route.ts";
import { named, page, Time } from "../schemas.ts";

const FirmwareSchema = named(
  "Firmware",
  Type.Object({
    name: Type.String(),
    size: Type.Integer({ description: "Bytes" }),
    sha256: Type.String({ description: "Hex" }),
    uploaded_at: Time,
  }),
);

interface FirmwareDeps {
  store: Store;
  events: Events;
  config: Pick<Config, "data_dir">;
  /** ms since 1970. */
  now: () => number;
}

/** The routes of /ocpp/firmware/. */
export const firmwareRoutes = [
  route({
    method: "GET",
    path: "/ocpp/firmware/",
    role: "viewer",
    summary: "Firmware files",
    response: page("firmware", FirmwareSchema),
    handle: (_, { store }: FirmwareDeps) => ({ firmware: store.firmware.all(), next: null }),
  }),
  route({
    method: "PUT",
    path: "/ocpp/firmware/{name}",
    role: "admin",
    summary: "Upload a firmware file",
    audit: { action: "change", kind: "firmware", id: "name" },
    upload: "application/octet-stream",
    response: FirmwareSchema,
    status: 201,
    errors: ["invalid_field", "body_too_large", "no_space", "body_too_slow", "not_possible_here"],
    async handle({ params: { name }, c }, { store, events, config, now }: FirmwareDeps) {
      if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name) || name.includes("..")) {
        throw invalidField("name", "must be 1 to 100 letters, digits, dots, dashes and underscores");
      }
      const files = new FileStore(config.data_dir);
      const max = store.settings.max_upload_bytes;
      const place = { directory: files.firmwareDirectory, name, max };
      const { size, sha256 = "" } = await files.save(fileBody(c), place);
      const firmware = { name, size, sha256, uploaded_at: new Date(now()).toISOString() };
      await store.firmware.put(firmware);
      events.emit("firmware", undefined, () => firmware);
      return firmware;
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/firmware/{name}",
    role: "viewer",
    summary: "Download a firmware file, or a range of it",
    response: "application/octet-stream",
    also: { 206: "application/octet-stream" },
    errors: ["range_not_satisfiable"],
    handle({ params, c }, deps: FirmwareDeps) {
      const { name } = firmwareNamed(params.name, deps);
      const files = new FileStore(deps.config.data_dir);
      return files.response(files.firmwarePath(name), name, c.req.header("range"));
    },
  }),
  route({
    method: "DELETE",
    path: "/ocpp/firmware/{name}",
    role: "admin",
    summary: "Delete a firmware file",
    audit: { action: "delete", kind: "firmware", id: "name" },
    response: null,
    async handle({ params }, deps: FirmwareDeps) {
      const { name } = firmwareNamed(params.name, deps);
      const files = new FileStore(deps.config.data_dir);
      await deps.store.firmware.delete(name);
      await files.remove(files.firmwarePath(name));
      deps.events.emit("firmware_deleted", undefined, () => ({ name }));
    },
  }),
];

function firmwareNamed(name: string, { store }: FirmwareDeps): Firmware {
  const firmware = store.firmware.get(name);
  if (!firmware) throw notFound("firmware", name, 100);
  return firmware;
}
