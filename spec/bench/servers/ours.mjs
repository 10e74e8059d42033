// rxjs-ws as a server, in the role that it is started with.
import { createServer } from 'node:http';
import { identity, map, Observable, of, Subject, tap, timer } from 'rxjs';
import { answer } from '../answer.mjs';
import { messageOf } from '../messageOf.mjs';
import { certificate, load } from '../peers.mjs';
import { times } from '../times.mjs';
import { inBursts } from './inBursts.mjs';

const { flowMap, handle, json, listen, prepare, topics } = await load('index.js');
const { engineOf } = await load('connection/EngineConnection.js');

const serve = (operator, questions, config = {}) =>
  listen({ port: 0, listening: ({ port }) => answer({ port }, questions), ...config })
    .pipe(operator)
    .subscribe();
const echo = handle(({ messages }) => messages);

/** Everybody gets what is said, in JSON. */
const serveJson = (project, codec, say) => {
  const burst = (messages, bytes) => {
    for (let i = 0; i < messages; i++) say(messageOf(bytes));
  };
  serve(
    handle(project),
    { bursts: (count, messages, bytes) => inBursts(count, () => burst(messages, bytes)) },
    { codec },
  );
};

/** On a server whose sockets can be looked at: what was read of each, and what the system took of its answers. */
const serveLookedAt = (operator, questions) => {
  let socket;
  const server = createServer().on('connection', (accepted) => (socket = accepted));
  listen({ server }).pipe(operator).subscribe();
  const bytes = () => ({ read: socket.bytesRead, written: socket.bytesWritten - socket.writableLength });
  server.listen(0, () => answer({ port: server.address().port }, { bytes, ...questions }));
};

const roles = {
  echo: () => serve(echo),
  tls: () => serve(echo, {}, { tls: certificate }),
  'echo map': () => serve(handle(({ text }) => text.pipe(map((message) => message)))),
  /** Without RxJS: the reader is a plain object, and the answer goes to the queue of the engine. */
  'echo callback': () =>
    serve(
      tap((connection) => {
        const { incoming, outgoing } = engineOf(connection);
        const reader = { next: (message) => outgoing.send(message), complete: () => undefined };
        incoming.readers.add('text', reader);
      }),
    ),
  push: () =>
    serve(
      handle(({ handshake: { query } }) => times(Number(query.get('count')), 'x'.repeat(query.get('bytes')))),
    ),
  'fan-out': () => {
    const connections = new Set();
    const burst = (messages, bytes) => {
      for (let i = 0; i < messages; i++) {
        const message = prepare('x'.repeat(bytes));
        for (const connection of connections) connection.send(message);
      }
    };
    const bursts = (count, messages, bytes) => inBursts(count, () => burst(messages, bytes));
    serve(
      tap((connection) => connections.add(connection)),
      { bursts },
    );
  },
  'fan-out json': () => {
    const codec = json();
    const shared = new Subject();
    serveJson(
      () => shared,
      codec,
      (message) => shared.next(prepare(message, codec)),
    );
  },
  'fan-out topics': () => {
    const codec = json();
    const rooms = topics({ codec });
    serveJson(
      () => rooms.messages('t'),
      codec,
      (message) => rooms.publish('t', message),
    );
  },
  idle: () => serve(identity),
  'idle map': () => serve(handle(({ text }) => text.pipe(map((message) => message)))),
  'never read': () => serveLookedAt(echo),
  /** Bytes are pushed, whatever the connection says of it. */
  flood: () => {
    let close;
    let pushed = 0;
    let mostBuffered = 0;
    const flood = (connection) =>
      new Observable(() => {
        const { bytes, total } = Object.fromEntries(connection.handshake.query);
        const message = 'x'.repeat(bytes);
        connection.closed.subscribe((info) => (close = info));
        const turn = () => {
          for (let i = 0; i < 64 && pushed < total && connection.state === 'open'; i++) {
            connection.send(message);
            pushed += message.length;
            mostBuffered = Math.max(mostBuffered, connection.bufferedBytes);
          }
          if (pushed < total && connection.state === 'open') setImmediate(turn);
        };
        turn();
      });
    serveLookedAt(handle(flood), { flood: () => ({ close, pushed, mostBuffered }) });
  },
  slow: () => {
    let ms = 10;
    const work = (message) => (ms === 0 ? of(message) : timer(ms).pipe(map(() => message)));
    serveLookedAt(
      handle((connection) => connection.text.pipe(flowMap(connection, work, { maxWaiting: 16 }))),
      { hurry: () => void (ms = 0) },
    );
  },
};
roles[process.argv[2]]();
