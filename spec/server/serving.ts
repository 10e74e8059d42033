import { type Observable, type ObservableInput, Subscription } from 'rxjs';
import type { Connection } from '../../src/connection/Connection.ts';
import type { Data, Sendable } from '../../src/core/Data.ts';
import type { ContextOf, Decision } from '../../src/server/Decision.ts';
import { listen } from '../../src/server/listen.ts';
import type { ListenAddress } from '../../src/server/ListenAddress.ts';
import type { ListenConfig } from '../../src/server/ListenConfig.ts';
import { Inbox } from '../connection/contract/Inbox.ts';

/** A `listen` that listens. */
export interface Serving<R> extends Disposable {
  readonly port: number;
  readonly url: string;
  readonly subscription: Subscription;
  /** What the pipeline emits, one by one. */
  readonly emitted: Inbox<R>;
  /** Resolves when it completes, with the error when it errors. */
  readonly over: Promise<unknown>;
}

/** Subscribes to `listen(config)`, through `use`, and waits until it listens on the local address. */
export async function serving<
  In = Data,
  Out = Sendable,
  D extends Decision | ObservableInput<Decision> = true,
  R = Connection<In, Out, ContextOf<D>>,
>(
  config: ListenConfig<In, Out, D>,
  use: (connections: Observable<Connection<In, Out, ContextOf<D>>>) => Observable<R> = (connections) =>
    connections as Observable<never>,
): Promise<Serving<R>> {
  const emitted = new Inbox<R>();
  let ended!: (error?: unknown) => void;
  const over = new Promise<unknown>((done) => (ended = done));
  const subscription = new Subscription();
  const address = await new Promise<ListenAddress>((listening, reject) => {
    subscription.add(
      use(listen({ host: '127.0.0.1', ...config, listening })).subscribe({
        next: (value) => emitted.push(value),
        error: (error: unknown) => {
          ended(error);
          reject(error as Error);
        },
        complete: () => ended(),
      }),
    );
  });
  return { ...address, emitted, over, subscription, [Symbol.dispose]: () => subscription.unsubscribe() };
}
