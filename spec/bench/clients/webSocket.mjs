// `rxjs/webSocket` over `ws`.
import { take } from 'rxjs';
import { answer } from '../answer.mjs';
import { WebSocket, webSocket } from '../peers.mjs';
import { stopwatch } from '../stopwatch.mjs';

const open = (url, next) =>
  webSocket({
    url,
    WebSocketCtor: WebSocket,
    openObserver: { next },
    // Text in, text out: by default it is JSON.
    deserializer: ({ data }) => data,
    serializer: (message) => message,
  });

answer(true, {
  receive: (url, count) =>
    stopwatch((start, stop) => {
      let length = 0;
      let received = 0;
      const subscription = open(url, start).subscribe((message) => {
        length += message.length;
        if (++received < count) return;
        subscription.unsubscribe();
        stop(length);
      });
    }),
  /** It tells nobody how much it buffers: a thousand in a turn, and the socket gets the next one. */
  send: (url, count, bytes) =>
    stopwatch((start, stop) => {
      const message = 'x'.repeat(bytes);
      let left = count;
      const turn = () => {
        for (const last = Math.max(left - 1_000, 0); left > last; left--) socket.next(message);
        if (left > 0) setImmediate(turn);
      };
      const socket = open(url, () => {
        start();
        turn();
      });
      socket.pipe(take(1)).subscribe({ complete: stop });
    }),
});
