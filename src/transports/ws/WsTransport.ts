import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Capabilities } from '../../core/Capabilities.ts';
import type { Clock } from '../../core/Clock.ts';
import type { OutboundSource, Transport, TransportEnd, TransportEvents } from '../../core/Transport.ts';
import { Pulse } from '../Pulse.ts';
import type { ControlObserver, FlushingWebSocket } from './FlushingWebSocket.ts';
import { hear } from './hear.ts';
import { PingGate } from './PingGate.ts';
import type { WsTerms } from './WsTerms.ts';
import { WsWriter } from './WsWriter.ts';

const CAPABILITIES: Capabilities = { hold: true, ping: true, fragments: true };

/**
 * An open `ws` socket, of either end. It reads through `ws`, and writes data frames and answers itself.
 */
export class WsTransport extends Pulse implements Transport, ControlObserver {
  readonly side: 'client' | 'server';
  readonly clock: Clock;
  private readonly terms: WsTerms;
  private readonly ws: FlushingWebSocket;
  private readonly socket: Duplex;
  private events: TransportEvents | undefined;
  private readonly writer: WsWriter;
  /** Most peers never ping. */
  private gate: PingGate | undefined;
  private closeAsked = false;
  private closingTold = false;
  private faultCode: number | undefined;
  private fault: unknown;

  constructor(
    ws: FlushingWebSocket,
    socket: Duplex,
    side: 'client' | 'server',
    clock: Clock,
    terms: WsTerms = {},
  ) {
    super();
    this.ws = ws;
    this.clock = clock;
    this.terms = terms;
    this.socket = socket;
    this.side = side;
    this.writer = new WsWriter(ws, socket, side === 'client', () => this.events?.drained());
    ws.observer = this;
  }

  get capabilities(): Capabilities {
    return CAPABILITIES;
  }

  get protocol(): string {
    return this.ws.protocol;
  }

  get activity(): number {
    return ((this.socket as Socket).bytesRead ?? 0) + this.writer.progress;
  }

  get socketBytes(): { received: number; sent: number } {
    const { bytesRead = 0, bytesWritten = 0 } = this.socket as Partial<Socket>;
    return { received: bytesRead, sent: bytesWritten };
  }

  get isOpen(): boolean {
    return this.ws.readyState === WebSocket.OPEN;
  }

  get isPaused(): boolean {
    return this.ws.isPaused;
  }

  get bufferedBytes(): number {
    return this.writer.bufferedBytes;
  }

  open(events: TransportEvents): void {
    this.events = events;
    const { ws, socket } = this;
    hear(ws);
    ws.on('error', this.onFault);
    // `ws` says nothing of it, and it is why the connection was lost.
    socket.on('error', this.onFault);
    // Nor has it a time limit for a peer that ends its half and reads nothing more.
    socket.on('end', () => this.tellClosing());
    const { keepAlive } = this.terms;
    if (keepAlive === undefined) return;
    // A stream that is no socket does not count what it reads.
    if (this.activity === 0) socket.on('data', () => this.writer.progress++);
    keepAlive.join(this);
  }

  pause(): void {
    if (this.gate !== undefined) this.gate.isWanted = false;
    this.ws.pause();
  }

  resume(): void {
    if (this.gate !== undefined) this.gate.isWanted = true;
    if (this.gate?.isShut) return;
    this.ws.resume();
    this.terms.keepAlive?.resumed(this);
  }

  write(queue: OutboundSource, highWaterBytes: number): void {
    this.writer.write(queue, highWaterBytes);
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
    this.tellClosing();
  }

  sendPing(data: Uint8Array): void {
    this.ws.ping(data);
  }

  die(error: unknown): void {
    this.fault ??= error;
    this.ws.terminate();
  }

  private tellClosing(): void {
    if (this.closingTold) return;
    this.closingTold = true;
    this.events?.closing();
  }

  private readonly onFault = (error: unknown): void => {
    this.fault ??= error;
  };

  received(data: Buffer, isBinary: boolean): void {
    this.events?.message(isBinary ? data : data.toString(), data.length);
  }

  receivedPing(data: Buffer): void {
    const { terms, writer } = this;
    if (terms.answersPings !== false && this.isOpen) {
      this.gate ??= new PingGate(this.ws, this, terms, () => writer.payOff());
      if (this.gate.pass()) {
        this.events?.answering();
        writer.pong(data);
      } else writer.owed = data;
    }
    this.events?.ping(data);
  }

  receivedPong(data: Buffer): void {
    const roundTripMs = this.terms.keepAlive?.ponged(this, data);
    this.events?.pong(data);
    if (roundTripMs !== undefined) this.events?.roundTrip(roundTripMs);
  }

  exceeded(code: number, reason: string): void {
    this.events?.exceeded(code, reason);
  }

  ended(code: number, reason: Buffer): void {
    this.terms.keepAlive?.leave(this);
    this.gate?.clear();
    this.events?.ended(this.endOf(code, reason.toString()));
  }

  private endOf(code: number, reason: string): TransportEnd {
    if (code !== 1006) return { code, reason, wasClean: true, by: this.closeAsked ? 'local' : 'peer' };
    const error = this.fault === undefined ? {} : { error: this.fault };
    // `ws` found fault with the peer and closed by itself: what it sent is the code.
    if (this.faultCode !== undefined)
      return { code: this.faultCode, reason, wasClean: false, by: 'local', ...error };
    return { code, reason, wasClean: false, by: 'network', ...error };
  }
}
