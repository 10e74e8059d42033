import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Capabilities } from '../../core/Capabilities.ts';
import type { Clock } from '../../core/Clock.ts';
import type { Fifo } from '../../core/Fifo.ts';
import { Fragment } from '../../core/Fragment.ts';
import { bytesOf, type Outbound, payloadOf } from '../../core/Outbound.ts';
import { Ping } from '../../core/Ping.ts';
import { Prepared } from '../../core/Prepared.ts';
import type { Transport, TransportEnd, TransportEvents } from '../../core/Transport.ts';
import { batch, frameOf } from './Batch.ts';
import type { ControlObserver, FlushingWebSocket } from './FlushingWebSocket.ts';
import { nodeClock } from './nodeClock.ts';

const CAPABILITIES: Capabilities = { hold: true, ping: true, fragments: true };

/**
 * An open `ws` socket, of either end. It reads and answers through `ws`, and writes data frames itself: many in one
 * write. Where a compression was agreed on, `ws` writes them.
 */
export class WsTransport implements Transport, ControlObserver {
  readonly side: 'client' | 'server';
  readonly capabilities: Capabilities = CAPABILITIES;
  readonly clock: Clock = nodeClock;
  private readonly ws: FlushingWebSocket;
  private readonly socket: Duplex;
  private events: TransportEvents | undefined;
  /** Bytes inside `ws`, where it writes: it compresses them at its leisure, and the socket does not know of them. */
  private compressing = 0;
  /** The socket takes bytes at once or keeps them itself: memory that it has not kept can be used again. */
  private readonly plain: boolean;
  private reusable: boolean;
  private closeAsked = false;
  private faultCode: number | undefined;
  private fault: unknown;

  constructor(ws: FlushingWebSocket, socket: Duplex, side: 'client' | 'server') {
    this.ws = ws;
    this.socket = socket;
    this.side = side;
    // By prototype, and not `instanceof`: a subclass may keep what it is given.
    this.plain = Object.getPrototypeOf(socket) === Socket.prototype;
    this.reusable = this.plain;
    ws.observer = this;
  }

  get protocol(): string {
    return this.ws.protocol;
  }

  get bufferedBytes(): number {
    return this.socket.writableLength + this.compressing;
  }

  open(events: TransportEvents): void {
    this.events = events;
    const { ws, socket } = this;
    ws.on('message', onMessage);
    ws.on('ping', onPing);
    ws.on('pong', onPong);
    ws.on('error', this.onFault);
    ws.on('close', onClose);
    // `ws` says nothing of it, and it is why the connection was lost.
    socket.on('error', this.onFault);
    // Nor has it a time limit for a peer that ends its half and reads nothing more.
    socket.on('end', () => events.closing());
  }

  pause(): void {
    this.ws.pause();
  }

  resume(): void {
    this.ws.resume();
  }

  write(queue: Fifo<Outbound>, highWaterBytes: number): void {
    const { ws, socket } = this;
    const compressed = ws.extensions !== '';
    while (queue.length > 0 && ws.readyState === WebSocket.OPEN && socket.writable) {
      const room = highWaterBytes - this.bufferedBytes;
      if (room <= 0) return;
      if (queue.at(0) instanceof Ping) ws.ping((queue.shift() as Ping).data, undefined, this.written);
      else if (compressed) this.compress(queue, room);
      else if (!this.writeBatch(queue, room)) this.writeOne(queue.shift()!);
    }
  }

  ping(data: Uint8Array): void {
    this.ws.ping(data);
  }

  close(code: number, reason: string): void {
    this.closeAsked = true;
    this.ws.close(code, reason);
  }

  terminate(): void {
    this.ws.terminate();
  }

  beforeClose(code: number | undefined): void {
    if (this.closeAsked) return;
    this.faultCode = code;
    this.events?.closing();
  }

  beforePong(): void {
    this.events?.answering();
  }

