import { allFrames } from '../../../src/connection/allFrames.ts';
import type { Observable, Subscription } from 'rxjs';
import type { Capabilities } from '../../../src/core/Capabilities.ts';
import type { Data, Sendable } from '../../../src/core/Data.ts';
import type { Handshake } from '../../../src/core/Handshake.ts';
import type { Transport } from '../../../src/core/Transport.ts';
import type { Connection } from '../../../src/connection/Connection.ts';
import { type ConnectionConfig, connectionSettings } from '../../../src/connection/ConnectionConfig.ts';
import { EngineConnection } from '../../../src/connection/EngineConnection.ts';

/** The close frame that the peer got, or 1006 where it got none. */
export interface SeenClose {
  readonly code: number;
  readonly reason: string;
}

/** The end that is not ours, as plain as can be. */
export interface ContractPeer {
  send(...messages: readonly Data[]): void;
  /** The next whole message that arrives. */
  next(): Promise<Data>;
  /** The payload of the next pong that arrives. */
  ping(data: string): Promise<string>;
  close(code?: number, reason?: string): void;
  /** Ends without a close frame. */
  cut(): void;
  readonly closed: Promise<SeenClose>;
  /** Reads no more, so that it sees no close frame either. */
  stop(): void;
  start(): void;
}

export interface Pair<In = Data, Out = Sendable> {
  readonly connection: Connection<In, Out>;
  readonly peer: ContractPeer;
  /** What reached `onError`. */
  readonly errors: readonly unknown[];
  /** Waits for `promise`, which comes about without a time limit that runs out. */
  wait<T>(promise: Promise<T>): Promise<T>;
  /** Lets so much time pass, which is virtual, and turns behind it. */
  pass(ms: number): Promise<void>;
  /** All that the peer has sent until now has reached the connection, and turns have passed. */
  arrived(): Promise<void>;
  /** Ends both ends. */
  dispose(): Promise<void>;
}

export interface PairOpener {
  readonly capabilities: Capabilities;
  /** The codes with which this platform may close; default: all. */
  readonly closeCodes?: readonly number[];
  /** What a peer that reads takes in one turn; default: more than the queue may hold. */
  readonly burstBytes?: number;
  /** False: messages of more than 16 KiB take too long over it. Default true. */
  readonly large?: boolean;
  open<In = Data, Out = Sendable>(config?: ConnectionConfig<In, Out>): Promise<Pair<In, Out>>;
}

export const handshake: Handshake = {
  url: new URL('ws://peer.test/chat?room=1'),
  path: '/chat',
  query: new URLSearchParams('room=1'),
  headers: {},
  remoteAddress: '',
};

/** A connection over `transport`, and what reaches its `onError`. */
export function connectionOver<In = Data, Out = Sendable>(
  transport: Transport,
  config: ConnectionConfig<In, Out> = {},
): { connection: EngineConnection<In, Out, undefined>; errors: unknown[] } {
  const errors: unknown[] = [];
  const connection = new EngineConnection<In, Out, undefined>({
    transport,
    settings: connectionSettings({ ...config, framing: allFrames, onError: (error) => errors.push(error) }),
    handshake,
    context: undefined,
  });
  return { connection, errors };
}

/** What an Observable has emitted so far. */
export interface Collected<T> {
  readonly values: T[];
  readonly subscription: Subscription;
  readonly completed: Promise<void>;
  isComplete: boolean;
  error: unknown;
}

export function collect<T>(source: Observable<T>): Collected<T> {
  const values: T[] = [];
  let complete: () => void;
  const completed = new Promise<void>((resolve) => (complete = resolve));
  const collected = { values, completed, isComplete: false, error: undefined as unknown };
  const subscription = source.subscribe({
    next: (value) => values.push(value),
    error: (error: unknown) => {
      collected.error = error;
    },
    complete: () => {
      collected.isComplete = true;
      complete();
    },
  });
  return Object.assign(collected, { subscription });
}

/** Bytes as a plain array and text as it is, so that any kind of bytes can be compared. */
export function plain(data: unknown): unknown {
  return typeof data === 'string' ? data : [...(data as Uint8Array)];
}
