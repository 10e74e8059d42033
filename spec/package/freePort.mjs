// For what has to know its port before it listens.
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port that is free. */
export const freePort = async () => {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
};
