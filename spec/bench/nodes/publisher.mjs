// The node that publishes: so many under way at a time, until the other node has told that it heard them.
import { createServer } from 'node:net';
import { answer } from '../answer.mjs';
import { voice } from './voices.mjs';

const [name, how, bytes] = process.argv[2].split(' ');
const { publish, message } = await voice(name, how, Number(bytes));
let heard = 0;
let turn;
const server = createServer((socket) => {
  socket.on('data', (chunk) => {
    heard += chunk.length * STEP;
    turn?.();
  });
});
/** So many messages are one byte of the answer. */
const STEP = 50;

server.listen(0, '127.0.0.1', () =>
  answer(
    { port: server.address().port, step: STEP },
    {
      /** The seconds that it took. */
      publish: (count, inFlight) =>
        new Promise((over) => {
          let sent = 0;
          const startedAt = performance.now();
          heard = 0;
          turn = () => {
            for (; sent < count && sent - heard < inFlight; sent++) publish(message);
            if (heard < count) return;
            turn = undefined;
            over((performance.now() - startedAt) / 1_000);
          };
          turn();
        }),
    },
  ),
);
