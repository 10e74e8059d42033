import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { NEVER, type Observable, Observable as Rx, type ObservableInput, of, Subject, type Subscription } from 'rxjs';
import type { Connection } from '../../src/connection/Connection.ts';
import type { Data, Sendable } from '../../src/core/Data.ts';
import type { AcceptConfig } from '../../src/server/AcceptConfig.ts';
import { Acceptor } from '../../src/server/Acceptor.ts';
import type { Decision } from '../../src/server/Decision.ts';
import { PendingUpgrade } from '../../src/server/PendingUpgrade.ts';
import { reject } from '../../src/server/reject.ts';
import { RequestUpgrade } from '../../src/server/RequestUpgrade.ts';
import { Unowned } from '../../src/server/Unowned.ts';
import type { Upgrade } from '../../src/server/Upgrade.ts';
import { clientFrame } from '../transports/ws/wire.ts';
import { arrivalOf } from './arrivalOf.ts';

type Decide = (upgrade: Upgrade) => Decision | ObservableInput<Decision>;
type Accepted = Connection<Data, Sendable, unknown>;
interface Asking extends AcceptConfig {
  fields?: Parameters<typeof arrivalOf>[0];
  head?: Buffer;
  protocols?: readonly string[];
}

/** An upgrade that one acceptor decides, and what comes of it. */
function asked(decide: Decide, { fields, head, protocols = [], ...config }: Asking = {}) {
  const arrival = arrivalOf(fields, head);
  const pending = new PendingUpgrade(arrival, { protocols, timeoutMs: 1_000 }, () => {});
  const upgrade = new RequestUpgrade(arrival.handshake, {}, arrival.request);
  const onError = jest.fn<(error: unknown, where: unknown) => void>();
  const unowned = new Unowned();
  const acceptor = new Acceptor<Data, Sendable, unknown>(decide, { onError, ...config });
  const seen: unknown[] = [];
  const emitted: Accepted[] = [];
  const ask = (next: (connection: Accepted) => void = () => {}): Subscription =>
    acceptor.connection(upgrade, unowned).subscribe({
      next: (connection) => {
        emitted.push(connection);
        seen.push('connection');
        next(connection);
      },
      error: () => seen.push('error'),
      complete: () => seen.push('complete'),
    });
  return { ...arrival, pending, upgrade, onError, unowned, acceptor, seen, emitted, ask };
}

/** What a decision that takes its time is: `decide` for the question, and how often it was cancelled. */
function slow(): { decide: Decide; answer: Subject<Decision>; cancelled: jest.Mock } {
  const answer = new Subject<Decision>();
  const cancelled = jest.fn();
  const decide = (): Observable<Decision> =>
    new Rx((subscriber) => {
      subscriber.add(answer.subscribe(subscriber));
      return cancelled;
    });
  return { decide, answer, cancelled };
}

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
afterEach(() => void jest.useRealTimers());

