import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { scheduledClock } from '../../src/core/scheduledClock.ts';
import { refuse as refuseBy, type RefusalAnswer, unavailable } from '../../src/server/refuse.ts';
import { nodeClock } from '../../src/transports/ws/nodeClock.ts';
import { pass } from '../core/passing.ts';
import { RawClient } from './rawClient.ts';

let server: Server;
let onSocket: (socket: Socket) => void;
let time: VirtualTimeScheduler;
beforeEach(async () => {
  time = new VirtualTimeScheduler();
  server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    onSocket(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => new Promise<void>((done) => void server.close(() => done())));

const refuse = (socket: Socket, answer: RefusalAnswer): void =>
  refuseBy(socket, answer, scheduledClock(nodeClock, time));
const client = (bytes: string | Buffer = ''): RawClient =>
  RawClient.to((server.address() as AddressInfo).port, bytes);

describe('refuse', () => {
  it('answers and ends the socket', async () => {
    onSocket = (socket) => refuse(socket, { status: 404 });
    expect(await client().refusal()).toEqual({
      status: 404,
      headers: { connection: 'close', 'content-length': '9', 'content-type': 'text/plain; charset=utf-8' },
      body: 'Not Found',
    });
  });

  it('adds lines, and takes a body as it is, counted in bytes', async () => {
    onSocket = (socket) =>
      refuse(socket, {
        status: 401,
        lines: ['WWW-Authenticate: Bearer', 'content-type: text/html'],
        body: 'é\r\n\r\n',
      });
    const { headers, body } = await client().refusal();
    expect(headers).toEqual({
      connection: 'close',
      'content-length': '6',
      'www-authenticate': 'Bearer',
      'content-type': 'text/html',
    });
    expect(Buffer.from(body, 'latin1').toString()).toBe('é\r\n\r\n');
  });

  it('answers with a status that has no name', async () => {
    onSocket = (socket) => refuse(socket, { status: 499, body: '' });
    expect(await client().refusal()).toMatchObject({ status: 499, body: '' });
  });

  it('says when to come again where there was no room', async () => {
    onSocket = (socket) => refuse(socket, unavailable('timeout'));
    expect((await client().refusal()).headers['retry-after']).toBe('5');
  });

  it('is read by a client that has sent much more than its request', async () => {
    onSocket = (socket) => socket.once('data', () => refuse(socket, { status: 403 }));
    expect((await client(Buffer.alloc(4_000_000)).refusal()).status).toBe(403);
  });

  it('ends the socket of a client that neither reads nor leaves', async () => {
    const refused = new Promise<Socket>((done) => {
      onSocket = (socket) => {
        refuse(socket, { status: 403, body: 'x'.repeat(8_000_000) });
        done(socket);
      };
    });
    const deaf = client();
    deaf.socket.pause();
    const socket = await refused;
    await turn();
    pass(time, 999);
    expect(socket.destroyed).toBe(false);
    pass(time, 1);
    expect(socket.destroyed).toBe(true);
    deaf.socket.destroy();
  });

  it('destroys a socket that takes no answer', async () => {
    const destroyed = new Promise<boolean>((done) => {
      onSocket = (socket) => {
        socket.end();
        refuse(socket, { status: 403 });
        done(socket.destroyed);
      };
    });
    const left = client();
    expect(await destroyed).toBe(true);
    await left.closed;
  });

  it('leaves no timer', async () => {
    const closed = new Promise<void>((done) => {
      onSocket = (socket) => {
        refuse(socket, { status: 403 });
        socket.on('close', () => done());
      };
    });
    await client().closed;
    await closed;
    expect(time.actions).toEqual([]);
  });
});
