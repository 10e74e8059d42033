import { type Observable, retry, Subscription, type Unsubscribable } from 'rxjs';
import { type FakeClose, type FakePlatform, fakePlatform, type FakeWebSocket } from './FakeWebSocket.ts';

/** As much of a `WebSocketSubject` as scripts use: ours, and that of RxJS. */
export interface Tried extends Observable<unknown> {
  next(value: unknown): void;
  error(error: unknown): void;
  complete(): void;
  unsubscribe(): void;
  multiplex(sub: () => unknown, unsub: () => unknown, filter: (value: never) => boolean): Observable<unknown>;
}

export type Make = (config: object) => Tried;

/** What happens: a call of the user's, or an event of one of the sockets, counted from the newest. */
export type Step =
  | readonly ['subscribe']
  | readonly ['retry', times: number]
  | readonly ['multiplex', key: string]
  | readonly ['unsubscribe', subscriber: number]
  | readonly ['next', value: unknown]
  | readonly ['error', error?: unknown]
  | readonly ['complete']
  | readonly ['close']
  | readonly ['open' | 'fail', socket: number]
  | readonly ['receive', socket: number, data: string]
  | readonly ['end', socket: number, close: FakeClose]
  | readonly ['fault', error: unknown]
  | readonly ['sendFault', socket: number, error: unknown]
  | readonly ['refuse', socket: number, code: number];

/** When a step is played in the midst of another one: when that is told of for the first time. */
export type Moment = 'open' | 'closing' | 'closed' | 'next' | 'error' | 'complete';
export type Reactions = Partial<Record<Moment, Step | undefined>>;

/** The value whose serializer throws, the key whose message cannot be made, and what they throw. */
export const BAD = 'bad';
export const fault: Error = new Error('a fault of the spec');

/** One subject, and all that can be seen of it while a script is played. */
export class Run {
  readonly log: string[] = [];
  readonly platform: FakePlatform = fakePlatform(this.log);
  readonly subject: Tried;
  readonly subscriptions: Unsubscribable[] = [];
  private readonly reactions: Reactions;
  /** Whether a reaction is to be played. */
  permits: (step: Step) => boolean = () => true;

  constructor(make: Make, { config = {}, reactions = {} }: { config?: object; reactions?: Reactions } = {}) {
    this.reactions = { ...reactions };
    this.subject = make({
      url: 'ws://server/chat',
      WebSocketCtor: this.platform.WebSocketCtor,
      serializer: (value: unknown) => {
        if (value === BAD) throw fault;
        return JSON.stringify(value);
      },
      openObserver: { next: (event: unknown) => this.tell('open', `open observer: ${describe(event)}`) },
      closingObserver: { next: () => this.tell('closing', 'closing observer') },
      closeObserver: { next: (event: unknown) => this.tell('closed', `close observer: ${describe(event)}`) },
      ...config,
    });
  }

  /** Undefined where there are not so many. */
  socket(fromNewest: number): FakeWebSocket | undefined {
    return this.platform.sockets.at(-1 - fromNewest);
  }

  play(steps: readonly Step[]): readonly string[] {
    for (const step of steps) this.do(step);
    return this.log;
  }

  /** Plays one step; the result is what it added to the log. */
  do(step: Step): readonly string[] {
    const before = this.log.length;
    try {
      this.step(step);
    } catch (error) {
      this.log.push(`${step[0]} threw: ${describe(error)}`);
    }
    return this.log.slice(before);
  }

  private tell(moment: Moment, line: string): void {
    this.log.push(line);
    const reaction = this.reactions[moment];
    this.reactions[moment] = undefined;
    if (reaction !== undefined && this.permits(reaction)) this.do(reaction);
  }

  private step(step: Step): void {
    const { subject, platform } = this;
    switch (step[0]) {
      case 'subscribe':
        return this.subscribe(subject);
      case 'retry':
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
      case 'fault':
        platform.fault = step[1];
        return;
    }
    const socket = this.socket(step[1])!;
    switch (step[0]) {
      case 'open':
        return socket.open();
      case 'fail':
        return socket.fail();
      case 'receive':
        return socket.receive(step[2]);
      case 'end':
        return socket.end(step[2]);
      case 'sendFault':
        socket.sendFault = step[2];
        return;
      case 'refuse':
        socket.refusedCodes = [step[2]];
    }
  }

  private subscribe(source: Observable<unknown>): void {
    const id = `subscriber ${this.subscriptions.length}`;
    // What is emitted inside `subscribe` finds its place taken.
    const subscription = new Subscription();
    this.subscriptions.push(subscription);
    subscription.add(
      source.subscribe({
        next: (value) => this.tell('next', `${id}: ${JSON.stringify(value)}`),
        error: (error: unknown) => this.tell('error', `${id}: error ${describe(error)}`),
        complete: () => this.tell('complete', `${id}: complete`),
      }),
    );
  }

  private multiplex(key: string): void {
    // The one that it belongs to: by then there is no other yet.
    const part: { connection?: number } = {};
    const newest = (): number => this.platform.sockets.length - 1;
    this.subscribe(
      this.subject.multiplex(
        () => {
          if (key === BAD) throw fault;
          return { sub: key };
        },
        () => ({ unsub: key, connection: part.connection ?? newest() }),
        (value: { key?: string; fault?: boolean }) => {
          if (value.fault) throw fault;
          return value.key === key;
        },
      ),
    );
    part.connection = newest();
  }
}

/** An event with all its fields, an error by its message, and whether it is a TypeError. */
function describe(value: unknown): string {
  const { type, message } = Object(value) as { type?: string; message?: string };
  if (type !== undefined) return JSON.stringify(value);
  return value instanceof TypeError ? `TypeError ${message}` : String(message ?? value);
}
