// Every function that a user gives throws, rejects, or never answers: one conversation or request ends as it should, the
// error reaches `onError`, a bystander on the same server notices nothing, and the process goes on.
import * as ours from 'rxjs-ws';
import { config as rxjs } from 'rxjs';
import * as byHand from '../byHand.mjs';
import { Peer, request } from '../Peer.mjs';
import { serve } from '../serve.mjs';
import { close, PONG, frame, PING, text } from '../wire.mjs';
import { clientCases } from '../cases/client.mjs';
import { serverCases } from '../cases/server.mjs';

const isBystander = ({ handshake, path }) => (handshake?.path ?? path) === '/bystander';

/** A server with the faulty function, a bystander, and a peer that meets the fault. */
const atServer =
  ({
    config = {},
    project = ({ messages }) => messages,
    fields,
    says,
    status = 101,
    code,
    reports = 0,
    drains,
    stays,
  }) =>
  (lib) =>
  async (attempt) => {
    const unhandled = [];
    rxjs.onUnhandledError = (error) => unhandled.push(error);
    attempt.after(() => (rxjs.onUnhandledError = null));
    const made = typeof config === 'function' ? config(attempt) : config;
    const { shouldUpgrade, ...rest } = made;
    const { port, seen } = await serve(
      lib,
      attempt,
      (connection) => (isBystander(connection) ? connection.messages : project(connection, lib)),
      {
        ...{ closeTimeoutMs: 500, finishTimeoutMs: 100, unreadTimeoutMs: 300, handshakeTimeoutMs: 300 },
        ...rest,
        ...(shouldUpgrade
          ? { shouldUpgrade: (upgrade) => isBystander(upgrade) || shouldUpgrade(upgrade) }
          : {}),
      },
    );
    const bystander = await Peer.opened(port, request({}, { target: '/bystander' }));
    attempt.after(() => bystander.destroy());
    bystander.write(text('before', { masked: true }));
    await attempt.sees(() => bystander.texts.includes('before'), 'the echo of the bystander');

    if (!drains) {
      const peer = Peer.to(port, request(fields));
      attempt.after(() => peer.destroy());
      await attempt.sees(() => peer.hasHead || peer.closed, 'an answer');
      attempt.same(peer.status, status, 'status');
      if (status === 101) {
        if (says !== undefined) peer.write(text(says, { masked: true }));
        if (code === undefined) {
          peer.write(frame(PING, 'alive?', { masked: true }));
          await attempt.sees(() => peer.frames.some(({ opcode }) => opcode === PONG), 'a pong');
          if (stays) await stays(peer, attempt, seen);
          peer.write(close(1000, '', { masked: true }));
        } else await attempt.sees(() => peer.closeCode !== undefined, 'a close frame');
        attempt.same(peer.closeCode, code, 'close code');
        peer.answersClose({ masked: true });
        await attempt.sees(() => seen.ended.length === 1, 'the end of the conversation');
      }
      await attempt.sees(() => peer.ended || peer.closed, 'the end of the socket');
    }
    if (drains) {
      await attempt.sees(() => bystander.closeCode === 1001, 'a close frame with 1001');
      bystander.answersClose({ masked: true });
      await attempt.sees(() => seen.over === 'complete', 'the end of the server');
    } else {
      bystander.write(text('after', { masked: true }));
      await attempt.sees(() => bystander.texts.includes('after'), 'the echo of the bystander');
      attempt.same(String(seen.over), 'undefined', 'the end of all');
    }
    const { unhandledErrors = 0 } = made;
    attempt.same(seen.errors.length, reports, 'reports to `onError`');
    attempt.same(unhandled.length, unhandledErrors, "errors for RxJS's `onUnhandledError`");
  };

const line = (fault, expected, attempt) => ({
  fault,
  expected,
  run: attempt(ours),
  control: { what: 'by hand on `ws`', run: attempt(byHand) },
});

export const lines = [
  ...serverCases.map(([fault, expected, how]) => line(fault, expected, atServer(how))),
  ...clientCases.map(([fault, expected, attempt]) => line(fault, expected, attempt)),
];
