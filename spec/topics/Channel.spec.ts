import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { text } from '../../src/codecs/text.ts';
import { topics } from '../../src/topics/topics.ts';
import { FakeBus } from './FakeBus.ts';

function over(bus: FakeBus) {
  const errors: unknown[] = [];
  const rooms = topics({ codec: text(), bus, onError: (error) => errors.push(error) });
  const got: string[] = [];
  rooms.gaps.subscribe(({ topic, after, awayMs }) => got.push(`gap ${topic} ${after} ${awayMs}`));
  const listen = (topic = 'a', who = '') =>
    rooms.messages(topic).subscribe({
      next: ({ value }) => got.push(who + value),
      error: (error) => got.push(`${who}error ${error}`),
    });
  return { rooms, got, errors, listen };
}

/** One listens to a topic with a history, and has the message 1. */
function begun() {
  const bus = new FakeBus();
  bus.keep([]);
  const { got, errors, listen } = over(bus);
  listen();
  const sink = bus.sinks.get('a')!;
  sink.message('a', '1', '1');
  return { bus, got, errors, sink };
}

describe('Channel', () => {
  it('is one subscription of the bus, from the first reader to the last', () => {
    const bus = new FakeBus();
    const { got, listen } = over(bus);
    const [first, second] = [listen('a', '1:'), listen('a', '2:')];
    bus.sinks.get('a')!.message('a', 'x', undefined);
    first.unsubscribe();
    bus.sinks.get('a')!.message('a', 'y', undefined);
    second.unsubscribe();
    expect(got).toEqual(['1:x', '2:x', '2:y']);
    expect(bus.log).toEqual(['+a', '-a']);
    listen();
    expect(bus.log).toEqual(['+a', '-a', '+a']);
  });

  it('delivers on to those that it began with: not to who comes meanwhile, nor to who leaves', () => {
    const bus = new FakeBus();
    const { rooms, got, listen } = over(bus);
    rooms.messages('a').subscribe(() => {
      last.unsubscribe();
      listen('a', 'late:');
    });
    listen('a', 'there:');
    const last = listen('a', 'last:');
    bus.sinks.get('a')!.message('a', 'x', undefined);
    expect(got).toEqual(['there:x']);
  });

  it('tells that something may have been missed while the bus was away', () => {
    const bus = new FakeBus();
    const { got, errors, listen } = over(bus);
    listen();
    bus.sinks.get('a')!.ready(undefined);
    bus.sinks.get('a')!.ready(1_500);
    expect(got).toEqual(['gap a undefined 1500']);
    expect(errors).toEqual([
      expect.objectContaining({ code: 'BUS', message: expect.stringContaining('away for 1500 ms') }),
    ]);
  });

  it('fills it where there is a history: nothing lost, nothing twice', async () => {
    const bus = new FakeBus();
    bus.keep([]);
    const { got, errors, listen } = over(bus);
    listen();
    const sink = bus.sinks.get('a')!;
    sink.ready(undefined);
    await turn();
    // Nothing came yet; what it stands at is known all the same.
    bus.keep([1, 2]);
    sink.ready(10);
    sink.message('a', '2', '2');
    sink.message('a', '3', '3');
    await turn();
    sink.message('a', '4', '4');
    expect(got).toEqual(['1', '2', '3', '4']);
    expect(errors).toEqual([]);
  });

  it('fills it also where another node, without a history, was the last to publish', async () => {
    const { bus, got, sink } = begun();
    sink.message('a', 'x', undefined);
    bus.keep([1, 2]);
    sink.ready(10);
    await turn();
    expect(got).toEqual(['1', 'x', '2']);
  });

  it('delivers nothing of it twice that the bus brings late', async () => {
    const { bus, got, sink } = begun();
    bus.keep([1, 2, 3]);
    sink.ready(10);
    await turn();
    for (const id of ['2', '3', '4', '5']) sink.message('a', id, id);
    expect(got).toEqual(['1', '2', '3', '4', '5']);
  });

  it('tells the gap where the history does not go back so far', async () => {
    const { bus, got, sink } = begun();
    bus.keep([7, 8], true);
    sink.ready(10);
    await turn();
    expect(got).toEqual(['1', 'gap a 1 10', '7', '8']);
  });

  it('lets who comes while it is lost wait: nothing is read twice where there is a gap too', async () => {
    const bus = new FakeBus();
    bus.keep([1]);
    const { rooms, got, listen } = over(bus);
    listen();
    const sink = bus.sinks.get('a')!;
    sink.ready(undefined);
    sink.message('a', '1', '1');
    sink.lost();
    bus.keep([7, 8], true);
    rooms.messages('a', { since: '1' }).subscribe(({ value }) => got.push(`late:${value}`));
    await turn();
    expect(got).toEqual(['1']);
    sink.ready(10);
    await turn();
    sink.message('a', '9', '9');
    const late = got.filter((each) => each.startsWith('late'));
    expect(late).toEqual(['late:7', 'late:8', 'late:9']);
    expect(got.filter((each) => !late.includes(each))).toContain('7');
  });

  it('says so in the place of the gap, who wants it', async () => {
    const bus = new FakeBus();
    bus.keep([5], true);
    const { rooms, errors } = over(bus);
    const got: string[] = [];
    rooms
      .messages('a', { since: '2', gap: ({ after }) => `missed after ${after}` })
      .subscribe(({ value }) => got.push(value));
    bus.sinks.get('a')!.ready(undefined);
    await turn();
    expect(got).toEqual(['missed after 2', '5']);
    expect(errors).toEqual([]);
  });

  it('errors where the bus refuses it, and may be tried again', () => {
    const bus = new FakeBus();
    const { got, listen } = over(bus);
    listen('a', '1:');
    listen('a', '2:');
    bus.sinks.get('a')!.failed('refused');
    expect(got).toEqual(['1:error refused', '2:error refused']);
    listen();
    expect(bus.log.filter((entry) => entry === '+a')).toHaveLength(2);
  });

  it('leaves out what is not ours, or cannot be decoded, and says so', () => {
    const bus = new FakeBus();
    const { got, errors, listen } = over(bus);
    listen();
    const sink = bus.sinks.get('a')!;
    sink.foreign('a', 'foreign');
    sink.message('a', new Uint8Array([1]), undefined);
    sink.message('a', 'x', undefined);
    expect(got).toEqual(['x']);
    expect(errors).toEqual(['foreign', expect.objectContaining({ code: 'BUS' })]);
  });
});
