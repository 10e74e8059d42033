// Plain `ws` as a client.
import { answer } from '../answer.mjs';
import { WebSocket } from '../peers.mjs';
import { sendTimes } from '../sendTimes.mjs';
import { stopwatch } from '../stopwatch.mjs';

answer(true, {
  receive: (url, count) =>
    stopwatch((start, stop) => {
      const ws = new WebSocket(url);
      let length = 0;
      let received = 0;
      ws.on('open', start).on('message', (data) => {
        length += data.toString().length;
        if (++received < count) return;
        ws.terminate();
        stop(length);
      });
    }),
  send: (url, count, bytes) =>
    stopwatch((start, stop) => {
      const ws = new WebSocket(url);
      ws.on('message', () => {
        ws.terminate();
        stop();
      });
      ws.on('open', () => {
        start();
        sendTimes(ws, count, 'x'.repeat(bytes), () => undefined);
      });
    }),
});
