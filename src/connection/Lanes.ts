import { type Observable, Subject } from 'rxjs';
import type { Counts } from '../core/Counts.ts';
import type { Dropped } from '../core/Dropped.ts';
import { Fragment } from '../core/Fragment.ts';
import { onRejection } from '../core/onRejection.ts';
import type { Overflow } from '../core/Overflow.ts';
import { tellingEach } from '../core/sheltered.ts';
import type { Payload } from '../core/Slot.ts';
import { Lane, type LaneLimits } from './Lane.ts';

/** The lanes of one connection, made when they are needed, and what is dropped of them all. */
export class Lanes {
  private readonly limits: LaneLimits & { readonly counts?: Counts | undefined };
  private readonly overflow: Overflow<never>;
  private ofConnection: Lane | undefined;
  private ofParts: Lane | undefined;
  private drops: Subject<Dropped> | undefined;
  private ended = false;
  /** A function that was told of drops failed. */
  private readonly failed: (error: unknown) => void;

  constructor(
    limits: LaneLimits & { readonly overflow: Overflow<never>; readonly counts?: Counts | undefined },
    failed: (error: unknown) => void,
  ) {
    this.failed = failed;
    this.limits = limits;
    this.overflow = limits.overflow;
  }

  /** What is sent with the policy of the connection. */
  get main(): Lane {
    this.ofConnection ??= this.add(this.overflow);
    return this.ofConnection;
  }

  /** The same, where its policy looks at each message; else undefined. */
  get conflating(): Lane | undefined {
    const { overflow } = this;
    return overflow === 'latest' || typeof overflow === 'object' ? this.main : undefined;
  }

  /** The parts of a message: none of them can be left out. */
  get parts(): Lane {
    this.ofParts ??= this.add('close');
    return this.ofParts;
  }

  /** Where what was sent without a lane belongs. */
  of(payload: Payload): Lane {
    return payload instanceof Fragment ? this.parts : this.main;
  }

  /** A lane for one source, with a policy of its own; what is dropped of it goes to `report` too. */
  add(overflow: Overflow<never>, report?: (dropped: Dropped) => void): Lane {
    return new Lane(overflow, this.limits, (dropped) => {
      if (dropped.count === 0) return;
      const { counts } = this.limits;
      if (counts !== undefined) {
        counts.droppedMessages += dropped.count;
        counts.droppedBytes += dropped.bytes;
      }
      this.drops?.next(dropped);
      try {
        onRejection(report?.(dropped), this.failed);
      } catch (error) {
        this.failed(error);
      }
    });
  }

  get dropped(): Observable<Dropped> {
    this.drops ??= new Subject();
    if (this.ended) this.drops.complete();
    return tellingEach(this.drops, this.failed);
  }

  end(): void {
    this.ended = true;
    this.drops?.complete();
  }
}
