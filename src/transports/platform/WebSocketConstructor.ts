/** As much of a `WebSocket` as is used where any constructor of one may be given: no listeners, but properties. */
export interface HandledSocket {
  binaryType: string;
  readonly readyState: number;
  readonly protocol: string;
  /** Not everywhere. */
  readonly bufferedAmount?: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  send(data: unknown): void;
  close(code?: number, reason?: string): void;
}

/** The platform's `WebSocket`, that of `ws`, or one for tests. */
export type WebSocketConstructor = new (url: string, protocols?: string | string[]) => HandledSocket;
