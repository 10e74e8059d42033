import type { Engine } from '../connection/Engine.ts';
import { hold } from '../connection/hold.ts';
import type { Data } from '../core/Data.ts';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import { bytesOf } from '../core/Outbound.ts';

/** How much one client may send in a second. */
export interface RateLimits {
  readonly maxMessagesPerSecond?: number;
  readonly maxBytesPerSecond?: number;
  readonly excess?: 'hold' | 'close';
}

const SECOND_MS = 1_000;

/**
 * Counts what is delivered of one connection, in seconds that begin with a message. Past the limit it holds the reading until
 * the second is over, or as long as the limit allows for what was delivered at once; or closes with 1008.
 */
export class RateMeter {
  private readonly engine: Engine;
  private readonly maxMessages: number;
  private readonly maxBytes: number;
  private readonly closes: boolean;
  private since = -Infinity;
  private messages = 0;
  private bytes = 0;

  private constructor(engine: Engine, limits: RateLimits) {
    const { maxMessagesPerSecond = Infinity, maxBytesPerSecond = Infinity, excess } = limits;
    this.engine = engine;
    this.maxMessages = maxMessagesPerSecond;
    this.maxBytes = maxBytesPerSecond;
    this.closes = excess === 'close';
  }

  /** Begins to count; where nothing is limited it costs nothing. */
  static watch(engine: Engine, limits: RateLimits): void {
    const { maxMessagesPerSecond = Infinity, maxBytesPerSecond = Infinity } = limits;
    if (maxMessagesPerSecond === Infinity && maxBytesPerSecond === Infinity) return;
    const meter = new RateMeter(engine, limits);
    engine.incoming.meter = (data) => meter.count(data);
  }

  /** Throws an `InvalidArgumentError` for what would hold for ever. */
  static check({ maxMessagesPerSecond = Infinity, maxBytesPerSecond = Infinity }: RateLimits): void {
    if (maxMessagesPerSecond > 0 && maxBytesPerSecond > 0) return;
    throw new InvalidArgumentError(
      `a rate is more than 0, not maxMessagesPerSecond ${maxMessagesPerSecond} and maxBytesPerSecond ${maxBytesPerSecond}; Infinity turns it off`,
    );
  }

  private count(data: Data): void {
    const { engine, maxMessages, maxBytes } = this;
    const now = engine.transport.clock.now();
    if (now - this.since >= SECOND_MS) {
      this.since = now;
      this.messages = this.bytes = 0;
    }
    this.messages++;
    this.bytes += bytesOf(data);
    const spent = Math.max(this.messages / maxMessages, this.bytes / maxBytes);
    if (this.closes) {
      if (spent > 1)
        this.close(this.messages > maxMessages ? `${maxMessages} messages` : `${maxBytes} bytes`);
    } else if (spent >= 1) this.hold(this.since + SECOND_MS * spent - now);
  }

  private hold(delayMs: number): void {
    const { engine } = this;
    const held = hold(engine);
    engine.transport.clock.schedule(() => {
      this.since = -Infinity;
      held.unsubscribe();
    }, delayMs);
  }

  private close(limit: string): void {
    this.engine.exceeded(1008, `more than ${limit} a second`);
  }
}
