// Peers that are gone without a word, that nobody reads, or that never answer a close.
import * as ours from 'rxjs-ws';
import { ignoreElements, NEVER, of, takeUntil, timer } from 'rxjs';
import { openingServer, Peer } from '../Peer.mjs';
import { serve } from '../serve.mjs';
import { sleep } from '../until.mjs';
import { text } from '../wire.mjs';
import { silent, stuff } from './unreading.mjs';

const MIB = 1_048_576;

export const ALIVE = { intervalMs: 300, timeoutMs: 300 };

/** A peer that takes what is sent to it and says nothing: to this end, one that is gone without a word. */
export const gone = (keepAlive, project) => async (attempt) => {
  const { port, seen } = await serve(ours, attempt, project, { keepAlive });
  const peer = await silent(attempt, port);
  await attempt.sees(() => seen.ended.length > 0, 'the end', 6_000);
  attempt.same(seen.closes[0]?.wasClean, false, 'wasClean');
  attempt.check(peer.frames.length === 0, 'it has answered');
};

export const goneServer = (keepAlive) => async (attempt) => {
  const { url, stop } = await openingServer();
  attempt.after(stop);
  let over;
  const subscription = ours
    .connect({ url, keepAlive })
    .subscribe({ error: (error) => (over = error), complete: () => (over = 'complete') });
  attempt.after(() => subscription.unsubscribe());
  await attempt.sees(() => over !== undefined, 'the end', 6_000);
  attempt.same(over.code, 'CONNECTION_CLOSED', 'the error');
};

/** A peer that is not read for long is not killed for that, and its real death is found all the same. */
export const unread = (isHeld) => async (attempt) => {
  let hold;
  const project = (connection) => {
    if (isHeld) hold = connection.hold();
    return connection.messages.pipe(ignoreElements());
  };
  const { port, seen } = await serve(ours, attempt, project, { keepAlive: ALIVE });
  const peer = await Peer.opened(port);
  attempt.after(() => peer.destroy());
  void stuff(attempt, peer, 4 * MIB);
  await sleep(2_000);
  attempt.same(seen.ended.length, 0, 'ends');
  peer.reset();
  await attempt.sees(() => seen.ended.length > 0, 'the end', 6_000);
  hold?.unsubscribe();
};

/** The close of this end is never answered. */
export const unanswered = (closeTimeoutMs, talks) => async (attempt) => {
  const { port, seen } = await serve(ours, attempt, () => of('bye'), { closeTimeoutMs });
  const peer = await Peer.opened(port);
  attempt.after(() => peer.destroy());
  if (talks) {
    const timer = setInterval(() => peer.socket.writable && peer.write(text('and', { masked: true })), 10);
    attempt.after(() => clearInterval(timer));
  }
  await attempt.sees(() => peer.closeCode === 1000, 'a close frame');
  await attempt.sees(() => peer.closed || peer.ended, 'the end of the socket', 6_000);
  await attempt.sees(() => seen.ended.length > 0, 'the end', 6_000);
  const [{ close: { code, by, wasClean } = {} } = {}] = seen.ended;
  attempt.same({ code, by, wasClean }, { code: 1000, by: 'local', wasClean: false }, 'the end');
};

export const unansweredByServer = (closeTimeoutMs) => async (attempt) => {
  const { url, peers, stop } = await openingServer();
  attempt.after(stop);
  let over = false;
  const subscription = ours
    .connect({ url, closeTimeoutMs })
    .pipe(takeUntil(timer(50)))
    .subscribe({ complete: () => (over = true) });
  attempt.after(() => subscription.unsubscribe());
  await attempt.sees(() => over, 'the unsubscription');
  await attempt.sees(() => peers[0].closeCode === 1000, 'a close frame');
  await attempt.sees(() => peers[0].closed || peers[0].ended, 'the end of the socket', 6_000);
};
