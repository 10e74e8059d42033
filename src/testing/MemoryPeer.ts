import type { Observable } from 'rxjs';
import type { Data } from '../core/Data.ts';
import { bytesOf, type Outbound } from '../core/Outbound.ts';

/** A close frame on its way. */
export class CloseFrame {
  readonly code: number;
  readonly reason: string;

  constructor(code: number, reason: string) {
    this.code = code;
    this.reason = reason;
  }
}

/** The answer to a ping, which a transport gives by itself. */
export class PongFrame {
  readonly data: Uint8Array;

  constructor(data: Uint8Array) {
    this.data = data;
  }
}

/** What the peer sees. */
export type Arrival = Outbound | CloseFrame | PongFrame;

/** What it counts for while it is on its way. */
export function bytesIn(item: Arrival): number {
  return item instanceof CloseFrame || item instanceof PongFrame ? 0 : bytesOf(item);
}

/** The other end of a `MemoryTransport`: what it does, and what it sees. */
export interface MemoryPeer {
  /** What arrives there, in order; completes with the connection. */
  readonly received: Observable<Arrival>;
  /** How long it takes to answer our ping, or our close frame. Default 0: in the same frame; `Infinity`: never. */
  pongMs: number;
  closeMs: number;
  /** Sends messages in one chunk: all of them arrive, even if the first one makes the connection pause. */
  send(...messages: readonly Data[]): void;
  ping(data: Uint8Array): void;
  pong(data: Uint8Array): void;
  close(code: number, reason?: string): void;
  /** The network fails: seen at once, also under a pause. */
  cut(error?: unknown): void;
  /** Reads no more: the window takes `roomBytes` (or up to the high-water mark), and then nothing. */
  stop(roomBytes?: number): void;
  /** Reads `count` of what is under way, and stays stopped. */
  take(count: number): void;
  /** Reads on: all that is under way arrives, and the window is open. */
  start(): void;
}
