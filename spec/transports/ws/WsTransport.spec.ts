import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Fifo } from '../../../src/core/Fifo.ts';
import type { Outbound } from '../../../src/core/Outbound.ts';
import type { TransportEnd, TransportEvents } from '../../../src/core/Transport.ts';
import { nodeClock } from '../../../src/transports/ws/nodeClock.ts';
import { WsTransport } from '../../../src/transports/ws/WsTransport.ts';
import { acceptAll, clientFrame, UPGRADE } from './wire.ts';

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;

let server: Server;
afterEach(() => {
  server.close();
});

/** A transport whose raw peer sends `bytes` in the packet of the upgrade; what it tells, and how it ended. */
async function open(bytes: Buffer = Buffer.alloc(0)) {
  const seen: string[] = [];
  let ended: (end: TransportEnd) => void;
  const end = new Promise<TransportEnd>((resolve) => (ended = resolve));
  const events: TransportEvents = {
    message: (data, count) => seen.push(`${typeof data === 'string' ? data : data.length} ${count}`),
    ping: (data) => seen.push(`ping ${data.toString()}`),
    pong: (data) => seen.push(`pong ${data.toString()}`),
    drained: () => {},
    answering: () => seen.push('answering'),
    roundTrip: () => {},
    exceeded: () => {},
    closing: () => seen.push('closing'),
    ended: (how) => ended(how),
  };
  let accepted: (transport: WsTransport) => void;
  const opened = new Promise<WsTransport>((resolve) => (accepted = resolve));
  const running = await acceptAll(
    (ws, socket) => {
      const transport = new WsTransport(ws, socket, { side: 'server', clock: nodeClock });
      transport.open(events);
      accepted(transport);
    },
    { maxPayload: 1000 },
  );
  ({ server } = running);
  const peer: Socket = connect(running.port, '127.0.0.1');
  peer.on('error', () => {});
  peer.write(Buffer.concat([Buffer.from(UPGRADE), bytes]));
  const transport = await opened;
  return { transport, peer, seen, end };
}

const closeFrame = (code: number, reason = '') =>
  clientFrame(CLOSE, Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]));

describe('WsTransport', () => {
  it('tells messages with their bytes, pings and pongs in order, from the packet of the upgrade on', async () => {
    const { seen, end, peer } = await open(
      Buffer.concat([
        clientFrame(TEXT, 'héllo'),
        clientFrame(PING, 'p'),
        clientFrame(BINARY, 'abc'),
        clientFrame(10, 'q'),
        closeFrame(4000, 'bye'),
      ]),
    );
    peer.resume();
    expect(await end).toEqual({ code: 4000, reason: 'bye', wasClean: true, by: 'peer' });
    expect(seen.slice(0, 6)).toEqual(['héllo 6', 'answering', 'ping p', '3 3', 'pong q', 'closing']);
  });

  it('puts fragments together', async () => {
    const parts = [
      clientFrame(TEXT, 'a', false),
      clientFrame(0, 'b', false),
      clientFrame(0, 'c'),
      closeFrame(1000),
    ];
    const { seen, end, peer } = await open(Buffer.concat(parts));
    peer.resume();
    await end;
    expect(seen[0]).toBe('abc 3');
  });

  it.each([
    ['a bad RSV bit', Buffer.from([0xf1, 0x80, 0, 0, 0, 0]), 1002, 'WS_ERR_UNEXPECTED_RSV_2_3'],
    ['a bad opcode', Buffer.from([0x83, 0x80, 0, 0, 0, 0]), 1002, 'WS_ERR_INVALID_OPCODE'],
    ['a frame without a mask', Buffer.from([0x81, 0x01, 0x61]), 1002, 'WS_ERR_EXPECTED_MASK'],
    ['invalid UTF-8', clientFrame(TEXT, Buffer.from([0xff, 0xfe])), 1007, 'WS_ERR_INVALID_UTF8'],
    [
      'a message that is too large',
      clientFrame(BINARY, Buffer.alloc(1001)),
      1009,
      'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
    ],
    ['a continuation of nothing', clientFrame(0, 'x'), 1002, 'WS_ERR_INVALID_OPCODE'],
    ['a close code that may not be sent', closeFrame(1005), 1002, 'WS_ERR_INVALID_CLOSE_CODE'],
  ])('ends with the code of the fault on %s, in the packet of the upgrade', async (_, bytes, code, fault) => {
    const { end, peer, seen } = await open(bytes);
    const answer: Buffer[] = [];
    peer.on('data', (chunk) => answer.push(chunk));
    const ended = await end;
    expect(ended).toMatchObject({
      code,
      wasClean: false,
      by: 'local',
      error: expect.objectContaining({ code: fault }),
    });
    expect(seen).toEqual(['closing']);
    // What the peer is told is the same code.
    expect(Buffer.concat(answer).subarray(-4).toString('hex')).toBe(
      `8802${code.toString(16).padStart(4, '0')}`,
    );
  });

  it('tells a reset, and what it was', async () => {
    const { end, peer } = await open();
    await once(peer, 'data');
    peer.resetAndDestroy();
    expect(await end).toMatchObject({
      code: 1006,
      wasClean: false,
      by: 'network',
      error: expect.objectContaining({ code: 'ECONNRESET' }),
    });
  });

  it('tells an end without a close frame', async () => {
    const { end, peer, seen } = await open();
    peer.resume();
    peer.end();
    expect(await end).toEqual({ code: 1006, reason: '', wasClean: false, by: 'network' });
    expect(seen).toEqual(['closing']);
  });

  it('is closed by this end, once the peer has answered', async () => {
    const { transport, end, peer, seen } = await open();
    transport.close(4001, 'mine');
    peer.on('data', (chunk) => chunk.includes('mine') && peer.write(closeFrame(4001)));
    expect(await end).toMatchObject({ code: 4001, wasClean: true, by: 'local' });
    expect(seen).toContain('closing');
  });

  it('is cut by this end', async () => {
    const { transport, end, peer } = await open();
    transport.terminate();
    peer.resume();
    expect(await end).toMatchObject({ code: 1006, wasClean: false });
  });

  it('stops reading while it is paused, and loses nothing', async () => {
    const { transport, seen, peer, end } = await open();
    transport.pause();
    peer.write(Buffer.concat([clientFrame(TEXT, 'a'), closeFrame(1000)]));
    peer.resume();
    await new Promise(setImmediate);
    expect(seen).toEqual([]);
    transport.resume();
    await end;
    expect(seen[0]).toBe('a 1');
  });

  it('takes nothing when the peer has ended its half', async () => {
    const { transport, end, peer } = await open();
    peer.resume();
    peer.end();
    await end;
    const queue = new Fifo<Outbound>();
    queue.push('late');
    transport.write(queue, 65_536);
    expect(queue.length).toBe(1);
  });
});
