// The control: ends that open every connection, find fault with no frame, deliver whatever comes, and then close.
import { Observable, Subject } from 'rxjs';
import { Peer, rawServer, request, switching } from './Peer.mjs';
import { until } from './until.mjs';
import { close } from './wire.mjs';

function connectionOf(peer) {
  const messages = new Subject();
  const closed = new Subject();
  let count = 0;
  const timer = setInterval(() => {
    // A code that is never the right one, when all has been delivered.
    if (count < peer.frames.length) peer.socket.write(close(1000));
    for (; count < peer.frames.length; count++) messages.next(peer.frames[count].payload.toString());
    if (!peer.ended && !peer.closed) return;
    clearInterval(timer);
    peer.destroy();
    closed.next({ code: 1006, reason: '', wasClean: false, by: 'network' });
    messages.complete();
  }, 1);
  return { messages, text: messages, closed, send: () => true, terminate: () => peer.destroy() };
}

export const deaf = {
  listen: ({ listening }) =>
    new Observable((subscriber) => {
      const server = rawServer(async (peer) => {
        await until(() => peer.hasHead || peer.closed, 'a request').catch(() => {});
        if (peer.closed) return;
        peer.write(switching(peer.head));
        subscriber.next(connectionOf(peer));
      });
      server.then(({ port }) => listening({ port }));
      return () => void server.then(({ stop }) => stop());
    }),
  handle: (project) => (connections) =>
    new Observable((subscriber) =>
      connections.subscribe((connection) => void project(connection, subscriber)),
    ),
  dial: async ({ url }) => {
    const peer = await Peer.opened(Number(new URL(url).port), request());
    return connectionOf(peer);
  },
};
