// Tests that not every machine can run.

/** Returns the options of a test that needs something of the machine; prints the reason if the test is ignored. */
export function needs(what: string, present: boolean): { ignore: boolean } {
  if (!present) console.log(`ignored: a test needs ${what}`);
  return { ignore: !present };
}
