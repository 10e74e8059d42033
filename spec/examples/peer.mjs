// A plain `ws` client: what it receives, one after another, and how it ended.
import { once } from 'node:events';
import { WebSocket } from 'ws';

/** Connects; rejects where the server refuses, with its answer as the message: "Unexpected server response: 403". */
export const peer = async (url, options) => {
  const socket = new WebSocket(url, options);
  const received = [];
  const waiting = [];
  const settle = () => {
    while (received.length > 0 && waiting.length > 0) waiting.shift()(received.shift());
  };
  socket.on('message', (data, isBinary) => {
    received.push(isBinary ? data : data.toString());
    settle();
  });
  const closed = new Promise((done) => {
    socket.on('close', (code, reason) => done({ code, reason: reason.toString() }));
  });
  await once(socket, 'open');
  return {
    socket,
    closed,
    send: (message) => socket.send(message),
    next: () =>
      new Promise((found) => {
        waiting.push(found);
        settle();
      }),
  };
};

/** The address that an example prints when it listens on a free port. */
export const addressOf = async (example) => /ws:\/\/\S+/.exec(await example.line(/ws:\/\/\S+/))[0];
