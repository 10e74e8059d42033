import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Clock } from '../../core/Clock.ts';
import { FlushingWebSocket, NO_CLOSE_TIMEOUT } from './FlushingWebSocket.ts';
import type { PerMessageDeflate } from './PerMessageDeflate.ts';
import { WsTransport } from './WsTransport.ts';

/** What all the sockets of one server have in common. */
export interface WsServerConfig {
  readonly maxMessageBytes: number;
  readonly perMessageDeflate: boolean | PerMessageDeflate;
  readonly clock: Clock;
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
export type AcceptWs = (answer: WsAnswer) => WsTransport | undefined;

/** The server's end of the opening handshake, by `ws` (RFC 6455, 4.2.2). */
export function acceptWs({ maxMessageBytes, perMessageDeflate, clock }: WsServerConfig): AcceptWs {
  let current: WsAnswer | undefined;
  const server = new WebSocketServer({
    ...NO_CLOSE_TIMEOUT,
    noServer: true,
    clientTracking: false,
    WebSocket: FlushingWebSocket,
    maxPayload: maxMessageBytes,
    perMessageDeflate,
    handleProtocols: () => current?.protocol || false,
  });
  server.on('headers', (headers) => headers.push(...(current?.lines ?? [])));
  return (answer) => {
    // `handleUpgrade` is synchronous.
    current = answer;
    let transport: WsTransport | undefined;
    const { request, socket, head } = answer;
    server.handleUpgrade(request, socket, head, (ws) => {
      transport = new WsTransport(ws, socket, 'server', clock);
    });
    current = undefined;
    return transport;
  };
}
