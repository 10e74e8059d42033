import type {
  HandledSocket,
  WebSocketConstructor,
} from '../../../src/transports/platform/WebSocketConstructor.ts';

export interface FakeClose {
  readonly code?: number;
  readonly reason?: string;
  readonly wasClean: boolean;
}

type Handler = ((event: never) => void) | null;

/** A `WebSocket` whose other end a spec plays. It has handlers and no listeners, as the plainest ones for tests have. */
export class FakeWebSocket implements HandledSocket {
  readonly index: number;
  private readonly log: string[];
  binaryType = 'blob';
  readyState = 0;
  protocol = '';
  bufferedAmount?: number;
  hasOpened = false;
  hasFailed = false;
  hasEnded = false;
  /** A close is answered within the call. */
  closesAtOnce = false;
  /** What `send` throws. */
  sendFault: unknown;
  /** The codes for which `close` throws, as that of a page does. */
  refusedCodes: readonly unknown[] = [];
  onopen: Handler = null;
  onmessage: Handler = null;
  onerror: Handler = null;
  onclose: Handler = null;

  constructor(index: number, log: string[]) {
    this.index = index;
    this.log = log;
  }

  send(data: unknown): void {
    if (this.sendFault !== undefined) throw this.sendFault;
    this.log.push(`${this.index}: send ${String(data)}`);
  }

  /** To close what is closing, or closed, does nothing. */
  close(...args: unknown[]): void {
    if (this.refusedCodes.includes(args[0])) throw new Error(`the code must not be ${String(args[0])}`);
    if (this.readyState > 1) return;
    this.log.push([`${this.index}: close`, ...args.filter((arg) => arg !== '')].map(String).join(' '));
    this.readyState = 2;
    if (this.closesAtOnce) this.end({ wasClean: this.hasOpened });
  }

  open(): void {
    this.readyState = 1;
    this.hasOpened = true;
    this.onopen?.({ type: 'open', socket: this.index } as never);
  }

  receive(data: unknown): void {
    this.onmessage?.({ type: 'message', socket: this.index, data } as never);
  }

  fail(): void {
    this.readyState = 3;
    this.hasFailed = true;
    this.onerror?.({ type: 'error', socket: this.index } as never);
  }

  end(close: FakeClose): void {
    this.readyState = 3;
    this.hasEnded = true;
    this.onclose?.({ type: 'close', socket: this.index, ...close } as never);
  }
}

/** A constructor of them, which keeps what it makes, and throws `fault` where there is one. */
export interface FakePlatform {
  readonly WebSocketCtor: WebSocketConstructor;
  readonly sockets: FakeWebSocket[];
  fault: unknown;
  closesAtOnce: boolean;
}

export function fakePlatform(log: string[] = []): FakePlatform {
  const sockets: FakeWebSocket[] = [];
  const platform: FakePlatform = {
    sockets,
    fault: undefined,
    closesAtOnce: false,
    // Not an arrow function: it is called with `new`.
    WebSocketCtor: function (...args: unknown[]) {
      if (platform.fault !== undefined) throw platform.fault;
      log.push([`${sockets.length}: new`, ...args].map(String).join(' '));
      const socket = new FakeWebSocket(sockets.length, log);
      socket.closesAtOnce = platform.closesAtOnce;
      sockets.push(socket);
      return socket;
    } as unknown as WebSocketConstructor,
  };
  return platform;
}
