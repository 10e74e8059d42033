import type { HandledSocket } from './WebSocketConstructor.ts';
import type { PlatformEvent, PlatformSocket } from './PlatformSocket.ts';

const CLOSED = 3;

/**
 * A socket whose events somebody else handles, as a `PlatformTransport` writes to it: it hears of the close, and of
 * nothing else. What `send` throws ends the writing, and goes to `threw`.
 */
export class HandlerSocket implements PlatformSocket {
  binaryType = '';
  private readonly socket: HandledSocket;
  private readonly threw: (error: unknown) => void;
  private onClose: ((event: PlatformEvent) => void) | undefined;
  private failed = false;

  constructor(socket: HandledSocket, threw: (error: unknown) => void) {
    this.socket = socket;
    this.threw = threw;
  }

  get protocol(): string {
    return this.socket.protocol;
  }

  get readyState(): number {
    return this.failed ? CLOSED : this.socket.readyState;
  }

  get bufferedAmount(): number | undefined {
    return this.socket.bufferedAmount;
  }

  addEventListener(type: string, listener: (event: PlatformEvent) => void): void {
    if (type === 'close') this.onClose = listener;
  }

  removeEventListener(type: string): void {
    if (type === 'close') this.onClose = undefined;
  }

  send(data: unknown): void {
    try {
      this.socket.send(data);
    } catch (error) {
      this.failed = true;
      this.threw(error);
    }
  }

  close(): void {
    this.socket.close();
  }

  /** The socket told that it is closed. */
  closed(event: PlatformEvent): void {
    this.onClose?.(event);
  }
}
