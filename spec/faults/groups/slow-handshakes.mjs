// Peers that take their time to open: none of them stays longer than `handshakeTimeoutMs`, counted from the beginning.
import { readFileSync } from 'node:fs';
import { connect as connectTls } from 'node:tls';
import * as ours from 'rxjs-ws';
import { NEVER } from 'rxjs';
import * as byHand from '../byHand.mjs';
import { Peer, rawServer, request, switching } from '../Peer.mjs';
import { serve } from '../serve.mjs';
import { until } from '../until.mjs';

const LIMIT_MS = 1_500;
/** What a busy machine may add. */
const SLACK_MS = 4_000;

/** Writes `bytes`, one each second (every 100 ms: the limit is as much shorter), for as long as the socket takes them. */
function drip(attempt, peer, bytes) {
  let sent = 0;
  const timer = setInterval(() => {
    if (sent < bytes.length && peer.socket.writable) peer.write(bytes.subarray(sent, ++sent));
  }, 100);
  attempt.after(() => clearInterval(timer));
}

const ways = {
  silent: () => {},
  'half, and then silent': (_attempt, peer, bytes) => peer.write(bytes.subarray(0, bytes.length / 2)),
  'a byte at a time': drip,
};

/** A hundred of each way. */
const atServer = (lib, way, tls) => async (attempt) => {
  const { port, seen } = await serve(lib, attempt, () => NEVER, {
    handshakeTimeoutMs: LIMIT_MS,
    ...(tls ? { tls } : {}),
  });
  const startedAt = performance.now();
  const peers = Array.from({ length: attempt.ci ? 30 : 100 }, () => {
    const peer = Peer.to(port);
    attempt.after(() => peer.destroy());
    ways[way](attempt, peer, Buffer.from(request()));
    return peer;
  });
  await attempt.sees(
    () => peers.every(({ closed, ended }) => closed || ended),
    'their end',
    LIMIT_MS + SLACK_MS,
  );
  attempt.check(performance.now() - startedAt > LIMIT_MS * 0.5, 'they were ended at once');
  attempt.same(seen.connections.length, 0, 'connections');
  attempt.note = `${peers.length} peers, each ended`;
};

const atClient = (lib, way) => async (attempt) => {
  const { url, peers, stop } = await rawServer(async (peer) => {
    await until(() => peer.hasHead || peer.closed, 'a request').catch(() => {});
    if (peer.hasHead) ways[way](attempt, peer, Buffer.from(switching(peer.head)));
  });
  attempt.after(stop);
  let over;
  const subscription = lib
    .connect({ url, handshakeTimeoutMs: LIMIT_MS })
    .subscribe({ error: (error) => (over = error), complete: () => (over = 'complete') });
  attempt.after(() => subscription.unsubscribe());
  await attempt.sees(() => over !== undefined, 'the end', LIMIT_MS + SLACK_MS);
  attempt.same(over.code, 'HANDSHAKE', 'the code of the error');
  await attempt.sees(() => peers.every(({ closed, ended }) => closed || ended), 'the end of the socket');
};

const tls = {
  key: readFileSync(new URL('../../fixtures/server.key', import.meta.url)),
  cert: readFileSync(new URL('../../fixtures/server.crt', import.meta.url)),
};

/** The TLS handshake is done; then the request comes a byte at a time. */
const overTls = (lib) => async (attempt) => {
  const { port, seen } = await serve(lib, attempt, () => NEVER, { handshakeTimeoutMs: LIMIT_MS, tls });
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  const peer = new Peer(socket);
  attempt.after(() => peer.destroy());
  drip(attempt, peer, Buffer.from(request()));
  await attempt.sees(() => peer.closed || peer.ended, 'its end', LIMIT_MS + SLACK_MS);
  attempt.same(seen.connections.length, 0, 'connections');
};

const line = (fault, expected, make, ...args) => ({
  fault,
  expected,
  run: make(ours, ...args),
  control: { what: 'by hand on `ws`', waitsMs: LIMIT_MS + 1_500, run: make(byHand, ...args) },
});
const ended = `ended after \`handshakeTimeoutMs\` (here ${LIMIT_MS.toLocaleString('en')} ms)`;

export const lines = [
  ...Object.keys(ways).map((way) => line(`clients that are ${way}`, ended, atServer, way)),
  line('clients that are silent before TLS', ended, atServer, 'silent', tls),
  line('a client that is a byte at a time behind TLS', ended, overTls),
  ...Object.keys(ways).map((way) =>
    line(`a server that is ${way}`, `errors after \`handshakeTimeoutMs\``, atClient, way),
  ),
];
