import type { Messages } from "../messages.ts";

/** The messages of the API page. */
export const API = {
  title: ["API", "API"],
  text: [
    "Programs can do everything that the admin does. API version: {version}.",
    "Todo lo que hace el admin también lo pueden hacer los programas: versión {version}.",
  ],
  how: ["How programs authenticate", "Cómo entran los programas"],
  how_text: [
    "With a token, created under Users, in the header Authorization: Bearer TOKEN. Or with HTTP Basic, as a user.",
    "Con un token, creado en Usuarios: el encabezado Authorization: Bearer TOKEN. O con HTTP Basic, como un usuario.",
  ],
  open: ["public", "público"],
  body: ["Body", "Cuerpo"],
  try_it: ["Try it", "Probar"],
  careful: ["This request changes data.", "Esto sí cambia algo."],
  schema: ["Schema", "Esquema"],
} satisfies Messages;
