/** How a `PlatformStream` was closed, and what its promise rejects with where it was not. */
export interface PlatformStreamEnd {
  readonly closeCode?: number | null;
  readonly reason?: string;
}

/** What an open `PlatformStream` consists of. */
export interface PlatformStreamOpen {
  readonly protocol: string;
  readonly readable: ReadableStream<string | ArrayBuffer | Uint8Array>;
  readonly writable: WritableStream<string | Uint8Array>;
}

/** As much of the WHATWG `WebSocketStream` as is used here. */
export interface PlatformStream {
  readonly opened: Promise<PlatformStreamOpen>;
  readonly closed: Promise<PlatformStreamEnd>;
  close(end?: { closeCode?: number | undefined; reason?: string | undefined }): void;
}

/** `globalThis.WebSocketStream`. */
export type PlatformStreamConstructor = new (
  url: string,
  options: { protocols: string[]; signal: AbortSignal },
) => PlatformStream;
