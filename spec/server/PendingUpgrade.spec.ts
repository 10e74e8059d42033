import type { IncomingMessage } from 'node:http';
import { duplexPair, type Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { scheduledClock } from '../../src/core/scheduledClock.ts';
import { PendingUpgrade } from '../../src/server/PendingUpgrade.ts';
import { RequestHandshake } from '../../src/server/RequestHandshake.ts';
import { SocketArrival } from '../../src/server/SocketArrival.ts';
import type { Upgrade } from '../../src/server/Upgrade.ts';
import type { WsAnswer } from '../../src/transports/ws/acceptWs.ts';
import { nodeClock } from '../../src/transports/ws/nodeClock.ts';
import { pass } from '../core/passing.ts';
import { requestOf } from './requestOf.ts';

interface Fixture {
  readonly pending: PendingUpgrade;
  readonly upgrade: Upgrade;
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** The other end. */
  readonly client: Duplex;
  readonly decided: jest.Mock;
  readonly time: VirtualTimeScheduler;
}

function pendingUpgrade(timeoutMs = Infinity): Fixture {
  const time = new VirtualTimeScheduler();
  const clock = scheduledClock(nodeClock, time);
  const [socket, client] = duplexPair();
  const request = requestOf();
  const handshake = RequestHandshake.of(request)!;
  const decided = jest.fn();
  const arrival = new SocketArrival(request, socket, Buffer.from('head'), handshake);
  const pending = new PendingUpgrade(arrival, { protocols: ['a'], timeoutMs, clock }, decided);
  return {
    pending,
    upgrade: { raw: request } as Upgrade,
    request,
    socket,
    client,
    decided,
    time,
  };
}

describe('PendingUpgrade', () => {
  it('is taken once, by whatever was made of its upgrade', () => {
    const { pending, upgrade } = pendingUpgrade();
    expect(pending.isTaken).toBe(false);
    expect(PendingUpgrade.take({ ...upgrade, params: { user: 'x' } }, () => {})).toBe(pending);
    expect(pending.isTaken).toBe(true);
    expect(() => PendingUpgrade.take(upgrade, () => {})).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });

  it('is none where `upgrades` did not make the upgrade', () => {
    const upgrade = { raw: requestOf() } as Upgrade;
    expect(() => PendingUpgrade.take(upgrade, () => {})).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });

  it('is accepted once, with what arrived', () => {
    const { pending, request, socket, client, decided } = pendingUpgrade();
    const handshake = jest.fn<(answer: WsAnswer) => undefined>();
    pending.accept(handshake, { protocol: 'a', lines: ['X: 1'] });
    const head = Buffer.from('head');
    expect(handshake.mock.calls).toEqual([[{ request, socket, head, protocol: 'a', lines: ['X: 1'] }]]);
    pending.accept(handshake, { protocol: '', lines: [] });
    pending.refuse({ status: 403 });
    expect(handshake).toHaveBeenCalledTimes(1);
    expect(decided.mock.calls).toEqual([[pending]]);
    expect(client.read()).toBeNull();
  });

  it('is refused once', async () => {
    const { pending, client, decided } = pendingUpgrade();
    pending.refuse({ status: 403 });
    pending.refuse({ status: 500 });
    client.end();
    expect(await text(client)).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n[^]*\r\n\r\nForbidden$/);
    expect(decided).toHaveBeenCalledTimes(1);
  });

  it('ends with 503 at its deadline, and cancels the decision', async () => {
    const { upgrade, client, time, decided } = pendingUpgrade(5);
    const cancel = jest.fn();
    PendingUpgrade.take(upgrade, cancel);
    pass(time, 4);
    expect([cancel.mock.calls, decided.mock.calls]).toEqual([[], []]);
    pass(time, 1);
    expect([cancel.mock.calls.length, decided.mock.calls.length]).toEqual([1, 1]);
    client.end();
    expect(await text(client)).toMatch(/^HTTP\/1\.1 503 /);
  });

  it.each([
    ['ends its half', (client: Duplex) => client.end()],
    ['is gone', (_: Duplex, socket: Duplex) => socket.destroy()],
  ])('cancels the decision when the client %s, and ends the socket', async (_, leave) => {
    const { upgrade, pending, client, socket, decided } = pendingUpgrade();
    const cancelled = new Promise<void>((cancel) => PendingUpgrade.take(upgrade, cancel));
    leave(client, socket);
    await turn();
    // As a socket of Node does when its end is read.
    socket.read(0);
    await cancelled;
    expect(socket.destroyed).toBe(true);
    expect(decided).toHaveBeenCalledTimes(1);
    const handshake = jest.fn<() => undefined>();
    expect(pending.accept(handshake, { protocol: '', lines: [] })).toBeUndefined();
    expect(handshake).not.toHaveBeenCalled();
    expect(PendingUpgrade.take(upgrade, () => {})).toBeUndefined();
  });

  it('does not cancel who decides', () => {
    const { upgrade } = pendingUpgrade();
    const cancel = jest.fn();
    const pending = PendingUpgrade.take(upgrade, cancel)!;
    pending.accept(() => undefined, { protocol: '', lines: [] });
    expect(cancel).not.toHaveBeenCalled();
  });

  it('leaves no listener and no timer', () => {
    const { pending, socket, time } = pendingUpgrade(1_000);
    expect(time.actions).toHaveLength(1);
    const before = duplexPair()[0];
    pending.accept(() => undefined, { protocol: '', lines: [] });
    for (const event of ['end', 'close'])
      expect(socket.listenerCount(event)).toBe(before.listenerCount(event));
    expect(time.actions).toEqual([]);
  });
});
