// /ocpp/chargers/<cid>/files/ and /ocpp/firmware/: the operator's side of the files.
import { Hono } from "hono";
import { FileStore } from "../files/file_store.ts";
import { HttpError } from "../http_error.ts";
import type { Services } from "../services.ts";
import { chargerNamed } from "./chargers.ts";

/** What chargers have uploaded: list, download, delete. */
export function chargerFileRoutes(services: Services): Hono {
  const files = new FileStore(services.config.data_dir);
  const app = new Hono({ strict: false });
  const directoryOf = (cid: string) => files.chargerPath(chargerNamed(cid, services).charger_id);
  app.get(
    "/:cid/files",
    async (c) => c.json({ files: await files.list(directoryOf(c.req.param("cid"))), next: null }),
  );
  app.get("/:cid/files/:name", async (c) => {
    const name = await existing(files, directoryOf(c.req.param("cid")), c.req.param("name"));
    return await files.response(`${directoryOf(c.req.param("cid"))}/${name}`, name, c.req.header("range"));
  });
  app.delete("/:cid/files/:name", async (c) => {
    const directory = directoryOf(c.req.param("cid"));
    const name = await existing(files, directory, c.req.param("name"));
    await files.remove(`${directory}/${name}`);
    services.events.emit("file_deleted", undefined, () => ({ name }));
    return c.body(null, 204);
  });
  return app;
}

/** Firmware for chargers: list, upload (PUT /ocpp/firmware/<name>), download, delete. */
export function firmwareRoutes(services: Services): Hono {
  const { store, events, now } = services;
  const files = new FileStore(services.config.data_dir);
  const app = new Hono({ strict: false });
  app.get("/", (c) => c.json({ firmware: store.firmware.all(), next: null }));
  app.put("/:name", async (c) => {
    const name = c.req.param("name");
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name) || name.includes("..")) {
      throw new HttpError(400, "name must be 1 to 100 letters, digits, dots, dashes and underscores");
    }
    const max = store.settings.max_upload_bytes;
    const { size, sha256 = "" } = await files.save(c.req.raw.body, {
      directory: files.firmwareDirectory,
      name,
      max,
    });
    const firmware = { name, size, sha256, uploaded_at: new Date(now()).toISOString() };
    await store.firmware.put(firmware);
    events.emit("firmware", undefined, () => firmware);
    return c.json(firmware, 201);
  });
  app.get("/:name", async (c) => {
    const { name } = firmwareNamed(c.req.param("name"), services);
    return await files.response(files.firmwarePath(name), name, c.req.header("range"));
  });
  app.delete("/:name", async (c) => {
    const { name } = firmwareNamed(c.req.param("name"), services);
    await store.firmware.delete(name);
    await files.remove(files.firmwarePath(name));
    events.emit("firmware_deleted", undefined, () => ({ name }));
    return c.body(null, 204);
  });
  return app;
}

function firmwareNamed(name: string, { store }: Services) {
  const firmware = store.firmware.get(name);
  if (!firmware) throw new HttpError(404, `There is no firmware ${name.slice(0, 100)}`);
  return firmware;
}

/** Only a name that is in the list is a file. Throws HttpError 404. */
async function existing(files: FileStore, directory: string, name: string): Promise<string> {
  if ((await files.list(directory)).some((file) => file.name === name)) return name;
  throw new HttpError(404, `There is no file ${name.slice(0, 100)}`);
}
