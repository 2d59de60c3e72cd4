// An SMTP server for tests: smtp-server, with STARTTLS and a login, that answers as a test wants.
// @ts-types="@types/smtp-server"
import { SMTPServer } from "smtp-server";
import { makeCa, type TestCa } from "./certificates.ts";

/** A received mail. */
export interface Mail {
  from: string;
  to: string[];
  text: string;
  secure: boolean;
}

/** A mail server on a free port. */
export class MailServer implements AsyncDisposable {
  readonly mails: Mail[] = [];
  /** Answers of RCPT TO; an error refuses it. */
  onRecipient: () => Error | null = () => null;
  port = 0;
  #server!: SMTPServer;

  /** Starts one; `secure`: it speaks TLS from the first byte. `ca` issues its certificate. */
  static async start({ secure = false, ca }: { secure?: boolean; ca?: TestCa } = {}): Promise<MailServer> {
    const issuer = ca ?? await makeCa("Mail CA");
    const self = new MailServer();
    const { cert, key } = await issuer.issue({ common_name: "mail", names: ["127.0.0.1"], usage: "server" });
    self.#server = new SMTPServer({
      cert,
      key,
      secure,
      authOptional: true,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, callback) =>
        username === "gateway" && password === "secret"
          ? callback(null, { user: username })
          : callback(Object.assign(new Error("Wrong login"), { responseCode: 535 })),
      onRcptTo: (_address, _session, callback) => callback(self.onRecipient()),
      onData: (stream, session, callback) => {
        const { mailFrom, rcptTo } = session.envelope;
        new Response(stream as unknown as BodyInit).text().then((text) => {
          const from = mailFrom ? mailFrom.address : "";
          self.mails.push({ from, to: rcptTo.map(({ address }) => address), text, secure: session.secure });
          callback();
        }, callback); // the client has hung up
      },
    });
    self.#server.on("error", () => {}); // of single connections
    await new Promise<void>((resolve) => self.#server.listen(0, "127.0.0.1", resolve));
    self.port = (self.#server.server.address() as { port: number }).port;
    return self;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(resolve));
  }
}
