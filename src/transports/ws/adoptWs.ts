import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Clock } from '../../core/Clock.ts';
import { InvalidArgumentError } from '../../core/InvalidArgumentError.ts';
import { type FlushingWebSocket, tell } from './FlushingWebSocket.ts';
import type { UpgradedWebSocket } from './UpgradedWebSocket.ts';
import type { WsTerms } from './WsTerms.ts';
import { WsTransport } from './WsTransport.ts';

/** How somebody else's WebSocket is used. */
export interface AdoptTerms {
  readonly clock: Clock;
  readonly keepAlive: WsTerms['keepAlive'];
  readonly maxMessageBytes: number;
}

/**
 * Makes a transport of a server's end that somebody else has opened, over its socket. Nothing is lost within the event that
 * opened it. Throws an `InvalidArgumentError` for what is none, is not open, or was taken before.
 */
export function adoptWs(ws: UpgradedWebSocket, socket: Duplex, terms: AdoptTerms): WsTransport {
  const { terminate, pause, on } = Object(ws) as Partial<UpgradedWebSocket>;
  if ([terminate, pause, on].some((method) => typeof method !== 'function'))
    throw new InvalidArgumentError('this is no WebSocket of `ws`');
  if (ws.readyState !== WebSocket.OPEN) throw new InvalidArgumentError('this WebSocket is not open');
  const taken = ws as UpgradedWebSocket & FlushingWebSocket;
  if (taken.observer !== undefined)
    throw new InvalidArgumentError('this WebSocket is a connection already; use that one');
  taken.binaryType = 'nodebuffer';
  const transport = new AdoptedTransport(taken, socket, terms);
  // What a class of our own does for sockets that we open; see `FlushingWebSocket`.
  const close = taken.close.bind(taken);
  taken.close = (code, reason) => {
    if (taken.readyState === WebSocket.OPEN) transport.beforeClose(code);
    close(code, reason);
  };
  for (const event of ['message', 'ping', 'pong', 'error', 'close'])
    ws.on(event, (first?: unknown, second?: unknown) => tell(transport, event, first, second));
  return transport;
}

/** What was opened with limits of somebody else's. */
class AdoptedTransport extends WsTransport {
  private readonly maxMessageBytes: number;

  constructor(ws: FlushingWebSocket, socket: Duplex, { clock, keepAlive, maxMessageBytes }: AdoptTerms) {
    super(ws, socket, { side: 'server', clock, keepAlive, answersPings: false });
    this.maxMessageBytes = maxMessageBytes;
  }

  override received(data: Buffer, isBinary: boolean): void {
    if (data.length <= this.maxMessageBytes) super.received(data, isBinary);
    else this.exceeded(1009, `a message has ${data.length} bytes, the most is ${this.maxMessageBytes}`);
  }
}
