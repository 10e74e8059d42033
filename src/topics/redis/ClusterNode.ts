import type { Address } from './Layout.ts';
import type { RedisConnection } from './RedisConnection.ts';

interface Waiting {
  go(): void;
  refuse(error: unknown): void;
}

/** One node of a cluster, from its connection's first attempt to its loss. What is asked of it meanwhile goes out in order. */
export class ClusterNode {
  readonly address: Address;
  readonly connection: RedisConnection;
  isReady = false;
  private over: { readonly error: Error } | undefined;
  private waiting: Waiting[] = [];

  constructor(address: Address, connection: RedisConnection) {
    this.address = address;
    this.connection = connection;
  }

  /** Now, or when it is there. */
  do<T>(ask: (connection: RedisConnection) => Promise<T>): Promise<T> {
    if (this.isReady) return ask(this.connection);
    if (this.over !== undefined) return Promise.reject(this.over.error);
    return new Promise((done, broke) => {
      this.waiting.push({ go: () => void ask(this.connection).then(done, broke), refuse: broke });
    });
  }

  ready(): void {
    this.isReady = true;
    for (const { go } of this.waiting.splice(0)) go();
  }

  end(error: unknown): void {
    this.isReady = false;
    this.over = { error: error as Error };
    for (const { refuse } of this.waiting.splice(0)) refuse(error);
    this.connection.close();
  }
}
