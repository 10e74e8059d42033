import { WebSocket } from 'ws';

/**
 * For `ws`, which cuts a close after 30 s of its own: how long it may take is the connection's to say, by its clock. Not
 * known to `ws` before 8.19, nor to its types.
 */
export const NO_CLOSE_TIMEOUT: object = { closeTimeout: 2 ** 31 - 1 };

/** Pings are answered by the transport, which knows how much is under way. Not known to the types of `ws`. */
export const OWN_PONGS: object = { autoPong: false };

/** What is told of a frame that `ws` sends by itself, just before it does. */
export interface ControlObserver {
  beforeClose(code: number | undefined): void;
}

/**
 * A `WebSocket` whose own answers keep their place among our frames: `ws` answers a close frame and a protocol fault
 * through this public method.
 */
export class FlushingWebSocket extends WebSocket {
  observer: ControlObserver | undefined;

  override close(code?: number, reason?: string | Buffer): void {
    if (this.readyState === WebSocket.OPEN) this.observer?.beforeClose(code);
    super.close(code, reason);
  }
}
