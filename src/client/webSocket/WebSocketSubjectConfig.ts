import type { NextObserver } from 'rxjs';
import type { Dropped } from '../../core/Dropped.ts';
import type { Overflow } from '../../core/Overflow.ts';
import type { WebSocketConstructor } from '../../transports/platform/WebSocketConstructor.ts';
import type {
  SocketCloseEvent,
  SocketEvent,
  SocketMessage,
  SocketMessageEvent,
} from '../../transports/SocketEvents.ts';

/** What a `WebSocketSubject` is made with: the fields of `rxjs/webSocket`, and below them those that it had not. */
export interface WebSocketSubjectConfig<T> {
  /** Where to connect to, at each connection. */
  url: string;
  /** The subprotocols that are offered. Default none. */
  protocol?: string | string[];
  /** @deprecated Ignored, as in RxJS 7. Use `deserializer`. */
  resultSelector?: (event: SocketMessageEvent) => T;
  /** What is sent for a value. Called when the value is given to `next`. Default `JSON.stringify`. */
  serializer?: (value: T) => SocketMessage;
  /** The value of a message. Default `JSON.parse(event.data)`. */
  deserializer?: (event: SocketMessageEvent) => T;
  /** Told of each connection that is open, before what waited for it is sent. */
  openObserver?: NextObserver<SocketEvent>;
  /** Told of each connection that has ended, whoever ended it, before the subscribers are. */
  closeObserver?: NextObserver<SocketCloseEvent>;
  /** Told that `complete` or `error` is about to close an open connection. */
  closingObserver?: NextObserver<void>;
  /** Default: the platform's `WebSocket`; in Node, where there is none, the connection is one of this library. */
  WebSocketCtor?: WebSocketConstructor;
  /** How bytes arrive. Default: as the socket gives them, in a page a `Blob`, in Node without a `WebSocket` a `Buffer`. */
  binaryType?: 'blob' | 'arraybuffer';

  /** What may wait to be sent, before the connection is open and while the server does not read. Default 16 MiB. */
  maxQueuedBytes?: number;
  /** How many messages may wait; past it as past `maxQueuedBytes`. Default: no limit. */
  maxQueuedMessages?: number;
  /**
   * What becomes of messages past these bounds. Default `'close'`: the connection is closed with 1013, and the subscribers get
   * a close event that says so as their error. With `'error'` it is `next` that throws, an `OverflowError`. `'latest'` is for
   * one kind of message: of what a `multiplex` says it would keep the last alone.
   */
  overflow?: Overflow<T>;
  /**
   * What becomes of values that are given to `next` when a connection has ended and nobody has subscribed since:
   * `'drop'` (default), or `'buffer'`, as in RxJS: they wait for the next attempt to connect, and are dropped where it fails.
   */
  offline?: 'drop' | 'buffer';
  /**
   * Told of what was given to `next` and not sent; `bytes` are those of messages that had been serialized. Without it a value
   * given to `next` after the end goes to `onError`, once for each connection.
   */
  dropped?: (report: Dropped) => void;
  /** Gets what an observer of this config, or `dropped`, threw. Default: a process warning (in a page `reportError`). */
  onError?: (error: unknown) => void;
}
