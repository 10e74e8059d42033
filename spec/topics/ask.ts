import { Redis } from 'ioredis';

/** One command to the Redis on `port`, by a connection of its own. */
export async function ask(port: number, command: string, ...args: (string | number)[]): Promise<unknown> {
  const own = new Redis({ port, lazyConnect: true, maxRetriesPerRequest: 0 });
  own.on('error', () => undefined);
  try {
    return await own.call(command, ...args);
  } finally {
    own.disconnect();
  }
}
