import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a server on `target`: cuts their connections, or swallows what they say. */
export class Proxy implements AsyncDisposable {
  port = 0;
  private readonly target: number;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer({ pauseOnConnect: true }, (socket) => this.take(socket));
  private isCut = false;
  private isSilent = false;

  constructor(target: number) {
    this.target = target;
  }

  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  /** All connections end, and new ones too. */
  cut(): void {
    this.isCut = true;
    this.end();
  }

  /** Nothing comes through, and nobody is told. */
  silence(): void {
    this.isSilent = true;
  }

  /** New connections come through. */
  mend(): void {
    this.isCut = false;
    this.isSilent = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end();
    this.server.close();
    await once(this.server, 'close');
  }

  private end(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private take(socket: Socket): void {
    if (this.isCut) {
      socket.destroy();
      return;
    }
    const upstream = connect(this.target, '127.0.0.1');
    const pass = (from: Socket, to: Socket): void => {
      this.sockets.add(from);
      from.on('error', () => undefined);
      from.on('data', (chunk) => {
        if (!this.isSilent) to.write(chunk);
      });
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
    };
    pass(socket, upstream);
    pass(upstream, socket);
    socket.resume();
  }
}
