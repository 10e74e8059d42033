import type { Clock } from '../core/Clock.ts';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import type { KeepAliveConfig } from '../core/KeepAliveConfig.ts';
import { KeepAliveError } from '../core/KeepAliveError.ts';
import { Line } from './Line.ts';
import type { Pulse } from './Pulse.ts';

/** How often one looks within an interval: what was heard between two looks counts from the first of them. */
const LOOKS = 4;
/** So many connections are looked at in one go where there are many: at most 100 timers a second. */
const CONNECTIONS_PER_MS = 100;

const shared = new WeakMap<Clock, Map<string, KeepAlive>>();

/**
 * Pings where nothing comes, and ends as lost what then does not answer. One for all the connections that have the same
 * times; nothing is done for a message, since it looks at what the socket has counted.
 *
 *     peer     a-----------------------a-
 *     looks    -x---x---x---x---x---x---x
 *     pings    -----------------p---------
 *
 * The deadline of an answer is suspended while the socket is paused. Any byte is an answer.
 */
export class KeepAlive {
  private readonly clock: Clock;
  private readonly intervalMs: number;
  private readonly timeoutMs: number;
  /** Those who are looked at. */
  private readonly looks: Line<Pulse>;
  /** Those whose answer is waited for. */
  private readonly answers: Line<Pulse>;
  private count = 0;

  constructor(clock: Clock, { intervalMs = 20_000, timeoutMs = 20_000 }: KeepAliveConfig) {
    if (!(intervalMs > 0 && timeoutMs > 0)) {
      throw new InvalidArgumentError(
        `keepAlive takes times of more than 0 ms, not intervalMs ${intervalMs} and timeoutMs ${timeoutMs}; false turns it off`,
      );
    }
    this.clock = clock;
    this.intervalMs = intervalMs;
    this.timeoutMs = timeoutMs;
    this.looks = new Line(clock, intervalMs / LOOKS, (pulse) => this.look(pulse));
    this.answers = new Line(clock, timeoutMs, (pulse) => this.expire(pulse));
  }

  /** The one for these times; undefined where they turn it off. Throws an `InvalidArgumentError`. */
  static of(clock: Clock, config: KeepAliveConfig | false): KeepAlive | undefined {
    if (config === false || config.intervalMs === Infinity) return undefined;
    const { intervalMs, timeoutMs } = config;
    const times = `${intervalMs} ${timeoutMs}`;
    const known = shared.get(clock) ?? new Map<string, KeepAlive>();
    const keepAlive = known.get(times) ?? new KeepAlive(clock, config);
    shared.set(clock, known.set(times, keepAlive));
    return keepAlive;
  }

  join(pulse: Pulse): void {
    this.crowd(1);
    pulse.seen = pulse.activity;
    this.looks.add(pulse);
  }

  leave(pulse: Pulse): void {
    this.crowd(-1);
    pulse.unlink();
    this.looks.settle();
    this.answers.settle();
  }

  /** The socket is read again: what it had to say could not be heard until now. */
  resumed(pulse: Pulse): void {
    if (pulse.isAsked && this.timeoutMs !== Infinity) this.answers.add(pulse);
  }

  /** A pong came. The result is how long the answer took; undefined: to something else, or nobody can say. */
  ponged(pulse: Pulse, data: Uint8Array): number | undefined {
    if (!pulse.isAsked) return undefined;
    const now = this.clock.now();
    const sentAt = Number(new TextDecoder().decode(data));
    // Where the wait was suspended meanwhile, the answer may have waited too: it is a sign of life, and tells no time.
    const isTimed =
      this.timeoutMs === Infinity ? sentAt <= now : Math.abs(sentAt + this.timeoutMs - pulse.dueAt) < 1;
    if (!isTimed) return undefined;
    pulse.isAsked = false;
    // The answer does not show a peer that talks: it is pinged again one interval after the last time.
    pulse.seen = pulse.activity;
    const looks = Math.floor(((now - sentAt) * LOOKS) / this.intervalMs);
    pulse.quiet = looks;
    this.looks.add(pulse, sentAt + (looks * this.intervalMs) / LOOKS);
    return now - sentAt;
  }

  private look(pulse: Pulse): void {
    if (!pulse.isOpen) return;
    const { activity } = pulse;
    if (activity === pulse.seen) pulse.quiet++;
    else {
      pulse.seen = activity;
      pulse.isAsked = false;
      pulse.quiet = 1;
    }
    if (pulse.quiet >= LOOKS) this.ask(pulse);
    else this.looks.add(pulse);
  }

  private ask(pulse: Pulse): void {
    const now = this.clock.now();
    pulse.quiet = 0;
    pulse.isAsked = true;
    // What is not read cannot be late. It is pinged all the same: a reset shows when something is written.
    const isWaitedFor = !pulse.isPaused && this.timeoutMs !== Infinity;
    (isWaitedFor ? this.answers : this.looks).add(pulse, now);
    pulse.sendPing(new TextEncoder().encode(String(Math.round(now * 1_000) / 1_000)));
  }

  private expire(pulse: Pulse): void {
    if (!pulse.isOpen) return;
    if (pulse.isPaused) this.looks.add(pulse);
    else if (pulse.activity === pulse.seen) pulse.die(this.error());
    else {
      // It lives, but when it was last heard nobody can say.
      pulse.seen = pulse.activity;
      this.ask(pulse);
    }
  }

  private error(): KeepAliveError {
    const { intervalMs, timeoutMs } = this;
    return new KeepAliveError(
      `the peer sent nothing for ${intervalMs} ms, and answered no ping within ${timeoutMs} ms more: it is gone, or cannot be reached`,
    );
  }

  private crowd(change: number): void {
    this.count += change;
    this.looks.gapMs = this.answers.gapMs = Math.floor(this.count / CONNECTIONS_PER_MS);
  }
}
