import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { firstValueFrom, Subject } from 'rxjs';
import { WebSocket } from 'ws';
import { Fifo } from '../../../src/core/Fifo.ts';
import { type Outbound, payloadOf } from '../../../src/core/Outbound.ts';
import { Ping } from '../../../src/core/Ping.ts';
import { Prepared } from '../../../src/core/Prepared.ts';
import type { FlushingWebSocket } from '../../../src/transports/ws/FlushingWebSocket.ts';
import { WsWriter } from '../../../src/transports/ws/WsWriter.ts';
import { acceptAll } from './wire.ts';

const HIGH = 65_536;

/** A writer, the plain client at its other end, and what that one received. */
async function open(options = {}) {
  const accepted = new Subject<{ ws: FlushingWebSocket; socket: Duplex }>();
  const opened = firstValueFrom(accepted);
  const { server, port } = await acceptAll((ws, socket) => accepted.next({ ws, socket }), options);
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  const received: string[] = [];
  client.on('message', (data, isBinary) =>
    received.push(isBinary ? `${(data as Buffer).length} bytes` : (data as Buffer).toString()),
  );
  client.on('ping', (data) => received.push(`ping ${data.toString()}`));
  const [{ ws, socket }] = await Promise.all([opened, once(client, 'open')]);
  const drained = jest.fn();
  const writer = new WsWriter(ws, socket, false, drained);
  const write = jest.spyOn(socket, 'write');
  const all = async (count: number) => {
    while (received.length < count) await once(client, 'message');
    return received;
  };
  return { server, client, ws, socket, writer, write, drained, received, all };
}

const queueOf = (...messages: Outbound[]): Fifo<Outbound> => {
  const queue = new Fifo<Outbound>();
  messages.forEach((message) => queue.push(message));
  return queue;
};

let running: Awaited<ReturnType<typeof open>>;
let server: Server;
beforeEach(async () => {
  running = await open();
  ({ server } = running);
});
afterEach(() => {
  running.client.terminate();
  server.close();
});

describe('WsWriter', () => {
  it('writes many messages in one system call', async () => {
    const { writer, write, all } = running;
    const messages = Array.from({ length: 1000 }, (_, i) => `message ${i}`);
    writer.write(queueOf(...messages), HIGH);
    expect(write).toHaveBeenCalledTimes(1);
    expect(await all(1000)).toEqual(messages);
  });

  it('takes one call for each window, and one for each ping between', async () => {
    const { writer, write, all } = running;
    const messages = Array.from({ length: 200 }, () => 'x'.repeat(1000));
    const queue = queueOf(...messages, new Ping(Buffer.from('p')), 'after');
    while (queue.length > 0) {
      writer.write(queue, HIGH);
      if (queue.length > 0) await new Promise(setImmediate);
    }
    // `ws` writes header and payload of its ping corked: two calls, one for the system.
    expect(write.mock.calls.length).toBeLessThanOrEqual(4 + 2 + 1);
    expect((await all(202)).slice(-2)).toEqual(['ping p', 'after']);
  });

  it('keeps the order of small and large, text and bytes', async () => {
    const { writer, all } = running;
    const messages = [
      'a',
      'x'.repeat(20_000),
      'b',
      new Uint8Array(30_000),
      'c',
      new Prepared(1, 'prepared'),
      'd',
    ];
    writer.write(queueOf(...messages), 1 << 20);
    const expected = messages.map((message) => {
      const data = payloadOf(message);
      return typeof data === 'string' ? data : `${data.length} bytes`;
    });
    expect(await all(7)).toEqual(expected);
  });

  it('makes the frame of a prepared message once', async () => {
    const { writer, write, all } = running;
    const prepared = new Prepared(1, 'once');
    writer.write(queueOf(prepared), HIGH);
    const { frame } = prepared;
    writer.write(queueOf(prepared), HIGH);
    expect(write.mock.calls.map(([bytes]) => bytes as unknown)).toEqual([frame, frame]);
    expect(prepared.frame).toBe(frame);
    expect(await all(2)).toEqual(['once', 'once']);
  });

  it('stops at the window of a peer that does not read, and says when bytes have left', async () => {
    const { writer, client, drained, all } = running;
    client.pause();
    const messages = Array.from({ length: 2000 }, (_, i) => `${i}`.padEnd(10_000, '.'));
    const queue = queueOf(...messages);
    let left: number;
    do {
      left = queue.length;
      writer.write(queue, HIGH);
      await new Promise(setImmediate);
    } while (queue.length < left);
    expect(queue.length).toBeGreaterThan(0);
    expect(writer.bufferedBytes).toBeGreaterThanOrEqual(HIGH);
    expect(writer.bufferedBytes).toBeLessThan(HIGH + 20_000);
    drained.mockImplementation(() => writer.write(queue, HIGH));
    client.resume();
    expect(await all(2000)).toEqual(messages);
  });

  it('says of one large message too that bytes have left, while they do', async () => {
    const { writer, client, drained, all } = running;
    client.pause();
    const large = 'x'.repeat(16_000_000);
    writer.write(queueOf(large, 'behind it'), Infinity);
    await new Promise(setImmediate);
    const before = writer.progress;
    expect(writer.bufferedBytes).toBeGreaterThan(HIGH);
    client.resume();
    expect(await all(2)).toEqual([large, 'behind it']);
    expect(writer.progress - before).toBeGreaterThan(5);
    expect(drained.mock.calls.length).toBeGreaterThan(5);
    expect(writer.bufferedBytes).toBe(0);
  });

  it('never changes bytes that the socket still keeps', async () => {
    const { writer, socket, all } = running;
    // What is corked is kept by the socket: the next batch must not be written over it.
    socket.cork();
    writer.write(queueOf('first'), HIGH);
    writer.write(queueOf('other'), HIGH);
    socket.uncork();
    expect(await all(2)).toEqual(['first', 'other']);
  });

  it('takes nothing once the socket is closing', () => {
    const { writer, ws, write } = running;
    ws.close();
    write.mockClear();
    const queue = queueOf('late');
    writer.write(queue, HIGH);
    expect([queue.length, write.mock.calls.length]).toEqual([1, 0]);
  });
});

describe('WsWriter where a compression was agreed on', () => {
  it('keeps the order and the window', async () => {
    const {
      server: other,
      client,
      ws,
      writer,
      drained,
      all,
    } = await open({ perMessageDeflate: { threshold: 0 } });
    expect(ws.extensions).toContain('permessage-deflate');
    const messages = Array.from({ length: 300 }, (_, i) => `${i} `.repeat(300));
    const queue = queueOf(...messages);
    writer.write(queue, HIGH);
    expect(writer.bufferedBytes).toBeGreaterThan(0);
    expect(queue.length).toBeGreaterThan(0);
    drained.mockImplementation(() => writer.write(queue, HIGH));
    expect(await all(300)).toEqual(messages);
    expect(writer.bufferedBytes).toBe(0);
    client.terminate();
    other.close();
  });
});
