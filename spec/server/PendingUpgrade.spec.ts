import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Arrival, PendingUpgrade } from '../../src/server/PendingUpgrade.ts';
import { UNAVAILABLE } from '../../src/server/refuse.ts';
import { RequestUpgrade } from '../../src/server/RequestUpgrade.ts';
import type { Upgrade } from '../../src/server/Upgrade.ts';
import { acceptWs } from '../../src/transports/ws/acceptWs.ts';
import { arrivalOf } from './arrivalOf.ts';

const handshake = acceptWs({ maxMessageBytes: 1_000, perMessageDeflate: false });
const ANSWER = { protocol: '', lines: [] };

const upgradeOf = ({ handshake, request }: Arrival): Upgrade => new RequestUpgrade(handshake, {}, request);

/** An upgrade that waits for its decision. */
function waiting({ timeoutMs = 1_000, fields = {} }: { timeoutMs?: number; fields?: Record<string, string> } = {}) {
  const arrival = arrivalOf(fields);
  const decided = jest.fn<(pending: PendingUpgrade) => void>();
  const pending = new PendingUpgrade(arrival, { protocols: [], timeoutMs }, decided);
  return { ...arrival, pending, decided, upgrade: upgradeOf(arrival) };
}

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
afterEach(() => void jest.useRealTimers());

