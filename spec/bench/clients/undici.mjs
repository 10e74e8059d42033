// The WebSocket of undici, which is Node's own from version 22 on.
import { WebSocket } from 'undici';
import { answer } from '../answer.mjs';
import { sendTimes } from '../sendTimes.mjs';
import { stopwatch } from '../stopwatch.mjs';

answer(true, {
  receive: (url, count) =>
    stopwatch((start, stop) => {
      const socket = new WebSocket(url);
      let length = 0;
      let received = 0;
      socket.addEventListener('open', start);
      socket.addEventListener('message', ({ data }) => {
        length += data.length;
        if (++received < count) return;
        socket.close();
        stop(length);
      });
    }),
  send: (url, count, bytes) =>
    stopwatch((start, stop) => {
      const socket = new WebSocket(url);
      socket.addEventListener('message', () => {
        socket.close();
        stop();
      });
      socket.addEventListener('open', () => {
        start();
        sendTimes(socket, count, 'x'.repeat(bytes), () => undefined);
      });
    }),
});
