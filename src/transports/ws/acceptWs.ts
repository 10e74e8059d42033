import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { KeepAliveConfig } from '../../core/KeepAliveConfig.ts';
import { fragmentLimit } from './fragmentLimit.ts';
import { FlushingWebSocket, NO_CLOSE_TIMEOUT, OWN_PONGS } from './FlushingWebSocket.ts';
import type { PerMessageDeflate } from './PerMessageDeflate.ts';
import { wsKeepAlive } from './wsKeepAlive.ts';
import type { WsTerms } from './WsTerms.ts';
import { WsTransport } from './WsTransport.ts';

/** What all the sockets of one server have in common. */
export interface WsServerConfig extends Omit<WsTerms, 'keepAlive' | 'side'> {
  readonly maxMessageBytes: number;
  readonly maxFragments?: number | undefined;
  readonly keepAlive?: KeepAliveConfig | false | undefined;
  readonly perMessageDeflate: boolean | PerMessageDeflate;
}

/** An accepted request, and what the answer says beside the handshake; all of it was looked at before. */
export interface WsAnswer {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  /** Empty: none is chosen. */
  readonly protocol: string;
  readonly lines: readonly string[];
}

/**
 * Answers with 101 and makes the socket a transport, which has lost nothing. Undefined: `ws` found fault with the
 * request or the socket, and has refused and ended it.
 */
export interface AcceptWs {
  (answer: WsAnswer): WsTransport | undefined;
  /** What was asked for: another transport keeps its connections alive by itself. */
  readonly keepAlive?: KeepAliveConfig | false | undefined;
}

/**
 * The server's end of the opening handshake, by `ws` (RFC 6455, 4.2.2). Throws an `InvalidArgumentError` for a `keepAlive`
 * that cannot be.
 */
export function acceptWs(config: WsServerConfig): AcceptWs {
  const { maxMessageBytes, maxFragments, perMessageDeflate, keepAlive, ...limits } = config;
  const terms: WsTerms = { ...limits, side: 'server', keepAlive: wsKeepAlive(limits.clock, keepAlive) };
  let current: WsAnswer | undefined;
  const server = new WebSocketServer({
    ...NO_CLOSE_TIMEOUT,
    ...OWN_PONGS,
    ...fragmentLimit(maxFragments),
    noServer: true,
    clientTracking: false,
    WebSocket: FlushingWebSocket,
    maxPayload: maxMessageBytes,
    perMessageDeflate,
    handleProtocols: () => current?.protocol || false,
  });
  server.on('headers', (headers) => headers.push(...(current?.lines ?? [])));
  const accept = (answer: WsAnswer): WsTransport | undefined => {
    // `handleUpgrade` is synchronous.
    current = answer;
    let transport: WsTransport | undefined;
    const { request, socket, head } = answer;
    server.handleUpgrade(request, socket, head, (ws) => {
      transport = new WsTransport(ws, socket, terms);
    });
    current = undefined;
    return transport;
  };
  return Object.assign(accept, { keepAlive });
}
