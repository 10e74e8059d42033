import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Capabilities } from '../../core/Capabilities.ts';
import type { Clock } from '../../core/Clock.ts';
import type { OutboundSource, Transport, TransportEnd, TransportEvents } from '../../core/Transport.ts';
import { Pulse } from '../Pulse.ts';
import type { FlushingWebSocket, WebSocketObserver } from './FlushingWebSocket.ts';
import { hearSocket, type SocketObserver } from './hearSocket.ts';
import { PingGate } from './PingGate.ts';
import type { WsTerms } from './WsTerms.ts';
import { WsWriter } from './WsWriter.ts';

const CAPABILITIES: Capabilities = { hold: true, ping: true, fragments: true };

/**
 * An open `ws` socket, of either end. It reads through `ws`, and writes data frames and answers itself.
 */
export class WsTransport extends Pulse implements Transport, WebSocketObserver, SocketObserver {
  private readonly terms: WsTerms;
  private readonly ws: FlushingWebSocket;
  private readonly socket: Duplex;
  private events: TransportEvents | undefined;
  /** Most idle peers are never written to. */
  private madeWriter: WsWriter | undefined;
  /** Most peers never ping. */
  private gate: PingGate | undefined;
  private closeAsked: boolean | undefined;
  private closingTold: boolean | undefined;
  private faultCode: number | undefined;
  private fault: unknown;

  constructor(ws: FlushingWebSocket, socket: Duplex, terms: WsTerms) {
    super();
    this.ws = ws;
    this.socket = socket;
    this.terms = terms;
    ws.observer = this;
  }

  get side(): 'client' | 'server' {
    return this.terms.side;
  }

  get clock(): Clock {
    return this.terms.clock;
  }

  private get writer(): WsWriter {
    return (this.madeWriter ??= new WsWriter(this.ws, this.socket, this.side === 'client', () =>
      this.events?.drained(),
    ));
  }

  get capabilities(): Capabilities {
    return CAPABILITIES;
  }

  get protocol(): string {
    return this.ws.protocol;
  }

  get activity(): number {
    return ((this.socket as Socket).bytesRead ?? 0) + (this.madeWriter?.progress ?? 0);
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
    return this.madeWriter?.bufferedBytes ?? this.socket.writableLength;
  }

  open(events: TransportEvents): void {
    this.events = events;
    const { keepAlive } = this.terms;
    // A stream that is no socket does not count what it reads.
    hearSocket(this.socket, this, keepAlive !== undefined && this.activity === 0);
    keepAlive?.join(this);
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
    this.halfClosed();
  }

  sendPing(data: Uint8Array): void {
    this.ws.ping(data);
  }

  die(error: unknown): void {
    this.fault ??= error;
    this.ws.terminate();
  }

  failed(error: unknown): void {
    this.fault ??= error;
  }

  halfClosed(): void {
    if (this.closingTold) return;
    this.closingTold = true;
    this.events?.closing();
  }

  heard(): void {
    this.writer.progress++;
  }

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
    // Of the socket `ws` says nothing, and that is why the connection was lost.
    const fault = this.fault ?? this.socket.errored ?? undefined;
    const error = fault === undefined ? {} : { error: fault };
    // `ws` found fault with the peer and closed by itself: what it sent is the code.
    if (this.faultCode !== undefined)
      return { code: this.faultCode, reason, wasClean: false, by: 'local', ...error };
    return { code, reason, wasClean: false, by: 'network', ...error };
  }
}
