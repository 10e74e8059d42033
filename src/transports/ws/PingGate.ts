import type { Clock } from '../../core/Clock.ts';
import type { WsTerms } from './WsTerms.ts';

/** More often than that nobody who means well asks. */
const MAX_PINGS_PER_SECOND = 100;
const SECOND_MS = 1_000;

/** How many pings are let through, and what becomes of a peer that sends more. */
export type PingTerms = Pick<WsTerms, 'maxPingsPerSecond' | 'closesOnPings'>;

/** Whose pings these are. */
export interface PingedTransport {
  readonly clock: Clock;
  resume(): void;
  exceeded(code: number, reason: string): void;
}

/**
 * Lets so many pings through in a second, counted from the first of them. Past it the socket is paused until the second is over,
 * or the connection closed.
 */
export class PingGate {
  private readonly ws: { readonly isPaused: boolean; pause(): void };
  private readonly transport: PingedTransport;
  private readonly limit: number;
  private readonly closes: boolean;
  private readonly opened: () => void;
  private since = -Infinity;
  private count = 0;
  private cancel: (() => void) | undefined;
  /** Whether the connection wants to be read. */
  isWanted: boolean;

  constructor(ws: PingGate['ws'], transport: PingedTransport, terms: PingTerms, opened: () => void) {
    const { maxPingsPerSecond = MAX_PINGS_PER_SECOND, closesOnPings = false } = terms;
    this.ws = ws;
    this.transport = transport;
    this.limit = maxPingsPerSecond;
    this.closes = closesOnPings;
    this.opened = opened;
    this.isWanted = !ws.isPaused;
  }

  get isShut(): boolean {
    return this.cancel !== undefined;
  }

  /** Whether a ping is answered by itself; of the others the newest stands for all (RFC 6455, 5.5.3). */
  pass(): boolean {
    const now = this.transport.clock.now();
    if (now - this.since >= SECOND_MS) {
      this.since = now;
      this.count = 0;
    }
    if (++this.count <= this.limit) return true;
    if (this.closes) this.transport.exceeded(1008, `more than ${this.limit} pings a second`);
    else if (!this.isShut) this.shut(this.since + SECOND_MS - now);
    return false;
  }

  /** Forgets it. */
  clear(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  private shut(delayMs: number): void {
    this.ws.pause();
    this.cancel = this.transport.clock.schedule(() => {
      this.cancel = undefined;
      if (this.isWanted) this.transport.resume();
      this.opened();
    }, delayMs);
  }
}
