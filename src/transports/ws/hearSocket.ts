import type { Duplex } from 'node:stream';

/** Who is told of what happens to a socket, beside what `ws` tells. */
export interface SocketObserver {
  /** `ws` says nothing of it, and it is why the connection was lost. */
  failed(error: unknown): void;
  /** The peer ends its half. `ws` has no time limit for one that does and reads nothing more. */
  halfClosed(): void;
  /** Some bytes came. Told only where it was asked for. */
  heard(): void;
}

/** A property of the socket, and no map: it costs one word. */
const OBSERVER = Symbol('observer');

type Observed = Duplex & { [OBSERVER]?: SocketObserver };

/** From now on no error of this socket ends the process. */
export function guardSocket(socket: Duplex): void {
  if (!socket.listeners('error').includes(onError)) socket.on('error', onError);
}

/** Somebody else takes its errors. */
export function unguardSocket(socket: Duplex): void {
  socket.off('error', onError);
}

/** Lets `observer` hear what happens; `counts`: also that bytes come. */
export function hearSocket(socket: Duplex, observer: SocketObserver, counts: boolean): void {
  (socket as Observed)[OBSERVER] = observer;
  guardSocket(socket);
  socket.on('end', onEnd);
  if (counts) socket.on('data', onData);
}

// One function for all sockets: closures for each cost more than the rest of an idle connection. And the guard
// goes on as the listener: of a third one V8 makes room for a dozen more.
function onError(this: Observed, error: unknown): void {
  this[OBSERVER]?.failed(error);
}
function onEnd(this: Observed): void {
  this[OBSERVER]?.halfClosed();
}
function onData(this: Observed): void {
  this[OBSERVER]?.heard();
}
