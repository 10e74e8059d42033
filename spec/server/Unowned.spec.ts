import { beforeEach, describe, expect, it } from '@jest/globals';
import { NEVER } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { engineOf } from '../../src/connection/EngineConnection.ts';
import { Unowned } from '../../src/server/Unowned.ts';
import { memoryConnection } from './memoryConnection.ts';

let scheduler: TestScheduler;
beforeEach(() => {
  scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
});

describe('Unowned', () => {
  it('delivers nothing inside the emission, and all of it to those who subscribe there', () => {
    scheduler.run(({ expectObservable }) => {
      const { connection, transport } = memoryConnection(scheduler, NEVER);
      const seen: string[] = [];
      scheduler.schedule(() => {
        transport.peer.send('early');
        new Unowned().hand(connection, ({ text, messages }) => {
          text.subscribe((line) => seen.push(`first ${line}`));
          transport.peer.send('inside');
          messages.subscribe((line) => seen.push(`second ${String(line)}`));
          expect(seen).toEqual([]);
        });
        expect(seen).toEqual([]);
      }, 2);
      expectObservable(connection.closed).toBe('---');
      scheduler.schedule(() => {
        expect(seen).toEqual(['first early', 'second early', 'first inside', 'second inside']);
      }, 3);
    });
  });

  it('closes with 1001 what nobody has taken over', () => {
    scheduler.run(({ cold, expectObservable }) => {
      const [free, taken, takenLate] = [1, 2, 3].map(() => memoryConnection(scheduler, NEVER));
      const unowned = new Unowned();
      unowned.hand(free!.connection, () => {});
      unowned.hand(taken!.connection, (connection) => void (engineOf(connection).isOwned = true));
      unowned.hand(takenLate!.connection, () => {});
      cold('-a').subscribe(() => void (engineOf(takenLate!.connection).isOwned = true));
      cold('--a').subscribe(() => unowned.leave());
      expectObservable(free!.sent).toBe('--(c|)', { c: '1001' });
      expectObservable(taken!.sent).toBe('---');
      expectObservable(takenLate!.sent).toBe('---');
    });
  });

  it('closes what is left inside its own emission', () => {
    scheduler.run(({ expectObservable }) => {
      const { connection, sent } = memoryConnection(scheduler, NEVER);
      expectObservable(sent).toBe('(c|)', { c: '1001' });
      const unowned = new Unowned();
      scheduler.schedule(() => unowned.hand(connection, () => unowned.leave()));
    });
  });

  it('forgets what has ended', () => {
    scheduler.run(({ cold, flush }) => {
      const { connection } = memoryConnection(scheduler, cold('-|'));
      const unowned = new Unowned();
      unowned.hand(connection, () => {});
      flush();
      expect(connection.state).toBe('closed');
      expect(Reflect.get(unowned, 'engines')).toEqual(new Set());
    });
  });
});
