import { type Observable, type Observer, retry, type Subscription, type Unsubscribable } from 'rxjs';
import { type FakePlatform, fakePlatform, type FakeWebSocket } from './FakeWebSocket.ts';

/** As much of a `WebSocketSubject` as scripts use: ours, and that of RxJS. */
export interface Tried extends Observable<unknown> {
  next(value: unknown): void;
  error(error: unknown): void;
  complete(): void;
  unsubscribe(): void;
  multiplex(sub: () => unknown, unsub: () => unknown, filter: (value: never) => boolean): Observable<unknown>;
}

export type Make = (config: object) => Tried;

/** What happens: a call of the user's, or an event of one of the sockets (counted from the newest). */
export type Step =
  | readonly ['subscribe']
  | readonly ['subscribeAgain', times: number]
  | readonly ['multiplex', key: string]
  | readonly ['unsubscribe', subscriber: number]
  | readonly ['next', value: unknown]
  | readonly ['error', error: unknown]
  | readonly ['complete']
  | readonly ['close']
  | readonly ['open' | 'fail', socket: number]
  | readonly ['receive', socket: number, data: string]
  | readonly ['end', socket: number, close: { code?: number; reason?: string; wasClean: boolean }]
  | readonly ['fault', error: unknown];

/** The value whose serializer throws, and what it throws. */
export const UNSERIALIZABLE = 'unserializable';
export const serializerFault: Error = new Error('cannot be serialized');

/** When something is done in the midst of a call. */
export type Reactions = Partial<Record<'open' | 'closing' | 'closed' | 'next' | 'error' | 'complete', Step | undefined>>;

/** One subject, and all that can be seen of it while a script is played. */
export class Run {
  readonly log: unknown[] = [];
  readonly platform: FakePlatform = fakePlatform(this.log);
  readonly subject: Tried;
  readonly subscriptions: Unsubscribable[] = [];

  /** What a watcher or a subscriber does at once when it is told, the first time. */
  readonly reactions: Reactions;
  /** Whether a reaction is to be played. */
  permits: (step: Step) => boolean = () => true;

  constructor(make: Make, config: object = {}, reactions: Reactions = {}) {
    this.reactions = { ...reactions };
    const watch = (name: 'open' | 'closing' | 'closed'): { next(event: unknown): void } => ({
      next: (event) => {
        this.log.push([name, event]);
        this.react(name);
      },
    });
    this.subject = make({
      url: 'ws://server/chat',
      WebSocketCtor: this.platform.WebSocketCtor,
      serializer: (value: unknown) => {
        if (value === UNSERIALIZABLE) throw serializerFault;
        return JSON.stringify(value);
      },
      openObserver: watch('open'),
      closingObserver: watch('closing'),
      closeObserver: watch('closed'),
      ...config,
    });
  }

  /** Null where there are not so many. */
  socket(fromNewest: number): FakeWebSocket | undefined {
    return this.platform.sockets.at(-1 - fromNewest);
  }

  play(steps: readonly Step[]): this {
    for (const step of steps) this.do(step);
    return this;
  }

  /** Plays one step; the result is what it added to the log. */
  do(step: Step): readonly unknown[] {
    const before = this.log.length;
    try {
      this.step(step);
    } catch (error) {
      this.log.push(['thrown', String(error)]);
    }
    return this.log.slice(before);
  }

  private react(to: keyof Reactions): void {
    const reaction = this.reactions[to];
    this.reactions[to] = undefined;
    if (reaction !== undefined && this.permits(reaction)) this.do(reaction);
  }

  private step(step: Step): void {
    const { subject } = this;
    switch (step[0]) {
      case 'subscribe':
        return this.subscribe(subject);
      case 'subscribeAgain':
        return this.subscribe(subject.pipe(retry(step[1])));
      case 'multiplex':
        return this.multiplex(step[1]);
      case 'unsubscribe':
        return this.subscriptions[step[1]]?.unsubscribe();
      case 'next':
        return subject.next(step[1]);
      case 'error':
        return subject.error(step[1]);
      case 'complete':
        return subject.complete();
      case 'close':
        return subject.unsubscribe();
      case 'open':
        return this.socket(step[1])?.open();
      case 'fail':
        return this.socket(step[1])?.fail();
      case 'receive':
        return this.socket(step[1])?.receive(step[2]);
      case 'end':
        return this.socket(step[1])?.end(step[2]);
      case 'fault':
        this.platform.fault = step[1];
    }
  }

  private subscribe(source: Observable<unknown>): void {
    const id = this.subscriptions.length;
    const observer: Observer<unknown> = {
      next: (value) => {
        this.log.push([id, 'next', value]);
        this.react('next');
      },
      error: (error) => {
        this.log.push([id, 'error', error]);
        this.react('error');
      },
      complete: () => {
        this.log.push([id, 'complete']);
        this.react('complete');
      },
    };
    // What is emitted inside `subscribe` finds its place taken.
    let subscription: Subscription | undefined;
    this.subscriptions.push({ unsubscribe: () => subscription?.unsubscribe() });
    subscription = source.subscribe(observer);
  }

  private multiplex(key: string): void {
    // The one that it belongs to: by then there is no other yet.
    let connection: number | undefined;
    const newest = (): number => this.platform.sockets.length - 1;
    this.subscribe(
      this.subject.multiplex(
        () => ({ sub: key }),
        () => ({ unsub: key, connection: connection ?? newest() }),
        (value: { key?: string }) => value.key === key,
      ),
    );
    connection = newest();
  }
}
