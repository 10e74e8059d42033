import type { ObservableInput } from 'rxjs';
import type { ConnectionConfig } from '../connection/ConnectionConfig.ts';
import type { CloseInfo } from '../core/CloseInfo.ts';
import type { PerMessageDeflate } from '../transports/ws/PerMessageDeflate.ts';
import type { TlsOptions } from '../transports/ws/TlsOptions.ts';

/** How a client connects. Times are in milliseconds; `Infinity` turns a limit off. */
export interface ConnectConfig<In, Out> extends ConnectionConfig<In, Out> {
  /** `ws:` or `wss:`, or `http:` or `https:` for the same; no fragment. In a page it may be relative. */
  url: string | URL;
  /** The subprotocols that are offered, the favourite first (RFC 6455, 1.9). A server has to choose one. Default none. */
  protocols?: readonly string[];
  /** Header fields of the request. Not in a page, which cannot set any. */
  headers?: Readonly<Record<string, string>>;
  /** For a `wss:` URL: `ca`, `cert`, `key`, `servername`… Not in a page. */
  tls?: TlsOptions;
  /** Whether to compress where the server wants to (RFC 7692). In a page the browser decides. Default true. */
  perMessageDeflate?: boolean | PerMessageDeflate;
  /**
   * In a page, whether to connect through `WebSocketStream` where the browser has it: then a hold makes the server wait
   * (`capabilities.hold`). Default true; false takes `WebSocket`.
   */
  webSocketStream?: boolean;
  /** The most frames that one message may come in; more of them close with 1008. Not in a page. Default 16,384. */
  maxFragments?: number;
  /** How often the server may ping; past it nothing is read until the second is over. Not in a page. Default 100. */
  maxPingsPerSecond?: number;
  /**
   * How long connecting may take in all: the name, TCP, TLS, and the whole answer of the server. By the wall clock: a
   * server that sends one byte a second gains nothing. Default 10 s.
   */
  handshakeTimeoutMs?: number;
  /**
   * Aborts connecting, with its `reason` as the error; an open connection is closed with 1000, and then its end is no
   * error.
   */
  signal?: AbortSignal;
  /**
   * Whether an end is an error: for the stream of `connect`, and for `for await`. Default: it was lost, closed here
   * because of an error, or closed by the peer with anything but 1000 or 1005.
   */
  closeIsError?: (close: CloseInfo) => boolean;
}

/** Where to connect to. */
export type Target<In, Out> = string | URL | ConnectConfig<In, Out>;

/** Where to connect to, or a function that is asked at each attempt: for a fresh token, or another server. */
export type Dialable<In, Out> = Target<In, Out> | (() => Target<In, Out> | ObservableInput<Target<In, Out>>);
