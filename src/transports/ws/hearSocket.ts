import type { Duplex } from 'node:stream';

/** Who is told of what happens to a socket, beside what `ws` tells. */
export interface SocketObserver {
  /** The peer ends its half. `ws` has no time limit for one that does and reads nothing more. */
  halfClosed(): void;
  /** Some bytes came. Told only where it was asked for. */
  heard(): void;
}

/** A property of the socket, and no map: it costs one word. */
const OBSERVER: unique symbol = Symbol('observer');

type Observed = Duplex & { [OBSERVER]?: SocketObserver };

/** Until somebody else takes its errors, none of this socket ends the process. */
export function guardSocket(socket: Duplex): void {
  socket.on('error', ignore);
}

/** Somebody else takes its errors. */
export function unguardSocket(socket: Duplex): void {
  socket.off('error', ignore);
}

/** Lets `observer` hear what happens to a socket of a WebSocket; `counts`: also that bytes come. */
export function hearSocket(socket: Duplex, observer: SocketObserver, counts: boolean): void {
  (socket as Observed)[OBSERVER] = observer;
  // `ws` takes them now; what it was is still known at the end, as `socket.errored`.
  unguardSocket(socket);
  socket.on('end', onEnd);
  if (counts) socket.on('data', onData);
}

// One function for all sockets: closures for each cost more than the rest of an idle connection.
function ignore(): void {}
function onEnd(this: Observed): void {
  this[OBSERVER]?.halfClosed();
}
function onData(this: Observed): void {
  this[OBSERVER]?.heard();
}
