import { beforeEach, describe, expect, it } from '@jest/globals';
import { TestScheduler } from 'rxjs/testing';
import { engineOf } from '../../src/connection/EngineConnection.ts';
import { feedTo } from '../../src/connection/feedTo.ts';
import { memoryConnection } from '../server/memoryConnection.ts';

let scheduler: TestScheduler;
beforeEach(() => {
  scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
});

describe('feedTo', () => {
  it('hands on what pushes as it comes', () => {
    scheduler.run(({ cold, expectSubscriptions }) => {
      const { connection } = memoryConnection(scheduler, cold('-'));
      const seen: string[] = [];
      const source = cold('-a-b|');
      feedTo(engineOf(connection), source, {
        next: (value) => seen.push(value),
        error: () => {},
        complete: () => seen.push('over'),
      });
      expectSubscriptions(source.subscriptions).toBe('^---!');
      scheduler.schedule(() => expect(seen).toEqual(['a', 'b', 'over']), 9);
    });
  });

  it('pulls only while the connection is writable', () => {
    scheduler.run(({ cold }) => {
      const { connection, transport } = memoryConnection(scheduler, cold('-'), { highWaterBytes: 2 });
      transport.peer.stop(0);
      let pulled = 0;
      function* values() {
        for (; pulled < 6; pulled++) yield 'ab';
      }
      feedTo(engineOf(connection), values(), {
        next: (value) => connection.send(value),
        error: () => {},
        complete: () => {},
      });
      scheduler.schedule(() => expect(pulled).toBe(0), 4);
      scheduler.schedule(() => transport.peer.start(), 5);
      scheduler.schedule(() => expect(pulled).toBe(6), 9);
    });
  });
});
