import { headerBytes } from './frames.mjs';
import { open } from './open.mjs';

/** Opens `path` and reads `count` messages; the seconds from the request to the last of them. */
export async function pull({ port, path, count, bytes }) {
  const total = count * (headerBytes(bytes) + bytes);
  const startedAt = performance.now();
  let received = 0;
  let all;
  const arrived = new Promise((resolve) => (all = resolve));
  const socket = await open({ port, path }, (length) => {
    received += length;
    if (received >= total) all();
  });
  await arrived;
  const seconds = (performance.now() - startedAt) / 1_000;
  socket.destroy();
  return { messages: count, seconds };
}
