import { Subject, type VirtualTimeScheduler } from 'rxjs';
import type { Capabilities } from '../core/Capabilities.ts';
import { Fifo } from '../core/Fifo.ts';
import { bytesOf } from '../core/Outbound.ts';
import { Ping } from '../core/Ping.ts';
import type { OutboundSource, Transport, TransportEnd, TransportEvents } from '../core/Transport.ts';
import { type Arrival, bytesIn, CloseFrame, type MemoryPeer, PongFrame } from './MemoryPeer.ts';
import { MemoryPulse } from './MemoryPulse.ts';
import type { Call, MemoryTransportConfig } from './MemoryTransportConfig.ts';

export type { MemoryTransportConfig };

const EVERYTHING: Capabilities = { hold: true, ping: true, fragments: true };
const CUT: TransportEnd = { code: 1006, reason: '', wasClean: false, by: 'network' };

/** A transport over memory and virtual time, whose other end a spec plays. It fails on what no transport may be asked. */
export class MemoryTransport extends MemoryPulse implements Transport {
  side: 'client' | 'server';
  protocol: string;
  readonly capabilities: Capabilities;
  readonly calls: Call[] = [];
  bufferedBytes = 0;
  private events: TransportEvents | undefined;
  private readonly inbound = new Fifo<() => void>();
  private readonly wire = new Fifo<Arrival>();
  private readonly arrivals = new Subject<Arrival>();
  isPaused = false;
  /** What a stopped window takes; undefined: the window is open. */
  private roomBytes: number | undefined;
  /** A close frame is on the wire; then, it has left. */
  private closeSent = false;
  private closeLeft = false;
  /** The peer's close frame was sent; then, it was read. */
  private peerClosed = false;
  private closeRead: TransportEnd | undefined;

  constructor(
    scheduler: VirtualTimeScheduler,
    { side = 'server', protocol = 'memory', capabilities = EVERYTHING }: MemoryTransportConfig = {},
  ) {
    super(scheduler);
    this.side = side;
    this.protocol = protocol;
    this.capabilities = capabilities;
  }

  readonly peer: MemoryPeer = {
    received: this.arrivals.asObservable(),
    pongMs: 0,
    closeMs: 0,
    send: (...messages) =>
      this.arrive(() => messages.forEach((data) => this.events?.message(data, bytesOf(data)))),
    ping: (data) => this.arrive(() => this.pinged(data)),
    pong: (data) => this.arrive(() => this.ponged(data, this.events)),
    close: (code, reason = '') => this.closeByPeer(code, reason),
    cut: (error) => this.end(error === undefined ? CUT : { ...CUT, error }),
    stop: (roomBytes = Infinity) => (this.roomBytes = roomBytes),
    take: (count) => this.leave(count),
    start: () => {
      this.roomBytes = undefined;
      this.leave(Infinity);
    },
  };

  /** The frames in which `name` was called. */
  framesOf(name: Call['name']): readonly number[] {
    return this.calls.filter((call) => call.name === name).map(({ frame }) => frame);
  }

  open(events: TransportEvents): void {
    this.called('open');
    this.events = events;
  }

  get isOpen(): boolean {
    return this.events !== undefined && !this.closeSent && !this.peerClosed;
  }

  sendPing(data: Uint8Array): void {
    this.put(new Ping(data));
  }

  die(error: unknown): void {
    this.end({ ...CUT, error });
  }

  pause(): void {
    this.called('pause');
    this.isPaused = true;
  }

  resume(): void {
    this.called('resume');
    this.isPaused = false;
    this.clock.later(() => this.read());
    this.keepAlive?.resumed(this);
  }

  write(queue: OutboundSource, highWaterBytes: number): void {
    this.called('write');
    const room = Math.min(highWaterBytes, this.roomBytes ?? Infinity);
    while (queue.at(0) !== undefined && this.bufferedBytes < room) this.put(queue.shift()!);
  }

  close(code: number, reason: string): void {
    this.called('close');
    this.put(new CloseFrame(code, reason));
  }

  terminate(): void {
    this.called('terminate');
    this.endLater(this.closeRead ?? { ...CUT, by: 'local' });
  }

  private called(name: Call['name']): void {
    this.calls.push({ frame: this.clock.now(), name });
  }

  private put(item: Arrival): void {
    if (this.closeSent) throw new Error('nothing follows a close frame');
    this.closeSent = item instanceof CloseFrame;
    if (this.roomBytes === undefined) this.arriveAtPeer(item);
    else {
      this.wire.push(item);
      this.bufferedBytes += bytesIn(item);
    }
  }

  private leave(count: number): void {
    for (let left = count; left > 0 && this.wire.length > 0; left--) {
      const item = this.wire.shift()!;
      this.bufferedBytes -= bytesIn(item);
      this.arriveAtPeer(item);
      this.activity++;
    }
    this.clock.later(() => this.events?.drained());
  }

  private arriveAtPeer(item: Arrival): void {
    this.arrivals.next(item);
    if (item instanceof Ping) this.answer(this.peer.pongMs, () => this.peer.pong(item.data));
    if (!(item instanceof CloseFrame)) return;
    this.closeLeft = true;
    if (this.closeRead) this.endLater(this.closeRead);
    else if (!this.peerClosed) this.answer(this.peer.closeMs, () => this.closeByPeer(item.code, item.reason));
  }

  private answer(delayMs: number, give: () => void): void {
    if (delayMs !== Infinity) this.clock.schedule(give, delayMs);
  }

  /** One chunk from the peer: a pause waits for its end. */
  private arrive(chunk: () => void): void {
    this.inbound.push(chunk);
    if (this.inbound.length === 1) this.read();
  }

  private read(): void {
    while (!this.isPaused && this.inbound.length > 0) {
      this.activity++;
      this.inbound.at(0)!();
      this.inbound.shift();
    }
  }

  private pinged(data: Uint8Array): void {
    this.events?.ping(data);
    this.events?.answering();
    if (!this.closeSent) this.put(new PongFrame(data));
  }

  private closeByPeer(code: number, reason: string): void {
    if (this.peerClosed) return;
    this.peerClosed = true;
    this.arrive(() => this.closedByPeer(code, reason));
  }

  private closedByPeer(code: number, reason: string): void {
    this.closeRead = { code, reason, wasClean: true, by: this.closeSent ? 'local' : 'peer' };
    if (this.closeLeft) this.endLater(this.closeRead);
    else if (!this.closeSent) {
      this.events?.closing();
      this.put(new CloseFrame(code, ''));
    }
  }

  private endLater(end: TransportEnd): void {
    this.clock.later(() => this.end(end));
  }

  private end(end: TransportEnd): void {
    const { events } = this;
    this.events = undefined;
    this.keepAlive?.leave(this);
    this.keepAlive = undefined;
    events?.ended(end);
    this.arrivals.complete();
  }
}
