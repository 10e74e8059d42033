import { NEVER, Observable, startWith } from 'rxjs';
import type { Prepared } from '../core/Prepared.ts';
import { InTurn } from '../core/InTurn.ts';
import { nodeClock } from '../transports/ws/nodeClock.ts';
import type { Bus, BusSink, BusState } from './Bus.ts';
import type { HistoryConfig } from './HistoryConfig.ts';
import { historyOf } from './historyOf.ts';
import { MemoryHistory } from './MemoryHistory.ts';
import { MemorySubscriptions } from './MemorySubscriptions.ts';

/** Settings of the bus within one process. */
export interface MemoryConfig {
  /** Keeps the newest messages of each topic, of at most 10,000 topics. Default: none. */
  history?: HistoryConfig | boolean;
}

interface Delivery {
  readonly topic: string;
  readonly message: Prepared<unknown>;
  readonly id: string | undefined;
  readonly sinks: readonly BusSink[];
}

/**
 * The bus of one process, which topics have without being given one. `publish` delivers before it returns; what is published
 * meanwhile follows, so that everybody sees one order. It is never lost. **Holds** the history, where one is asked for.
 *
 * @example
 * const rooms = topics({ codec, bus: memory({ history: { length: 50 } }) });
 */
export function memory({ history = false }: MemoryConfig = {}): Bus {
  const config = historyOf(history);
  const kept = config && new MemoryHistory(config);
  const subscriptions = new MemorySubscriptions();
  /** Those whose subscription is about to stand. */
  const coming = new Set<() => void>();
  const deliveries = new InTurn<Delivery>(({ topic, message, id, sinks }) => {
    for (const sink of sinks) sink.message(topic, message, id);
  });
  const always = <T>(value: T): Observable<T> => NEVER.pipe(startWith(value));
  return {
    state: always<BusState>('open'),
    writable: always(true),
    publish: (topic, encode) => {
      // Who has just come catches up with what was before this one: a short history may soon not have it any more.
      for (const stand of coming) stand();
      const id = kept?.nextId();
      const message = encode(id);
      if (id !== undefined) kept?.add(topic, id, message);
      deliveries.add({ topic, message, id, sinks: subscriptions.of(topic) });
      return true;
    },
    subscribe: (target, sink) => {
      const leave = subscriptions.add(target, sink);
      const stand = (): void => {
        if (coming.delete(stand)) sink.ready(undefined);
      };
      if (kept !== undefined) {
        coming.add(stand);
        nodeClock.later(stand);
      }
      return {
        unsubscribe: () => {
          coming.delete(stand);
          leave();
        },
      };
    },
    read: kept && ((topic, after) => later(kept.read(topic, after))),
    close: () => Promise.resolve(),
  };
}

/** No promise: in a marble test it is told in virtual time. */
function later<R>(answer: R): Observable<R> {
  return new Observable((subscriber) =>
    nodeClock.later(() => {
      subscriber.next(answer);
      subscriber.complete();
    }),
  );
}
