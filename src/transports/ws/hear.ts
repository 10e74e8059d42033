import type { WebSocket } from 'ws';
import type { FlushingWebSocket } from './FlushingWebSocket.ts';
import type { WsTransport } from './WsTransport.ts';

/** Lets the transport, the observer of `ws`, hear what comes from it. */
export function hear(ws: FlushingWebSocket): void {
  ws.on('message', onMessage);
  ws.on('ping', onPing);
  ws.on('pong', onPong);
  ws.on('close', onClose);
}

// One function for all sockets: a closure for each would cost more than the rest of an idle connection.
function onMessage(this: WebSocket, data: unknown, isBinary: boolean): void {
  transportOf(this).received(data as Buffer, isBinary);
}
function onPing(this: WebSocket, data: Buffer): void {
  transportOf(this).receivedPing(data);
}
function onPong(this: WebSocket, data: Buffer): void {
  transportOf(this).receivedPong(data);
}
function onClose(this: WebSocket, code: number, reason: Buffer): void {
  transportOf(this).ended(code, reason);
}
function transportOf(ws: WebSocket): WsTransport {
  return (ws as FlushingWebSocket).observer as WsTransport;
}
