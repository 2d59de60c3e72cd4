// Prefixes of KV keys: every key begins with the site's id and the name of its table.

/** The first two parts of a table's keys. */
export type Prefix<Name extends string = string> = readonly [site_id: string, name: Name];

/** The prefixes of some tables, by name. */
export type Keys<Name extends string> = { readonly [N in Name]: Prefix<N> };

/** Returns the prefixes of the tables `names` of a site. */
export function keysFor<Name extends string>(site_id: string, names: readonly Name[]): Keys<Name> {
  return Object.fromEntries(names.map((name) => [name, [site_id, name]])) as unknown as Keys<Name>;
}
