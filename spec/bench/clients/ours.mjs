// rxjs-ws as a client.
import { answer } from '../answer.mjs';
import { load } from '../peers.mjs';
import { stopwatch } from '../stopwatch.mjs';
import { times } from '../times.mjs';

const { dial, sendTo } = await load('index.js');

answer(true, {
  receive: async (url, count) => {
    const { text, terminate } = await dial(url);
    return stopwatch((start, stop) => {
      let length = 0;
      let received = 0;
      start();
      text.subscribe((message) => {
        length += message.length;
        if (++received < count) return;
        terminate();
        stop(length);
      });
    });
  },
  send: async (url, count, bytes) => {
    const connection = await dial(url);
    return stopwatch((start, stop) => {
      start();
      connection.text.subscribe(() => {
        connection.terminate();
        stop();
      });
      sendTo(connection)(times(count, 'x'.repeat(bytes))).subscribe();
    });
  },
});
