// A PostgreSQL of Debian's package for one test: on a socket and a free port of its own, gone afterwards.

/** A server under test. */
export interface TestPostgres extends AsyncDisposable {
  url: string;
  port: number;
  folder: string;
  /** Ends it at once, as a power cut does. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** The folder of PostgreSQL's programs, newest first; null: there is none. */
export const POSTGRES = programs();

function programs(): string | null {
  try {
    const versions = [...Deno.readDirSync("/usr/lib/postgresql")].map(({ name }) => Number(name)).filter(
      Boolean,
    );
    return versions.length > 0 ? `/usr/lib/postgresql/${Math.max(...versions)}/bin` : null;
  } catch {
    return null;
  }
}

/** Creates and starts a server; it syncs its log as in production. */
export async function startPostgres(): Promise<TestPostgres> {
  const folder = await Deno.makeTempDir({ prefix: "ocpp-fleet-pg-" });
  if (Deno.uid() === 0) await run(["chown", "postgres", folder]);
  const port = freePort();
  const data = `${folder}/data`;
  await run(asServer([`${POSTGRES}/initdb`, "-D", data, "-U", "fleet", "-A", "trust", "--no-instructions"]));
  const control = (...args: string[]) => run(asServer([`${POSTGRES}/pg_ctl`, "-D", data, "-s", ...args]));
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1`;
  const start = () => control("-w", "-l", `${folder}/log`, "-o", options, "start");
  const kill = () => control("-m", "immediate", "stop");
  await start();
  return {
    url: `postgres://fleet@127.0.0.1:${port}/postgres`,
    port,
    folder,
    kill,
    start,
    async [Symbol.asyncDispose]() {
      await kill().catch(() => {});
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** PostgreSQL refuses to run as root. */
function asServer(line: string[]): string[] {
  return Deno.uid() === 0
    ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", ...line]
    : line;
}

function freePort(): number {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return listener.addr.port;
}

async function run([program, ...args]: string[]): Promise<void> {
  // pg_ctl leaves the server behind, which would keep pipes open
  const { code } = await new Deno.Command(program!, { args, stdout: "null", stderr: "null" }).output();
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}`);
}
