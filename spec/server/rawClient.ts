import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** An answer as it stands on the wire. */
export interface RawAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An opening handshake; `fields` are put over its own, undefined takes one away. */
export function upgradeRequest(
  target = '/',
  fields: Readonly<Record<string, string | undefined>> = {},
  { method = 'GET', version = '1.1' } = {},
): string {
  const all = {
    Host: 'localhost',
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version': '13',
    ...fields,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  return [`${method} ${target} HTTP/${version}`, ...lines, '', ''].join('\r\n');
}

/** A client of bytes: it says what a spec wants it to say. */
export class RawClient {
  readonly socket: Socket;
  /** All that came, until the socket closed; both ends have ended by then. */
  readonly closed: Promise<Buffer>;
  private received: Buffer = Buffer.alloc(0);
  private waiting: (() => void) | undefined;

  constructor(socket: Socket, bytes: string | Buffer = '') {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      this.waiting?.();
    });
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.waiting?.();
        resolve(this.received);
      });
    });
    socket.write(bytes);
  }

  /** Connects, and sends `bytes` in one packet. */
  static to(port: number, bytes: string | Buffer = ''): RawClient {
    return new RawClient(connect(port, '127.0.0.1'), bytes);
  }

  static toTls(port: number, bytes: string | Buffer = ''): RawClient {
    return new RawClient(connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }), bytes);
  }

  async connected(): Promise<void> {
    if (this.socket.connecting) await once(this.socket, 'connect');
  }

  /** The head of the first answer, and what stands behind it by now. */
  async answer(): Promise<RawAnswer> {
    while (!this.received.includes('\r\n\r\n')) {
      if (this.socket.closed) throw new Error(`closed after "${this.received.toString()}"`);
      await new Promise<void>((resolve) => (this.waiting = resolve));
    }
    return parsed(this.received.toString('latin1'));
  }

  /** The whole answer of who ends the socket behind it. */
  async refusal(): Promise<RawAnswer> {
    return parsed((await this.closed).toString('latin1'));
  }

  /** Ends the socket with RST. */
  reset(): void {
    this.socket.resetAndDestroy();
  }
}

function parsed(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines)
    headers[line.slice(0, line.indexOf(':')).toLowerCase()] = line.slice(line.indexOf(':') + 2);
  return { status: Number(first.split(' ')[1]), headers, body: rest.join('\r\n\r\n') };
}
