import { nodeClock } from '../../transports/ws/nodeClock.ts';

/** Asks again and again, and tells when no answer has come until it would ask again; what is refused is an answer. */
export class Pulse {
  private readonly everyMs: number;
  private readonly ask: () => Promise<unknown>;
  private readonly dead: () => void;
  private cancel: (() => void) | undefined;

  constructor(everyMs: number, ask: () => Promise<unknown>, dead: () => void) {
    this.everyMs = everyMs;
    this.ask = ask;
    this.dead = dead;
  }

  /** Asks now: what was asked before need not be answered. */
  start(): void {
    this.stop();
    let isAnswered = false;
    const answered = (): void => {
      isAnswered = true;
    };
    this.ask().then(answered, answered);
    this.cancel = nodeClock.schedule(() => {
      this.cancel = undefined;
      if (isAnswered) this.start();
      else this.dead();
    }, this.everyMs);
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
  }
}
