import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { filter, ignoreElements, map, merge, mergeMap, tap } from 'rxjs';
import { json } from '../../src/codecs/json.ts';
import { text } from '../../src/codecs/text.ts';
import type { Connection } from '../../src/connection/Connection.ts';
import { handle } from '../../src/server/handle.ts';
import { listen } from '../../src/server/listen.ts';
import { loopback } from '../../src/testing/loopback.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';
import { topics } from '../../src/topics/topics.ts';
import { FakeBus } from './FakeBus.ts';

const ODD = [
  '',
  '*',
  'room:*',
  '?',
  '[a]',
  '>',
  'a.b',
  ' ',
  '\0\r\n',
  '__proto__',
  'constructor',
  '👩‍👩‍👧',
  '{a}',
  '\ud800',
];

describe('topics', () => {
  it('deliver from the subscription on, until it ends', () =>
    runMarbles(({ cold, hot, expectObservable }) => {
      const rooms = topics({ codec: text() });
      hot('                                                     a-b--c--d').subscribe((x) =>
        rooms.publish('t', x),
      );
      const got = rooms.messages('t').pipe(map(({ value }) => value));
      expectObservable(got, '                                   -^-----!').toBe('--b--c--');
      expectObservable(cold('---|').pipe(mergeMap(() => got))).toBe('---|');
    }));

  it('deliver to each subscriber once, in order, and let each leave alone', () =>
    runMarbles(({ hot, expectObservable }) => {
      const rooms = topics({ codec: text() });
      hot('                                             -a-b--c').subscribe((x) => rooms.publish('t', x));
      const got = rooms.messages('t').pipe(map(({ value }) => value));
      expectObservable(got, '                           ^---!').toBe('-a-b');
      expectObservable(got).toBe('                      -a-b--c');
      expectObservable(rooms.subscribers('t')).toBe('   2---1', { 1: 1, 2: 2 });
    }));

  it('deliver what comes from anywhere: patterns, and names that look like them', () => {
    const rooms = topics({ codec: text() });
    const got: string[] = [];
    for (const topic of ODD) rooms.messages(topic).subscribe(({ value }) => got.push(value));
    const seen: string[] = [];
    rooms.messages({ pattern: 'room:*' }).subscribe(({ topic }) => seen.push(topic));
    ODD.forEach((topic, at) => rooms.publish(topic, String(at)));
    rooms.publish('room:1', 'not asked for');
    expect(got).toEqual(ODD.map((_, at) => String(at)));
    expect(seen).toEqual(['room:*', 'room:1']);
  });

  it('encode once for all, and not for nobody’s subscriber twice', () => {
    const codec = text();
    const encode = jest.spyOn(codec, 'encode');
    const rooms = topics({ codec });
    const got = new Set<unknown>();
    for (let i = 0; i < 100; i++) rooms.messages('a').subscribe((message) => got.add(message));
    rooms.messages({ pattern: '*' }).subscribe((message) => got.add(message));
    rooms.publish('a', 'x');
    expect(encode).toHaveBeenCalledTimes(1);
    expect(got.size).toBe(1);
  });

  it('throw what cannot be encoded, or is no topic, to who publishes', () => {
    const rooms = topics({ codec: json<never, unknown>() });
    const got: unknown[] = [];
    rooms.messages('a').subscribe(({ value }) => got.push(value));
    expect(() => rooms.publish('a', undefined)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
    expect(() => rooms.publish('a'.repeat(2_000), 1)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
    expect(rooms.publish('a', 1)).toBe(true);
    expect(got).toEqual([1]);
  });

  it('say what was not taken: false, and an error', () => {
    const bus = new FakeBus();
    bus.takes = false;
    const errors: unknown[] = [];
    const rooms = topics({ codec: text(), bus, onError: (...told) => errors.push(...told) });
    expect(rooms.publish('a', 'x')).toBe(false);
    expect(errors).toEqual(['not taken', 'a']);
  });

  it('refuse `since` where there is no history, and for a pattern', () => {
    const bus = new FakeBus();
    const rooms = topics({ codec: text(), bus });
    const errors: { code: string; message: string }[] = [];
    const error = (given: { code: string; message: string }): unknown => errors.push(given);
    rooms.messages('a', { since: '0' }).subscribe({ error });
    bus.keep([]);
    rooms.messages({ pattern: '*' }, { since: '0' }).subscribe({ error });
    expect(errors.map(({ code }) => code)).toEqual(['INVALID_ARGUMENT', 'INVALID_ARGUMENT']);
    expect(bus.log).toEqual([]);
  });

  it('tell presence', () => {
    const rooms = topics({ codec: text() });
    const told: string[] = [];
    rooms.presence('a').subscribe(({ kind, member }) => told.push(`${member} ${kind}`));
    const ann = rooms.messages('a', { member: 'ann' }).subscribe();
    rooms.messages('b', { member: 'bob' }).subscribe();
    ann.unsubscribe();
    expect(told).toEqual(['ann joined', 'ann left']);
  });

  it('slow nobody: who does not read meets its own policy', async () => {
    const codec = json<never, { pad: string }>();
    const rooms = topics({ codec });
    const server = listen({ port: 8080, codec, maxQueuedBytes: 200_000 }).pipe(
      handle(() => rooms.messages('a')),
    );
    await using net = loopback(server);
    const [fast, slow] = [await net.dial('/'), await net.dial('/')];
    let received = 0;
    fast.messages.subscribe(() => received++);
    const held = slow.hold();
    let close: unknown;
    slow.closed.subscribe((info) => (close = info));
    const pad = 'x'.repeat(20_000);
    for (let i = 0; i < 200; i++) {
      rooms.publish('a', { pad });
      await turn();
    }
    for (let i = 0; i < 50; i++) await turn();
    expect(received).toBe(200);
    held.unsubscribe();
    slow.messages.subscribe();
    for (let i = 0; i < 50 && close === undefined; i++) await turn();
    expect(close).toMatchObject({ code: 1013 });
  });

  it('compose with handle: rooms that are joined, and what is said in them', async () => {
    type In = { type: 'join' | 'say'; room: string; text?: string };
    type Out = { room: string; from: string; text: string };
    const codec = json<In, Out>();
    const rooms = topics({ codec });
    const session = ({ messages, handshake }: Connection<In, Out>) => {
      const from = handshake.query.get('name') ?? '';
      return merge(
        messages.pipe(
          filter(({ type }) => type === 'join'),
          mergeMap(({ room }) => rooms.messages(room).pipe(filter(({ value }) => value.from !== from))),
        ),
        messages.pipe(
          filter(({ type }) => type === 'say'),
          tap(({ room, text: said = '' }) => rooms.publish(room, { room, from, text: said })),
          ignoreElements(),
        ),
      );
    };
    await using net = loopback(listen({ port: 8080, codec }).pipe(handle(session)));
    const client = json<Out, In>();
    const [ann, bob] = [
      await net.dial<Out, In>({ url: 'ws://localhost:8080/?name=ann', codec: client }),
      await net.dial<Out, In>({ url: 'ws://localhost:8080/?name=bob', codec: client }),
    ];
    const got: string[] = [];
    ann.messages.subscribe(({ from, text: said }) => got.push(`ann: ${from} ${said}`));
    bob.messages.subscribe(({ from, text: said }) => got.push(`bob: ${from} ${said}`));
    for (const each of [ann, bob]) each.send({ type: 'join', room: 'lobby' });
    for (let i = 0; i < 10; i++) await turn();
    ann.send({ type: 'say', room: 'lobby', text: 'hi' });
    for (let i = 0; i < 10; i++) await turn();
    expect(got).toEqual(['bob: ann hi']);
  });
});
