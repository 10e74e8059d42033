import type { IncomingMessage } from 'node:http';
import type { Connection } from '../connection/Connection.ts';
import type { Data, Sendable } from '../core/Data.ts';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import { scheduledClock } from '../core/scheduledClock.ts';
import { adoptWs } from '../transports/ws/adoptWs.ts';
import type { UpgradedWebSocket } from '../transports/ws/UpgradedWebSocket.ts';
import { nodeClock } from '../transports/ws/nodeClock.ts';
import { wsKeepAlive } from '../transports/ws/wsKeepAlive.ts';
import type { AcceptConfig } from './AcceptConfig.ts';
import { Opener } from './Opener.ts';
import { RequestHandshake } from './RequestHandshake.ts';

/** What a connection is made with whose WebSocket somebody else has opened: how, was theirs to say. */
export interface FromWebSocketConfig<In, Out, Context> extends Omit<
  AcceptConfig<In, Out>,
  'perMessageDeflate' | 'maxFragments' | 'maxPingsPerSecond'
> {
  /** Becomes `connection.context`. */
  context?: Context;
}

/** One for all the connections of a config. */
const openers = new WeakMap<object, Opener<never, never>>();
const NO_CONFIG = {};

/**
 * Makes a connection of a WebSocket of `ws` that a framework has upgraded; `request` is what it was upgraded from. Call it within
 * the event that hands the WebSocket over: nothing is lost then. From now on leave the WebSocket alone: the connection reads it,
 * writes past it, and closes it.
 *
 * The connection is the caller's, as one of `dial`: `handle`, or `close()`, ends it. It has no part in `maxConnections` and `origins`,
 * which are the framework's to look after, nor in the drain of a `listen`. **Throws** an `InvalidArgumentError` for what is no
 * WebSocket of `ws`, is not open, or is a connection already. **Holds** what a connection holds.
 *
 * @example
 * app.get('/chat', { websocket: true }, (ws, request) => {
 *   of(fromWebSocket(ws, request.raw)).pipe(handle(({ text }) => text)).subscribe();
 * });
 */
export function fromWebSocket<In = Data, Out = Sendable, Context = undefined>(
  ws: UpgradedWebSocket,
  request: IncomingMessage,
  config: FromWebSocketConfig<In, Out, Context> = NO_CONFIG,
): Connection<In, Out, Context> {
  const opener = (openers.get(config) as Opener<In, Out> | undefined) ?? new Opener<In, Out>(config);
  openers.set(config, opener as Opener<never, never>);
  const handshake = RequestHandshake.of(request);
  if (handshake === undefined)
    throw new InvalidArgumentError('the Host header or the target of this request is malformed');
  const clock = scheduledClock(nodeClock, config.scheduler);
  const transport = adoptWs(ws, request.socket, {
    clock,
    keepAlive: wsKeepAlive(clock, config.keepAlive),
    maxMessageBytes: opener.settings.maxMessageBytes,
  });
  return opener.open(transport, handshake, config.context as Context);
}
