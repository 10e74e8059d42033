import { defer, finalize, type Observable } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import type { Expectations } from './Expectations.ts';
import type { Leftovers } from './Leftovers.ts';
import type { MarbleScheduler } from './MarbleScheduler.ts';
import { assertValues, type Diagram, type DiagramKind, parseDiagram, someOf } from './parseDiagram.ts';

/** What the helpers of RxJS need of the run to say more than RxJS does. */
export interface RxjsStage {
  readonly scheduler: MarbleScheduler;
  readonly expectations: Expectations;
  readonly leftovers: Leftovers;
}

type Checked = Pick<RunHelpers, 'cold' | 'hot' | 'expectObservable' | 'expectSubscriptions'>;

/** RxJS's own helpers; a wrong diagram says where, and what comes out otherwise is shown as two diagrams. */
export function rxjsHelpers(rxjs: RunHelpers, { scheduler, expectations, leftovers }: RxjsStage): Checked {
  const read = (marbles: string, kind: DiagramKind, where: string, values?: object): Diagram => {
    const diagram = parseDiagram(marbles, kind, where, values);
    // RxJS takes undefined for it.
    if (values !== undefined) assertValues(diagram, where, values);
    return scheduler.seen(diagram);
  };
  return {
    cold: ((marbles: string, given?: Record<string, unknown>, error?: unknown) => {
      const values = someOf(given);
      read(marbles, 'stream', 'cold', values);
      const source = rxjs.cold(marbles, values, error);
      leftovers.watch(source, `cold(${JSON.stringify(marbles.trim())})`);
      return source;
    }) as RunHelpers['cold'],
    hot: ((marbles: string, given?: Record<string, unknown>, error?: unknown) => {
      const values = someOf(given);
      read(marbles, 'hot', 'hot', values);
      const source = rxjs.hot(marbles, values, error);
      leftovers.watch(source, `hot(${JSON.stringify(marbles.trim())})`);
      return source;
    }) as RunHelpers['hot'],
    expectObservable: <T>(observable: Observable<T>, subscription: string | null = null) => {
      if (subscription !== null) read(subscription, 'subscription', 'expectObservable, subscription');
      const counted = defer(() => {
        leftovers.openExpectations++;
        return observable;
      }).pipe(finalize(() => leftovers.openExpectations--));
      const expectation = expectations.addRxjs('expectObservable(…)');
      const inner = rxjs.expectObservable(counted, subscription);
      const toBe = (marbles: string, given?: object, error?: unknown): void => {
        const values = someOf(given);
        expectations.said(expectation, toBe, read(marbles, 'stream', 'expectObservable(…).toBe', values));
        inner.toBe(marbles, values, error);
      };
      const toEqual = (other: Observable<T>): void => {
        expectations.said(expectation, toEqual);
        inner.toEqual(other);
      };
      return { toBe, toEqual };
    },
    expectSubscriptions: (logs) => {
      const expectation = expectations.addRxjs('expectSubscriptions(…)');
      const inner = rxjs.expectSubscriptions(logs);
      const toBe = (marbles: string | string[]): void => {
        for (const each of [marbles].flat()) read(each, 'subscription', 'expectSubscriptions(…).toBe');
        expectations.said(expectation, toBe);
        inner.toBe(marbles);
      };
      return { toBe };
    },
  };
}
