import { describe, expect, it, jest } from '@jest/globals';
import { concat, type Observable, retry, take } from 'rxjs';
import type { Data, Sendable } from '../../src/core/Data.ts';
import type { Peer } from '../../src/core/Peer.ts';
import { json } from '../../src/codecs/json.ts';
import { multiplex, type MultiplexConfig } from '../../src/operators/multiplex.ts';
import { type Marbles, type Opened, run } from '../connection/marbles.ts';

/** The channel of messages that begin with `key`: `+a` asks for it, `-a` leaves it. */
const keyed = (key: string): MultiplexConfig<Data, Sendable> => ({
  key,
  subscribe: `+${key}`,
  unsubscribe: `-${key}`,
  matches: (message) => (message as string).startsWith(key),
});
const channelOf = (peer: Peer<Data, Sendable>, key: string): Observable<Data> => multiplex(peer, keyed(key));
const words = { s: '+a', u: '-a', S: '+b', U: '-b', x: '#1000' };

/** A connection that somebody reads, as it should be. */
function read({ open }: Marbles): Opened<Data, Sendable> {
  const opened = open();
  opened.connection.messages.subscribe();
  return opened;
}

describe('multiplex', () => {
  it('never', () =>
    run((marbles) => {
      const { connection, peer } = read(marbles);
      marbles.expectObservable(channelOf(connection, 'a')).toBe('-');
      marbles.expectObservable(marbles.sent(peer)).toBe('         s', words);
    }));

  it('empty: completes with the connection, well or lost, and with one that has ended', () =>
    run((marbles) => {
      for (const end of ['|', '#']) {
        const { connection, peer } = read(marbles);
        marbles.says(peer, `                                         --b${end}`);
        marbles.expectObservable(channelOf(connection, 'a')).toBe('       ---|');
        marbles.expectObservable(channelOf(connection, 'a'), ' -----^').toBe('-----|');
      }
    }));

  it('one, and many: what belongs to it, in order', () =>
    run((marbles) => {
      const { connection, peer } = read(marbles);
      marbles.says(peer, '                                         -a-x(ab)-a');
      marbles.expectObservable(channelOf(connection, 'a')).toBe('       -a--a----a');
      marbles.expectObservable(channelOf(connection, 'b')).toBe('       ----b');
      marbles.expectObservable(connection.messages).toBe('              -a-x(ab)-a');
    }));

  it('is asked for with the first subscriber, and left with the last; and again', () =>
    run((marbles) => {
      const { connection, peer } = read(marbles);
      const a = channelOf(connection, 'a');
      marbles.says(peer, '                           -a---a---a-----a');
      marbles.expectObservable(a, '                   ^-----!').toBe('-a---a');
      marbles.expectObservable(channelOf(connection, 'a'), '---^------!').toBe('-----a---a');
      marbles.expectObservable(a, '                   -------------^--!').toBe('---------------a');
      marbles.expectObservable(marbles.sent(peer)).toBe('s---------u--s--u', words);
    }));

  it('shares by key and by peer', () =>
    run((marbles) => {
      const [one, two] = [read(marbles), read(marbles)];
      marbles.expectObservable(channelOf(one.connection, 'a'), '^---!').toBe('-');
      marbles.expectObservable(channelOf(one.connection, 'b'), '-^----!').toBe('-');
      marbles.expectObservable(channelOf(two.connection, 'a'), '--^--!').toBe('-');
      marbles.expectObservable(marbles.sent(one.peer)).toBe('   sS--u-U', words);
      marbles.expectObservable(marbles.sent(two.peer)).toBe('   --s--u', words);
    }));

  it('reentrant: the answer inside the call that asks, and who comes back inside the end', () =>
    run((marbles) => {
      const { connection, peer } = read(marbles);
      const a = channelOf(connection, 'a');
      peer.received.subscribe((message) => message === '+a' && peer.send('a'));
      marbles.expectObservable(concat(a.pipe(take(1)), a.pipe(take(1)))).toBe('(aa|)');
      marbles.expectObservable(marbles.sent(peer)).toBe('                     (susu)', words);
    }));

  it('keeps a throwing `matches` to itself, and can be asked for anew inside its error', () =>
    run((marbles) => {
      const { connection, peer } = read(marbles);
      let failures = 0;
      const failing = multiplex(connection, {
        ...keyed('b'),
        matches: (message) => {
          if (failures++ === 0) throw new Error('bug');
          return message === 'b';
        },
      });
      marbles.says(peer, '                                         -----a--b-a');
      marbles.expectObservable(channelOf(connection, 'a')).toBe('       -----a----a');
      marbles.expectObservable(failing).toBe('                         -----#', {}, new Error('bug'));
      marbles.expectObservable(failing.pipe(retry(1))).toBe('          --------b');
      marbles.expectObservable(connection.messages).toBe('             -----a--b-a');
      marbles.expectObservable(marbles.sent(peer)).toBe('              (sS)-(US)', words);
    }));

  it('errors where `matches` gives a promise, or its request is not taken', () =>
    run((marbles) => {
      const { connection, peer } = read(marbles);
      const matches = (() => Promise.resolve(true)) as unknown as () => boolean;
      const argument = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
      marbles.says(peer, '-a');
      marbles.expectObservable(multiplex(connection, { ...keyed('a'), matches })).toBe('-#', {}, argument);
      const full = marbles.open({ overflow: 'dropNewest', maxQueuedBytes: 1 });
      full.peer.stop(0);
      for (const filler of 'ab') full.connection.send(filler);
      const notSent = expect.objectContaining({ code: 'NOT_SENT' });
      marbles.expectObservable(channelOf(full.connection, 'a')).toBe('#', {}, notSent);
    }));

  it('does not read: what nobody reads waits, and is decoded once', () => {
    const codec = json<{ key: string }>();
    const decode = jest.fn(codec.decode);
    run((marbles) => {
      const { connection, peer } = marbles.open({ codec: { ...codec, decode } });
      const of = (key: string): Observable<{ key: string }> =>
        multiplex(connection, {
          key,
          subscribe: { key },
          unsubscribe: { key },
          matches: (message) => message.key === key,
        });
      const values = { a: { key: 'a' }, b: { key: 'b' } };
      marbles.says(peer, '                                      -a-b', {
        a: '{"key":"a"}',
        b: '{"key":"b"}',
      });
      marbles.expectObservable(of('a')).toBe('                  -a', values);
      marbles.expectObservable(of('b')).toBe('                  ---b', values);
      marbles.expectObservable(connection.messages, '-----^').toBe('-----(ab)', values);
    });
    expect(decode).toHaveBeenCalledTimes(2);
  });

  it('shows nothing while the connection is held', () =>
    run((marbles) => {
      const { connection, peer } = read(marbles);
      marbles.says(peer, '                                         -a-a');
      marbles.holds(connection, '                                  --^--!');
      marbles.expectObservable(channelOf(connection, 'a')).toBe('       -a---a');
    }));

  it('takes the key by identity, whatever it is', () =>
    run((marbles) => {
      const { connection, peer } = read(marbles);
      const key = {};
      for (const each of [key, key, {}, undefined, undefined, NaN, NaN])
        marbles.expectObservable(multiplex(connection, { ...keyed('a'), key: each })).toBe('-');
      marbles.expectObservable(marbles.sent(peer)).toBe('(ssss)', words);
    }));

  it('reads a peer that is no connection, once for each channel', () =>
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const messages = hot<Data>('              -a-b-a--');
      const peer: Peer<Data, Sendable> = { messages, send: () => true };
      expectObservable(channelOf(peer, 'a'), '  ^---!').toBe('-a---');
      expectObservable(channelOf(peer, 'a'), '  --^----!').toBe('-----a-');
      expectSubscriptions(messages.subscriptions).toBe('^------!');
    }));

  it('leaves nothing behind: a thousand channels that come and go', () => {
    const sent: unknown[] = [];
    const seen: unknown[] = [];
    run((marbles) => {
      const { connection, peer } = read(marbles);
      peer.received.subscribe((message) => sent.push(message));
      for (let i = 0; i < 1_000; i++) channelOf(connection, `${i}`).subscribe().unsubscribe();
      channelOf(connection, '7').subscribe((message) => seen.push(message));
      marbles.says(peer, '--7');
    });
    expect([sent.length, seen]).toEqual([2_001, ['7']]);
  });
});
