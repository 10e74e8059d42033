import type {
  HandledSocket,
  WebSocketConstructor,
} from '../../../src/transports/platform/WebSocketConstructor.ts';

/** A `WebSocket` whose other end a spec plays. It has handlers and no listeners, as the plainest ones for tests have. */
export class FakeWebSocket implements HandledSocket {
  readonly url: string;
  readonly protocols: unknown;
  readonly index: number;
  private readonly log: unknown[];
  binaryType = 'blob';
  readyState = 0;
  protocol = '';
  hasOpened = false;
  hasFailed = false;
  hasEnded = false;
  /** What `send` and `close` throw. */
  sendFault: unknown;
  closeFault: ((...args: unknown[]) => unknown) | undefined;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;

  constructor(index: number, log: unknown[], url: string, protocols: unknown) {
    this.index = index;
    this.log = log;
    this.url = url;
    this.protocols = protocols;
  }

  send(data: unknown): void {
    if (this.sendFault !== undefined) throw this.sendFault;
    this.log.push(['send', this.index, data]);
  }

  /** To close what is closing, or closed, does nothing. */
  close(...args: unknown[]): void {
    if (this.readyState > 1) return;
    this.log.push(['close', this.index, ...args]);
    const fault = this.closeFault?.(...args);
    if (fault !== undefined) throw fault;
    this.readyState = 2;
  }

  open(): void {
    this.readyState = 1;
    this.hasOpened = true;
    this.emit('onopen', { type: 'open', socket: this.index });
  }

  receive(data: unknown): void {
    this.emit('onmessage', { type: 'message', data });
  }

  fail(): void {
    this.readyState = 3;
    this.hasFailed = true;
    this.emit('onerror', { type: 'error', socket: this.index });
  }

  end(close: { code?: number; reason?: string; wasClean: boolean }): void {
    this.readyState = 3;
    this.hasEnded = true;
    this.emit('onclose', { type: 'close', socket: this.index, ...close });
  }

  private emit(handler: 'onopen' | 'onmessage' | 'onerror' | 'onclose', event: object): void {
    this[handler]?.(event as never);
  }
}

/** A constructor of them, which keeps and logs what it makes, and throws `fault` where there is one. */
export interface FakePlatform {
  readonly WebSocketCtor: WebSocketConstructor;
  readonly sockets: FakeWebSocket[];
  readonly log: unknown[];
  fault: unknown;
}

export function fakePlatform(log: unknown[] = []): FakePlatform {
  const platform: FakePlatform = {
    sockets: [],
    log,
    fault: undefined,
    // Not an arrow function: it is called with `new`.
    WebSocketCtor: function (this: unknown, ...args: [string, unknown?]) {
      if (platform.fault !== undefined) throw platform.fault;
      log.push(['new', platform.sockets.length, ...args]);
      const socket = new FakeWebSocket(platform.sockets.length, log, ...(args as [string, unknown]));
      platform.sockets.push(socket);
      return socket;
    } as unknown as WebSocketConstructor,
  };
  return platform;
}
