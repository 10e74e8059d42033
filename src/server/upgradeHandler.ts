import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Observable } from 'rxjs';
import { scheduledClock } from '../core/scheduledClock.ts';
import { nodeClock } from '../transports/ws/nodeClock.ts';
import { pathMatcher } from './pathMatcher.ts';
import { type RefusalAnswer, refuse, unavailable } from './refuse.ts';
import { RequestHandshake } from './RequestHandshake.ts';
import { SocketArrival } from './SocketArrival.ts';
import { tellRefused } from './tellRefused.ts';
import type { Upgrade } from './Upgrade.ts';
import type { UpgradeConfig } from './UpgradeConfig.ts';
import { UpgradeRoute } from './UpgradeRoute.ts';

/** Upgrades that somebody else takes off a server; made by `upgradeHandler`. */
export interface UpgradeHandler {
  /**
   * Takes an upgrade, with what the `upgrade` event of a server gives, and answers true. False: its path is another one's;
   * nothing was done to it. Never throws. Bound, to be handed on.
   */
  readonly handleUpgrade: (request: IncomingMessage, socket: Duplex, head?: Uint8Array) => boolean;
  /**
   * What was taken and is a valid handshake, as `upgrades` of a server has it. While nobody is subscribed, all is refused with 503.
   * **Completes** never. **On unsubscribe** refuses with 503 what no `accept` has begun to decide.
   */
  readonly upgrades: Observable<Upgrade>;
}

/**
 * For a framework that has the `upgrade` event to itself, and calls a function for each: gives that function, and the stream of
 * what comes by it.
 *
 * @example
 * const { handleUpgrade, upgrades } = upgradeHandler({ path: '/chat' });
 * upgrades.pipe(accept(), handle(({ text }) => text)).subscribe();
 * framework.onUpgrade((request, socket, head) => handleUpgrade(request, socket, head));
 */
export function upgradeHandler(config: UpgradeConfig = {}): UpgradeHandler {
  const matcher = pathMatcher(config.path);
  const clock = scheduledClock(nodeClock, config.scheduler);
  let routes: readonly UpgradeRoute[] = [];

  const turnAway = (
    socket: Duplex,
    answer: RefusalAnswer & { reason: 'malformed' | 'draining' },
    handshake?: RequestHandshake,
  ): true => {
    const { reason, status } = answer;
    refuse(socket, answer, clock);
    tellRefused({ reason, status, handshake }, [config.statistics]);
    return true;
  };

  return {
    handleUpgrade: (request, socket, head = new Uint8Array()) => {
      const handshake = RequestHandshake.of(request);
      const params = handshake && matcher.match(handshake.path);
      if (handshake !== undefined && params === undefined) return false;
      // Node has taken its own listener off, and a reset without one ends the process.
      socket.on('error', ignore);
      if (handshake === undefined || params === undefined)
        return turnAway(socket, {
          status: 400,
          body: 'the Host header or the target is malformed',
          reason: 'malformed',
        });
      const [route] = routes;
      if (route === undefined)
        return turnAway(socket, { ...unavailable('draining'), reason: 'draining' }, handshake);
      route.arrive(new SocketArrival(request, socket, Buffer.from(head), handshake), params);
      return true;
    },
    upgrades: new Observable((subscriber) => {
      const route = new UpgradeRoute(
        config,
        (upgrade) => subscriber.next(upgrade),
        () => {},
      );
      routes = [...routes, route];
      return () => {
        routes = routes.filter((other) => other !== route);
        route.leave();
      };
    }),
  };
}

function ignore(): void {}
