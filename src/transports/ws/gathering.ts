import type { Duplex } from 'node:stream';

/** How a stream writes many chunks in one call, where it can; its own is that of its class. */
interface Gathering {
  _writev?: unknown;
}

/** Of what waits each chunk is written by itself from now on, and told of when it has left. */
export function writeSingly(socket: Duplex): void {
  (socket as Gathering)._writev = undefined;
}

/** What waits is written together again. */
export function writeTogether(socket: Duplex): void {
  delete (socket as Gathering)._writev;
}
