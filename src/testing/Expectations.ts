import { difference, type IsMeant } from './difference.ts';
import type { Happening } from './Happening.ts';
import { aligned } from './aligned.ts';
import { isSame } from './isSame.ts';
import type { Diagram } from './parseDiagram.ts';

/** What `expectObservable` and `expectSubscriptions` of RxJS compare. */
interface Message {
  readonly frame: number;
  readonly notification: {
    readonly kind: 'N' | 'E' | 'C';
    readonly value?: unknown;
    readonly error?: unknown;
  };
}
interface Log {
  readonly subscribedFrame: number;
  readonly unsubscribedFrame: number;
}

/** Something expected of the run. */
export interface Expectation {
  /** As it was written: `expectSent(…)`. */
  readonly title: string;
  /** What is to be known of its subject when it was not met. */
  readonly aside: () => string;
  /** The stack of `toBe`; without it, it was never said what is expected. */
  stack: string | undefined;
  /** The letters of what is expected, where there is a diagram. */
  diagram?: Diagram;
}

/** What is expected of a run, and where it came out otherwise. */
export class Expectations {
  readonly failures: { readonly text: string; readonly stack: string | undefined }[] = [];
  private readonly ofRxjs: Expectation[] = [];
  private readonly own: Expectation[] = [];
  private readonly checks: (() => void)[] = [];

  /** What RxJS will compare, in the order in which it was asked to. */
  addRxjs(title: string): Expectation {
    const expectation: Expectation = { title, aside: () => '', stack: undefined };
    this.ofRxjs.push(expectation);
    return expectation;
  }

  addOwn(title: string, aside: () => string = () => ''): Expectation {
    const expectation: Expectation = { title, aside, stack: undefined };
    this.own.push(expectation);
    return expectation;
  }

  /** Something that must not happen did. */
  note(text: string): void {
    this.failures.push({ text, stack: undefined });
  }

  /** It was said what is expected, by a call of `toBe`. */
  said(expectation: Expectation, toBe: (...given: never[]) => unknown, diagram?: Diagram): void {
    const holder: { stack?: string } = {};
    Error.captureStackTrace(holder, toBe);
    expectation.stack = holder.stack;
    if (diagram !== undefined) expectation.diagram = diagram;
  }

  /** Compares when the run is over. */
  compare(
    expectation: Expectation,
    expected: readonly Happening[],
    actual: readonly Happening[],
    isMeant?: IsMeant,
  ): void {
    this.checks.push(() => this.fail(expectation, difference(expected, actual, isMeant)));
  }

  /** The `assertDeepEqual` of the scheduler: what was said first is asked first. */
  assert(actual: unknown, expected: unknown): void {
    const index = this.ofRxjs.findIndex(({ stack }) => stack !== undefined);
    const expectation = this.ofRxjs[index];
    if (expectation === undefined) return;
    this.ofRxjs.splice(index, 1);
    const isLog = [...(actual as object[]), ...(expected as object[])].some(
      (one) => 'subscribedFrame' in one,
    );
    const text = isLog
      ? logsDifference(expected as Log[], actual as Log[])
      : difference(
          (expected as Message[]).map((one, at) => happening(one, letterAt(expectation.diagram, at))),
          (actual as Message[]).map((one) => happening(one)),
        );
    this.fail(expectation, text);
  }

  /** When the run is over. */
  finish(): void {
    for (const check of this.checks) check();
    for (const { title, stack } of [...this.ofRxjs, ...this.own]) {
      if (stack === undefined) this.note(`${title}: nothing is expected; add .toBe(…)`);
    }
  }

  private fail({ title, aside, stack }: Expectation, text: string | undefined): void {
    if (text !== undefined) this.failures.push({ text: `${title}${aside()}\n\n${text}`, stack });
  }
}

function happening({ frame, notification }: Message, letter?: string): Happening {
  const { kind, value, error } = notification;
  return { frame, kind, value: kind === 'E' ? error : value, ...(letter === undefined ? {} : { letter }) };
}

function letterAt(diagram: Diagram | undefined, index: number): string | undefined {
  return diagram?.marks.filter(({ sign }) => sign !== '^')[index]?.sign;
}

function logsDifference(expected: readonly Log[], actual: readonly Log[]): string | undefined {
  const plain = (logs: readonly Log[]): unknown =>
    logs.map((log) => [log.subscribedFrame, log.unsubscribedFrame]);
  if (isSame(plain(expected), plain(actual))) return undefined;
  const signs = (log: Log | undefined): { frame: number; sign: string }[] =>
    [
      { frame: log?.subscribedFrame ?? Infinity, sign: '^' },
      { frame: log?.unsubscribedFrame ?? Infinity, sign: '!' },
    ].filter(({ frame }) => frame !== Infinity);
  const pairs = Array.from({ length: Math.max(expected.length, actual.length) }, (_, index) => {
    const [first, second] = aligned(signs(expected[index]), signs(actual[index]));
    return `  expected  ${first || '(no subscription)'}\n  actual    ${second || '(no subscription)'}`;
  });
  return pairs.join('\n\n');
}
