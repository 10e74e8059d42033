import { WebSocket } from 'ws';

/**
 * For `ws`, which cuts a close after 30 s of its own: how long it may take is the connection's to say, by its clock. Not
 * known to `ws` before 8.19, nor to its types.
 */
export const NO_CLOSE_TIMEOUT: object = { closeTimeout: 2 ** 31 - 1 };

/** Pings are answered by the transport, which knows how much is under way. Not known to the types of `ws`. */
export const OWN_PONGS: object = { autoPong: false };

/** Who is told of what a `WebSocket` emits, and of a frame that `ws` sends by itself, just before it does. */
export interface WebSocketObserver {
  beforeClose(code: number | undefined): void;
  received(data: Buffer, isBinary: boolean): void;
  receivedPing(data: Buffer): void;
  receivedPong(data: Buffer): void;
  failed(error: unknown): void;
  ended(code: number, reason: Buffer): void;
}

/**
 * A `WebSocket` whose own answers keep their place among our frames: `ws` answers a close frame and a protocol fault
 * through a public method. Once it has an observer, that one is told instead of listeners, whose table would cost a quarter of
 * a kilobyte for each connection.
 */
export class FlushingWebSocket extends WebSocket {
  // Said at once, so that it has its place in the object and not beside it.
  observer: WebSocketObserver | undefined = undefined;

  override close(code?: number, reason?: string | Buffer): void {
    if (this.readyState === WebSocket.OPEN) this.observer?.beforeClose(code);
    super.close(code, reason);
  }

  override emit(event: string | symbol, first?: unknown, second?: unknown): boolean {
    const { observer } = this;
    return observer === undefined ? super.emit(event, first, second) : tell(observer, event, first, second);
  }
}

/** Hands an event of a `WebSocket` on; false where it is none that is told of. */
export function tell(
  observer: WebSocketObserver,
  event: string | symbol,
  first: unknown,
  second: unknown,
): boolean {
  switch (event) {
    case 'message':
      observer.received(first as Buffer, second as boolean);
      return true;
    case 'ping':
      observer.receivedPing(first as Buffer);
      return true;
    case 'pong':
      observer.receivedPong(first as Buffer);
      return true;
    case 'error':
      observer.failed(first);
      return true;
    case 'close':
      observer.ended(first as number, second as Buffer);
      return true;
    default:
      return false;
  }
}
