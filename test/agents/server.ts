// What the fake agent asks what to do, on loopback: outside of every sandbox, so its log is the witness of each start.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One start of the agent, as it tells of itself. */
export interface Started {
  readonly name: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly home: string;
  readonly prompt: string;
  readonly env: Readonly<Record<string, string>>;
  /** The files of its folder. */
  readonly files: Readonly<Record<string, string>>;
}

/** What it is to do. */
export interface Orders {
  /** Files to write, or to remove (null). */
  readonly write?: Readonly<Record<string, string | null>>;
  /** What to try first; `~` is its home. */
  readonly probe?: { readonly read?: readonly string[]; readonly list?: readonly string[]; readonly write?: Readonly<Record<string, string>> };
  readonly sleep?: number;
  /** JavaScript to run in its folder; `home` is its home. */
  readonly code?: string;
  /** What it tells as its cost, whatever that is. */
  readonly cost?: unknown;
  /** Ends so, with this on stderr, and without its own form of output. */
  readonly exit?: number;
  readonly stderr?: string;
  readonly text?: string;
  readonly usd?: number;
  readonly error?: string;
  readonly subtype?: string;
}

export interface Probed {
  readonly read: Readonly<Record<string, string>>;
  readonly list: Readonly<Record<string, string>>;
  readonly write: Readonly<Record<string, string>>;
}

export class AgentServer {
  readonly starts: Started[] = [];
  readonly probed: Probed[] = [];
  private readonly orders: (start: Started, n: number) => Orders | Promise<Orders>;
  private readonly server: Server;

  /** @param orders may let it wait */
  constructor(orders: (start: Started, n: number) => Orders | Promise<Orders>) {
    this.orders = orders;
    this.server = createServer((req, res) => {
      let body = '';
      req.on('data', (d: Buffer) => (body += d.toString())).on('end', () => {
        Promise.resolve(this.answer(req.url ?? '', JSON.parse(body))).then((told) => { res.end(JSON.stringify(told)); }, () => { res.destroy(); });
      });
    });
  }

  private answer(path: string, body: unknown): unknown {
    if (path !== '/run') {
      this.probed.push(body as Probed);
      return {};
    }
    const start = body as Started;
    this.starts.push(start);
    return this.orders(start, this.starts.length - 1);
  }

  async start(): Promise<this> {
    await new Promise<void>((up) => this.server.listen(0, '127.0.0.1', up));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((down) => this.server.close(down));
  }
}
