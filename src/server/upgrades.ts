import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { NEVER, Observable } from 'rxjs';
import type { Upgrade } from './Upgrade.ts';
import type { UpgradeConfig } from './UpgradeConfig.ts';
import { UpgradeRoute } from './UpgradeRoute.ts';
import { UpgradeRouter } from './UpgradeRouter.ts';

/**
 * Emits each request on `server` that asks to become a connection, is a valid handshake (RFC 6455, 4.2.1) and may
 * come from where it does. What is not valid is refused by itself; each upgrade is decided by `accept`, or ends
 * with 503 after `handshakeTimeoutMs` (10 s).
 *
 *     requests  -a--b-----c--
 *     result    -a--------c--      b has a foreign origin: 403
 *
 * Cold. There is one `upgrade` listener for each server, however many subscriptions; other listeners may stand
 * beside it. A path of nobody's is refused with 404: at once, or after 1 s where someone else may answer it.
 *
 * **Completes** when the server has closed. **Errors with** nothing. **On unsubscribe** takes the listener off
 * with the last path, and refuses with 503 what no `accept` has begun to decide. **Holds** one socket for each
 * undecided request.
 *
 * @example
 * upgrades(server, { path: '/admin' }).pipe(accept(({ headers }) => isAdmin(headers)), handle(session)).subscribe();
 */
export function upgrades(server: HttpServer | HttpsServer, config: UpgradeConfig = {}): Observable<Upgrade> {
  return upgradesUntil(server, config, NEVER);
}

/** From the first value of `full` on, everything is refused with 503, also what is undecided by then. */
export function upgradesUntil(
  server: HttpServer | HttpsServer,
  config: UpgradeConfig,
  full: Observable<unknown>,
): Observable<Upgrade> {
  return new Observable((subscriber) => {
    const route = new UpgradeRoute(
      config,
      (upgrade) => subscriber.next(upgrade),
      () => subscriber.complete(),
    );
    const remove = UpgradeRouter.add(server, route);
    subscriber.add(full.subscribe(() => route.close()));
    return () => {
      remove();
      route.leave();
    };
  });
}
