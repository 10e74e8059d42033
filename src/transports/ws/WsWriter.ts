import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { Fragment } from '../../core/Fragment.ts';
import { bytesOf, type Outbound, payloadOf } from '../../core/Outbound.ts';
import { Ping } from '../../core/Ping.ts';
import { Prepared } from '../../core/Prepared.ts';
import type { OutboundSource } from '../../core/Transport.ts';
import { batch, frameOf, preparedFrame } from './Batch.ts';
import { gather, SLICE_BYTES, writeSlices } from './slices.ts';

const NOTHING = new Uint8Array();
/** A peer that does not read, and pings, gets no pong behind so much. */
const MAX_BYTES_BEFORE_PONG = 131_072;

/**
 * Writes data frames past `ws` into its socket: many in one write, which is one system call. Where a compression was
 * agreed on, `ws` writes them.
 */
export class WsWriter {
  private readonly ws: WebSocket;
  private readonly socket: Duplex;
  private readonly masked: boolean;
  private readonly drained: () => void;
  private readonly compressed: boolean;
  /** Bytes inside `ws`, where it writes: it compresses them at its leisure, and the socket does not know of them. */
  private compressing = 0;
  /** The socket takes bytes at once or keeps them itself: memory that it has not kept can be used again. */
  private readonly plain: boolean;
  private reusable: boolean;
  /** It calls back only where the system had not taken all at once. */
  private readonly tellsStuck: boolean;
  /** Grows when bytes leave that had been stuck: then the peer reads. */
  progress = 0;
  /** Something was still under way when it was written to again. */
  private wasStuck = false;
  /** The newest ping that was not answered: the next pong is for it, unless a newer one comes (RFC 6455, 5.5.3). */
  owed: Uint8Array | undefined;

  constructor(ws: WebSocket, socket: Duplex, masked: boolean, drained: () => void) {
    this.ws = ws;
    this.socket = socket;
    this.masked = masked;
    this.drained = drained;
    this.compressed = ws.extensions !== '';
    // By prototype, and not `instanceof`: a subclass may keep what it is given.
    this.plain = Object.getPrototypeOf(socket) === Socket.prototype;
    this.reusable = this.plain;
    this.tellsStuck = this.plain && !this.compressed;
  }

  get bufferedBytes(): number {
    return this.socket.writableLength + this.compressing;
  }

  /** Answers a ping, now or when the peer has read what is under way. */
  pong(data: Uint8Array): void {
    if (this.socket.writableLength > MAX_BYTES_BEFORE_PONG) {
      if (this.owed === undefined) this.socket.write(NOTHING, this.written);
      this.owed = data;
    } else {
      this.owed = undefined;
      this.ws.pong(data);
    }
  }

  payOff(): void {
    const { owed } = this;
    this.owed = undefined;
    if (owed !== undefined && this.ws.readyState === WebSocket.OPEN) this.pong(owed);
  }

  /** See `Transport.write`. */
  write(queue: OutboundSource, highWaterBytes: number): void {
    const { ws, socket } = this;
    if (!this.tellsStuck && this.bufferedBytes > 0) this.wasStuck = true;
    while (queue.at(0) !== undefined && ws.readyState === WebSocket.OPEN && socket.writable) {
      const room = highWaterBytes - this.bufferedBytes;
      if (room <= 0) return;
      if (queue.at(0) instanceof Ping) ws.ping((queue.shift() as Ping).data, undefined, this.written);
      else if (this.compressed) this.compress(queue, room);
      else if (!this.writeBatch(queue, room)) this.writeOne(queue.shift()!);
    }
  }

  /** As many of the queue as fit, in one write; false where the first one has to be written by itself. */
  private writeBatch(queue: OutboundSource, room: number): boolean {
    const { masked } = this;
    batch.clear();
    for (let next = queue.at(0); next !== undefined && batch.length < room; next = queue.at(0)) {
      if (typeof next !== 'string') {
        if (next instanceof Ping) break;
        if (next instanceof Prepared && !masked) {
          // Alone it needs no copy: its frame is nobody else's to change.
          if (batch.length === 0 && queue.at(1) === undefined) return false;
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
    if (!this.reusable) {
      this.socket.write(Buffer.from(batch.bytes), this.written);
      return;
    }
    this.socket.write(batch.bytes);
    if (this.socket.writableLength > 0) batch.giveAway();
    this.callBack();
  }

  private writeOne(outbound: Outbound): void {
    const { socket, masked } = this;
    const frame =
      outbound instanceof Prepared && !masked ? [preparedFrame(outbound)] : frameOf(outbound, masked);
    const [first, second] = frame;
    const payload = second ?? first!;
    const done = this.plain ? undefined : this.written;
    if (payload.length > SLICE_BYTES) {
      if (second !== undefined) socket.write(first!);
      writeSlices(socket, payload, this.written, !this.plain);
    } else if (second === undefined) socket.write(payload, done);
    else {
      socket.cork();
      socket.write(first!);
      socket.write(second, done);
      socket.uncork();
    }
    if (this.plain) this.callBack();
  }

  /** Asks to be told when what was written has left, unless it has: a callback costs a tick, even for what left at once. */
  private callBack(): void {
    if (this.socket.writableLength === 0) return;
    this.reusable = false;
    this.socket.write(NOTHING, this.written);
  }

  private compress(queue: OutboundSource, room: number): void {
    let bytes = 0;
    this.socket.cork();
    const goesOn = (): boolean => bytes < room && queue.at(0) !== undefined && !(queue.at(0) instanceof Ping);
    while (goesOn()) {
      const outbound = queue.shift()!;
      const data = payloadOf(outbound);
      const options = {
        binary: typeof data !== 'string',
        fin: !(outbound instanceof Fragment) || outbound.last,
      };
      bytes += bytesOf(outbound);
      if (goesOn()) this.ws.send(data, options);
      else {
        const sent = bytes;
        this.ws.send(data, options, () => {
          this.compressing -= sent;
          this.written();
        });
      }
    }
    this.compressing += bytes;
    this.socket.uncork();
  }

  private readonly written = (): void => {
    if (this.socket.writableLength === 0) this.reusable = this.plain;
    gather(this.socket);
    if (this.tellsStuck || this.wasStuck) this.progress++;
    this.wasStuck = false;
    this.payOff();
    this.drained();
  };
}
