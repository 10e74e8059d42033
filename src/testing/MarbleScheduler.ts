import type { SchedulerAction, Subscription } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { duration } from './aligned.ts';
import { here } from './originOf.ts';
import type { Diagram } from './parseDiagram.ts';

/** What may still be scheduled behind the last diagram. More is taken for something that never ends. */
const MAX_SCHEDULED = 50_000;

/** The scheduler of a marble test, which notices where time would not end. */
export class MarbleScheduler extends TestScheduler {
  /** The last frame of any diagram. */
  private lastFrame = 0;
  /** Why time was ended: an operator or a handler may have taken the error for one of its own. */
  endless: Error | undefined;
  private behind = 0;
  private seenFrame = 0;
  private period = 0;
  /** By delay: who first asked for it. */
  private readonly origins = new Map<number, string>();

  /** A diagram of the test: time is expected to go on at least as long. */
  seen(diagram: Diagram): Diagram {
    for (const { frame } of diagram.marks) this.lastFrame = Math.max(this.lastFrame, frame);
    return diagram;
  }

  /** The last diagram is: what only goes on while others do may stop. */
  get isOver(): boolean {
    return this.frame > this.lastFrame;
  }

  override schedule<T>(
    work: (this: SchedulerAction<T>, state?: T) => void,
    delay: number = 0,
    state?: T,
  ): Subscription {
    if (delay > 0 && !this.origins.has(delay)) this.origins.set(delay, here());
    const isNewFrame = this.frame !== this.seenFrame;
    if (this.frame <= this.lastFrame && isNewFrame) this.behind = 0;
    // What keeps time going, beside what is done in each of its frames.
    if (delay > 0) this.period = delay;
    else if (isNewFrame && this.behind === 0) this.period = 0;
    this.seenFrame = this.frame;
    if (++this.behind > MAX_SCHEDULED) {
      this.endless ??= new Error(this.whyEndless(this.period));
      throw this.endless;
    }
    return super.schedule(work, delay, state);
  }

  private whyEndless(delay: number): string {
    const origin = this.origins.get(delay);
    const what = delay === 0 ? 'again and again in one frame' : `every ${duration(delay)}`;
    return (
      `time does not end: something is scheduled ${what}${origin ? `, first at ${origin}` : ''}. End it: with take or ` +
      `takeUntil, with "!" in the subscription of expectObservable, or with a peer that closes ("|")`
    );
  }
}
