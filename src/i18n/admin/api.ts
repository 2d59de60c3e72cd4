import type { Messages } from "../messages.ts";

/** The messages of the API page. */
export const API = {
  title: ["API", "API"],
  text: [
    "Everything the admin does, programs can do as well: version {version}.",
    "Todo lo que hace el admin también lo pueden hacer los programas: versión {version}.",
  ],
  how: ["How programs log in", "Cómo entran los programas"],
  how_text: [
    "With a token, made under Users: the header Authorization: Bearer TOKEN. Or with HTTP Basic, as a user.",
    "Con un token, creado en Usuarios: el encabezado Authorization: Bearer TOKEN. O con HTTP Basic, como un usuario.",
  ],
  open: ["public", "público"],
  body: ["Body", "Cuerpo"],
  try_it: ["Try it", "Probar"],
  careful: ["This really changes something.", "Esto sí cambia algo."],
  schema: ["Schema", "Esquema"],
} satisfies Messages;
