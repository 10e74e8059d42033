// Seventeen ordinary faults, each in a process of its own: it goes on, with the library; by hand on `ws` most of them end
// it. `processes.mjs ours|by-hand NAME` is such a process.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as ours from 'rxjs-ws';
import { map, NEVER, of, tap } from 'rxjs';
import * as byHand from '../byHand.mjs';
import { Peer, rawServer, request } from '../Peer.mjs';
import { sleep, until } from '../until.mjs';
import { frame, text } from '../wire.mjs';

const bang = () => {
  throw new Error('of the user');
};
const opens = (project, says) => ({ project, says });
const refused = (more) => ({ project: () => NEVER, ...more });

/** What the server does with a connection, and what the peer says on it; or what else is at fault. */
const faults = {
  'a bad RSV bit': opens(() => NEVER, frame(1, 'x', { rsv: 2, masked: true })),
  'a bad opcode': opens(() => NEVER, frame(3, 'x', { masked: true })),
  'a frame without a mask': opens(() => NEVER, text('x')),
  'a text that is not UTF-8': opens(() => NEVER, text(Buffer.from([0xff]), { masked: true })),
  'a message that is too large': {
    ...opens(() => NEVER, text('x'.repeat(2_000), { masked: true })),
    config: { maxMessageBytes: 1_000 },
  },
  'a throw at a message': opens(({ messages }) => messages.pipe(tap(bang)), text('x', { masked: true })),
  'a throw in the project': opens(bang),
  'malformed JSON': {
    ...opens(({ messages }) => messages.pipe(map(String)), text('{', { masked: true })),
    config: { codec: { encode: JSON.stringify, decode: JSON.parse } },
  },
  'a send of an object': opens(() => of({ a: 1 })),
  'a close with 1006': opens(({ close }) => (close(1006), NEVER)),
  'a close with a reason of 124 bytes': opens(({ close }) => (close(1000, 'x'.repeat(124)), NEVER)),
  'a decision that throws': refused({ config: { shouldUpgrade: bang } }),
  'a decision that rejects': refused({ config: { shouldUpgrade: () => Promise.reject(new Error('no')) } }),
  'a reset while the decision is pending': refused({
    config: { shouldUpgrade: () => new Promise(() => {}) },
    resets: true,
  }),
  'a reset of an open connection': { project: () => NEVER, resets: true },
  'a server that refuses with 500': { dials: 'HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n' },
  'a server that is no server': { dials: 'hello\r\n\r\n' },
};

async function meet(lib, { project, says, config, resets, dials }) {
  if (dials !== undefined) {
    const { url } = await rawServer(async (peer) => {
      await until(() => peer.hasHead, 'a request');
      peer.write(dials);
    });
    lib.connect({ url }).subscribe({ error: () => {} });
    return;
  }
  let port;
  lib
    .listen({
      host: '127.0.0.1',
      onError: () => {},
      listening: (address) => (port = address.port),
      ...config,
    })
    .pipe(lib.handle(project))
    .subscribe();
  await until(() => port !== undefined, 'a port');
  const peer = Peer.to(port, request());
  await peer.answered({ withinMs: 200 }).catch(() => {});
  if (says) peer.write(says);
  await sleep(20);
  if (resets) peer.reset();
}

const [, program, subject, name] = process.argv;
if (program === fileURLToPath(import.meta.url)) {
  await meet(subject === 'ours' ? ours : byHand, faults[name]);
  await sleep(150);
  process.exit(0);
}

const died = (subject, name) => async (attempt) => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--no-warnings', fileURLToPath(import.meta.url), subject, name],
    {
      encoding: 'utf8',
      timeout: 20_000,
    },
  );
  const [last = ''] = stderr.split('\n').filter((each) => /Error/.test(each));
  attempt.check(
    status === 0,
    `the process ended with ${status}: ${last.trim().replaceAll(`${process.cwd()}/`, '')}`,
  );
};

/** By hand this one ends no process, and so its check cannot be shown to fail by it. */
const harmless = ['a reset of an open connection'];

export const lines = Object.keys(faults).map((name) => ({
  fault: name,
  expected: 'the process goes on',
  run: died('ours', name),
  control: harmless.includes(name)
    ? { what: 'by hand on `ws`, another fault', run: died('by-hand', 'a bad RSV bit') }
    : { what: 'by hand on `ws`', run: died('by-hand', name) },
}));
