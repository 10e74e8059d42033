import { WebSocket } from 'ws';

/**
 * For `ws`, which cuts a close after 30 s of its own: how long it may take is the connection's to say, by its clock. Not
 * known to `ws` before 8.19, nor to its types.
 */
export const NO_CLOSE_TIMEOUT: object = { closeTimeout: 2 ** 31 - 1 };

/** What is told of a frame that `ws` sends by itself, just before it does. */
export interface ControlObserver {
  beforeClose(code: number | undefined): void;
  beforePong(): void;
}

/**
 * A `WebSocket` whose own answers keep their place among our frames. `ws` answers a ping with `pong`, and a close frame
 * or a protocol fault with `close`, through these two public methods.
 */
export class FlushingWebSocket extends WebSocket {
  observer: ControlObserver | undefined;

  override close(code?: number, reason?: string | Buffer): void {
    if (this.readyState === WebSocket.OPEN) this.observer?.beforeClose(code);
    super.close(code, reason);
  }

  override pong(data?: unknown, mask?: boolean, done?: (error: Error) => void): void {
    if (this.readyState === WebSocket.OPEN) this.observer?.beforePong();
    super.pong(data, mask, done);
  }
}