describe('Acceptor', () => {
  describe('of a yes', () => {
    it('makes a connection with its context and its handshake, and completes', async () => {
      const context = { user: 'ann' };
      const { ask, seen, emitted, handshake, client } = asked(() => ({ context, headers: { 'X-A': '1' } }));
      ask();
      expect(seen).toEqual(['connection', 'complete']);
      expect(emitted[0]!.context).toBe(context);
      expect(emitted[0]!.handshake).toBe(handshake);
      expect(emitted[0]!.state).toBe('open');
      const [bytes] = (await once(client, 'data')) as [Buffer];
      expect(String(bytes)).toMatch(/^HTTP\/1\.1 101 [^]*\r\nX-A: 1\r\n/);
    });

    it('gives the upgrade to the decision', () => {
      const decide = jest.fn<Decide>(() => true);
      const { ask, upgrade } = asked(decide);
      ask();
      expect(decide.mock.calls).toEqual([[upgrade]]);
    });

    it.each<[string, Decision, string]>([
      ['the first that is offered and known', true, 'b'],
      ['the one that the decision names, though the server knows it not', { protocol: 'a' }, 'a'],
    ])('speaks %s', (_, decision, protocol) => {
      const { ask, emitted } = asked(() => decision, {
        protocols: ['c', 'b'],
        fields: { 'sec-websocket-protocol': 'a, b, c' },
      });
      ask();
      expect(emitted[0]!.protocol).toBe(protocol);
    });

    it('waits for it, and takes the first', () => {
      const { decide, answer, cancelled } = slow();
      const { ask, seen } = asked(decide);
      ask();
      expect(seen).toEqual([]);
      answer.next(true);
      expect(seen).toEqual(['connection', 'complete']);
      expect(cancelled).toHaveBeenCalledTimes(1);
      expect(answer.observed).toBe(false);
    });

    it('delivers what came with the request, behind the emission', async () => {
      const { ask, emitted } = asked(() => true, { head: clientFrame(1, 'early') });
      const lines: string[] = [];
      const first = new Promise<void>((done) => {
        ask((connection) => {
          connection.text.subscribe((line) => {
            lines.push(line);
            done();
          });
        });
      });
      expect(lines).toEqual([]);
      await first;
      expect(lines).toEqual(['early']);
      emitted[0]!.terminate();
    });

    it('leaves the connection with those who answer for nobody', async () => {
      const { ask, emitted, unowned } = asked(() => true);
      ask();
      unowned.leave();
      expect(emitted[0]!.state).toBe('closing');
    });

    it('makes nothing of a socket that ended while it was asked', () => {
      const { ask, seen, socket, onError } = asked(() => {
        socket.destroy();
        return true;
      });
      ask();
      expect(seen).toEqual(['complete']);
      expect(onError).not.toHaveBeenCalled();
    });

    it('makes nothing of a request that `ws` finds fault with', async () => {
      const { ask, seen, client } = asked(() => true, {
        perMessageDeflate: true,
        fields: { 'sec-websocket-extensions': 'permessage-deflate; =' },
      });
      ask();
      expect(seen).toEqual(['complete']);
      expect(await text(client)).toMatch(/^HTTP\/1\.1 400 /);
    });
  });

  describe('of a no', () => {
    it.each<[string, Decision | ObservableInput<Decision>, RegExp]>([
      ['false', false, /^HTTP\/1\.1 403 /],
      ['undefined', undefined, /^HTTP\/1\.1 403 /],
      ['an empty answer', [], /^HTTP\/1\.1 403 /],
      ['a promise of false', Promise.resolve(false), /^HTTP\/1\.1 403 /],
      [
        'a refusal of its own',
        of(reject(401, { headers: { 'WWW-Authenticate': 'Bearer' }, body: 'who?' })),
        /^HTTP\/1\.1 401 [^]*\r\nWWW-Authenticate: Bearer\r\n[^]*\r\n\r\nwho\?$/,
      ],
    ])('answers %s', async (_, decision, said) => {
      const { ask, seen, client, onError } = asked(() => decision);
      ask();
      expect(await text(client)).toMatch(said);
      expect(seen).toEqual(['complete']);
      expect(onError).not.toHaveBeenCalled();
    });
  });

  describe('of what is neither', () => {
    const failure = new Error('the database is secret');
    it.each<[string, Decide, unknown]>([
      [
        'throws',
        () => {
          throw failure;
        },
        failure,
      ],
      ['rejects', () => Promise.reject(failure), failure],
      ['is no decision', () => 'yes' as unknown as Decision, expect.objectContaining({ code: 'INVALID_ARGUMENT' })],
      [
        'has a header that breaks the answer',
        () => ({ headers: { 'X-A': '1\r\nX-B: 2' } }),
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      ],
      [
        'has a subprotocol that was not offered',
        () => ({ protocol: 'b\r\nX-B: 2' }),
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      ],
    ])('tells the client nothing of a decision that %s, and reports it', async (_, decide, error) => {
      const { ask, seen, client, onError, upgrade } = asked(decide);
      ask();
      const said = await text(client);
      expect(said).toMatch(/^HTTP\/1\.1 500 /);
      expect(said).not.toMatch(/secret|X-B/);
      expect(seen).toEqual(['complete']);
      expect(onError.mock.calls).toEqual([[error, upgrade]]);
    });
  });

  describe('which something else ends', () => {
    it('cancels the decision when the client leaves', async () => {
      const { decide, answer, cancelled } = slow();
      const { ask, seen, socket } = asked(decide);
      ask();
      const closed = once(socket, 'close');
      socket.destroy();
      await closed;
      expect(cancelled).toHaveBeenCalledTimes(1);
      answer.next(true);
      expect(seen).toEqual(['complete']);
    });

    it('answers 503 when it takes too long, and a late answer changes nothing', async () => {
      const { decide, answer, cancelled } = slow();
      const { ask, seen, client } = asked(decide);
      ask();
      jest.advanceTimersByTime(1_000);
      expect(cancelled).toHaveBeenCalledTimes(1);
      answer.next(true);
      expect(seen).toEqual(['complete']);
      expect(await text(client)).toMatch(/^HTTP\/1\.1 503 /);
    });

    it('is over also when a promise settles too late, whatever it becomes', async () => {
      let settle!: (decision: Promise<Decision>) => void;
      const late = new Promise<Decision>((resolve) => (settle = resolve));
      const { ask, seen, onError } = asked(() => late);
      ask();
      jest.advanceTimersByTime(1_000);
      settle(Promise.reject(new Error('late')));
      await late.catch(() => {});
      expect(seen).toEqual(['complete']);
      expect(onError).not.toHaveBeenCalled();
    });

    it('answers 503 and cancels the decision on unsubscribe', async () => {
      const { decide, answer, cancelled } = slow();
      const { ask, seen, client } = asked(decide);
      ask().unsubscribe();
      expect(cancelled).toHaveBeenCalledTimes(1);
      expect(answer.observed).toBe(false);
      expect(await text(client)).toMatch(/^HTTP\/1\.1 503 /);
      expect(seen).toEqual([]);
    });

    it('answers 503 where the decision itself ends the subscription', async () => {
      const { decide, answer } = slow();
      const { ask, seen, client } = asked(decide);
      const subscription = ask();
      answer.subscribe(() => subscription.unsubscribe());
      // It says yes, and its siblings end it: the first one is served.
      const ended = asked(() => of(true).pipe((source) => new Rx<boolean>((subscriber) => {
        inner.unsubscribe();
        return source.subscribe(subscriber);
      })));
      const inner = ended.acceptor.connection(ended.upgrade, ended.unowned).subscribe();
      answer.next(false);
      expect(seen).toEqual(['complete']);
      expect(await text(client)).toMatch(/^HTTP\/1\.1 403 /);
    });

    it('leaves a connection alone that was emitted', () => {
      const { ask, emitted } = asked(() => true);
      ask().unsubscribe();
      expect(emitted[0]!.state).toBe('open');
      emitted[0]!.terminate();
    });
  });

  describe('of an upgrade that is not its own', () => {
    it('completes without asking where it has ended', () => {
      const decide = jest.fn<Decide>(() => true);
      const { ask, seen, pending, onError } = asked(decide);
      pending.refuse({ status: 503 });
      ask();
      expect(seen).toEqual(['complete']);
      expect(decide).not.toHaveBeenCalled();
      expect(onError).not.toHaveBeenCalled();
    });

    it('reports a second decision, and leaves the first to it', () => {
      const { decide, answer } = slow();
      const { ask, seen, onError, upgrade } = asked(decide);
      ask();
      ask();
      expect(seen).toEqual(['complete']);
      expect(onError.mock.calls).toEqual([[expect.objectContaining({ code: 'INVALID_ARGUMENT' }), upgrade]]);
      answer.next(true);
      expect(seen).toEqual(['complete', 'connection', 'complete']);
    });

    it('reports one that comes from elsewhere', () => {
      const decide = jest.fn<Decide>(() => NEVER);
      const { acceptor, onError, unowned } = asked(decide);
      const { handshake, request } = arrivalOf();
      const foreign = new RequestUpgrade(handshake, {}, request);
      const complete = jest.fn();
      acceptor.connection(foreign, unowned).subscribe({ complete });
      expect(complete).toHaveBeenCalledTimes(1);
      expect(decide).not.toHaveBeenCalled();
      expect(onError.mock.calls).toEqual([[expect.objectContaining({ code: 'INVALID_ARGUMENT' }), foreign]]);
    });
  });
});
