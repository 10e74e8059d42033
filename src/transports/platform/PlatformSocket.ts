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
  /** React Native has none, and most sockets for tests. */
  readonly bufferedAmount?: number | undefined;
  addEventListener(type: string, listener: (event: PlatformEvent) => void): void;
  removeEventListener(type: string, listener: (event: PlatformEvent) => void): void;
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
}

/** `globalThis.WebSocket`. */
export type PlatformSocketConstructor = new (url: string, protocols: string[]) => PlatformSocket;

/** Tells `listener` of all that happens, until the result is called. */
export function listen(socket: PlatformSocket, listener: (event: PlatformEvent) => void): () => void {
  const events = ['open', 'message', 'error', 'close'];
  for (const type of events) socket.addEventListener(type, listener);
  return () => {
    for (const type of events) socket.removeEventListener(type, listener);
  };
}
