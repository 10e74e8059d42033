// Plain `ws` as a server, as one writes it with callbacks, in the role that it is started with.
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { answer } from '../answer.mjs';
import { certificate, WebSocketServer } from '../peers.mjs';
import { sendTimes } from '../sendTimes.mjs';
import { inBursts } from './inBursts.mjs';
import { query } from './query.mjs';

const ready = (server, questions) =>
  server.listen(0, () => answer({ port: server.address().port }, questions));
/** `ws` with its own defaults, but for compression, which is off here too (as it is by default). */
const serve = (connected, questions, server = createServer()) => {
  new WebSocketServer({ server }).on('connection', (ws, request) => {
    ws.on('error', () => undefined);
    connected(ws, request);
  });
  ready(server, questions);
};
const echo = (ws) => ws.on('message', (data, isBinary) => ws.send(isBinary ? data : data.toString()));
const serveLookedAt = (connected, questions) => {
  let socket;
  const server = createServer().on('connection', (accepted) => (socket = accepted));
  const bytes = () => ({ read: socket.bytesRead, written: socket.bytesWritten - socket.writableLength });
  serve(connected, { bytes, ...questions }, server);
};

const roles = {
  echo: () => serve(echo),
  tls: () => serve(echo, {}, createTlsServer(certificate)),
  push: () =>
    serve((ws, request) => {
      const { count, bytes } = query(request);
      sendTimes(ws, Number(count), 'x'.repeat(bytes), () => ws.close());
    }),
  'fan-out': () => {
    const clients = new Set();
    const burst = (messages, bytes) => {
      for (let i = 0; i < messages; i++) {
        const message = 'x'.repeat(bytes);
        for (const ws of clients) ws.send(message);
      }
    };
    const bursts = (count, messages, bytes) => inBursts(count, () => burst(messages, bytes));
    serve((ws) => clients.add(ws), { bursts });
  },
  idle: () => serve((ws) => ws.on('message', () => undefined)),
  'never read': () => serveLookedAt(echo),
};
roles[process.argv[2]]();
