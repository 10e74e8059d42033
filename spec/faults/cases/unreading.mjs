// Peers that do not read, or send without end.
import { Peer } from '../Peer.mjs';
import { text } from '../wire.mjs';

const KIB = 1_024;

/** A peer that has opened a connection and reads nothing of what comes. */
export async function silent(attempt, port) {
  const peer = await Peer.opened(port);
  attempt.after(() => peer.destroy());
  peer.socket.pause();
  return peer;
}

/** Writes `total` bytes of messages of 1 KiB, as fast as they are taken; stops with the attempt. */
export async function stuff(attempt, peer, total) {
  const block = Buffer.concat(Array.from({ length: 64 }, () => text('x'.repeat(KIB), { masked: true })));
  let isOver = false;
  attempt.after(() => (isOver = true));
  await peer.pour(block, total, { isOver: () => isOver });
}
