// How a node publishes: as much as may be under way, or at a rate.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { now } from '../now.mjs';

/** Who hears tells it here, a byte for so many messages. */
export const STEP = 50;

/** As many as may be under way: `publish(count, inFlight)` gives the seconds until all were heard. */
export async function windowed(publish) {
  let heard = 0;
  let turn;
  const server = createServer((socket) => {
    socket.on('data', (chunk) => {
      heard += chunk.length * STEP;
      turn?.();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    publish: (count, inFlight) =>
      new Promise((over) => {
        let sent = 0;
        const startedAt = now();
        heard = 0;
        turn = () => {
          for (; sent < count && sent - heard < inFlight; sent++) publish();
          if (heard < count) return;
          turn = undefined;
          over((now() - startedAt) / 1_000);
        };
        turn();
      }),
  };
}

/** `count` messages at so many a millisecond; gives when each was published. */
export const pacedBy = (publish) => (count, perMs) =>
  new Promise((over) => {
    const times = [];
    const startedAt = now();
    const turn = () => {
      const due = Math.min(count, (now() - startedAt) * perMs);
      while (times.length < due) {
        times.push(now());
        publish();
      }
      if (times.length < count) setTimeout(turn, 1);
      else over(times);
    };
    turn();
  });
