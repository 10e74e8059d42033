import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { binary } from '../../src/codecs/binary.ts';
import { json } from '../../src/codecs/json.ts';
import { text } from '../../src/codecs/text.ts';
import { memory } from '../../src/topics/memory.ts';
import { topics } from '../../src/topics/topics.ts';
import { names } from './remote/names.ts';

describe('memory', () => {
  names(() => memory(), true);

  it('is always there', () => {
    const seen: unknown[] = [];
    const bus = memory();
    bus.state.subscribe((state) => seen.push(state));
    bus.writable.subscribe((writable) => seen.push(writable));
    expect(seen).toEqual(['open', true]);
    expect(bus.read).toBeUndefined();
  });

  it('keeps one order for all, also of what is published in a delivery', () => {
    const rooms = topics({ codec: text() });
    const got: string[] = [];
    rooms.messages('a').subscribe(({ value }) => {
      got.push(`1:${value}`);
      if (value === 'x') rooms.publish('b', 'y');
    });
    rooms.messages({ pattern: '*' }).subscribe(({ value }) => got.push(`all:${value}`));
    rooms.messages('a').subscribe(({ value }) => got.push(`2:${value}`));
    rooms.publish('a', 'x');
    expect(got).toEqual(['1:x', '2:x', 'all:x', 'all:y']);
  });

  it('is shared by those that are given it', () => {
    const bus = memory();
    const [one, two] = [topics({ codec: text(), bus }), topics({ codec: text(), bus })];
    const got: string[] = [];
    one.messages('a').subscribe(({ value }) => got.push(value));
    two.publish('a', 'x');
    expect(got).toEqual(['x']);
  });

  it('reads for each what others have published, as from another process', () => {
    const bus = memory();
    const errors: string[] = [];
    const one = topics({ codec: json<unknown, unknown>(), bus });
    const two = topics({
      codec: { decode: (data) => ({ read: String(data) }), encode: String },
      bus,
      onError: (error) => errors.push((error as Error).message),
    });
    const bytes = topics({ codec: binary(), bus, onError: (error) => errors.push((error as Error).message) });
    const got: unknown[] = [];
    two.messages('a').subscribe(({ value }) => got.push(value));
    bytes.messages('a').subscribe(({ value }) => got.push(value));
    one.publish('a', { n: 1 });
    expect(got).toEqual([{ read: '{"n":1}' }]);
    expect(errors).toEqual(['a message of the topic "a" cannot be decoded, and was left out']);
  });

  it.each(['0', 'last'])('loses nothing, however short the history, since %s', async (since) => {
    const rooms = topics({ codec: text(), bus: memory({ history: { length: 1 } }) });
    let last = '';
    const first = rooms.messages('a').subscribe(({ id }) => (last = id!));
    rooms.publish('a', '0');
    first.unsubscribe();
    const got: string[] = [];
    rooms
      .messages('a', { since: since === '0' ? since : last, gap: () => 'gap' })
      .subscribe(({ value }) => got.push(value));
    for (const value of ['1', '2', '3']) rooms.publish('a', value);
    await turn();
    expect(got).toEqual([...(since === '0' ? ['0'] : []), '1', '2', '3']);
  });

  it('tells who comes back what it missed, each message with its id in it, encoded once', async () => {
    let encoded = 0;
    const codec = {
      decode: () => ({}),
      encode: (message: { text: string; id?: string }) => (encoded++, JSON.stringify(message)),
    };
    const bus = memory({ history: { length: 3 } });
    const rooms = topics({ codec, bus, withId: (message, id) => ({ ...message, id }) });
    const ids: string[] = [];
    const first = rooms.messages('a').subscribe(({ value, id }) => {
      expect(value.id).toBe(id);
      ids.push(id!);
    });
    rooms.publish('a', { text: '1' });
    first.unsubscribe();
    rooms.publish('a', { text: '2' });
    rooms.publish('a', { text: '3' });
    const got: string[] = [];
    rooms.messages('a', { since: ids[0] }).subscribe(({ value }) => got.push(value.text));
    rooms.publish('a', { text: '4' });
    await turn();
    rooms.publish('a', { text: '5' });
    expect(got).toEqual(['2', '3', '4', '5']);
    const late: string[] = [];
    rooms
      .messages('a', { since: ids[0], gap: () => ({ text: 'gap' }) })
      .subscribe(({ value }) => late.push(value.text));
    await turn();
    expect(late).toEqual(['gap', '3', '4', '5']);
    expect(encoded).toBe(6);
  });

  it('keeps its order where who catches up publishes', async () => {
    const rooms = topics({ codec: text(), bus: memory({ history: true }) });
    const all: string[] = [];
    rooms.messages('a').subscribe(({ value }) => all.push(value));
    rooms.publish('a', '1');
    const got: string[] = [];
    rooms.messages('a', { since: '0' }).subscribe(({ value }) => {
      got.push(value);
      if (value.length === 1) rooms.publish('a', `${value}!`);
    });
    await Promise.resolve();
    for (const value of ['2', '3']) rooms.publish('a', value);
    await turn();
    rooms.publish('a', '4');
    expect(got).toEqual(['1', '2', '3', '1!', '2!', '3!', '4', '4!']);
    expect(all).toEqual(got);
  });
});
