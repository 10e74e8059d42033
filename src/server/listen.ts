import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { defer, from, Observable, type ObservableInput, of, switchMap, take, takeUntil, tap } from 'rxjs';
import type { Connection } from '../connection/Connection.ts';
import type { Data, Sendable } from '../core/Data.ts';
import { report } from '../core/ErrorReport.ts';
import { sheltered } from '../core/sheltered.ts';
import { accept } from './accept.ts';
import { announce } from './announce.ts';
import type { ContextOf, Decision } from './Decision.ts';
import { Drain } from './Drain.ts';
import type { ListenConfig } from './ListenConfig.ts';
import { ownServer } from './ownServer.ts';
import { serverHandshake } from './serverHandshake.ts';
import type { Upgrade } from './Upgrade.ts';
import { upgradesUntil } from './upgrades.ts';

/**
 * Listens, and emits each connection that it accepts: `upgrades` and `accept` on a server of its own, or on one
 * that is borrowed. Cold: each subscription listens.
 *
 *     listen({ port: 8080 })                  HTTP; what asks for no upgrade gets 426
 *     listen({ port: 8443, tls: { key, cert } })
 *     listen({ server, path: '/chat' })       beside what else `server` does
 *
 * **Completes** when the server has closed, or when `closeWhen` has drained it: from its first value on new upgrades
 * get 503, reading stops, handlers finish, everything is flushed and closed with 1001; then an own server closes,
 * and a borrowed one is its owner's affair. **Errors with** a `ListenError` where an own server cannot listen (its `cause` is Node's error), never
 * for a client. **On unsubscribe** stops listening, refuses with 503 what is undecided, and closes with 1001 the
 * connections that no `handle` answers; of a borrowed server only our listener goes. **Holds** what `accept`
 * does.
 *
 * @example
 * listen({ port: 8080, closeWhen: fromEvent(process, 'SIGTERM'), listening: ({ url }) => console.log(url) })
 *   .pipe(handle(({ text }) => text.pipe(map((line) => line.toUpperCase()))))
 *   .subscribe();
 */
export function listen<In = Data, Out = Sendable, D extends Decision | ObservableInput<Decision> = true>(
  config: ListenConfig<In, Out, D>,
): Observable<Connection<In, Out, ContextOf<D>>> {
  const { closeWhen, shouldUpgrade, server } = config;
  return defer(() => {
    const drain = new Drain(config.closeSpreadMs);
    const servers = server === undefined ? ownServer(config, drain.ended) : of(server);
    const connections = servers.pipe(
      switchMap((host) => serve(host, config, drain)),
      accept(shouldUpgrade, config),
    );
    return closeWhen === undefined
      ? connections
      : connections.pipe(tap((connection) => drain.add(connection)));
  });
}

/** The upgrades of a server until it is drained, and what else happens around them. */
function serve<In, Out, D extends Decision | ObservableInput<Decision>>(
  server: HttpServer | HttpsServer,
  config: ListenConfig<In, Out, D>,
  drain: Drain,
): Observable<Upgrade> {
  const { closeWhen, onError } = config;
  return new Observable((subscriber) => {
    subscriber.add(announce(server, config));
    subscriber.add(
      upgradesUntil(server, config, drain.started).pipe(takeUntil(drain.ended)).subscribe(subscriber),
    );
    if (closeWhen === undefined) return;
    const failed = (error: unknown): void => report(onError, error, serverHandshake(server));
    const closing = sheltered(defer(() => from(closeWhen)).pipe(take(1)), failed);
    subscriber.add(
      closing.subscribe({
        next: () => drain.start(),
        error: (error: unknown) => {
          failed(error);
          drain.start();
        },
      }),
    );
  });
}