describe('PendingUpgrade', () => {
  it('is accepted', async () => {
    const { pending, decided, client } = waiting();
    expect(pending.accept(handshake, { protocol: '', lines: ['X-A: 1'] })).toMatchObject({ side: 'server' });
    expect(decided.mock.calls).toEqual([[pending]]);
    const [bytes] = (await once(client, 'data')) as [Buffer];
    expect(String(bytes)).toMatch(/^HTTP\/1\.1 101 [^]*\r\nX-A: 1\r\n\r\n$/);
  });

  it('is refused', async () => {
    const { pending, decided, client } = waiting();
    pending.refuse({ status: 404 });
    expect(decided.mock.calls).toEqual([[pending]]);
    expect(await text(client)).toMatch(/^HTTP\/1\.1 404 /);
  });

  it.each<[string, (pending: PendingUpgrade) => unknown, RegExp]>([
    ['accepted', (pending) => pending.accept(handshake, ANSWER), /^HTTP\/1\.1 101 /],
    ['refused', (pending) => pending.refuse({ status: 403 }), /^HTTP\/1\.1 403 /],
  ])('that was %s is decided for good', async (_, decide, said) => {
    const { pending, decided, client, socket } = waiting();
    decide(pending);
    expect(pending.accept(handshake, ANSWER)).toBeUndefined();
    pending.refuse({ status: 500 });
    jest.advanceTimersByTime(999);
    expect(decided).toHaveBeenCalledTimes(1);
    socket.end();
    const all = await text(client);
    expect(all).toMatch(said);
    expect(all).not.toContain('HTTP/1.1 500');
  });

  it('is decided before whoever is told of it looks', () => {
    const arrival = arrivalOf();
    let again: unknown = 'not asked';
    const pending: PendingUpgrade = new PendingUpgrade(arrival, { protocols: [], timeoutMs: 1_000 }, () => {
      again = pending.accept(handshake, ANSWER);
    });
    pending.refuse({ status: 403 });
    expect(again).toBeUndefined();
  });

  describe('out of time', () => {
    it('is refused with 503', async () => {
      const { pending, decided, client, upgrade } = waiting({ timeoutMs: 1_000 });
      const cancel = jest.fn();
      PendingUpgrade.take(upgrade, cancel);
      jest.advanceTimersByTime(999);
      expect(cancel).not.toHaveBeenCalled();
      jest.advanceTimersByTime(1);
      expect(cancel).toHaveBeenCalledTimes(1);
      expect(decided).toHaveBeenCalledTimes(1);
      expect(await text(client)).toMatch(/^HTTP\/1\.1 503 [^]*\r\nRetry-After: 5\r\n/);
      expect(pending.accept(handshake, ANSWER)).toBeUndefined();
    });

    it('never is where there is no limit', () => {
      const { decided } = waiting({ timeoutMs: Infinity });
      expect(jest.getTimerCount()).toBe(0);
      jest.advanceTimersByTime(2 ** 31);
      expect(decided).not.toHaveBeenCalled();
    });

    it('keeps no timer once it is accepted', () => {
      const { pending } = waiting();
      expect(jest.getTimerCount()).toBe(1);
      pending.accept(handshake, ANSWER);
      expect(jest.getTimerCount()).toBe(0);
    });
  });

  describe('whose client leaves', () => {
    it.each<[string, (waits: ReturnType<typeof waiting>) => unknown]>([
      ['ends its half', ({ client, socket }) => (socket.resume(), client.end())],
      ['is gone', ({ socket }) => socket.destroy()],
      ['fails', ({ socket }) => (socket.on('error', () => {}), socket.destroy(new Error('ECONNRESET')))],
    ])('that %s is given up, and its decision cancelled', async (_, leave) => {
      const waits = waiting();
      const { pending, decided, socket, upgrade } = waits;
      const cancel = jest.fn();
      PendingUpgrade.take(upgrade, cancel);
      const closed = once(socket, 'close');
      leave(waits);
      await closed.catch(() => {});
      expect(socket.destroyed).toBe(true);
      expect(cancel).toHaveBeenCalledTimes(1);
      expect(decided).toHaveBeenCalledTimes(1);
      expect(pending.accept(handshake, ANSWER)).toBeUndefined();
      expect(jest.getTimerCount()).toBe(0);
    });

    it('is no longer watched by it when decided', () => {
      const before = arrivalOf().socket;
      const { pending, socket } = waiting();
      const listeners = (): number => socket.listenerCount('end') + socket.listenerCount('close');
      const waited = listeners();
      // Of an answer that lingers, one `close` is left.
      pending.refuse({ status: 403 });
      expect(waited - listeners()).toBe(1);
      expect(socket.listenerCount('end')).toBe(before.listenerCount('end'));
    });
  });

  describe('take', () => {
    it('gives the upgrade, by its request', () => {
      const { pending, upgrade, request } = waiting();
      expect(pending.isTaken).toBe(false);
      const copy = { ...upgrade, raw: request, params: { made: 'by a user' } } as Upgrade;
      expect(PendingUpgrade.take(copy, () => {})).toBe(pending);
      expect(pending.isTaken).toBe(true);
    });

    it('throws for what does not come from here', () => {
      expect(() => PendingUpgrade.take(upgradeOf(arrivalOf()), () => {})).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      );
    });

    it('throws where another one decides it, which is not disturbed', () => {
      const { pending, upgrade } = waiting();
      const [first, second] = [jest.fn(), jest.fn()];
      PendingUpgrade.take(upgrade, first);
      expect(() => PendingUpgrade.take(upgrade, second)).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      );
      pending.refuse(UNAVAILABLE);
      expect(first).toHaveBeenCalledTimes(1);
      expect(second).not.toHaveBeenCalled();
    });

    it('gives nothing where it has ended, taken or not', () => {
      const { pending, upgrade } = waiting();
      const cancel = jest.fn();
      pending.refuse(UNAVAILABLE);
      expect(PendingUpgrade.take(upgrade, cancel)).toBeUndefined();
      expect(cancel).not.toHaveBeenCalled();

      const other = waiting();
      PendingUpgrade.take(other.upgrade, () => {})!.refuse(UNAVAILABLE);
      expect(PendingUpgrade.take(other.upgrade, cancel)).toBeUndefined();
    });

    it('cancels nothing of what it accepts itself', () => {
      const { upgrade, socket } = waiting();
      const cancel = jest.fn();
      PendingUpgrade.take(upgrade, cancel)!.accept(handshake, ANSWER);
      socket.destroy();
      expect(cancel).not.toHaveBeenCalled();
    });
  });
});
