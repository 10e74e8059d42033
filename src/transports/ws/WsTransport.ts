import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Capabilities } from '../../core/Capabilities.ts';
import type { Clock } from '../../core/Clock.ts';
import type { OutboundSource, Transport, TransportEnd, TransportEvents } from '../../core/Transport.ts';
import type { ControlObserver, FlushingWebSocket } from './FlushingWebSocket.ts';
import { WsWriter } from './WsWriter.ts';

const CAPABILITIES: Capabilities = { hold: true, ping: true, fragments: true };

/**
 * An open `ws` socket, of either end. It reads and answers through `ws`, and writes data frames itself.
 */
export class WsTransport implements Transport, ControlObserver {
  readonly side: 'client' | 'server';
  readonly capabilities: Capabilities = CAPABILITIES;
  readonly clock: Clock;
  private readonly ws: FlushingWebSocket;
  private readonly socket: Duplex;
  private events: TransportEvents | undefined;
  private readonly writer: WsWriter;
  private closeAsked = false;
  private closingTold = false;
  private faultCode: number | undefined;
  private fault: unknown;

  constructor(ws: FlushingWebSocket, socket: Duplex, side: 'client' | 'server', clock: Clock) {
    this.ws = ws;
    this.clock = clock;
    this.socket = socket;
    this.side = side;
    this.writer = new WsWriter(ws, socket, side === 'client', () => this.events?.drained());
    ws.observer = this;
  }

  get protocol(): string {
    return this.ws.protocol;
  }

  get bufferedBytes(): number {
    return this.writer.bufferedBytes;
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
    socket.on('end', () => this.tellClosing());
  }

  pause(): void {
    this.ws.pause();
  }

  resume(): void {
    this.ws.resume();
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

  beforePong(): void {
    this.events?.answering();
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
    if (this.faultCode !== undefined)
      return { code: this.faultCode, reason, wasClean: false, by: 'local', ...error };
    return { code, reason, wasClean: false, by: 'network', ...error };
  }
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