  /** As many of the queue as fit, in one write; false where the first one has to be written by itself. */
  private writeBatch(queue: Fifo<Outbound>, room: number): boolean {
    const masked = this.side === 'client';
    batch.clear();
    while (queue.length > 0 && batch.length < room) {
      const next = queue.at(0)!;
      if (typeof next !== 'string') {
        if (next instanceof Ping) break;
        if (next instanceof Prepared && !masked) {
          // Alone it needs no copy: its frame is nobody else's to change.
          if (batch.length === 0 && queue.length === 1) return false;
          if (!batch.addFrame(preparedFrame(next))) break;
          queue.shift();
          continue;
        }
      }
      if (!batch.add(next, masked)) break;
      queue.shift();
    }
    if (batch.length === 0) return false;
    this.writeBytes();
    return true;
  }

  private writeBytes(): void {
    const { socket } = this;
    if (!this.reusable) {
      socket.write(Buffer.from(batch.bytes), this.written);
      return;
    }
    socket.write(batch.bytes, this.written);
    if (socket.writableLength === 0) return;
    batch.giveAway();
    this.reusable = false;
  }

  private writeOne(outbound: Outbound): void {
    const { socket } = this;
    const masked = this.side === 'client';
    const parts = outbound instanceof Prepared && !masked ? [preparedFrame(outbound)] : frameOf(outbound, masked);
    const last = parts.length - 1;
    socket.cork();
    parts.forEach((part, index) => (index === last ? socket.write(part, this.written) : socket.write(part)));
    socket.uncork();
  }

  private compress(queue: Fifo<Outbound>, room: number): void {
    let bytes = 0;
    this.socket.cork();
    while (queue.length > 0 && bytes < room && !(queue.at(0) instanceof Ping)) {
      const outbound = queue.shift()!;
      const data = payloadOf(outbound);
      const options = { binary: typeof data !== 'string', fin: !(outbound instanceof Fragment) || outbound.last };
      bytes += bytesOf(outbound);
      if (queue.length > 0 && bytes < room && !(queue.at(0) instanceof Ping)) this.ws.send(data, options);
      else {
        const sent = bytes;
        this.ws.send(data, options, () => {
          this.compressing -= sent;
          this.events?.drained();
        });
      }
    }
    this.compressing += bytes;
    this.socket.uncork();
  }

  private readonly written = (): void => {
    if (this.socket.writableLength === 0) this.reusable = this.plain;
    this.events?.drained();
  };

  private readonly onFault = (error: unknown): void => {
    this.fault ??= error;
  };

  received(data: Buffer, isBinary: boolean): void {
    this.events?.message(isBinary ? data : data.toString(), data.length);
  }

  receivedControl(kind: 'ping' | 'pong', data: Buffer): void {
    this.events?.[kind](data);
  }

  ended(code: number, reason: Buffer): void {
    this.events?.ended(this.endOf(code, reason.toString()));
  }

  private endOf(code: number, reason: string): TransportEnd {
    if (code !== 1006) return { code, reason, wasClean: true, by: this.closeAsked ? 'local' : 'peer' };
    const error = this.fault === undefined ? {} : { error: this.fault };
    // `ws` found fault with the peer and closed by itself: what it sent is the code.
    if (this.faultCode !== undefined) return { code: this.faultCode, reason, wasClean: false, by: 'local', ...error };
    return { code, reason, wasClean: false, by: 'network', ...error };
  }
}

/** The frame is made by the first connection that sends it, and is the same for all. */
function preparedFrame(prepared: Prepared<unknown>): Uint8Array {
  prepared.frame ??= Buffer.concat(frameOf(prepared, false));
  return prepared.frame;
}

// One function for all sockets: a closure for each would cost more than the rest of an idle connection.
function onMessage(this: WebSocket, data: unknown, isBinary: boolean): void {
  transportOf(this).received(data as Buffer, isBinary);
}
function onPing(this: WebSocket, data: Buffer): void {
  transportOf(this).receivedControl('ping', data);
}
function onPong(this: WebSocket, data: Buffer): void {
  transportOf(this).receivedControl('pong', data);
}
function onClose(this: WebSocket, code: number, reason: Buffer): void {
  transportOf(this).ended(code, reason);
}
function transportOf(ws: WebSocket): WsTransport {
  return (ws as FlushingWebSocket).observer as WsTransport;
}
