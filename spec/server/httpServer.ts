import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of somebody else's, to be borrowed. */
export interface Borrowed extends AsyncDisposable {
  readonly server: Server;
  readonly port: number;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function httpServer(
  onRequest: RequestListener = (_, response) => response.end('ordinary'),
): Promise<Borrowed> {
  const server = createServer(onRequest);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    server,
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
