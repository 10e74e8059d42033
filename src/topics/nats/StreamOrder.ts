import { nodeClock } from '../../transports/ws/nodeClock.ts';

/** What a stream repeats; `before` is the number of the one before it on its subject, 0 where there is none. */
export interface Numbered {
  readonly subject: string;
  readonly sequence: number;
  readonly before: number;
}

/** So long one waits for the one before it, in ms. */
const PATIENCE = 2_000;
/** Of so many subjects it is known what came last. */
const MAX_SUBJECTS = 10_000;

/**
 * The order of a stream for one subscription. Where many publish at once the server repeats what it took a little out of order
 * (seen with nats-server 2.9): one that comes too early waits here for the one before it on its subject.
 */
export class StreamOrder<M extends Numbered> {
  private readonly tell: (message: M) => void;
  private readonly missed: () => void;
  /** What the stream had when the subscription stood, which is not for it; undefined where it does not stand. */
  private begun: number | undefined;
  /** What came before that. */
  private unbegun: M[] = [];
  /** What came last, of each subject. */
  private readonly last = new Map<string, number>();
  /** What came last, of all subjects that are not in `last`. */
  private floor = 0;
  /** What came too early, by its subject and the number that it waits for. */
  private readonly early = new Map<string, { readonly message: M; readonly at: number }>();
  private cancel: (() => void) | undefined;

  /** `missed` is called where the one before did not come: then it does not stand any more. */
  constructor(tell: (message: M) => void, missed: () => void) {
    this.tell = tell;
    this.missed = missed;
  }

  /** It does not stand any more, or not yet. */
  stop(): void {
    this.begun = undefined;
    this.unbegun = [];
    this.last.clear();
    this.early.clear();
    this.rest();
  }

  /** It stands: what follows the number `newest` of the stream is for it. */
  begin(newest: number): void {
    this.begun = newest;
    this.floor = newest;
    for (const message of this.unbegun.splice(0)) this.take(message);
  }

  take(message: M): void {
    const { subject, sequence, before } = message;
    const { begun, floor } = this;
    if (begun === undefined) {
      this.unbegun.push(message);
      return;
    }
    const last = this.last.get(subject);
    if (sequence <= (last ?? begun)) return;
    if (before > (last ?? floor)) {
      this.early.set(keyOf(subject, before), { message, at: nodeClock.now() });
      this.cancel ??= nodeClock.schedule(this.expire, PATIENCE);
      return;
    }
    let next: M | undefined = message;
    while (next !== undefined) {
      this.reached(next);
      const key = keyOf(next.subject, next.sequence);
      this.tell(next);
      // Who was told may have left.
      next = this.early.get(key)?.message;
      this.early.delete(key);
    }
    if (this.early.size === 0) this.rest();
  }

  private rest(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  private reached({ subject, sequence }: M): void {
    const { last } = this;
    // So the first is the one that was reached longest ago.
    last.delete(subject);
    last.set(subject, sequence);
    if (last.size <= MAX_SUBJECTS) return;
    const [oldest, number] = last.entries().next().value!;
    last.delete(oldest);
    this.floor = Math.max(this.floor, number);
  }

  private readonly expire = (): void => {
    this.cancel = undefined;
    const [first] = this.early.values();
    if (first === undefined) return;
    const left = first.at + PATIENCE - nodeClock.now();
    if (left > 0) {
      this.cancel = nodeClock.schedule(this.expire, left);
      return;
    }
    this.stop();
    this.missed();
  };
}

function keyOf(subject: string, before: number): string {
  return `${before} ${subject}`;
}
