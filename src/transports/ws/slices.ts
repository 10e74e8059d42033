import type { Duplex } from 'node:stream';

/** A larger payload is written in slices of so many bytes. */
export const SLICE_BYTES = 131_072;

/** How a stream writes many chunks in one call, where it can. */
interface Gathering {
  _writev?: unknown;
}

/** How those gather that do not just now. */
const stopped = new WeakMap<Duplex, unknown>();

/**
 * Writes a large payload so that it shows that the peer reads it: a socket tells of a write when all of it has left, which may
 * take minutes. `left` is called for each slice that had to wait; with `always` for the others too.
 */
export function writeSlices(socket: Duplex, payload: Uint8Array, left: () => void, always: boolean): void {
  const gathering: Gathering = socket;
  // What waits would be gathered in one write again.
  if (gathering._writev !== undefined) {
    stopped.set(socket, gathering._writev);
    gathering._writev = undefined;
  }
  for (let at = 0; at < payload.length; at += SLICE_BYTES) {
    const isTold = always || socket.writableLength > 0;
    socket.write(payload.subarray(at, at + SLICE_BYTES), isTold ? left : undefined);
  }
  gather(socket);
}

/** Once nothing waits any more, the socket may gather as it did. */
export function gather(socket: Duplex): void {
  const gathering: Gathering = socket;
  if (gathering._writev !== undefined || socket.writableLength > 0) return;
  const own = stopped.get(socket);
  if (own !== undefined) gathering._writev = own;
}
