/** The events of a `PlatformSocket`, as one. */
export interface PlatformEvent {
  readonly type: string;
  readonly data?: unknown;
  readonly code?: number;
  readonly reason?: string;
  readonly wasClean?: boolean;
  readonly error?: unknown;
}

/** As much of the WHATWG `WebSocket` as is used here. */
export interface PlatformSocket {
  binaryType: string;
  readonly protocol: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  addEventListener(type: string, listener: (event: PlatformEvent) => void): void;
  removeEventListener(type: string, listener: (event: PlatformEvent) => void): void;
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
}

/** `globalThis.WebSocket`. */
export type PlatformSocketConstructor = new (url: string, protocols: string[]) => PlatformSocket;
