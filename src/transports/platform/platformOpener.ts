import { InvalidArgumentError } from '../../core/InvalidArgumentError.ts';
import { onRejection } from '../../core/onRejection.ts';
import { Prepared } from '../../core/Prepared.ts';
import type { Data } from '../../core/Data.ts';
import type { Payload } from '../../core/Slot.ts';
import { utf8Length } from '../../core/utf8Length.ts';
import type { SocketCloseEvent, SocketEvent, SocketMessageEvent } from '../SocketEvents.ts';
import type { OpeningSocket, SocketObserver, SocketOpener, SocketTarget } from '../SocketOpener.ts';
import { HandlerSocket } from './HandlerSocket.ts';
import { platformClock } from './platformClock.ts';
import { PlatformTransport } from './PlatformTransport.ts';
import type { WebSocketConstructor } from './WebSocketConstructor.ts';

const OPEN = 1;
const MANY_BYTES = 1_048_576;
const FEW_BYTES = 65_536;

/** The platform's `WebSocket`; undefined where there is none. */
export function platformWebSocket(): WebSocketConstructor | undefined {
  return (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
}

/** Opens sockets with `Socket`, through its `on…` properties alone: not all that is given for a `WebSocket` has more. */
export function platformOpener(Socket: WebSocketConstructor): SocketOpener {
  return {
    clock: platformClock,
    sendsAtOnce: true,
    closeTimeoutMs: Infinity,
    // The platform does not tell when bytes leave, and its timers are slow in a hidden page. So where nothing that waits
    // would be taken back, it gets as much at a time as may wait at all.
    highWaterBytes: (maxQueuedBytes, keepsAll) =>
      keepsAll ? Math.min(MANY_BYTES, Math.max(FEW_BYTES, maxQueuedBytes)) : FEW_BYTES,
    payloadOf,
    open: (target, observer) => open(Socket, target, observer),
  };
}

function open(
  Socket: WebSocketConstructor,
  { url, protocol, binaryType }: SocketTarget,
  observer: SocketObserver,
): OpeningSocket {
  const socket = protocol ? new Socket(url, protocol) : new Socket(url);
  if (binaryType) {
    try {
      socket.binaryType = binaryType;
    } catch (error) {
      socket.close();
      throw error;
    }
  }
  const handler = new HandlerSocket(socket, (error) => observer.threw(error));
  socket.onopen = (event: SocketEvent) => {
    // Its limit for messages is the platform's own.
    observer.opened({ event, transport: new PlatformTransport(handler, Infinity, platformClock) });
  };
  socket.onmessage = (event: SocketMessageEvent) => observer.message(event);
  socket.onerror = (event: SocketEvent) => observer.failed(event);
  socket.onclose = (event: SocketCloseEvent) => {
    handler.closed(event);
    observer.closed(event);
  };
  return {
    get isLive() {
      return socket.readyState <= OPEN;
    },
    close: (code, reason) => {
      if (code === undefined) socket.close();
      else socket.close(code, reason);
    },
  };
}

/** Whatever it is: the platform takes bytes and a `Blob`, and makes a text of all else. */
function payloadOf(message: unknown): Payload {
  if (typeof message === 'string' || message instanceof Uint8Array) return message;
  if (typeof message === 'object' && message !== null && 'then' in message) {
    onRejection(message, () => {});
    throw new InvalidArgumentError('the serializer gave a promise, which cannot be sent');
  }
  const prepared = new Prepared(undefined, message as Data);
  prepared.bytes = bytesOf(message);
  return prepared;
}

function bytesOf(message: unknown): number {
  const { byteLength, size } = Object(message) as { byteLength?: number; size?: number };
  return byteLength ?? size ?? utf8Length(String(message));
}
