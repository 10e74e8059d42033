import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { from, NEVER, Subject, type Subscription, switchMap } from 'rxjs';
import { addressOf } from '../../src/server/addressOf.ts';
import { type Binder, binders, boundAddresses } from '../../src/server/Binder.ts';
import { listen } from '../../src/server/listen.ts';

/** Takes servers in, and gives them no connection. */
class SpecBinder implements Binder {
  readonly bound: [server: Server, address: { port: number; host: string | undefined }][] = [];
  readonly unbind = jest.fn();

  bind(server: Server, address: { port: number; host: string | undefined }): void {
    this.bound.push([server, address]);
    boundAddresses.set(server, { port: 8080, address: '::' });
  }
}

describe('Binder', () => {
  let binder: SpecBinder;
  let subscription: Subscription | undefined;
  beforeEach(() => {
    binder = new SpecBinder();
  });
  afterEach(() => subscription?.unsubscribe());
  const within = (subscribe: () => Subscription): void => {
    subscription = binders.run(binder, subscribe);
  };

  it('takes in the server of a `listen` that is subscribed within, which opens no port', () => {
    within(() => listen({ port: 8080, host: '127.0.0.1' }).subscribe());
    expect(binder.bound.map(([, address]) => address)).toEqual([{ port: 8080, host: '127.0.0.1' }]);
    expect(binder.bound[0]![0].listening).toBe(false);
  });

  it('takes in what is subscribed later, in what began within', async () => {
    within(() => from(Promise.resolve({})).pipe(switchMap(listen)).subscribe());
    expect(binder.bound).toEqual([]);
    await Promise.resolve();
    expect(binder.bound.map(([, address]) => address)).toEqual([{ port: 0, host: undefined }]);
  });

  it('does not take in what is subscribed outside, nor a borrowed server', () => {
    within(() => listen({ server: createServer() }).subscribe());
    expect(binder.bound).toEqual([]);
    expect(binders.getStore()).toBeUndefined();
  });

  it('is told before a server closes: on unsubscribe, and when it is drained', async () => {
    within(() => listen({}).subscribe());
    subscription!.unsubscribe();
    expect(binder.unbind.mock.calls).toEqual([[binder.bound[0]![0]]]);
    const closeWhen = new Subject<void>();
    const completed = new Promise<void>((complete) => {
      within(() => listen({ closeWhen }).subscribe({ complete }));
    });
    closeWhen.next();
    expect(binder.unbind.mock.calls[1]).toEqual([binder.bound[1]![0]]);
    await completed;
  });

  it('makes the error of `listen` where it cannot bind', () => {
    binder.bind = () => {
      throw new Error('taken');
    };
    const error = jest.fn();
    within(() => listen({ closeWhen: NEVER }).subscribe({ error }));
    expect(error.mock.calls).toMatchObject([[{ code: 'LISTEN', cause: { message: 'taken' } }]]);
  });

  it('knows the addresses of what was taken in, but a real one counts first', async () => {
    const server = createServer();
    boundAddresses.set(server, { port: 8080, address: '::' });
    expect(addressOf(server)).toEqual({ port: 8080, url: 'ws://localhost:8080' });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    expect(addressOf(server)!.url).toMatch(/^ws:\/\/127\.0\.0\.1:/);
    server.close();
  });
});
