import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Clock } from '../core/Clock.ts';
import type { Handshake } from '../core/Handshake.ts';
import { guardSocket, unguardSocket } from '../transports/ws/hearSocket.ts';
import { nodeClock } from '../transports/ws/nodeClock.ts';
import { RequestHandshake } from './RequestHandshake.ts';
import { type RefusalAnswer, refuse } from './refuse.ts';
import type { Refused } from './Refused.ts';
import { SocketArrival } from './SocketArrival.ts';
import { tellRefused } from './tellRefused.ts';
import type { UpgradeRoute } from './UpgradeRoute.ts';

/** How long the server's other `upgrade` listeners have to answer what is for none of our paths. */
const OTHERS_MS = 1_000;

const routers = new WeakMap<HttpServer | HttpsServer, UpgradeRouter>();

/** The only `upgrade` listener of ours on a server, however many paths it serves. */
export class UpgradeRouter {
  private readonly server: HttpServer | HttpsServer;
  private routes: readonly UpgradeRoute[] = [];

  private constructor(server: HttpServer | HttpsServer) {
    this.server = server;
  }

  /** Adds a route; the result takes it away, and with the last one leaves the server. */
  static add(server: HttpServer | HttpsServer, route: UpgradeRoute): () => void {
    const router = routers.get(server) ?? new UpgradeRouter(server);
    routers.set(server, router);
    router.add(route);
    return () => router.remove(route);
  }

  private add(route: UpgradeRoute): void {
    if (this.routes.length === 0) {
      // First: what the others write shall be seen.
      this.server.prependListener('upgrade', this.onUpgrade);
      this.server.on('close', this.onClose);
    }
    this.routes = [...this.routes, route].sort((a, b) => a.matcher.rank - b.matcher.rank);
  }

  private remove(route: UpgradeRoute): void {
    this.routes = this.routes.filter((other) => other !== route);
    if (this.routes.length > 0) return;
    this.server.off('upgrade', this.onUpgrade);
    this.server.off('close', this.onClose);
  }

  /** What belongs to no route takes its time from the first. */
  private get clock(): Clock {
    return this.routes[0]?.clock ?? nodeClock;
  }

  private readonly onClose = (): void => {
    for (const route of this.routes) route.over();
  };

  private readonly onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Node has taken its own listener off, and a reset without one ends the process.
    guardSocket(socket);
    const handshake = RequestHandshake.of(request);
    if (handshake === undefined) {
      const body = 'the Host header or the target is malformed';
      this.unknown(socket, { status: 400, body, reason: 'malformed' }, undefined);
      return;
    }
    for (const route of this.routes) {
      const params = route.matcher.match(handshake.path);
      if (params === undefined) continue;
      route.arrive(new SocketArrival(request, socket, head, handshake), params);
      return;
    }
    this.unknown(socket, { status: 404, reason: 'path' }, handshake);
  };

  /** Refuses what is for none of our paths, unless it is for someone else. */
  private unknown(
    socket: Duplex,
    answer: RefusalAnswer & Pick<Refused, 'reason'>,
    handshake: Handshake | undefined,
  ): void {
    const { clock } = this;
    const refuseHere = (): void => {
      const { status, reason } = answer;
      refuse(socket, answer, clock);
      tellRefused(
        { reason, status, handshake },
        this.routes.map(({ statistics }) => statistics),
      );
    };
    if (this.server.listenerCount('upgrade') === 1) {
      refuseHere();
      return;
    }
    const before = bytesWritten(socket);
    const cancel = clock.schedule(() => {
      socket.off('close', cancel);
      if (bytesWritten(socket) === before) refuseHere();
      // Whoever has answered has listeners of their own.
      else unguardSocket(socket);
    }, OTHERS_MS);
    socket.on('close', cancel);
  }
}

/** What was written, also on earlier requests of the same socket. */
function bytesWritten(socket: Duplex): number | undefined {
  return (socket as Duplex & { bytesWritten?: number }).bytesWritten;
}
