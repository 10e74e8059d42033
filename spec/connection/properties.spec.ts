import fc from 'fast-check';
import { type Subscription, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import { Fragment } from '../../src/core/Fragment.ts';
import { payloadOf } from '../../src/core/Outbound.ts';
import { Ping } from '../../src/core/Ping.ts';
import type { Hold } from '../../src/core/Valve.ts';
import { collect, connectionOver } from './contract/Pair.ts';
import { MemoryTransport } from '../../src/testing/MemoryTransport.ts';
import { CloseFrame, PongFrame } from '../../src/testing/MemoryPeer.ts';

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
  private discards = false;
  private unfinished = false;
  private readonly broken: string[] = [];

  constructor() {
    this.connection.frames.subscribe(({ kind, data }) => {
      if (kind === 'text') this.arrivedBytes += data.length + SLOT_BYTES;
    });
    this.transport.peer.received.subscribe((arrival) => {
      if (arrival instanceof CloseFrame || arrival instanceof PongFrame || arrival instanceof Ping) return;
      const text = payloadOf(arrival) as string;
      const { first, last } = arrival instanceof Fragment ? arrival : { first: true, last: true };
      this.must('frames of two messages are mixed', first === (this.parts === undefined));
      this.parts = (this.parts ?? '') + text;
      if (!last) return;
      this.arrived(this.parts);
      this.parts = undefined;
    });
  }

  /** What a subscriber throws goes elsewhere: it is kept, and thrown from here. */
  private must(be: string, isSo: boolean): void {
    if (!isSo) this.broken.push(be);
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
        break;
      case 'close':
        this.discards ||= open;
        connection.close(4001);
        break;
      case 'terminate':
        this.discards ||= connection.state !== 'closed';
        connection.terminate();
        break;
      case 'cut':
        transport.peer.cut();
        break;
      case 'peer closes':
        if (open) transport.peer.close(4000);
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

    // What has arrived is delivered, unless this end closed before: too much was sent at once, for example.
    if (this.discards || close!.by === 'local') return;
    expect(this.arrivedBytes).toBe(this.deliveredBytes);
    if (close!.by === 'network' || this.dropped.values.length > 0 || this.unfinished) return;
    expect(close).toMatchObject({ code: 4000, wasClean: true });
    expect(this.seen).toEqual(this.taken);
    expect(this.delivered).toBe(this.said);
  }

  private check(): void {
    expect(this.broken).toEqual([]);
    const { connection, transport } = this;
    const { readAheadBytes, highWaterBytes, maxQueuedBytes } = config;
    this.must('the socket holds too much', transport.bufferedBytes <= highWaterBytes + CHUNK_BYTES);
    const queuedBytes = connection.bufferedBytes - transport.bufferedBytes;
    this.must('the queue holds too much', queuedBytes <= maxQueuedBytes + highWaterBytes + CHUNK_BYTES);
    if (connection.state !== 'open') return;
    this.must(
      'too much is read ahead',
      this.arrivedBytes - this.deliveredBytes <= readAheadBytes + CHUNK_BYTES,
    );
    this.must('reading says what is so', this.reading.values.at(-1) === (this.holds.length === 0));
    this.must(
      'reading alternates',
      this.reading.values.every((is, n) => is === (n % 2 === 0)),
    );
    this.must(
      'writable alternates',
      this.writable.values.every((is, n) => is === (n % 2 === 0)),
    );
  }

  private arrived(message: string): void {
    this.must('what arrives is what was sent, in order', this.taken[this.seen.length] === message);
    this.seen.push(message);
  }

  private chunk(size: number): string[] {
    const count = 1 + (size % 4);
    return Array.from({ length: count }, () => `${this.said++} `.padEnd(size % 90, 'x'));
  }

  private read(): Subscription {
    let last = -1;
    return this.connection.text.subscribe((text) => {
      const n = Number.parseInt(text, 10);
      this.must('delivered under a hold', this.holds.length === 0);
      this.must('delivered to one reader twice, or out of order', n > last);
      last = n;
      // Another reader got it first.
      if (n === this.delivered - 1) return;
      this.must('delivered with a gap', n === this.delivered++);
      this.deliveredBytes += text.length + SLOT_BYTES;
    });
  }

  private send(size: number): void {
    const message = `${this.sent++} `.padEnd(size, 'y');
    // It may arrive inside the call.
    this.taken.push(message);
    if (!this.connection.send(message)) this.taken.pop();
  }

  private sendParts(size: number): void {
    const message = `${this.sent++} `.padEnd(size % 100, 'z');
    this.taken.push(message);
    this.connection
      .sendFragments(message.match(/.{1,20}/g)!)
      .subscribe({ error: () => (this.unfinished = true) });
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

const enders = fc.tuple(fc.constantFrom('close', 'terminate', 'cut', 'peer closes'), size);

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

  it('ends once, however and whenever, and asks for nothing more', () => {
    fc.assert(
      fc.property(steps, enders, steps, enders, (before, end, after, again) => {
        const world = new World();
        for (const step of [...before, end, ...after, again]) world.do(step);
        world.end();
      }),
      { numRuns: 300 },
    );
  });
});
