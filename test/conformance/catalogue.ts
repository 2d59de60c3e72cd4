// The ids of the conformance cases, and notes on cases that cannot be shown in full.

/** OCA's compliance tool for OCPP 1.6, central system side: the 77 cases. */
export const OCTT: readonly string[] = [
  ...["001", "003", "004_1", "004_2", "005_1", "007", "061", "010", "011_1", "011_2", "012", "013", "014"],
  ...["017_1", "017_2", "018_1", "019_1", "019_2", "021", "023_1", "023_2", "023_3", "024", "026", "028"],
  ...["030", "031", "032_1", "037_1", "037_3", "039", "040_1", "040_2", "064"],
  ...["042_1", "042_2", "043_1", "043_3", "043_4", "043_5"],
  ...["044_1", "044_2", "044_3", "045_1", "045_2"],
  ...["046", "047", "048_1", "048_2", "048_3", "048_4", "049", "051", "052", "053"],
  ...["054", "055", "056", "057", "059", "066", "067"],
  ...[
    "073",
    "074",
    "075_1",
    "075_2",
    "076",
    "077",
    "078",
    "079",
    "080",
    "081",
    "083",
    "085",
    "086",
    "087",
    "088",
  ],
].map((number) => `TC_${number}`);

/** Cases beyond the tool. */
export const BEYOND: readonly string[] = numbered("X", 1, 32);

/** Cases of abuse at the websocket. */
export const ABUSE: readonly string[] = numbered("A", 1, 27);

/** Cases of energy: registers and sessions. */
export const ENERGY: readonly string[] = [
  ...["01", "02", "03", "04", "05", "09", "11", "12", "13", "17", "18", "23", "24", "25", "26", "30"],
  ...["31", "32", "33", "34", "35", "37", "40", "42", "44", "45", "46", "48", "49"],
].map((number) => `E${number}`);

/** Parts of cases that cannot be shown, or are shown elsewhere, with the reason. */
export const NOTES: Readonly<Record<string, string>> = {
  TC_086:
    "cannot hold in part: the static RSA suites (RSA-AES128/256-GCM) are not in rustls, which is Deno's TLS; " +
    "the two ECDHE-ECDSA suites and the refusal below TLS 1.2 are shown",
  A14: "in part: one frame. A message in endless fragments can be bounded by the TLS listener only",
  A22: "the socket of the plain listener is given up, and ends when the charger does",
  A24: "in part: nobody is held up. The plain listener has no time limit for headers; the TLS listener has",
  A27: "with a cap of 20 sockets in place of thousands",
};

function numbered(letter: string, first: number, last: number): string[] {
  return Array.from(
    { length: last - first + 1 },
    (_, index) => letter + String(first + index).padStart(2, "0"),
  );
}
