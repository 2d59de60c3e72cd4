// /ocpp/labels/: printable labels of chargers, with their QR codes.
import { acceptedTags, languageOf } from "../../i18n/language.ts";
import { translator } from "../../i18n/messages.ts";
import { LABEL_SHEETS } from "../../i18n/pages/label_sheets.ts";
import type { CentralSystem } from "../../central/central_system.ts";
import type { Config } from "../../config.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import type { Charger, Store } from "../../store/store.ts";
import { HttpError, notFound } from "../http_error.ts";
import { LABEL_STOCKS, labelsOf, type StockName } from "../pages/label_stocks.ts";
import { labelsCsp, labelsPage } from "../pages/labels_page.tsx";
import { landingUrl } from "../pages/landing_url.ts";
import { route } from "../route.ts";

interface LabelDeps {
  store: Store;
  central: Pick<CentralSystem, "registeredId">;
  config: Pick<Config, "public_url" | "port">;
}

/** The routes of /ocpp/labels/. */
export const labelRoutes = [
  route({
    method: "GET",
    path: "/ocpp/labels/",
    role: "viewer",
    summary: "Labels with QR codes as a page to print",
    query: Type.Object({
      chargers: Type.Optional(
        Type.String({ description: "Ids, separated by commas, in the order of the labels; left out: all" }),
      ),
      stock: Type.Optional(
        Type.Enum(Object.keys(LABEL_STOCKS) as StockName[], {
          description: "The sheet: plain paper (`a4-10`, `letter-1`) or a maker's; left out: a4-10",
        }),
      ),
      start: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 100, description: "The first free label of the first sheet" }),
      ),
      marks: Type.Optional(
        Type.Enum(["true", "false"], { description: "Lines for cutting; left out: on plain paper" }),
      ),
      help: Type.Optional(
        Type.String({ maxLength: 120, description: "A line of help; left out: a common one" }),
      ),
      lang: Type.Optional(Type.String({ description: "en or es; left out: the site's" })),
    }),
    response: "text/html",
    errors: ["not_found"],
    async handle({ query, c }, deps: LabelDeps) {
      const { stock = "a4-10", start = 1, marks, help, lang } = query;
      const { settings } = deps.store;
      if (start > labelsOf(LABEL_STOCKS[stock])) {
        throw new HttpError("invalid_query", `start must be at most ${labelsOf(LABEL_STOCKS[stock])}`, {
          values: { field: "start" },
        });
      }
      const language = languageOf(acceptedTags(lang ?? null), settings.language);
      const lines = marks === undefined ? !("brand" in LABEL_STOCKS[stock]) : marks === "true";
      const labels = chargersOf(query.chargers, deps).map(({ charger_id, name }) => ({
        charger_id,
        name: name ?? "",
        url: landingUrl(deps, c.req.raw, charger_id),
      }));
      const own = help ?? translator(LABEL_SHEETS, language)("help");
      c.header("content-security-policy", labelsCsp({ stock, marks: lines }));
      const sheets = { labels, stock, start, marks: lines, site: settings.name, help: own.trim() };
      return c.html(await labelsPage(sheets, language));
    },
  }),
];

/** Returns the chargers of a list of ids, or all by name. Throws HttpError 404 for one that is unknown. */
function chargersOf(ids: string | undefined, { store, central }: LabelDeps): Charger[] {
  if (ids === undefined) {
    const title = ({ name, charger_id }: Charger) => name || charger_id;
    return store.chargers.all().toSorted((a, b) =>
      title(a).localeCompare(title(b), undefined, { numeric: true })
    );
  }
  const found = new Map<string, Charger>();
  for (const id of ids.split(",").map((part) => part.trim()).filter(Boolean)) {
    const charger = store.chargers.get(central.registeredId(id));
    if (!charger) throw notFound("charger", id);
    found.set(charger.charger_id, charger);
  }
  return [...found.values()];
}
