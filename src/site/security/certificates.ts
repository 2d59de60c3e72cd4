// The known certificates of chargers.
import type {
  CertificateHash,
  CertificateRequest,
  Certificates,
  IssuedCertificate,
  Store,
} from "../../store/store.ts";
import type { Context } from "../context.ts";

/** Returns the known certificates of a charger. */
export function certificatesOf(store: Store, charger_id: string): Certificates {
  return store.certificates.get(charger_id) ?? { charger_id, roots: {}, issued: [] };
}

/** Stores the root certificates of a type that the charger has listed. */
export async function keepRoots(type: string, roots: CertificateHash[], context: Context): Promise<void> {
  const known = certificatesOf(context.store, context.charger_id);
  await keep({ ...known, roots: { ...known.roots, [type]: roots } }, context);
}

/** Removes a root certificate. */
export async function dropRoot(root: CertificateHash, context: Context): Promise<void> {
  const known = certificatesOf(context.store, context.charger_id);
  const roots = Object.entries(known.roots).map((
    [type, list],
  ) => [type, list.filter((each) => !isSame(each, root))]);
  await keep({ ...known, roots: Object.fromEntries(roots) }, context);
}

/** Marks the list as unknown after a root certificate was added. */
export async function forgetRoots(type: string, context: Context): Promise<void> {
  const known = certificatesOf(context.store, context.charger_id);
  const { [type]: _old, ...roots } = known.roots;
  await keep({ ...known, roots }, context);
}

/** Returns the type of a root certificate if it is the charger's only known one of that type. */
export function lastOfType(root: CertificateHash, { store, charger_id }: Context): string | undefined {
  const { roots } = certificatesOf(store, charger_id);
  return Object.entries(roots).find(([, list]) => list.length === 1 && isSame(list[0]!, root))?.[0];
}

/** The parts of a context that records of certificates need. */
export type CertificateContext = Pick<Context, "store" | "events" | "charger_id">;

const ISSUED_KEPT = 5;

/** Stores a certificate that was issued to the charger. */
export async function keepIssued(issued: IssuedCertificate, context: CertificateContext): Promise<void> {
  const known = certificatesOf(context.store, context.charger_id);
  await keep({ ...known, issued: [issued, ...known.issued].slice(0, ISSUED_KEPT) }, context);
}

/** Stores the charger's answer to the last issued certificate. */
export async function keepVerdict(status: "Accepted" | "Rejected", context: Context): Promise<void> {
  const known = certificatesOf(context.store, context.charger_id);
  const [newest, ...older] = known.issued;
  if (newest?.status !== "sent") return;
  const { chain: _chain, ...answered } = newest;
  await keep({ ...known, issued: [{ ...answered, status }, ...older] }, context);
}

/** Returns the certificate of a serial number, in hex, that the site's CA has issued to this charger. */
export function issuedTo(
  charger_id: string,
  serial_number: string,
  store: Store,
): IssuedCertificate | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/^0+(?=.)/, "");
  return certificatesOf(store, charger_id).issued.find((issued) =>
    plain(issued.serial_number) === plain(serial_number)
  );
}

/** Returns the view of a certificate request for REST: the record without the request itself. */
export function requestView({ csr: _csr, ...view }: CertificateRequest): Omit<CertificateRequest, "csr"> {
  return view;
}

async function keep(
  certificates: Certificates,
  { store, events, charger_id }: CertificateContext,
): Promise<void> {
  const written = store.certificates.put(certificates);
  events.emit("certificates", charger_id, () => certificates);
  await written;
}

/** Compares hex numbers without regard to case and leading zeros. */
function isSame(a: CertificateHash, b: CertificateHash): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/^0+(?=.)/, "");
  return a.hashAlgorithm === b.hashAlgorithm && plain(a.serialNumber) === plain(b.serialNumber) &&
    a.issuerNameHash.toLowerCase() === b.issuerNameHash.toLowerCase() &&
    a.issuerKeyHash.toLowerCase() === b.issuerKeyHash.toLowerCase();
}
