import { describe, expect, it } from '@jest/globals';
import { firstValueFrom, ignoreElements, map, merge, type Observable, switchMap, take } from 'rxjs';
import { lifetime } from '../../src/client/lifetime.ts';
import { opening } from '../../src/client/opening.ts';
import type { Connection } from '../../src/connection/Connection.ts';
import type { Data, Sendable } from '../../src/core/Data.ts';
import { CloseFrame } from '../../src/testing/MemoryPeer.ts';
import { marbles, type MemoryDial } from './marbles.ts';

type Opened = Connection<Data, Sendable, undefined>;
const connecting = ({ dial }: MemoryDial): Observable<Opened> =>
  lifetime(opening<Data, Sendable>('ws://a.test/', dial));
const lost = (code: number): unknown =>
  expect.objectContaining({ code: 'CONNECTION_CLOSED', close: expect.objectContaining({ code }) });

describe('lifetime', () => {
  const asC = map(() => 'c');
  /** What the peer sees of the end. */
  const closes = ({ transport }: MemoryDial): Observable<string> =>
    transport.peer.received.pipe(
      map((item) => (item instanceof CloseFrame ? `close ${item.code}` : 'message')),
    );

  it('is a connection, and stays one', () => {
    marbles(({ memory, expectObservable }) => {
      const played = memory('--(d|)');
      expectObservable(connecting(played).pipe(asC), '^-----!').toBe('--c----');
    });
  });

  it('ends with its subscription: closed with 1000', () => {
    marbles(({ memory, expectObservable }) => {
      const played = memory('--(d|)');
      expectObservable(closes(played)).toBe('-----(x|)', { x: 'close 1000' });
      expectObservable(connecting(played).pipe(asC), '^----!').toBe('--c---');
    });
  });

  it('ends inside the emission, where that is enough', () => {
    marbles(({ memory, expectObservable }) => {
      const played = memory('--(d|)');
      expectObservable(closes(played)).toBe('--(x|)', { x: 'close 1000' });
      expectObservable(connecting(played).pipe(take(1), asC)).toBe('--(c|)');
    });
  });

  it('stops dialling on unsubscribe', () => {
    marbles(({ memory, expectObservable }) => {
      const played = memory('----(d|)');
      expectObservable(connecting(played).pipe(asC), '^-!').toBe('---');
      played.expectDialled('^-!');
    });
  });

  it('errors where nothing was opened', () => {
    marbles(({ memory, expectObservable }) => {
      const played = memory('--#', new Error('refused'));
      expectObservable(connecting(played).pipe(asC)).toBe('--#', {}, new Error('refused'));
    });
  });

  it('completes when the peer closes with 1000', () => {
    marbles(({ memory, cold, expectObservable }) => {
      const played = memory('--(d|)');
      cold('----x').subscribe(() => played.transport.peer.close(1000));
      expectObservable(connecting(played).pipe(asC)).toBe('--c-|');
    });
  });

  it('completes when it is closed here', () => {
    marbles(({ memory, cold, expectObservable }) => {
      const played = memory('--(d|)');
      const closing = switchMap((connection: Opened) =>
        cold('--(x|)').pipe(map(() => connection.close(4000))),
      );
      expectObservable(connecting(played).pipe(closing, ignoreElements())).toBe('----|');
    });
  });

  it('errors when the peer closes because of an error', () => {
    marbles(({ memory, cold, expectObservable }) => {
      const played = memory('--(d|)');
      cold('----x').subscribe(() => played.transport.peer.close(1011));
      expectObservable(connecting(played).pipe(asC)).toBe('--c-#', undefined, lost(1011));
    });
  });

  it('errors before `messages` completes: half of a conversation is not taken for a whole one', () => {
    marbles(({ memory, cold, expectObservable }) => {
      const played = memory('--(d|)');
      cold('----x').subscribe(() => played.transport.peer.cut());
      const messages = connecting(played).pipe(switchMap((connection) => connection.messages));
      expectObservable(messages).toBe('----#', {}, lost(1006));
    });
  });

  it.each([
    ['completes', 1000, '------(ab|)'],
    ['errors', 4000, '------(ab#)'],
  ])('%s behind what was received, where the peer closed with %i', (_, code, expected) => {
    marbles(({ memory, cold, expectObservable }) => {
      const played = memory('--(d|)');
      let release = (): void => {};
      const messages = connecting(played).pipe(
        switchMap((connection) => {
          const hold = connection.hold();
          release = () => hold.unsubscribe();
          return connection.messages;
        }),
      );
      cold('----x').subscribe(() => {
        played.transport.peer.send('a', 'b');
        played.transport.peer.close(code);
      });
      cold('------x').subscribe(() => release());
      expectObservable(messages).toBe(expected, undefined, lost(4000));
    });
  });

  it('tells `closed` inside the pipeline before it errors', () => {
    marbles(({ memory, cold, expectObservable }) => {
      const played = memory('--(d|)');
      cold('----x').subscribe(() => played.transport.peer.cut());
      const codes = connecting(played).pipe(
        switchMap(({ closed }) => closed.pipe(map(({ code }) => `${code}`))),
      );
      expectObservable(codes).toBe('----(x#)', { x: '1006' }, lost(1006));
    });
  });

  it('delivers nothing inside its emission: readers that subscribe there, in any order, get all', () => {
    marbles(({ memory, expectObservable }) => {
      const played = memory('--(d|)');
      const both = connecting(played).pipe(
        switchMap(({ text, binary }) => {
          played.transport.peer.send('a', Uint8Array.of(1), 'b');
          return merge(binary.pipe(map(([byte]) => `${byte}`)), text.pipe(map((line) => `${line}`)));
        }),
      );
      expectObservable(both, '^----!').toBe('--(a1b)');
    });
  });

  it('lets go of its hold', () => {
    marbles(({ memory, expectObservable }) => {
      const reading = connecting(memory('--(d|)')).pipe(switchMap((connection) => connection.reading));
      expectObservable(reading, '^----!').toBe('--(ft)', { f: false, t: true });
    });
  });

  it('has ended for who keeps only the first value', async () => {
    let first: Promise<Opened> | undefined;
    marbles(({ memory }) => {
      first = firstValueFrom(connecting(memory('--(d|)')));
    });
    expect((await first!).state).toBe('closed');
  });
});
