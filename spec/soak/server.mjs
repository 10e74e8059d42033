// The server of the soak: echoes, and counts how connections end. `leaky`: the control, which keeps something of each.
import * as ours from 'rxjs-ws';
import { concat, NEVER, of } from 'rxjs';
import { answer } from './answer.mjs';

const isLeaky = process.argv[2] === 'leaky';
const ends = { asked: 0, unasked: [], open: 0 };
const kept = [];
const stayers = new Set();
let reports = 0;

/** What the path says how this connection should end; the others stay. */
const expected = {
  '/stays': () => false,
  '/closes': ({ wasClean, code, by }) => wasClean && code === 1000 && by === 'peer',
  '/dies': ({ wasClean }) => !wasClean,
  '/is-closed': ({ code, by }) => code === 1000 && by === 'local',
  '/cycle': ({ wasClean, code, by }) => wasClean && code === 1000 && by === 'peer',
};
let isOver = false;

ours
  .listen({
    host: '127.0.0.1',
    onError: () => reports++,
    listening: ({ port }) =>
      answer(
        { port },
        {
          seen: () => ({ ...ends, unasked: ends.unasked.slice(0, 5), count: ends.unasked.length, reports }),
          over: () => void (isOver = true),
          /** The control of the drops: ends one that should stay. */
          drop: () => stayers.values().next().value.terminate(),
        },
      ),
  })
  .pipe(
    ours.handle((connection) => {
      ends.open++;
      if (connection.handshake.path === '/stays') stayers.add(connection);
      if (isLeaky) kept.push(connection);
      // One message, and closed by this end as soon as there is one.
      if (connection.handshake.path === '/is-closed') return of('bye');
      return concat(connection.messages, NEVER);
    }),
  )
  .subscribe(({ connection, close }) => {
    ends.open--;
    stayers.delete(connection);
    if (isOver || expected[connection.handshake.path](close)) ends.asked++;
    else ends.unasked.push({ path: connection.handshake.path, ...close, error: String(close.error) });
  });
