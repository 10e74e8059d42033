import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  firstValueFrom,
  map,
  NEVER,
  Observable,
  Subject,
  switchMap,
  take,
  toArray,
  VirtualTimeScheduler,
} from 'rxjs';
import type { Connection } from '../../src/connection/Connection.ts';
import { surroundings } from '../../src/core/surroundings.ts';
import { type Binder, binders } from '../../src/server/Binder.ts';
import { handle } from '../../src/server/handle.ts';
import { listen } from '../../src/server/listen.ts';
import { loopback } from '../../src/testing/loopback.ts';
import { pass } from '../core/passing.ts';
import { turns } from './starting.ts';

const echo = handle(({ messages }: Connection) => messages);
/** What keeps the process alive; the timers are those of the test runner, ours do not. */
const resources = (): readonly string[] =>
  process.getActiveResourcesInfo().filter((name) => name !== 'Timeout');
const refusal = (dialling: Promise<unknown>): Promise<unknown> => dialling.catch((error: unknown) => error);

describe('loopback', () => {
  describe('when unsubscribed', () => {
    it('closes as the server does in production, and refuses who dials', async () => {
      const net = loopback(
        listen({ shouldUpgrade: ({ path }) => (path === '/slow' ? NEVER : true) }).pipe(echo),
      );
      const connection = await net.dial('/');
      const undecided = refusal(net.dial('/slow'));
      await turns();
      const begun = refusal(net.dial('/'));
      net.unsubscribe();
      net.unsubscribe();
      expect(await firstValueFrom(connection.closed)).toMatchObject({
        code: 1001,
        by: 'peer',
        wasClean: true,
      });
      expect(await undecided).toMatchObject({ code: 'HANDSHAKE', status: 503 });
      expect(await begun).toMatchObject({ code: 'HANDSHAKE' });
      expect(await refusal(net.dial('/'))).toMatchObject({
        code: 'HANDSHAKE',
        message: expect.stringContaining('the loopback was unsubscribed'),
      });
      expect(await firstValueFrom(net.server.pipe(toArray()))).toEqual([]);
    });

    it('refuses who waits for a server, and binds none any more', async () => {
      const configured = new Subject<void>();
      let late: unknown;
      let bound: Binder | undefined;
      // It goes on though nobody is subscribed any more.
      const stubborn = new Observable<Connection>(() => {
        bound = binders.getStore();
        configured.pipe(switchMap(() => listen({}))).subscribe({ error: (error: unknown) => (late = error) });
      });
      const net = loopback(stubborn);
      const waiting = refusal(net.dial('/'));
      await turns();
      await net[Symbol.asyncDispose]();
      expect(await waiting).toMatchObject({
        code: 'HANDSHAKE',
        message: expect.stringContaining('the loopback was unsubscribed'),
      });
      binders.run(bound!, () => configured.next());
      expect(late).toMatchObject({ code: 'LISTEN' });
    });

    it('leaves nothing: no timer, no handle, no turn that is still to come', async () => {
      await turns();
      const before = resources();
      const set = [jest.spyOn(globalThis, 'setTimeout'), jest.spyOn(globalThis, 'setInterval')];
      const clear = [jest.spyOn(globalThis, 'clearTimeout'), jest.spyOn(globalThis, 'clearInterval')];
      for (const config of [{}, { latencyMs: 1 }, { chunkBytes: 1 }]) {
        await using net = loopback(listen({ port: 8080 }).pipe(echo), config);
        const connection = await net.dial('/');
        connection.send('a');
        await firstValueFrom(connection.text);
        await firstValueFrom(net.connect('/'));
        net.dial('/').catch(() => {});
        net.connect('ws://localhost:9/').subscribe().unsubscribe();
      }
      expect(resources()).toEqual(before);
      const cleared = new Set<unknown>(clear.flatMap(({ mock }) => mock.calls.map(([timer]) => timer)));
      const fired = (timer: unknown): boolean => (timer as { _destroyed?: boolean })._destroyed === true;
      const left = set
        .flatMap(({ mock }) => mock.results.map(({ value }) => value as unknown))
        .filter((timer) => !cleared.has(timer) && !fired(timer));
      expect(left).toEqual([]);
    });

    it('lifts stalls and latency, whose time may stand still', async () => {
      const scheduler = new VirtualTimeScheduler();
      const net = loopback(listen({}).pipe(echo), { latencyMs: 20, scheduler });
      const dialling = net.dial('/');
      for (let n = 0; n < 4; n++) {
        await turns();
        pass(scheduler, 20);
      }
      const connection = await dialling;
      net.stall('client');
      net.stall('server');
      await net[Symbol.asyncDispose]();
      expect(await firstValueFrom(connection.closed)).toMatchObject({ code: 1001, by: 'peer' });
      expect(scheduler.actions).toEqual([]);
    });

    it('lets what a teardown of the server throws reach who unsubscribes, and ends all the same', async () => {
      const server = new Observable<Connection>((subscriber) => {
        subscriber.add(listen({}).subscribe(subscriber));
        return () => {
          throw new Error('oh');
        };
      });
      const net = loopback(server);
      const connection = await net.dial('/');
      expect(() => net.unsubscribe()).toThrow('oh');
      expect(await firstValueFrom(connection.closed)).toMatchObject({ code: 1001 });
      await net[Symbol.asyncDispose]();
    });

    describe('and a client does not read', () => {
      afterEach(() => {
        surroundings.clock = undefined;
      });

      it('cuts it after 1 s', async () => {
        const time = new VirtualTimeScheduler();
        surroundings.clock = {
          now: () => time.now(),
          later: (task) => process.nextTick(task),
          afterIo: (task) => void setImmediate(task),
          schedule: (task, delayMs) => {
            const action = time.schedule(() => task(), delayMs);
            return () => action.unsubscribe();
          },
        };
        const net = loopback(
          listen({}).pipe(handle(() => [new Uint8Array(500_000), new Uint8Array(500_000)])),
        );
        const connection = await net.dial('/');
        const hold = connection.hold();
        await turns();
        let disposed = false;
        const disposing = net[Symbol.asyncDispose]().then(() => (disposed = true));
        await turns();
        pass(time, 999);
        await turns();
        expect(disposed).toBe(false);
        pass(time, 1);
        await disposing;
        expect(await firstValueFrom(connection.closed)).toMatchObject({ code: 1006, by: 'network' });
        hold.unsubscribe();
        expect(time.actions).toEqual([]);
      });
    });
  });

  describe('a client that leaves', () => {
    it('while it waits, and in the midst of the handshake', async () => {
      const asked = new Subject<void>();
      const cancelled = jest.fn();
      const shouldUpgrade = () => {
        asked.next();
        return new Observable<boolean>(() => cancelled);
      };
      await using net = loopback(listen({ shouldUpgrade }).pipe(echo));
      const told = jest.fn();
      const observer = { next: told, error: told, complete: told };
      net.connect('ws://localhost:9/').subscribe(observer).unsubscribe();
      for (let n = 0; n < 12; n++) {
        const subscription = net.connect('/').subscribe(observer);
        for (let turn = 0; turn < n; turn++) await turns(1);
        subscription.unsubscribe();
      }
      const decision = firstValueFrom(asked);
      const controller = new AbortController();
      const aborted = refusal(net.dial({ url: '/', signal: controller.signal }));
      await decision;
      const count = cancelled.mock.calls.length;
      controller.abort(new Error('changed my mind'));
      expect(await aborted).toMatchObject({ message: 'changed my mind' });
      await turns();
      expect(cancelled.mock.calls.length).toBe(count + 1);
      expect(told).not.toHaveBeenCalled();
    });
  });

  it('serves 1,000 clients, and lets them go', async () => {
    await turns();
    const before = resources();
    const net = loopback(
      listen({}).pipe(handle(({ text, id }) => text.pipe(map((line) => `${id} ${line}`)))),
    );
    const connections = await Promise.all(Array.from({ length: 1_000 }, () => net.dial('/')));
    const answers = await Promise.all(
      connections.map((connection, n) => {
        const answer = firstValueFrom(connection.text);
        connection.send(`${n}`);
        return answer;
      }),
    );
    expect(answers.map((answer) => answer.split(' ')[1])).toEqual(connections.map((_, n) => `${n}`));
    expect(new Set(answers.map((answer) => answer.split(' ')[0])).size).toBe(1_000);
    const half = firstValueFrom(net.server.pipe(take(500), toArray()));
    for (const connection of connections.slice(500)) connection.close();
    expect((await half).map(({ close }) => close.code)).toEqual(Array(500).fill(1000));
    const ends = connections.map(({ closed }) => firstValueFrom(closed));
    await net[Symbol.asyncDispose]();
    const codes = (await Promise.all(ends)).map(({ code }) => code);
    expect(codes).toEqual([...Array<number>(500).fill(1001), ...Array<number>(500).fill(1000)]);
    expect(resources()).toEqual(before);
  }, 30_000);

  it('keeps the process alive as sockets do, and lets it end by itself', async () => {
    const child = execFile(process.execPath, ['--import', 'tsx', 'spec/testing/leaving.ts'], {
      timeout: 20_000,
    });
    const output = Promise.all([text(child.stdout!), text(child.stderr!)]);
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await output).toEqual(['HELLO\nnot open\nnobody listens\nended 1000 false\nclosed 1001\n', '']);
  }, 30_000);
});
