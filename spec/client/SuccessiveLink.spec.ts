import { describe, expect, it, jest } from '@jest/globals';
import {
  defer,
  EMPTY,
  finalize,
  ignoreElements,
  map,
  merge,
  type Observable,
  of,
  repeat,
  retry,
  switchMap,
  take,
  throwError,
} from 'rxjs';
import { json } from '../../src/codecs/json.ts';
import { SuccessiveLink } from '../../src/client/SuccessiveLink.ts';
import type { Connection } from '../../src/connection/Connection.ts';
import type { Data, Sendable } from '../../src/core/Data.ts';
import type { Hold } from '../../src/core/Valve.ts';
import { multiplex, type MultiplexConfig } from '../../src/operators/multiplex.ts';
import { request } from '../../src/operators/request.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';
import { run } from '../connection/marbles.ts';
import { ended, refused } from './failures.ts';
import { linkOf, noChance, says, sentTo, states } from './links.ts';
import { type ClientMarbles, marbles, type MemoryDial } from './marbles.ts';

/** What is sent, by one letter: a channel is asked for (s, S) and left (u, U). */
const words = { s: '+a', u: '-a', S: '+b', U: '-b', x: '#1000', y: '#4000', m: 'm', q: 'q' };
const keyed = (key: string): MultiplexConfig<Data, Sendable> => ({
  key,
  subscribe: `+${key}`,
  unsubscribe: `-${key}`,
  matches: (message) => (message as string).startsWith(key),
});
const closed = (code: number): unknown =>
  expect.objectContaining({ code: 'CONNECTION_CLOSED', close: expect.objectContaining({ code }) });
const does = ({ hot }: ClientMarbles, picture: string, acts: Record<string, () => unknown>): void =>
  void hot(picture, acts).subscribe((act) => act());
/** Each opens two frames after it was dialled. */
const two = ({ memory }: ClientMarbles): [MemoryDial, MemoryDial] => [memory('--(d|)'), memory('--(d|)')];

