import { firstValueFrom, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import { Prepared } from '../../src/core/Prepared.ts';
import { engineOf } from '../../src/connection/EngineConnection.ts';
import { collect, handshake } from './contract/Pair.ts';
import { memoryPair } from './memoryPair.ts';
import { run } from './marbles.ts';

describe('EngineConnection', () => {
  it('tells what it was opened with', () =>
    run(({ open }) => {
      const { connection, transport } = open();
      expect(connection).toMatchObject({
        handshake,
        protocol: 'memory',
        context: undefined,
        state: 'open',
        bufferedBytes: 0,
      });
      expect(connection.capabilities).toBe(transport.capabilities);
      expect(engineOf(connection as never)).toBe(connection.engine);
    }));

  it('has an id that stays, and is another one for each', () =>
    run(({ open }) => {
      const [one, other] = [open().connection, open().connection];
      expect(one.id).toBe(one.id);
      expect(one.id).not.toBe(other.id);
    }));

  it('is bound: every member works destructured', () => {
    const { transport } = run(({ open, does, sent, expectObservable }) => {
      const opened = open();
      const {
        messages,
        text,
        binary,
        frames,
        send,
        sendFragments,
        writable,
        dropped,
        hold,
        reading,
        ping,
        close,
        closed,
      } = opened.connection;
      does('-a', {
        a: () => {
          hold().unsubscribe();
          send('a');
          ping('p').subscribe();
          sendFragments(['b']).subscribe();
          close(4000);
        },
      });
      const frame = { a: 'a', p: '?p', b: '+b', z: '+.', x: '#4000' };
      expectObservable(sent(opened.peer)).toBe('-(apbzx|)', frame);
      for (const stream of [messages, text, binary]) expectObservable<unknown>(stream).toBe('-|');
      expectObservable(frames).toBe('  -(p|)', { p: { kind: 'pong', data: Uint8Array.of(112) } });
      expectObservable(dropped).toBe(' -|');
      expectObservable(writable).toBe('t(f|)', { t: true, f: false });
      expectObservable(reading).toBe(' t(ft|)', { t: true, f: false });
      expect([collect(closed).isComplete]).toEqual([false]);
      return opened;
    });
    expect(transport.framesOf('close')).toEqual([1]);
  });

  it('goes from open to closing to closed', () => {
    const states: string[] = [];
    run(({ open, does }) => {
      const { connection, peer } = open();
      const note = (): number => states.push(connection.state);
      connection.closed.subscribe(note);
      peer.stop();
      does('n-c-s', { n: note, c: () => (connection.close(), note()), s: () => peer.start() });
    });
    expect(states).toEqual(['open', 'closing', 'closed']);
  });

  it('makes nothing for a connection that nobody looks at', () =>
    run(({ open, scheduler }) => {
      const { connection, transport } = open();
      expect(scheduler.actions).toHaveLength(0);
      expect(transport.calls.map(({ name }) => name)).toEqual(['open']);
      expect(Object.values(connection.engine).filter((value) => value instanceof Object)).toHaveLength(3);
    }));

  it('does not encode what is prepared', () =>
    run(({ open, does, sent, expectObservable }) => {
      const encode = (): never => {
        throw new Error('encoded');
      };
      const { connection, peer } = open({ codec: { decode: (data) => data, encode } });
      does('                            -s', {
        s: () => connection.send(new Prepared('value', 'as it is') as never),
      });
      expectObservable(sent(peer)).toBe('-s', { s: 'as it is' });
    }));

  it('closes with 1000 when it is disposed of, and waits', async () => {
    const { connection, peer, wait } = await memoryPair(new VirtualTimeScheduler(), {});
    const disposed = connection[Symbol.asyncDispose]();
    expect(connection.state).toBe('closing');
    await wait(Promise.resolve(disposed));
    expect(await firstValueFrom(connection.closed)).toMatchObject({ code: 1000, by: 'local' });
    expect(await peer.closed).toEqual({ code: 1000, reason: '' });
    await connection[Symbol.asyncDispose]();
  });
});
