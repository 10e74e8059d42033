import type { Duplex } from 'node:stream';

/** How a stream writes many chunks in one call, where it can; its own is that of its class. */
interface Gathering {
  _writev?: unknown;
}

/** A larger payload is written in slices. */
export const SLICE_BYTES = 131_072;

/** What waits would be gathered in one write again: each chunk is written, and told of, by itself from now on. */
function writeSingly(socket: Duplex): void {
  (socket as Gathering)._writev = undefined;
}

/** What waits is written together again. */
export function writeTogether(socket: Duplex): void {
  delete (socket as Gathering)._writev;
}

/**
 * Of one write it is told when all of it has left, which may take minutes: in slices it shows that the peer reads. `told` is
 * asked before each slice whom to tell of it.
 */
export function writeSlices(socket: Duplex, payload: Uint8Array, told: () => (() => void) | undefined): void {
  writeSingly(socket);
  for (let at = 0; at < payload.length; at += SLICE_BYTES) {
    const done = told();
    socket.write(payload.subarray(at, at + SLICE_BYTES), done);
  }
  if (socket.writableLength === 0) writeTogether(socket);
}