describe('a link', () => {
  noChance();

  it('opens with its first subscriber, closes with its last, and begins anew', () =>
    marbles((helpers) => {
      const [first, second] = two(helpers);
      const link = linkOf([first, second]);
      says(helpers, first, '                               ----a---b----');
      helpers.expectObservable(link.messages, '           -^------!').toBe('----a---');
      helpers.expectObservable(link.messages, '           -----^----!').toBe('--------b');
      helpers.expectObservable(sentTo(first)).toBe('      ----------(x|)', words);
      helpers.expectObservable(link.messages, '           --------------^---!').toBe('-');
      helpers.expectObservable(states(link.status)).toBe('xc-o------x---c-o-x');
      first.expectDialled('                               -^-!');
      second.expectDialled('                              --------------^-!');
    }));

  it('opens nothing for who only looks at its status, or at what it drops', () =>
    marbles((helpers) => {
      const dial = helpers.memory('--(d|)');
      const link = linkOf([dial]);
      helpers.expectObservable(link.status).toBe('x', { x: { state: 'closed' } });
      helpers.expectObservable(link.dropped).toBe('-');
      dial.expectDialled();
    }));

  it('comes back after a loss: waits, and says until when', () =>
    marbles((helpers) => {
      const [first, second] = two(helpers);
      const link = linkOf([first, second]);
      says(helpers, first, '                           ---a#');
      says(helpers, second, '                          ----------b--|');
      helpers.expectObservable(link.messages).toBe('  ---a------b--|');
      const close = expect.objectContaining({ code: 1000, by: 'peer' });
      helpers.expectObservable(link.status, '-^').toBe('-co-w--c-o---x', {
        c: { state: 'connecting' },
        o: { state: 'open' },
        w: { state: 'waiting', retryAt: 7 },
        x: { state: 'closed', close },
      });
      first.expectDialled('                           ^-!');
      second.expectDialled('                          -------^-!');
    }));

  it('waits longer each time that it fails, and gives up with the last error', () =>
    marbles((helpers) => {
      const link = linkOf([helpers.memory('-#', refused(503))], { reconnect: { initialMs: 3, attempts: 2 } });
      const result = '                              ------------#';
      helpers.expectObservable(link.messages).toBe(result, {}, refused(503));
      helpers.expectObservable(link.connections).toBe(result, {}, refused(503));
      helpers.expectObservable(multiplex(link, keyed('a'))).toBe(result, {}, refused(503));
      helpers.expectObservable(states(link.status), '--^').toBe('--w-cw-----cx');
    }));

  it('gives up at once after a refusal, and begins anew with the next subscriber', () =>
    marbles((helpers) => {
      const link = linkOf([helpers.memory('-#', refused(401)), helpers.memory('--(d|)')]);
      helpers.expectObservable(link.messages).toBe('         -#', {}, refused(401));
      helpers.expectObservable(states(link.status), '--^').toBe('--x-c-o');
      helpers.expectObservable(link.messages, '----^').toBe(' -');
    }));

  it('begins anew for who subscribes again inside its error, or its completion', () =>
    marbles((helpers) => {
      const [first, second] = two(helpers);
      const link = linkOf([helpers.memory('-#', refused(401)), first, second]);
      says(helpers, first, '                                            -----a-|');
      says(helpers, second, '                                           -----------b');
      const anew = link.messages.pipe(retry(1), repeat(2));
      helpers.expectObservable(anew, '                       ^-----------!').toBe('-----a-----b');
      helpers.expectObservable(states(link.status), '        --^-----!').toBe('--co---(xc)');
    }));

  it('ends with an error where a codec refuses: 1007, since it would come again', () =>
    marbles((helpers) => {
      const [first, second] = two(helpers);
      const link = linkOf([first, second], { codec: json<unknown, unknown>() });
      says(helpers, first, '                         ---1-x');
      helpers.expectObservable(link.messages).toBe('---1-#', { 1: 1 }, closed(1007));
      const close = expect.objectContaining({ code: 1007, by: 'local' });
      helpers.expectObservable(link.status, '------^').toBe('------x', { x: { state: 'closed', close } });
      second.expectDialled();
    }));

  it('skips what a codec refuses, where that is wanted', () =>
    marbles((helpers) => {
      const [first, second] = two(helpers);
      const errors: unknown[] = [];
      const onError = (error: unknown): number => errors.push(error);
      const link = linkOf([first, second], { codec: json<unknown, unknown>(), undecodable: 'skip', onError });
      says(helpers, first, '                         ---1-x-2');
      helpers.expectObservable(link.messages).toBe('---1---2', { 1: 1, 2: 2 });
      second.expectDialled();
      helpers.flush();
      expect(errors).toEqual([expect.objectContaining({ code: 'DECODE' })]);
    }));

  it('errors for who listens, where that is wanted, and stays open for others and for who listens anew', () =>
    marbles((helpers) => {
      const [first, second] = two(helpers);
      const link = linkOf<unknown, unknown>([first, second], { codec: json(), undecodable: 'error' });
      const one = { 1: 1, 2: 2, r: 7 };
      const error = expect.objectContaining({ code: 'DECODE' });
      const reply = request(link, 5, { matches: (message) => message === 7, timeoutMs: 20 });
      says(helpers, first, '                                  ---1-x-2-r--x-x', {
        1: '1',
        2: '2',
        x: 'x',
        r: '7',
      });
      helpers.expectObservable(reply).toBe('                  ---------(r|)', one);
      helpers.expectObservable(link.messages).toBe('          ---1-#', one, error);
      helpers.expectObservable(link.messages.pipe(retry(2))).toBe('---1---2-r----#', one, error);
      helpers.expectObservable(states(link.status), '         -^').toBe('-co-----------x');
      second.expectDialled();
    }));

  it('delivers what was received before the server closed well, also under a hold', () =>
    marbles((helpers) => {
      const [first] = two(helpers);
      const link = linkOf([first]);
      let release = (): void => {};
      link.connections.subscribe((connection) => {
        const hold = connection.hold();
        release = () => hold.unsubscribe();
      });
      says(helpers, first, '                         ---ab|');
      does(helpers, '                                -------r', { r: () => release() });
      helpers.expectObservable(link.messages).toBe('-------(ab|)');
    }));

  it('takes connections as they are given: at once, one after another, or an error', () => {
    const over = (source: Observable<Connection<Data, Sendable, undefined>>): Observable<Data> =>
      new SuccessiveLink<Data, Sendable>(source, { reconnect: { initialMs: 0 } }).messages;
    run(({ open, says: say, expectObservable }) => {
      const [first, second] = [open(), open()];
      let attempts = 0;
      const each = defer(() => {
        const { connection } = attempts++ === 0 ? first : second;
        const lost = connection.closed.pipe(
          switchMap(({ code }) => (code === 1000 ? EMPTY : throwError(() => ended()))),
        );
        return merge(of(connection), lost);
      });
      say(first.peer, '                    --a--#');
      say(second.peer, '                   -------b|');
      expectObservable(over(each)).toBe(' --a----b|');
      expectObservable(over(EMPTY)).toBe('|');
      expectObservable(over(throwError(() => refused(401)))).toBe('#', {}, refused(401));
    });
  });

  it('goes on with a connection that its source gives in the place of the last', () =>
    runMarbles(({ attempts, cold, connection, expectClosed, expectObservable, expectSent }) => {
      const [first, second] = [connection('-a'), connection('-b---b')];
      const dials = attempts([first, second]);
      const link = new SuccessiveLink(cold('           t---t').pipe(switchMap(() => dials)), {});
      const unsub = '                                  -----------!';
      expectObservable(link.messages, unsub).toBe('    -a---b---b');
      expectObservable(multiplex(link, keyed('b')), unsub).toBe('-----b---b');
      expectSent(first).toBe('                         s---', { s: '+b' });
      expectSent(second).toBe('                        ----s------u', { s: '+b', u: '-b' });
      expectClosed(first).toBe('                       ----x', { code: 1000, by: 'local' });
    }));

  it.each(['close', 'leave'] as const)('waits for nothing after a %s inside `when`', (way) =>
    marbles((helpers) => {
      const dial = helpers.memory('-#', refused(503));
      const end = (): boolean => {
        if (way === 'close') link.close();
        else reading.unsubscribe();
        return true;
      };
      const link: SuccessiveLink<Data, Sendable> = linkOf([dial], { reconnect: { when: end } });
      helpers.expectObservable(states(link.status)).toBe('cx');
      const reading = link.messages.subscribe();
      dial.expectDialled('^!');
    }),
  );

  it('dials nothing, and takes nothing, after a `close` in its first status', () =>
    runMarbles(({ connection, expectObservable, expectSubscriptions, cold }) => {
      const source = cold<Connection<Data, Sendable, undefined>>('(c|)', {
        c: connection<Data, undefined>(''),
      });
      const link = new SuccessiveLink(source, {});
      link.status.subscribe(({ state }) => state === 'connecting' && link.close());
      expectObservable(link.messages).toBe('|');
      expectObservable(states(link.status), '-^').toBe('-x');
      expectSubscriptions(source.subscriptions).toBe([]);
    }));

  describe('`connections`', () => {
    it('is the present one and each that follows; it keeps the link open, and reads nothing', () =>
      marbles((helpers) => {
        const [first, second] = two(helpers);
        const link = linkOf([first, second]);
        const late = link.connections.pipe(
          switchMap(({ messages }) => messages),
          map((data) => data as string),
        );
        says(helpers, first, '                               ---ab---#');
        helpers.expectObservable(link.connections.pipe(map(() => 'c'))).toBe('--c----------c');
        helpers.expectObservable(late, '     ------^').toBe('      ------(ab)');
        second.expectDialled('                              -----------^-!');
      }));

    it('has the link read while somebody listens, and no longer', () =>
      marbles((helpers) => {
        const [first] = two(helpers);
        const link = linkOf([first]);
        link.connections.subscribe();
        says(helpers, first, '                         ---a--b--c---');
        helpers.expectObservable(link.messages, '----^---!').toBe('----a-b-');
        helpers.expectObservable(link.messages, '-----------^').toBe('-----------c');
      }));
  });

  describe('channels', () => {
    it('are asked for on each connection, before anything else: what connections send, and what waited', () =>
      marbles((helpers) => {
        const [first, second] = two(helpers);
        const link = linkOf([first, second]);
        link.connections.subscribe(({ send }) => send('q'));
        helpers.expectObservable(multiplex(link, keyed('a'))).toBe('----a----------a');
        helpers.expectObservable(multiplex(link, keyed('b')), '     ^------!').toBe('-');
        says(helpers, first, '                                      ----a----#');
        says(helpers, second, '                                     ---------------a');
        does(helpers, '                                             ----------m', {
          m: () => link.send('m'),
        });
        helpers.expectObservable(sentTo(first)).toBe('              --(sSq)U-|', words);
        helpers.expectObservable(sentTo(second)).toBe('             --------------(sqm)', words);
      }));

    it('come and go while it is open; the last one closes it, and says so before', () =>
      marbles((helpers) => {
        const [first] = two(helpers);
        const link = linkOf([first]);
        helpers.expectObservable(multiplex(link, keyed('a')), '^-----------!').toBe('-----a');
        helpers.expectObservable(multiplex(link, keyed('b')), '-----^--!').toBe('-------b');
        says(helpers, first, '                                  -----a-b');
        helpers.expectObservable(sentTo(first)).toBe('         --s--S--U---(ux|)', words);
      }));

    it('that leave while it waits are not asked for again, and nobody is told', () =>
      marbles((helpers) => {
        const [first, second] = two(helpers);
        const link = linkOf([first, second]);
        helpers.expectObservable(multiplex(link, keyed('a'))).toBe('-');
        helpers.expectObservable(multiplex(link, keyed('b')), '^-------!').toBe('-');
        says(helpers, first, '                                  ------#');
        helpers.expectObservable(sentTo(first)).toBe('          --(sS)|', words);
        helpers.expectObservable(sentTo(second)).toBe('         -----------s', words);
      }));

    it('complete with it', () =>
      marbles((helpers) => {
        const [first] = two(helpers);
        says(helpers, first, '                                                   ---a|');
        helpers.expectObservable(multiplex(linkOf([first]), keyed('a'))).toBe('---a|');
      }));
  });

  describe('requests', () => {
    const ask = (link: SuccessiveLink<Data, Sendable>, timeoutMs = 50): Observable<Data> =>
      request(link, 'q', { matches: (message) => message === 'r', timeoutMs });

    it('open it, go out when it is open, and close it with the reply', () =>
      marbles((helpers) => {
        const [first] = two(helpers);
        const link = linkOf([first]);
        says(helpers, first, '                         ---a-r');
        helpers.expectObservable(ask(link)).toBe('     -----(r|)');
        helpers.expectObservable(sentTo(first)).toBe('--q--(x|)', words);
        helpers.expectObservable(states(link.status), '-^').toBe('-co--x');
      }));

    it('go behind what waited', () =>
      marbles((helpers) => {
        const [first] = two(helpers);
        const link = linkOf([first]);
        helpers.expectObservable(ask(link), '^--------!').toBe('-');
        does(helpers, '-m', { m: () => link.send('m') });
        helpers.expectObservable(sentTo(first)).toBe('--(mq)---(x|)', words);
      }));

    it('end with their connection, and are not asked again on the next', () =>
      marbles((helpers) => {
        const [first, second] = two(helpers);
        const link = linkOf([first, second]);
        link.messages.subscribe();
        says(helpers, first, '                                ----#');
        helpers.expectObservable(ask(link)).toBe('            ----#', {}, closed(1006));
        helpers.expectObservable(ask(link), '-----^---------!').toBe('-');
        helpers.expectObservable(sentTo(second)).toBe('      ---------q');
      }));

    it('have one deadline for all: also while it waits', () =>
      marbles((helpers) => {
        const link = linkOf([helpers.memory('-')]);
        const late = expect.objectContaining({ code: 'REQUEST_TIMEOUT' });
        helpers.expectObservable(ask(link, 5)).toBe('-----#', {}, late);
        helpers.expectObservable(states(link.status), '-^').toBe('-c---x');
      }));

    it('wait for the next connection where this one is closing', () =>
      marbles((helpers) => {
        const [first, second] = two(helpers);
        const link = linkOf([first, second]);
        let hold: Hold | undefined;
        link.connections.pipe(take(1)).subscribe((connection) => (hold = connection.hold()));
        does(helpers, '                                       ---x', {
          x: () => {
            first.transport.peer.send('n');
            first.transport.peer.close(1012);
          },
        });
        does(helpers, '                                       -------x', { x: () => hold?.unsubscribe() });
        says(helpers, second, '                               -------------r');
        helpers.expectObservable(link.messages).toBe('        -------n-----r');
        helpers.expectObservable(ask(link), '-----^').toBe('  -------------(r|)');
        helpers.expectObservable(sentTo(second)).toBe('       ------------q', words);
      }));

    it('fail with it, and where it is closed', () =>
      marbles((helpers) => {
        const refusing = linkOf([helpers.memory('--#', refused(401))]);
        helpers.expectObservable(ask(refusing)).toBe('--#', {}, refused(401));
        const [first] = two(helpers);
        for (const link of [linkOf([first]), linkOf([helpers.memory('-')])]) {
          does(helpers, '---c', { c: () => link.close() });
          const code = expect.objectContaining({ code: 'CONNECTION_CLOSED' });
          helpers.expectObservable(ask(link)).toBe('---#', {}, code);
        }
      }));
  });

  describe('`send`', () => {
    const send = (helpers: ClientMarbles, link: SuccessiveLink<Data, Sendable>, picture: string): void =>
      void helpers.hot(picture).subscribe((word) => link.send(word));
    const report = (count: number, bytes = count) => ({ count, bytes });

    it('waits before the first subscriber, and between connections, and keeps the order', () =>
      marbles((helpers) => {
        const [first, second] = two(helpers);
        const link = linkOf([first, second]);
        expect(link.send('m')).toBe(true);
        helpers.expectObservable(link.messages, '      --^').toBe('-');
        send(helpers, link, '                                  ---n----o-p--q------r');
        says(helpers, first, '                                 ---------#');
        helpers.expectObservable(sentTo(first)).toBe('         ----(mn)o|');
        helpers.expectObservable(sentTo(second)).toBe('        --------------(pq)--r');
        helpers.expectObservable(link.dropped).toBe('          -');
      }));

    it('waits within bounds: what goes past them is not taken, and is told', () =>
      marbles((helpers) => {
        const few = linkOf([helpers.memory('-')], { offline: { maxMessages: 2 } });
        expect(['m', 'n', 'o'].map(few.send)).toEqual([true, true, false]);
        const small = linkOf([helpers.memory('-')], { offline: { maxBytes: 3 } });
        helpers.expectObservable(small.dropped).toBe('--x', { x: report(1, 4) });
        send(helpers, small, '                        -m');
        does(helpers, '                              --x', { x: () => expect(small.send('éé')).toBe(false) });
      }));

    it('"drop": is not taken, and told; what is open sends', () =>
      marbles((helpers) => {
        const [first] = two(helpers);
        const link = linkOf([first], { offline: 'drop' });
        link.messages.subscribe();
        link.connections.subscribe(() => link.send('q'));
        send(helpers, link, '                          -m-m');
        helpers.expectObservable(sentTo(first)).toBe(' --qm');
        helpers.expectObservable(link.dropped).toBe('  -x', { x: report(1) });
      }));

    it('"error": throws while there is no connection', () => {
      const thrown: unknown[] = [];
      marbles((helpers) => {
        const [first] = two(helpers);
        const link = linkOf([first], { offline: 'error' });
        link.messages.subscribe();
        does(helpers, '-m-m', {
          m: () => {
            try {
              link.send('m');
            } catch (error) {
              thrown.push(error);
            }
          },
        });
        helpers.expectObservable(sentTo(first)).toBe('---m');
      });
      expect(thrown).toEqual([expect.objectContaining({ code: 'NOT_SENT' })]);
    });

    it('"discard": what waited since a loss is dropped on the return, and told', () =>
      marbles((helpers) => {
        const [first, second] = two(helpers);
        const link = linkOf([first, second], { offline: { onReconnect: 'discard' } });
        link.messages.subscribe();
        send(helpers, link, '                           -m-n--op---q');
        says(helpers, first, '                          -----#');
        helpers.expectObservable(sentTo(first)).toBe('  --mn-|');
        helpers.expectObservable(sentTo(second)).toBe(' -----------q');
        helpers.expectObservable(link.dropped).toBe('   ----------x', { x: report(2) });
      }));

    it('"discard": what is sent where `connections` emits is of the new connection', () =>
      marbles((helpers) => {
        const [first, second] = two(helpers);
        const link = linkOf([first, second], { offline: { onReconnect: 'discard' } });
        link.connections.subscribe(() => link.send('h'));
        send(helpers, link, '                           --------p');
        says(helpers, first, '                          -----#');
        helpers.expectObservable(sentTo(second)).toBe(' ----------h');
        helpers.expectObservable(link.dropped).toBe('   ----------x', { x: report(1) });
      }));

    it('what still waits when the last one leaves, or the link gives up, is dropped, and told', () =>
      marbles((helpers) => {
        const left = linkOf([helpers.memory('-')]);
        send(helpers, left, '                                  -mn');
        helpers.expectObservable(left.messages, '          ^---!').toBe('-');
        helpers.expectObservable(left.dropped).toBe('          ----x', { x: report(2) });
        const failed = linkOf([helpers.memory('----#', refused(401))]);
        send(helpers, failed, '                                -m');
        helpers.expectObservable(failed.messages).toBe('       ----#', {}, refused(401));
        helpers.expectObservable(failed.dropped).toBe('        ----x', { x: report(1) });
      }));

    it('what waited goes no faster than the peer reads, and nothing overtakes it', () =>
      marbles((helpers) => {
        const [first] = two(helpers);
        const link = linkOf([first], { highWaterBytes: 2, lowWaterBytes: 1, maxQueuedBytes: 2 });
        first.transport.peer.stop();
        link.messages.subscribe();
        for (const word of 'mnopq') link.send(word);
        send(helpers, link, '                         ----r');
        does(helpers, '                               ------s', { s: () => first.transport.peer.start() });
        helpers.expectObservable(sentTo(first)).toBe('------(mnopqr)');
        helpers.expectObservable(link.dropped).toBe('-');
      }));

    it('tells what its connections drop, also while the last one closes', () =>
      marbles((helpers) => {
        const [first] = two(helpers);
        const link = linkOf([first], { overflow: 'dropNewest', maxQueuedBytes: 1 });
        first.transport.peer.stop(0);
        helpers.expectObservable(link.messages, '     ^------!').toBe('-');
        send(helpers, link, '                         ---mn');
        helpers.expectObservable(link.dropped).toBe('----x 10002ms x', { x: report(1) });
      }));
  });

  describe('`close`', () => {
    it('closes what is open, and completes when that has ended', () =>
      marbles((helpers) => {
        const [first, second] = two(helpers);
        const link = linkOf([first, second]);
        first.transport.peer.closeMs = 3;
        does(helpers, '                                   ----c', { c: () => link.close(4000, 'enough') });
        helpers.expectObservable(link.messages).toBe('     -------|');
        helpers.expectObservable(link.connections.pipe(map(() => 'c'))).toBe('--c----|');
        helpers.expectObservable(sentTo(first)).toBe('     ----y--|', words);
        const close = expect.objectContaining({ code: 4000, reason: 'enough', by: 'local' });
        helpers
          .expectObservable(link.status, '--------^')
          .toBe('--------x', { x: { state: 'closed', close } });
        second.expectDialled();
      }));

    it('completes also where the peer does not answer', () =>
      marbles((helpers) => {
        const [first, second] = two(helpers);
        const link = linkOf([first, second], { closeTimeoutMs: 5 });
        first.transport.peer.closeMs = Infinity;
        does(helpers, '                              ----c', { c: () => link.close() });
        helpers.expectObservable(link.messages).toBe('---------|');
        second.expectDialled();
      }));

    it('ends the wait, and the attempt, at once', () =>
      marbles((helpers) => {
        const waiting = linkOf([helpers.memory('-#', refused()), helpers.memory('-')]);
        does(helpers, '                                          ---c', { c: () => waiting.close() });
        helpers.expectObservable(waiting.messages).toBe('         ---|');
        helpers.expectObservable(states(waiting.status), '--^').toBe('--wx');
        const dial = helpers.memory('---------');
        const connecting = linkOf([dial]);
        does(helpers, '                                          ---c', { c: () => connecting.close() });
        helpers.expectObservable(connecting.messages).toBe('      ---|');
        dial.expectDialled('                                      ^--!');
      }));

    it('drops what waits, and does nothing where nothing is open; a later subscriber begins anew', () =>
      marbles((helpers) => {
        const [first] = two(helpers);
        const link = linkOf([first]);
        helpers.expectObservable(link.dropped).toBe('--x', { x: { count: 1, bytes: 1 } });
        does(helpers, '                               -mcc', {
          m: () => link.send('m'),
          c: () => link.close(),
        });
        helpers.expectObservable(link.messages, '-----^---!').toBe('-');
        helpers.expectObservable(sentTo(first)).toBe(' ---------(x|)', words);
      }));

    it('takes no code that cannot be sent', () =>
      marbles(({ memory }) => {
        const link = linkOf([memory('-')]);
        expect(() => link.close(1006)).toThrow('may not be sent');
      }));
  });

  describe('whoever is told may end it', () => {
    it.each(['status', 'connections', 'messages'] as const)('in %s', (where) =>
      marbles((helpers) => {
        const [first] = two(helpers);
        const link = linkOf([first]);
        says(helpers, first, '                         ---a-a');
        const isTime = (value: unknown): boolean =>
          where !== 'status' || (value as { state: string }).state === 'open';
        (link[where] as Observable<unknown>).subscribe((value) => isTime(value) && link.close());
        const [end, seen] = where === 'messages' ? ['---|', '---(a|)'] : ['--|', '--|'];
        helpers.expectObservable(link.messages).toBe(seen);
        helpers.expectObservable(multiplex(link, keyed('b'))).toBe(end);
        helpers.expectObservable(states(link.status), '------^').toBe('------x');
      }),
    );

    it('by leaving', () =>
      marbles((helpers) => {
        const [first] = two(helpers);
        const link = linkOf([first]);
        helpers
          .expectObservable(
            link.connections.pipe(
              take(1),
              map(() => 'c'),
            ),
          )
          .toBe('--(c|)');
        helpers.expectObservable(sentTo(first)).toBe('                         --(x|)', words);
      }));
  });

  it.each(['messages', 'connections'] as const)('ends for all, though a teardown in `%s` throws', (where) => {
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    marbles((helpers) => {
      const [first] = two(helpers);
      const link = linkOf([first]);
      says(helpers, first, '                     ------|');
      const throwing = (link[where] as Observable<unknown>).pipe(
        finalize(() => {
          throw new Error('mine');
        }),
      );
      throwing.subscribe();
      helpers.expectObservable(link.messages).toBe('------|');
      helpers.expectObservable(link.connections.pipe(ignoreElements())).toBe('------|');
    });
    expect(warned).toHaveBeenCalledTimes(1);
    warned.mockRestore();
  });

  it('100 who come and go while it connects leave one connection, and nothing else', () =>
    marbles((helpers) => {
      const dial = helpers.memory('----(d|)');
      const link = linkOf([dial]);
      for (let i = 0; i < 100; i++) link.messages.subscribe().unsubscribe();
      helpers.expectObservable(link.messages, '      ^-------!').toBe('-');
      helpers.expectObservable(states(link.status), '-^').toBe('-c--o---x');
      dial.expectDialled(...Array<string>(100).fill('(^!)'), '^---!');
    }));
});
