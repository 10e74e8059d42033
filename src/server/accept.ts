import { defer, mergeMap, type ObservableInput, type OperatorFunction, tap } from 'rxjs';
import type { Connection } from '../connection/Connection.ts';
import type { Data, Sendable } from '../core/Data.ts';
import type { AcceptConfig } from './AcceptConfig.ts';
import { Acceptor } from './Acceptor.ts';
import type { ContextOf, Decision } from './Decision.ts';
import { Unowned } from './Unowned.ts';
import type { Upgrade } from './Upgrade.ts';

/**
 * Asks `decide` about each upgrade, and emits those that it accepts as connections. Decisions run beside each
 * other: a slow one delays no other, and is cancelled when its client leaves.
 *
 *     upgrades    -a--b--c--
 *     a's          -----t|     a and c are accepted
 *     b's             f|        b gets 403
 *     c's                t|
 *     result      ------ac--
 *
 * False, null, undefined and an empty answer refuse with 403, `reject(status)` as it says. Where `decide` throws,
 * rejects, or answers what is no decision or cannot be sent, the client gets 500 and `onError` the error; an
 * answer that comes after `handshakeTimeoutMs` changes nothing. `context` types the connection.
 *
 * **Completes** when the source has completed and the last decision is made; connections stay. **Errors with**
 * what the source errors with, never for a client. **On unsubscribe** refuses with 503 what is undecided, and
 * closes with 1001 the connections that no `handle` answers. **Holds** the upgrades that are being decided.
 *
 * @example
 * upgrades(server).pipe(
 *   accept(async ({ headers }) => {
 *     const user = await userOf(headers['authorization']);
 *     return user ? { context: user } : reject(401);
 *   }),
 *   handle(({ text, context }) => text.pipe(map((line) => `${context.name}: ${line}`))),
 * ).subscribe();
 */
export function accept<In = Data, Out = Sendable, D extends Decision | ObservableInput<Decision> = true>(
  decide?: (upgrade: Upgrade) => D,
  config: AcceptConfig<In, Out> = {},
): OperatorFunction<Upgrade, Connection<In, Out, ContextOf<D>>> {
  const acceptor = new Acceptor<In, Out, ContextOf<D>>(decide ?? (() => true), config);
  return (source) =>
    defer(() => {
      const unowned = new Unowned();
      return source.pipe(
        mergeMap((upgrade) => acceptor.connection(upgrade, unowned)),
        tap({ unsubscribe: () => unowned.leave() }),
      );
    });
}
