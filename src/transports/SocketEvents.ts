// The events of a socket, by the platform's own types where those are known, so that what was written for them compiles;
// else as much of them as there is everywhere.

export type SocketEvent = typeof globalThis extends { Event: { prototype: infer E } }
  ? E
  : { readonly type: string };

export type SocketMessageEvent = typeof globalThis extends { MessageEvent: { prototype: infer E } }
  ? E
  : { readonly type: string; readonly data: unknown };

export type SocketCloseEvent = typeof globalThis extends { CloseEvent: { prototype: infer E } }
  ? E
  : { readonly type: string; readonly code: number; readonly reason: string; readonly wasClean: boolean };

/** What a socket takes. */
export type SocketMessage =
  | string
  | ArrayBuffer
  | ArrayBufferView
  | (typeof globalThis extends { Blob: { prototype: infer B } } ? B : never);
