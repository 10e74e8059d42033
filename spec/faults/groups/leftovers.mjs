// The controls of all other lines: what is left behind on purpose is noticed.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import * as ours from 'rxjs-ws';
import { NEVER } from 'rxjs';
import { leftSince, present } from '../Leftovers.mjs';
import { until } from '../until.mjs';

/** Each begins something that stays, and gives the end of it. */
const kinds = {
  'a server that listens': async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return () => server.close();
  },
  'a connection': async () => {
    let port;
    const listening = ours
      .listen({ host: '127.0.0.1', listening: (address) => (port = address.port) })
      .pipe(ours.handle(() => NEVER))
      .subscribe();
    await until(() => port !== undefined, 'a server');
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    return () => {
      listening.unsubscribe();
      socket.destroy();
    };
  },
  'a timer, which keeps no process alive': () => {
    const timer = setTimeout(() => {}, 60_000).unref();
    return () => clearTimeout(timer);
  },
  'an interval': () => {
    const timer = setInterval(() => {}, 60_000);
    return () => clearInterval(timer);
  },
  'a listener of the process': () => {
    const listener = () => {};
    process.on('SIGUSR2', listener);
    return () => process.off('SIGUSR2', listener);
  },
  '6 MiB of memory': () => {
    globalThis.kept = Array.from({ length: 6 * 16 }, () => Buffer.alloc(65_536));
    return () => (globalThis.kept = undefined);
  },
};

const looked = (begin) => async (attempt) => {
  const before = present();
  const end = await begin();
  const { left } = await leftSince(before, { withinMs: 200 });
  attempt.check(left.length > 0, 'nothing is left');
  attempt.note = left.join(', ');
  await end();
};

export const lines = Object.entries(kinds).map(([what, begin]) => ({
  fault: `${what} is left behind`,
  expected: 'it is noticed',
  run: looked(begin),
  control: { what: 'nothing left behind', run: looked(() => () => {}) },
}));
