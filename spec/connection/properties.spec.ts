import fc from 'fast-check';
import { type Subscription, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import { Fragment } from '../../src/core/Fragment.ts';
import { payloadOf } from '../../src/core/Outbound.ts';
import { Ping } from '../../src/core/Ping.ts';
import type { Hold } from '../../src/core/Valve.ts';
import { collect, connectionOver } from './contract/Pair.ts';
import { CloseFrame, MemoryTransport, PongFrame } from './MemoryTransport.ts';

const CHUNK_BYTES = 400;
const SLOT_BYTES = 8;
const config = {
  readAheadBytes: 300,
  highWaterBytes: 200,
  maxQueuedBytes: 600,
  unreadTimeoutMs: Infinity,
  stalledTimeoutMs: Infinity,
};
type Step = readonly [action: string, size: number];

/** A connection over memory, what is done to it, and what must be so at any time. */
class World {
  readonly scheduler = new VirtualTimeScheduler();
  readonly transport = new MemoryTransport(this.scheduler);
  readonly connection = connectionOver(this.transport, config).connection;
  readonly closed = collect(this.connection.closed);
  private readonly holds: Hold[] = [];
  private readonly readers: Subscription[] = [];
  private readonly reading = collect(this.connection.reading);
  private readonly writable = collect(this.connection.writable);
  private readonly dropped = collect(this.connection.dropped);
  /** What the peer sent, and how many bytes have arrived and been delivered of it. */
  private said = 0;
  private arrivedBytes = 0;
  private delivered = 0;
  private deliveredBytes = 0;
  /** What was sent to the peer: taken by us, and seen there. */
  private sent = 0;
  private readonly taken: string[] = [];
  private readonly seen: string[] = [];
  private parts: string | undefined;

  constructor() {
    this.connection.frames.subscribe(({ kind, data }) => {
      if (kind === 'text') this.arrivedBytes += data.length + SLOT_BYTES;
    });
    this.transport.peer.received.subscribe((arrival) => {
      if (arrival instanceof CloseFrame || arrival instanceof PongFrame || arrival instanceof Ping) return;
      if (arrival instanceof Fragment) {
        expect(arrival.first).toBe(this.parts === undefined);
        this.parts = (this.parts ?? '') + (arrival.data as string);
        if (!arrival.last) return;
        this.seen.push(this.parts);
        this.parts = undefined;
        return;
      }
      expect(this.parts).toBeUndefined();
      this.seen.push(payloadOf(arrival) as string);
    });
  }

  do([action, size]: Step): void {
    const { connection, transport } = this;
    const open = connection.state === 'open';
    switch (action) {
      case 'say':
        if (open) transport.peer.send(...this.chunk(size));
        break;
      case 'ping':
        if (open) transport.peer.ping(Uint8Array.of(size));
        break;
      case 'hold':
        this.holds.push(connection.hold());
        break;
      case 'release':
        this.holds.splice(size % (this.holds.length || 1), 1)[0]?.unsubscribe();
        break;
      case 'read':
        this.readers.push(this.read());
        break;
      case 'leave':
        this.readers.splice(size % (this.readers.length || 1), 1)[0]?.unsubscribe();
        break;
      case 'send':
        this.send(size);
        break;
      case 'parts':
        if (open) this.sendParts(size);
        break;
      case 'stop':
        transport.peer.stop(size);
        break;
      case 'take':
        transport.peer.take(size % 5);
        break;
      case 'start':
        transport.peer.start();
        break;
      case 'turn':
        this.turn();
    }
    this.check();
  }

  turn(): void {
    this.scheduler.maxFrames = this.scheduler.frame;
    this.scheduler.flush();
  }

  /** The peer reads all and closes; nobody holds, and somebody reads. */
  end(): void {
    this.transport.peer.start();
    this.turn();
    if (this.connection.state === 'open') this.transport.peer.close(4000);
    this.turn();
    for (const hold of this.holds.splice(0)) hold.unsubscribe();
    const last = collect(this.connection.messages);
    this.readers.push(this.read());
    this.turn();
    this.scheduler.maxFrames = Infinity;
    this.scheduler.flush();
    expect(last.isComplete).toBe(true);
    this.check();

    const [close] = this.closed.values;
    expect(this.closed.values).toHaveLength(1);
    const calls = this.transport.calls.length;
    this.connection.send('late');
    this.connection.close();
    this.connection.terminate();
    this.scheduler.flush();
    expect(this.transport.calls).toHaveLength(calls);
    expect(this.scheduler.actions).toHaveLength(0);

    // Too much was sent at once, and the peer was sent away; else all has arrived, on both ends.
    if (close!.code === 1013) return;
    expect(close).toMatchObject({ code: 4000, by: 'peer', wasClean: true });
    expect(this.dropped.values).toEqual([]);
    expect(this.seen).toEqual(this.taken);
    expect(this.delivered).toBe(this.said);
  }

  private check(): void {
    const { connection, transport } = this;
    const { readAheadBytes, highWaterBytes, maxQueuedBytes } = config;
    expect(this.arrivedBytes - this.deliveredBytes).toBeLessThanOrEqual(readAheadBytes + CHUNK_BYTES);
    expect(transport.bufferedBytes).toBeLessThanOrEqual(highWaterBytes + CHUNK_BYTES);
    expect(connection.bufferedBytes).toBeLessThanOrEqual(maxQueuedBytes + highWaterBytes + 2 * CHUNK_BYTES);
    expect(this.seen).toEqual(this.taken.slice(0, this.seen.length));
    if (connection.state !== 'open') return;
    expect(this.reading.values.at(-1)).toBe(this.holds.length === 0);
    for (const { values } of [this.reading, this.writable])
      expect(values).toEqual(values.map((_, n) => n % 2 === 0));
  }

  private chunk(size: number): string[] {
    const count = 1 + (size % 4);
    return Array.from({ length: count }, () => `${this.said++} `.padEnd(size % 90, 'x'));
  }

  private read(): Subscription {
    let last = -1;
    return this.connection.text.subscribe((text) => {
      const n = Number.parseInt(text, 10);
      expect(this.holds).toHaveLength(0);
      // Nobody gets one twice, or an older one; and all of them are got by somebody.
      expect(n).toBeGreaterThan(last);
      last = n;
      if (n === this.delivered - 1) return;
      expect(n).toBe(this.delivered++);
      this.deliveredBytes += text.length + SLOT_BYTES;
    });
  }

  private send(size: number): void {
    const message = `${this.sent++} `.padEnd(size, 'y');
    if (this.connection.send(message)) this.taken.push(message);
  }

  private sendParts(size: number): void {
    const message = `${this.sent++} `.padEnd(size % 100, 'z');
    this.taken.push(message);
    this.connection.sendFragments(message.match(/.{1,20}/g)!).subscribe({ error: () => {} });
  }
}

const size = fc.nat({ max: 399 });
const steps = fc.array(
  fc.tuple(
    fc.constantFrom(
      'say',
      'say',
      'ping',
      'hold',
      'release',
      'release',
      'read',
      'leave',
      'send',
      'send',
      'parts',
      'stop',
      'take',
      'start',
      'turn',
      'turn',
    ),
    size,
  ),
  { maxLength: 80, size: 'max' },
);

describe('a connection, whatever is done to it', () => {
  it('loses nothing, keeps the order, delivers each once, and stays within its bounds', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const world = new World();
        for (const step of all) world.do(step);
        world.end();
      }),
      { numRuns: 300 },
    );
  });
});
