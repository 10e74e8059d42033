import { duplexPair } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { RequestHandshake } from '../../src/server/RequestHandshake.ts';
import { SocketArrival } from '../../src/server/SocketArrival.ts';
import type { AcceptWs } from '../../src/transports/ws/acceptWs.ts';
import { nodeClock } from '../../src/transports/ws/nodeClock.ts';
import { requestOf } from './requestOf.ts';

function arrive() {
  const [socket, client] = duplexPair();
  const request = requestOf();
  const head = Buffer.from('head');
  const arrival = new SocketArrival(request, socket, head, RequestHandshake.of(request)!);
  return { arrival, socket, client, request, head };
}

describe('SocketArrival', () => {
  it('tells when the client leaves, or sends no more', async () => {
    const { arrival, socket, client } = arrive();
    const left = jest.fn();
    const stay = arrival.whenLeft(left);
    socket.resume();
    client.end();
    await turn();
    expect(left).toHaveBeenCalled();
    left.mockClear();
    stay();
    socket.destroy();
    await turn();
    expect(left).not.toHaveBeenCalled();
    expect(socket.listenerCount('close') + socket.listenerCount('end')).toBeLessThan(3);
  });

  it('hands the socket to the handshake', () => {
    const { arrival, socket, request, head } = arrive();
    const handshake = jest.fn<AcceptWs>();
    arrival.accept(handshake, { protocol: 'p', lines: ['a: b'] });
    expect(handshake).toHaveBeenCalledWith({ request, socket, head, protocol: 'p', lines: ['a: b'] });
  });

  it('answers a refusal', async () => {
    const { arrival, client } = arrive();
    const answer = text(client);
    arrival.refuse({ status: 403 }, nodeClock);
    expect(await answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    client.destroy();
  });

  it('can be dropped without an answer', () => {
    const { arrival, socket } = arrive();
    arrival.drop();
    expect(socket.destroyed).toBe(true);
  });
});
